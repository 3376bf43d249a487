// What a program would write for itself on node:crypto, as most do: a hash and an HMAC object for each call.
// It does what a signed request needs and nothing else: no checks of arguments, no retries, no limits of time.

import { createHash, createHmac, randomBytes } from 'node:crypto'

import { ACTION, DEVICE, EMPTY_SHA256, KEY, VERSION } from '../subject.js'
import { authorization, canonicalRequest, percent } from './by-hand-common.js'

/** @param {string} text */
const sha256 = (text) => createHash('sha256').update(text).digest('hex')

/**
 * @param {string} endpoint
 * @returns {() => import('../subject.js').Wire}
 */
export function acs3(endpoint) {
  const { host } = new URL(endpoint)
  return () => {
    const { clientId, instanceId } = DEVICE
    const query = { ClientId: clientId, InstanceId: instanceId }
    /** @type {Record<string, string>} */
    const headers = {
      host,
      'x-acs-action': ACTION,
      'x-acs-version': VERSION,
      'x-acs-date': new Date().toISOString().replace(/\.\d{3}/, ''),
      'x-acs-signature-nonce': randomBytes(16).toString('hex'),
      'x-acs-content-sha256': EMPTY_SHA256,
    }
    const { text, names, search } = canonicalRequest('POST', query, headers)
    const signature = createHmac('sha256', KEY.accessKeySecret)
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
  return () => {
    const { clientId, instanceId } = DEVICE
    /** @type {Record<string, string>} */
    const parameters = {
      Action: ACTION,
      Version: VERSION,
      Format: 'JSON',
      SignatureNonce: randomBytes(16).toString('hex'),
      Timestamp: new Date().toISOString().replace(/\.\d{3}/, ''),
      AccessKeyId: KEY.accessKeyId,
      SignatureMethod: 'HMAC-SHA1',
      SignatureVersion: '1.0',
      ClientId: clientId,
      InstanceId: instanceId,
    }
    const form = Object.keys(parameters)
      .sort()
      .map((name) => `${percent(name)}=${percent(parameters[name] ?? '')}`)
      .join('&')
    const signature = createHmac('sha1', `${KEY.accessKeySecret}&`)
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
