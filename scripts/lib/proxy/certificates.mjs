// Certificates and keys of scripts/proxy: read, and judged as far as they can be by themselves.
// Writes nothing.

import { X509Certificate, createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** @typedef {import('./settings.mjs').Pem} Pem */
/** @typedef {(setting: string, what: string, remedy: string) => void} Fail */

const CONVERT = 'openssl pkcs12 -in client.p12 -clcerts -nokeys -out client.pem'
const CONVERT_KEY = 'openssl pkcs12 -in client.p12 -nocerts -noenc -out client.key'

/**
 * A certificate and the key that belongs to it.
 * @param {[certificate: string, key: string]} names
 * @param {Record<string, string | undefined>} set
 * @param {Fail} fail
 * @returns {[Pem | undefined, Pem | undefined]}
 */
export function readPair([certName, keyName], set, fail) {
  const cert = read(certName, set, `Set the PEM file. Of a PKCS #12 file: ${CONVERT}`, fail)
  const key = read(keyName, set, `Set the PEM file. Of a PKCS #12 file: ${CONVERT_KEY}`, fail)
  const [first] = cert ? certificatesIn(certName, cert, fail) : []
  const privateKey = key && privateKeyIn(keyName, key, fail)
  if (first && privateKey && !first.checkPrivateKey(privateKey))
    fail(
      keyName,
      `${key.file}: does not belong to ${certName}, whose subject is ${oneLine(first.subject)}`,
      `Give both of one pair.`,
    )
  return [cert, key]
}

/** @param {string} name @param {Record<string, string | undefined>} set @param {Fail} fail */
export function readAuthorities(name, set, fail) {
  const remedy = 'Set the PEM file with the certificates of the platform’s authority.'
  const pem = read(name, set, remedy, fail)
  if (pem) certificatesIn(name, pem, fail)
  return pem
}

/** What a certificate is for, for people. @param {Pem} pem */
export function described({ pem }) {
  const { subject, validTo } = new X509Certificate(pem)
  return `${oneLine(subject)}, until ${new Date(validTo).toISOString().slice(0, 10)}`
}

/** @param {string} subject */
function oneLine(subject) {
  return subject.replaceAll('\n', ', ')
}

/**
 * @param {string} name
 * @param {Record<string, string | undefined>} set
 * @param {string} remedy
 * @param {Fail} fail
 * @returns {Pem | undefined}
 */
function read(name, set, remedy, fail) {
  const file = set[name]
  if (!file) {
    fail(name, 'is missing', remedy)
    return undefined
  }
  try {
    return { file, pem: readFileSync(file, 'utf8') }
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error)
    const why = { ENOENT: 'there is no such file', EACCES: 'you may not read it' }[String(code)]
    fail(name, `${file}: ${why ?? code}`, remedy)
    return undefined
  }
}

/** @param {string} name @param {Pem} pem @param {Fail} fail */
function certificatesIn(name, { file, pem }, fail) {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? []
  if (blocks.length === 0)
    fail(
      name,
      `${file}: no certificate in PEM form`,
      `It has to begin with BEGIN CERTIFICATE. Of DER: openssl x509 -inform der -in FILE -out FILE.pem`,
    )
  try {
    const certificates = blocks.map((block) => new X509Certificate(block))
    for (const { validFrom, validTo, subject } of certificates) {
      const dates = `${validFrom} to ${validTo}`
      if (Date.parse(validFrom) > Date.now() || Date.parse(validTo) < Date.now())
        fail(
          name,
          `${file}: ${oneLine(subject)} is good from ${dates} only`,
          'Get a new one, or set the clock of this machine.',
        )
    }
    return certificates
  } catch (error) {
    const { message } = /** @type {Error} */ (error)
    fail(name, `${file}: a certificate in it cannot be read: ${message}`, 'Export it anew.')
    return []
  }
}

/** @param {string} name @param {Pem} pem @param {Fail} fail */
function privateKeyIn(name, { file, pem }, fail) {
  if (/ENCRYPTED/.test(pem)) {
    const remedy = `Take it off, into a file for you alone: openssl pkey -in ${file} -out FILE`
    fail(name, `${file}: has a passphrase, which nobody could type`, remedy)
    return undefined
  }
  try {
    return createPrivateKey(pem)
  } catch {
    const remedy = 'It has to begin with BEGIN PRIVATE KEY or BEGIN EC/RSA PRIVATE KEY.'
    fail(name, `${file}: no private key in PEM form`, remedy)
    return undefined
  }
}
