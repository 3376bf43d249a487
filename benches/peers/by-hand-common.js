// What all hand-written clients share: requests but for their dates, nonces and signatures, and the reading of answers.

import { ACTION, DEVICE, EMPTY_SHA256, KEY, VERSION } from '../subject.js'

/** @typedef {import('../subject.js').Wire} Wire */

/** RFC 3986: what encodeURIComponent leaves alone and the platform does not. @param {string} text */
export function percent(text) {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** @param {Record<string, string>} parameters */
function sortedForm(parameters) {
  let form = ''
  for (const name of Object.keys(parameters).sort())
    form += `${form === '' ? '' : '&'}${name}=${percent(parameters[name] ?? '')}`
  return form
}

/**
 * The request by ACS3 before it is signed, with the canonical text of it.
 * @param {string} host @param {string} date @param {string} nonce
 */
export function acs3Draft(host, date, nonce) {
  /** @type {Record<string, string>} */
  const headers = {
    host,
    'x-acs-action': ACTION,
    'x-acs-version': VERSION,
    'x-acs-date': date,
    'x-acs-signature-nonce': nonce,
    'x-acs-content-sha256': EMPTY_SHA256,
  }
  const search = sortedForm({ ClientId: DEVICE.clientId, InstanceId: DEVICE.instanceId })
  const sorted = Object.keys(headers).sort()
  const lines = sorted.map((name) => `${name}:${headers[name]}\n`).join('')
  const names = sorted.join(';')
  const text = `POST\n/\n${search}\n${lines}\n${names}\n${EMPTY_SHA256}`
  return { headers, search, names, text }
}

/**
 * @param {string} endpoint @param {ReturnType<typeof acs3Draft>} draft @param {string} signature
 * @returns {Wire}
 */
export function acs3Signed(endpoint, { headers, search, names }, signature) {
  headers['authorization'] =
    `ACS3-HMAC-SHA256 Credential=${KEY.accessKeyId},SignedHeaders=${names},Signature=${signature}`
  headers['accept'] = 'application/json'
  return { method: 'POST', url: `${endpoint}/?${search}`, headers }
}

/**
 * What the older signature signs, as a form.
 * @param {string} date @param {string} nonce
 */
export function rpcForm(date, nonce) {
  return sortedForm({
    Action: ACTION,
    Version: VERSION,
    Format: 'JSON',
    SignatureNonce: nonce,
    Timestamp: date,
    AccessKeyId: KEY.accessKeyId,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    ClientId: DEVICE.clientId,
    InstanceId: DEVICE.instanceId,
  })
}

/**
 * @param {string} endpoint @param {string} form @param {string} signature
 * @returns {Wire}
 */
export function rpcSigned(endpoint, form, signature) {
  return {
    method: 'POST',
    url: `${endpoint}/`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `${form}&Signature=${percent(signature)}`,
  }
}

/** What a hand-written client throws. */
export class ApiError extends Error {
  /** @param {number} status @param {any} answer */
  constructor(status, answer) {
    super(`${status} ${answer?.Code}: ${answer?.Message}`)
    this.status = status
    this.code = answer?.Code
    this.requestId = answer?.RequestId
  }
}

/**
 * @param {number} status
 * @param {string} body
 * @returns {import('../subject.js').Credential}
 */
export function decode(status, body) {
  const answer = JSON.parse(body)
  if (status < 200 || status > 299 || answer.Code) throw new ApiError(status, answer)
  const made = answer.DeviceCredential
  return {
    requestId: answer.RequestId,
    deviceCredential: {
      clientId: made.ClientId,
      instanceId: made.InstanceId,
      deviceAccessKeyId: made.DeviceAccessKeyId,
      deviceAccessKeySecret: made.DeviceAccessKeySecret,
      createTime: made.CreateTime,
      updateTime: made.UpdateTime,
    },
  }
}
