// The best that JavaScript does on node:crypto: one-shot hashes where Node has them, a key that is imported
// once, nonces drawn in batches, the date formatted once a second.

import * as crypto from 'node:crypto'

import { KEY } from '../subject.js'
import { acs3Draft, acs3Signed, percent, rpcForm, rpcSigned } from './by-hand-common.js'

/** Node 20.12 and later have it. @type {(text: string) => string} */
const sha256 =
  /** @type {any} */ (crypto).hash === undefined
    ? (text) => crypto.createHash('sha256').update(text).digest('hex')
    : (text) => /** @type {any} */ (crypto).hash('sha256', text, 'hex')

const pool = Buffer.alloc(16 * 256)
let drawn = pool.length

function nonce() {
  if (drawn === pool.length) {
    crypto.randomFillSync(pool)
    drawn = 0
  }
  return pool.toString('hex', drawn, (drawn += 16))
}

let second = 0
let date = ''

function timestamp() {
  const now = Math.floor(Date.now() / 1000)
  if (now !== second) {
    second = now
    date = `${new Date(now * 1000).toISOString().slice(0, 19)}Z`
  }
  return date
}

/**
 * @param {string} endpoint
 * @returns {() => import('../subject.js').Wire}
 */
export function acs3(endpoint) {
  const { host } = new URL(endpoint)
  const key = crypto.createSecretKey(KEY.accessKeySecret, 'utf8')
  return () => {
    const draft = acs3Draft(host, timestamp(), nonce())
    const signature = crypto
      .createHmac('sha256', key)
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
  const key = crypto.createSecretKey(`${KEY.accessKeySecret}&`, 'utf8')
  return () => {
    const form = rpcForm(timestamp(), nonce())
    const signature = crypto
      .createHmac('sha1', key)
      .update(`POST&%2F&${percent(form)}`)
      .digest('base64')
    return rpcSigned(endpoint, form, signature)
  }
}
