// Reads an answer of node:http as Node's global fetch reads it, which costs more: a header by its name, a
// body decoded.

/**
 * A module of Node's own, from Node 20.16 and 22.3 on.
 *
 * @param {string} name
 */
export function builtin(name) {
  return /** @type {any} */ (process).getBuiltinModule?.(name)
}

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

/** @typedef {typeof import('node:zlib')} Zlib */

/** @type {Record<string, (zlib: Zlib) => import('node:stream').Transform>} */
const DECODERS = {
  br: (zlib) => zlib.createBrotliDecompress(flushing(zlib.constants.BROTLI_OPERATION_FLUSH)),
  deflate: (zlib) => zlib.createInflate(flushing(zlib.constants.Z_SYNC_FLUSH)),
  gzip: (zlib) => zlib.createGunzip(flushing(zlib.constants.Z_SYNC_FLUSH)),
  'x-gzip': (zlib) => zlib.createGunzip(flushing(zlib.constants.Z_SYNC_FLUSH)),
}

/**
 * What has come of a stream that ends too early is taken, an empty one included: the client sees that JSON is cut.
 *
 * @param {number} flush
 */
const flushing = (flush) => ({ flush, finishFlush: flush })

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
  answer.on('error', done)
  const makers = decodersOf(header(answer, 'content-encoding') ?? '')
  if (makers.length === 0) return collect(answer, answer, done)
  decoded(answer, makers, done).then(
    (last) => collect(answer, last, done),
    (error) => {
      // Nobody is going to read it, and it must not hold a connection.
      answer.destroy()
      done(error)
    },
  )
}

/**
 * Puts decoders behind an answer, for which no coding was asked: what they need is loaded when one comes all the same.
 *
 * @param {import('node:http').IncomingMessage} answer
 * @param {((zlib: Zlib) => import('node:stream').Transform)[]} makers
 * @param {(error: Error) => void} failed
 */
async function decoded(answer, makers, failed) {
  const { pipeline } = builtin('node:stream') ?? (await import('node:stream'))
  const zlib = builtin('node:zlib') ?? (await import('node:zlib'))
  const decoders = makers.map((make) => make(zlib))
  // All listened to besides the pipeline, which lets go of a decoder before its last error.
  for (const each of decoders) each.on('error', failed)
  pipeline([answer, ...decoders], () => {})
  return decoders.at(-1) ?? answer
}

/**
 * @param {import('node:http').IncomingMessage} answer
 * @param {import('node:stream').Readable} last what the decoded body comes out of
 * @param {(error: Error | null, bytes?: any) => void} done
 */
function collect(answer, last, done) {
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
  if (codings === '') return []
  const names = codings.toLowerCase().split(',').reverse()
  const makers = names.map((name) => {
    const known = name.trim()
    return Object.hasOwn(DECODERS, known) ? DECODERS[known] : undefined
  })
  const known = makers.filter((make) => make !== undefined)
  return known.length === makers.length ? known : []
}
