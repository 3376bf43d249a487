// By hand on WebCrypto, which is all that a browser has: each hash and each HMAC is a promise.

import { KEY } from '../subject.js'
import { acs3Draft, acs3Signed } from './by-hand-common.js'

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
    const date = new Date().toISOString().replace(/\.\d{3}/, '')
    const nonce = hex(globalThis.crypto.getRandomValues(new Uint8Array(16)))
    const draft = acs3Draft(host, date, nonce)
    const hashed = hex(await subtle.digest('SHA-256', encoder.encode(draft.text)))
    const signed = encoder.encode(`ACS3-HMAC-SHA256\n${hashed}`)
    const signature = hex(await subtle.sign('HMAC', key, signed))
    return acs3Signed(endpoint, draft, signature)
  }
}
