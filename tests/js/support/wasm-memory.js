// The memory of the package's WebAssembly, and what of some secrets lies in it: as text, in the encodings of
// a request, as what HMAC makes of a key. Import it before the package.

import { createHash } from 'node:crypto'

import { watchWasmMemories } from '../../chaos/summary.js'
import { midstates } from './midstates.js'

/** Bytes of a secret that count as found: what is left of a freed text may have lost its beginning. */
const WINDOW = 8

const memories = watchWasmMemories()

/** All bytes, as they are now. */
export function wholeMemory() {
  const memory = memories.at(-1)
  if (memory === undefined) throw new Error('the package was imported before this module')
  return Buffer.from(memory.buffer)
}

/** Words as a hash function reads them, as memory holds them. @param {Buffer} bytes */
const swapped = (bytes) => {
  const words = Buffer.alloc(Math.ceil(bytes.length / 4) * 4)
  bytes.copy(words)
  return words.swap32()
}

/** @param {string} text */
const percentEncoded = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => {
    return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`
  })

/**
 * How a secret may lie in memory, by the form's name.
 * @type {Record<string, (secret: string) => Buffer[]>}
 */
export const MEMORY_FORMS = {
  text: (secret) => [Buffer.from(secret)],
  'JSON text': (secret) => [Buffer.from(JSON.stringify(secret).slice(1, -1))],
  'percent-encoded': (secret) => [Buffer.from(percentEncoded(secret))],
  'percent-encoded twice': (secret) => [Buffer.from(percentEncoded(percentEncoded(secret)))],
  base64: (secret) => [0, 1, 2].map((at) => base64At(secret, at)),
  // What has one of these signs as well as with the key.
  'words of a block': (secret) => keysOf(secret).map(swapped),
  'pad of HMAC': (secret) => padsOf(secret),
  'words of a pad': (secret) => padsOf(secret).map(swapped),
  'state after a pad': (secret) => keysOf(secret).flatMap(midstates),
}

/**
 * What HMAC takes: the key, with an ampersand in the RPC signature; the hash of a long one.
 * @param {string} secret
 */
const keysOf = (secret) =>
  [secret, `${secret}&`].flatMap((key) => {
    const bytes = Buffer.from(key)
    if (bytes.length <= 64) return [bytes]
    return ['sha1', 'sha256'].map((hash) => createHash(hash).update(bytes).digest())
  })

/** @param {string} secret */
const padsOf = (secret) =>
  keysOf(secret).flatMap((key) =>
    [0x36, 0x5c].map((mask) => Buffer.from(key.map((byte) => byte ^ mask))),
  )

/**
 * Base64 of a text that follows `at` other bytes, without the digits that they change.
 * @param {string} secret
 * @param {number} at
 */
function base64At(secret, at) {
  const digits = Buffer.from('\0'.repeat(at) + secret).toString('base64')
  return Buffer.from(digits.slice(at === 0 ? 0 : 4).replace(/.?=*$/, ''))
}

/**
 * A search for secrets.
 * @param {Record<string, string>} secrets by name
 */
export function searchFor(secrets) {
  /** Windows by their first word. @type {Map<number, { rest: number, label: string }[]>} */
  const windows = new Map()
  for (const [name, secret] of Object.entries(secrets)) {
    if (secret.length < WINDOW) throw new Error(`${name} is too short to be told from chance`)
    /** Pieces that several forms have are told of the first. */
    const known = new Set()
    for (const [form, made] of Object.entries(MEMORY_FORMS)) {
      for (const bytes of made(secret)) add(windows, bytes, `${name}: ${form}`, known)
    }
  }
  return {
    /** Names and forms of what is found. @param {Buffer} bytes */
    labels(bytes) {
      /** @type {Set<string>} */
      const found = new Set()
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      for (let at = 0; at <= bytes.length - WINDOW; at += 1) {
        const first = view.getUint32(at)
        if (first === 0 || !windows.has(first)) continue
        const rest = view.getUint32(at + 4)
        for (const each of windows.get(first) ?? []) if (each.rest === rest) found.add(each.label)
      }
      return [...found].sort()
    },
    /** The secrets that are found. @param {Buffer} [bytes] */
    names(bytes = wholeMemory()) {
      return [...new Set(this.labels(bytes).map((label) => label.split(':')[0]))].sort()
    },
  }
}

/**
 * @param {Map<number, { rest: number, label: string }[]>} windows
 * @param {Buffer} bytes
 * @param {string} label
 * @param {Set<string>} known pieces that are in already
 */
function add(windows, bytes, label, known) {
  for (let at = 0; at <= bytes.length - WINDOW; at += 1) {
    const piece = bytes.toString('latin1', at, at + WINDOW)
    if (known.has(piece)) continue
    known.add(piece)
    const first = bytes.readUInt32BE(at)
    const window = { rest: bytes.readUInt32BE(at + 4), label }
    windows.set(first, [...(windows.get(first) ?? []), window])
  }
}
