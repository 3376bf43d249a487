// Reads the options of `nodeFetch`: finds out at once what would otherwise fail at the first connection.

import { createPrivateKey, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { createSecureContext } from 'node:tls'

import { invalidArgument } from './northbound.js'

/** @typedef {import('./node-fetch.js').NodeFetchOptions} NodeFetchOptions */

const MEMBERS = ['ca', 'cert', 'key', 'pfx', 'passphrase', 'servername', 'maxSockets']

/**
 * Copies the options, so that each member is read once.
 *
 * @param {unknown} options
 * @returns {NodeFetchOptions}
 */
export function readOptions(options) {
  if (options === undefined) return {}
  /** @type {Record<string, unknown>} */
  let copy
  let isObject = typeof options === 'object' && options !== null
  try {
    isObject &&= !Array.isArray(options)
    copy = { .../** @type {object} */ (options) }
  } catch {
    throw invalid('options', 'has a member that throws when it is read')
  }
  if (!isObject) throw invalid('options', 'is not an object')
  const unknown = Object.keys(copy).find(
    (name) => copy[name] !== undefined && !MEMBERS.includes(name),
  )
  if (unknown !== undefined) {
    throw invalid(`options.${unknown}`, `is not known; known are ${MEMBERS.join(', ')}`)
  }
  const { maxSockets, passphrase, servername } = copy
  if (maxSockets !== undefined && !(Number.isSafeInteger(maxSockets) && Number(maxSockets) > 0)) {
    throw invalid('options.maxSockets', 'is not an integer of 1 or more')
  }
  if (passphrase !== undefined && typeof passphrase !== 'string') {
    throw invalid('options.passphrase', 'is not a string')
  }
  if (servername !== undefined && !isHostName(servername)) {
    throw invalid('options.servername', 'is not a host name; an IP address cannot be one')
  }
  return copy
}

/** @param {unknown} name */
function isHostName(name) {
  const label = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i
  if (typeof name !== 'string' || name.length > 253 || isIP(name)) return false
  return name.split('.').every((each) => label.test(each))
}

/**
 * Finds out now what would otherwise fail at the first handshake, or never be noticed: OpenSSL takes
 * a `ca` without a certificate for an empty list, and a key of another kind than the certificate's.
 * OpenSSL's own texts are not passed on.
 *
 * @param {Pick<NodeFetchOptions, 'ca' | 'cert' | 'key' | 'pfx' | 'passphrase'>} options
 */
export function readTls(options) {
  const ca = readPem('ca', options.ca)
  ca?.forEach((pem) => readCertificates('ca', pem))
  if (options.pfx !== undefined) return readPfx(options, ca)
  const cert = readPem('cert', options.cert)
  const key = readPem('key', options.key)
  const { passphrase } = options
  if (cert && !key) throw invalid('options.key', 'is missing: `options.cert` needs it')
  if (key && !cert) throw invalid('options.cert', 'is missing: `options.key` needs it')
  if (passphrase !== undefined && !key) {
    throw invalid('options.key', 'is missing: `options.passphrase` needs it, or `options.pfx`')
  }
  needPairs(cert ?? [], key ?? [], passphrase)
  try {
    return ca || cert ? createSecureContext({ ca, cert, key, passphrase }) : undefined
  } catch {
    throw invalid(cert ? 'options.cert' : 'options.ca', REFUSED)
  }
}

/**
 * @param {string[]} cert
 * @param {string[]} key
 * @param {string} [passphrase]
 */
function needPairs(cert, key, passphrase) {
  const leaves = cert.map((pem) => readCertificates('cert', pem))
  const keys = key.map((pem) => readKey(pem, passphrase))
  const pairs = leaves.map((leaf) => keys.findIndex((each) => leaf.checkPrivateKey(each)))
  if (pairs.includes(-1) || keys.some((_, at) => !pairs.includes(at))) {
    throw invalid('options.key', 'does not belong to the certificate in `options.cert`')
  }
}

/**
 * @param {Pick<NodeFetchOptions, 'cert' | 'key' | 'pfx' | 'passphrase'>} options
 * @param {string[]} [ca]
 */
function readPfx({ cert, key, pfx, passphrase }, ca) {
  if (!(pfx instanceof Uint8Array)) {
    throw invalid('options.pfx', `is not the bytes of a PKCS#12 archive${NOT_A_NAME}`)
  }
  const twice = cert !== undefined ? 'cert' : key !== undefined ? 'key' : undefined
  if (twice) throw invalid(`options.${twice}`, 'is given twice: `options.pfx` has one as well')
  if (ca)
    attempt(
      () => createSecureContext({ ca }),
      () => invalid('options.ca', REFUSED),
    )
  // A copy: the context is made of what the bytes are now, whatever kind of view they are.
  return attempt(
    () => createSecureContext({ ca, pfx: Buffer.from(pfx), passphrase }),
    (error) => invalid('options.pfx', pfxProblem(String(error), passphrase)),
  )
}

/**
 * @param {string} told by OpenSSL
 * @param {string} [passphrase]
 */
function pfxProblem(told, passphrase) {
  if (/mac verify failure|bad decrypt/i.test(told)) {
    return passphrase === undefined
      ? 'is encrypted: give `options.passphrase`'
      : 'cannot be opened with `options.passphrase`'
  }
  if (/mac absent/i.test(told)) {
    return 'has no MAC, without which OpenSSL takes no `options.passphrase`: export it anew'
  }
  if (/unsupported/i.test(told)) {
    return 'is encrypted in a way that OpenSSL 3 does not read any more: export it anew with AES-256'
  }
  return `is no PKCS#12 archive with a certificate and its key, or is damaged${NOT_A_NAME}`
}

/**
 * @template T
 * @param {() => T} act
 * @param {(error: unknown) => Error} refusal
 */
function attempt(act, refusal) {
  try {
    return act()
  } catch (error) {
    throw refusal(error)
  }
}

const REFUSED = 'is refused by OpenSSL: perhaps too short a key or too weak a signature'

/**
 * @param {string} name
 * @param {unknown} value
 */
function readPem(name, value) {
  if (value === undefined) return undefined
  try {
    const parts = Array.isArray(value) ? [...value] : [value]
    const texts = parts.map((part) => (part instanceof Uint8Array ? text(part) : part))
    if (texts.length && texts.every((each) => typeof each === 'string')) return texts
  } catch {
    // a proxy that throws is as wrong as a number
  }
  throw invalid(`options.${name}`, 'is not a PEM text, its bytes or an array of them')
}

/**
 * Reads every certificate and returns the first.
 *
 * @param {string} name
 * @param {string} pem
 */
function readCertificates(name, pem) {
  const blocks = pem.match(/-----BEGIN ([A-Z0-9 ]*CERTIFICATE)-----[^]*?-----END \1-----/g) ?? []
  try {
    const [first] = blocks.map((block) => new X509Certificate(block))
    if (first) return first
  } catch {
    throw invalid(`options.${name}`, 'holds a certificate that cannot be read')
  }
  throw invalid(`options.${name}`, `holds no certificate in PEM form${NOT_A_NAME}`)
}

/**
 * @param {string} pem
 * @param {string} [passphrase]
 */
function readKey(pem, passphrase) {
  try {
    return createPrivateKey({ key: pem, passphrase })
  } catch {
    if (!/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(pem)) {
      throw invalid('options.key', `is not a private key in PEM form${NOT_A_NAME}`)
    }
    if (!/ENCRYPTED/.test(pem)) throw invalid('options.key', 'cannot be read: it is damaged')
    throw passphrase === undefined
      ? invalid('options.key', 'is encrypted: give `options.passphrase`')
      : invalid('options.key', 'cannot be opened with `options.passphrase`')
  }
}

/** @param {Uint8Array} bytes */
const text = (bytes) => Buffer.from(bytes).toString('latin1')

const NOT_A_NAME = ' (the content of the file is wanted, not its name)'

/**
 * @param {string} argument
 * @param {string} problem
 */
const invalid = (argument, problem) => invalidArgument('nodeFetch', argument, problem)
