// Verifies signed requests as the platform would, from the wire alone; shares no code with the package.

import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'

/**
 * A request as it goes over the wire.
 * @typedef {{
 *   method: string
 *   url: string
 *   headers: Readonly<Record<string, string>>
 *   body?: string
 * }} Wire
 *
 * @typedef {{ secret: string, token?: string | undefined }} Key
 *
 * @typedef {{ scheme: 'acs3' | 'rpc', parameters: Record<string, string>, nonce: string, date: string }} Verified
 */

/** @param {string} text */
const encoded = (text) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** @param {string} text */
const decoded = (text) => decodeURIComponent(text.replaceAll('+', '%20'))

/** @param {string} text */
const sha256 = (text) => createHash('sha256').update(text, 'utf8').digest('hex')

/**
 * By their bytes, as the platform sorts.
 * @param {string} a
 * @param {string} b
 */
const byBytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))

/**
 * Names and values of a query or a form.
 * @param {string} text
 * @returns {[string, string][]}
 */
export function pairsOf(text) {
  if (text === '') return []
  return text.split('&').map((pair) => {
    const [name = '', ...value] = pair.split('=')
    return [decoded(name), decoded(value.join('='))]
  })
}

/** @param {[string, string][]} pairs */
const canonical = (pairs) =>
  pairs
    .toSorted(([a], [b]) => byBytes(a, b))
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .join('&')

/** Path and query as they stand in an address, and what the sender puts into `host`. */
function parts(/** @type {string} */ url) {
  const match = /^https?:\/\/([^/?#]+)(\/[^?#]*)(?:\?([^#]*))?$/.exec(url)
  assert.ok(match, 'the address is absolute and has a path and no fragment')
  const [, , path = '', query = ''] = match
  return { path, query, host: new URL(url).host }
}

/**
 * @param {Wire} request
 * @param {(id: string) => Key | undefined} keyOf
 * @returns {Verified} what was signed; throws where the platform would refuse
 */
export function verified({ method, url, headers, body = '' }, keyOf) {
  const { path, query, host } = parts(url)
  assert.equal(path, '/')
  for (const name of Object.keys(headers)) assert.equal(name, name.toLowerCase())
  assert.ok(!('host' in headers), 'the sender takes the host from the address')
  const isForm = (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  assert.ok(body === '' || isForm, 'a body is a form')
  const pairs = [...pairsOf(query), ...pairsOf(isForm ? body : '')]
  const parameters = Object.fromEntries(pairs)
  assert.equal(Object.keys(parameters).length, pairs.length, 'no parameter comes twice')
  const received = { ...headers, host }
  return headers['authorization'] === undefined
    ? verifiedRpc(method, pairs, parameters, keyOf)
    : verifiedAcs3(method, query, received, body, parameters, keyOf)
}

/**
 * @param {string} method
 * @param {string} query
 * @param {Record<string, string>} headers
 * @param {string} body
 * @param {Record<string, string>} parameters
 * @param {(id: string) => Key | undefined} keyOf
 * @returns {Verified}
 */
function verifiedAcs3(method, query, headers, body, parameters, keyOf) {
  const form =
    /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/
  const [, id = '', list = '', signature] = form.exec(headers['authorization'] ?? '') ?? []
  assert.ok(signature, 'the authorization has its form')
  const key = keyOf(id)
  assert.ok(key, 'the key is known')
  const signed = list.split(';')
  assert.deepEqual(signed, signed.toSorted(byBytes), 'signed headers are sorted')
  const wanted = ['host', 'x-acs-action', 'x-acs-version', 'x-acs-date', 'x-acs-signature-nonce']
  for (const name of [...wanted, 'x-acs-content-sha256']) assert.ok(signed.includes(name), name)
  for (const name of Object.keys(headers)) {
    const must = name.startsWith('x-acs-') || name === 'content-type'
    assert.ok(!must || signed.includes(name), `${name} is signed`)
  }
  assert.equal(headers['x-acs-content-sha256'], sha256(body), 'the hash is the body’s')
  assert.equal(headers['x-acs-security-token'], key.token)
  const lines = signed.map((name) => {
    const value = headers[name]
    assert.notEqual(value, undefined, `${name} was received`)
    return `${name}:${String(value).trim()}\n`
  })
  const request = [
    method,
    '/',
    canonical(pairsOf(query)),
    lines.join(''),
    list,
    headers['x-acs-content-sha256'],
  ].join('\n')
  const right = createHmac('sha256', key.secret).update(`ACS3-HMAC-SHA256\n${sha256(request)}`)
  assert.equal(signature, right.digest('hex'), 'the signature is right')
  const action = { Action: headers['x-acs-action'], Version: headers['x-acs-version'] }
  return {
    scheme: 'acs3',
    parameters: /** @type {Record<string, string>} */ ({ ...parameters, ...action }),
    nonce: headers['x-acs-signature-nonce'] ?? '',
    date: headers['x-acs-date'] ?? '',
  }
}

/**
 * @param {string} method
 * @param {[string, string][]} pairs
 * @param {Record<string, string>} parameters
 * @param {(id: string) => Key | undefined} keyOf
 * @returns {Verified}
 */
function verifiedRpc(method, pairs, parameters, keyOf) {
  const {
    Signature = '',
    AccessKeyId = '',
    SignatureMethod,
    SignatureVersion,
    SignatureNonce = '',
    Timestamp = '',
    SecurityToken,
    Format: _,
    ...rest
  } = parameters
  assert.equal(SignatureMethod, 'HMAC-SHA1')
  assert.equal(SignatureVersion, '1.0')
  const key = keyOf(AccessKeyId)
  assert.ok(key, 'the key is known')
  assert.equal(SecurityToken, key.token)
  const signed = canonical(pairs.filter(([name]) => name !== 'Signature'))
  const text = `${method}&%2F&${encoded(signed)}`
  const right = createHmac('sha1', `${key.secret}&`).update(text, 'utf8').digest('base64')
  assert.equal(Signature, right, 'the signature is right')
  return { scheme: 'rpc', parameters: rest, nonce: SignatureNonce, date: Timestamp }
}
