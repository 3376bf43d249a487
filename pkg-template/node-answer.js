// Reads an answer of node:http as Node's global fetch reads it, which costs more: a header by its name, a
// body decoded.

import { pipeline } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

/**
 * @param {import('node:http').IncomingMessage} answer
 * @param {string} name
 */
export function header({ headers }, name) {
  const key = name.toLowerCase()
  const value = Object.hasOwn(headers, key) ? headers[key] : undefined
  return Array.isArray(value) ? value.join(', ') : (value ?? null)
}

/** An answer of the platform has at most 1 MiB; one byte more tells the client that there was more. */
const KEPT_BYTES = 1024 * 1024 + 1

/** Statuses whose answers have no body, whatever follows. */
const WITHOUT_BODY = [204, 205, 304]

/** What has come of a stream that ends too early is taken, an empty one included: the client sees that JSON is cut. */
const ZLIB = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }
const BROTLI = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
}

/** @type {Record<string, () => import('node:stream').Transform>} */
const DECODERS = {
  br: () => createBrotliDecompress(BROTLI),
  deflate: () => createInflate(ZLIB),
  gzip: () => createGunzip(ZLIB),
  'x-gzip': () => createGunzip(ZLIB),
}

/**
 * Hands over the body, decoded, up to KEPT_BYTES.
 *
 * @param {import('node:http').IncomingMessage} answer
 * @param {(error: Error | null, bytes?: any) => void} done called once or more, the first time counts
 */
export function readBody(answer, done) {
  if (WITHOUT_BODY.includes(answer.statusCode ?? 0)) {
    answer.resume()
    return done(null, new ArrayBuffer(0))
  }
  const decoders = decodersOf(header(answer, 'content-encoding') ?? '')
  // All listened to besides the pipeline, which lets go of a decoder before its last error.
  for (const each of [answer, ...decoders]) each.on('error', done)
  const [last = answer] = decoders.slice(-1)
  if (decoders.length > 0) pipeline([answer, ...decoders], () => {})

  /** @type {Buffer[]} */
  const chunks = []
  let size = 0
  const finish = () => {
    const bytes = new Uint8Array(Math.min(size, KEPT_BYTES))
    let at = 0
    for (const chunk of chunks) {
      bytes.set(chunk.subarray(0, bytes.length - at), at)
      at += chunk.length
    }
    done(null, bytes.buffer)
  }
  last.on('end', finish)
  last.on('data', (/** @type {Buffer} */ chunk) => {
    if (size >= KEPT_BYTES) return
    chunks.push(chunk)
    size += chunk.length
    if (size < KEPT_BYTES) return
    finish()
    answer.destroy()
  })
}

/**
 * The last coding comes off first. With one among them that is not known, though none was asked for, the body
 * is left as it is.
 *
 * @param {string} codings
 */
function decodersOf(codings) {
  const names = codings.toLowerCase().split(',').reverse()
  const makers = names.map((name) => {
    const known = name.trim()
    return Object.hasOwn(DECODERS, known) ? DECODERS[known] : undefined
  })
  const known = makers.filter((make) => make !== undefined)
  return known.length === makers.length ? known.map((make) => make()) : []
}
