// What all hand-written clients share: the canonical request of ACS3, and the reading of answers.

/** RFC 3986: what encodeURIComponent leaves alone and the platform does not. @param {string} text */
export function percent(text) {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/**
 * @param {string} method
 * @param {Record<string, string>} query
 * @param {Record<string, string>} headers all of them are signed
 */
export function canonicalRequest(method, query, headers) {
  const search = Object.keys(query)
    .sort()
    .map((name) => `${percent(name)}=${percent(query[name] ?? '')}`)
    .join('&')
  const sorted = Object.keys(headers).sort()
  const lines = sorted.map((name) => `${name}:${headers[name]}\n`).join('')
  const names = sorted.join(';')
  const text = `${method}\n/\n${search}\n${lines}\n${names}\n${headers['x-acs-content-sha256']}`
  return { text, names, search }
}

/** @param {string} id @param {string} names @param {string} signature */
export function authorization(id, names, signature) {
  return `ACS3-HMAC-SHA256 Credential=${id},SignedHeaders=${names},Signature=${signature}`
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
