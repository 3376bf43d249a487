// The best that JavaScript does on node:crypto: one-shot hashes where Node has them, a key that is imported
// once, nonces drawn in batches, the date formatted once a second.

import * as crypto from 'node:crypto'

import { ACTION, DEVICE, EMPTY_SHA256, KEY, VERSION } from '../subject.js'
import { authorization, canonicalRequest, percent } from './by-hand-common.js'

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
    const query = { ClientId: DEVICE.clientId, InstanceId: DEVICE.instanceId }
    /** @type {Record<string, string>} */
    const headers = {
      host,
      'x-acs-action': ACTION,
      'x-acs-version': VERSION,
      'x-acs-date': timestamp(),
      'x-acs-signature-nonce': nonce(),
      'x-acs-content-sha256': EMPTY_SHA256,
    }
    const { text, names, search } = canonicalRequest('POST', query, headers)
    const signature = crypto
      .createHmac('sha256', key)
      .update(`ACS3-HMAC-SHA256\n${sha256(text)}`)
      .digest('hex')
    headers['authorization'] = authorization(KEY.accessKeyId, names, signature)
    headers['accept'] = 'application/json'
    return { method: 'POST', url: `${endpoint}/?${search}`, headers }
  }
}

/**
 * @param {string} endpoint
 * @returns {() => import('../subject.js').Wire}
 */
export function rpc(endpoint) {
  const key = crypto.createSecretKey(`${KEY.accessKeySecret}&`, 'utf8')
  return () => {
    /** @type {Record<string, string>} */
    const parameters = {
      Action: ACTION,
      Version: VERSION,
      Format: 'JSON',
      SignatureNonce: nonce(),
      Timestamp: timestamp(),
      AccessKeyId: KEY.accessKeyId,
      SignatureMethod: 'HMAC-SHA1',
      SignatureVersion: '1.0',
      ClientId: DEVICE.clientId,
      InstanceId: DEVICE.instanceId,
    }
    let form = ''
    for (const name of Object.keys(parameters).sort())
      form += `${form === '' ? '' : '&'}${name}=${percent(parameters[name] ?? '')}`
    const signature = crypto
      .createHmac('sha1', key)
      .update(`POST&%2F&${percent(form)}`)
      .digest('base64')
    return {
      method: 'POST',
      url: `${endpoint}/`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `${form}&Signature=${percent(signature)}`,
    }
  }
}
