// By hand on WebCrypto, which is all that a browser has: each hash and each HMAC is a promise.

import { ACTION, DEVICE, EMPTY_SHA256, KEY, VERSION } from '../subject.js'
import { authorization, canonicalRequest } from './by-hand-common.js'

const encoder = new TextEncoder()
const { subtle } = globalThis.crypto

/** @param {ArrayBuffer | Uint8Array} bytes */
const hex = (bytes) => Buffer.from(/** @type {ArrayBuffer} */ (bytes)).toString('hex')

/**
 * @param {string} endpoint
 * @returns {Promise<() => Promise<import('../subject.js').Wire>>}
 */
export async function acs3(endpoint) {
  const { host } = new URL(endpoint)
  const secret = encoder.encode(KEY.accessKeySecret)
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await subtle.importKey('raw', secret, algorithm, false, ['sign'])
  return async () => {
    const query = { ClientId: DEVICE.clientId, InstanceId: DEVICE.instanceId }
    /** @type {Record<string, string>} */
    const headers = {
      host,
      'x-acs-action': ACTION,
      'x-acs-version': VERSION,
      'x-acs-date': new Date().toISOString().replace(/\.\d{3}/, ''),
      'x-acs-signature-nonce': hex(globalThis.crypto.getRandomValues(new Uint8Array(16))),
      'x-acs-content-sha256': EMPTY_SHA256,
    }
    const { text, names, search } = canonicalRequest('POST', query, headers)
    const hashed = hex(await subtle.digest('SHA-256', encoder.encode(text)))
    const signed = encoder.encode(`ACS3-HMAC-SHA256\n${hashed}`)
    const signature = hex(await subtle.sign('HMAC', key, signed))
    headers['authorization'] = authorization(KEY.accessKeyId, names, signature)
    headers['accept'] = 'application/json'
    return { method: 'POST', url: `${endpoint}/?${search}`, headers }
  }
}
