// What a program would write for itself on node:crypto, as most do: a hash and an HMAC object for each call.
// It does what a signed request needs and nothing else: no checks of arguments, no retries, no limits of time.

import { createHash, createHmac, randomBytes } from 'node:crypto'

import { KEY } from '../subject.js'
import { acs3Draft, acs3Signed, percent, rpcForm, rpcSigned } from './by-hand-common.js'

/** @param {string} text */
const sha256 = (text) => createHash('sha256').update(text).digest('hex')

const timestamp = () => new Date().toISOString().replace(/\.\d{3}/, '')

const nonce = () => randomBytes(16).toString('hex')

/**
 * @param {string} endpoint
 * @returns {() => import('../subject.js').Wire}
 */
export function acs3(endpoint) {
  const { host } = new URL(endpoint)
  return () => {
    const draft = acs3Draft(host, timestamp(), nonce())
    const signature = createHmac('sha256', KEY.accessKeySecret)
      .update(`ACS3-HMAC-SHA256\n${sha256(draft.text)}`)
      .digest('hex')
    return acs3Signed(endpoint, draft, signature)
  }
}

/**
 * @param {string} endpoint
 * @returns {() => import('../subject.js').Wire}
 */
export function rpc(endpoint) {
  return () => {
    const form = rpcForm(timestamp(), nonce())
    const signature = createHmac('sha1', `${KEY.accessKeySecret}&`)
      .update(`POST&%2F&${percent(form)}`)
      .digest('base64')
    return rpcSigned(endpoint, form, signature)
  }
}
