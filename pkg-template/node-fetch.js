/**
 * A fetch-shaped sender over node:http and node:https, for client certificates, an own CA and a
 * fraction of the CPU that Node's global fetch costs.
 *
 * What it promises beyond its types:
 *
 * - The server is always verified. `rejectUnauthorized` is set for each connection, since otherwise
 *   the variable NODE_TLS_REJECT_UNAUTHORIZED decides.
 * - The body is read as it comes, whether anybody asks for it or not: an answer that nobody reads
 *   cannot hold a connection. What is kept of it is bounded, before and after decompression.
 * - Idle connections are kept for less time than servers usually keep them (5 s; a shorter
 *   `Keep-Alive: timeout` is honoured) and never hold the process.
 * - A server may still close an idle connection at the moment a request is written to it. Only GET
 *   is then sent again, once, on a new connection. Any other request may have arrived: a key refresh
 *   makes a new code each time, so whoever knows the operation decides, which is the client.
 */
import http from 'node:http'
import https from 'node:https'
import { pipeline } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

import { readOptions, readTls } from './node-fetch-options.js'

/**
 * @typedef {import('./node-fetch.js').NodeFetchOptions} NodeFetchOptions
 * @typedef {import('./index.js').FetchLike} FetchLike
 * @typedef {import('./index.js').SendInit} SendInit
 * @typedef {import('./index.js').ResponseLike} ResponseLike
 * @typedef {Record<string, http.Agent>} Agents agents by the protocol of the URL
 */

/**
 * @param {NodeFetchOptions} [options]
 * @returns {FetchLike}
 */
export function nodeFetch(options) {
  const { maxSockets, servername, ...tls } = readOptions(options)
  const secureContext = readTls(tls)
  // For both, what is asked for and what the certificate has to be for.
  const named = servername === undefined ? {} : { servername }
  /** @param {http.AgentOptions} pool */
  const agents = (pool) => ({
    'http:': new http.Agent(pool),
    // One parsed context: PEM texts in the options would be part of the pool's key on each call.
    'https:': new https.Agent({ ...pool, secureContext, rejectUnauthorized: true, ...named }),
  })
  const pooled = agents({
    keepAlive: true,
    maxSockets,
    noDelay: true,
    scheduling: 'lifo',
    timeout: IDLE_MS,
  })
  const single = agents({ keepAlive: false, noDelay: true })
  return async (url, init) => exchange(parse(url), init, pooled, single)
}

/** Below the 5 s after which a Node server, and many another, closes an idle connection. */
const IDLE_MS = 4000

/**
 * The error of `new URL` is not passed on: it shows the URL, whose query may be signed.
 *
 * @param {string} text
 */
function parse(text) {
  let url
  try {
    url = new URL(text)
  } catch {
    url = undefined
  }
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new TypeError('nodeFetch: the URL is not an absolute http: or https: URL')
  }
  if (url.username || url.password) {
    throw new TypeError('nodeFetch: the URL holds a user name or password')
  }
  return url
}

/**
 * Sends one request. `retry` holds the agents for the second try of a GET; absent: there is none.
 *
 * @param {URL} url
 * @param {SendInit} init
 * @param {Agents} agents
 * @param {Agents} [retry]
 * @returns {Promise<ResponseLike>}
 */
function exchange(url, init, agents, retry) {
  return new Promise((resolve, reject) => {
    const { method, headers, body, signal } = init
    if (signal?.aborted) return reject(signal.reason)
    if (body !== undefined && typeof body !== 'string') {
      return reject(new TypeError('nodeFetch: init.body is not a string'))
    }

    const request = (url.protocol === 'https:' ? https : http).request({
      agent: agents[url.protocol],
      protocol: url.protocol,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port,
      path: url.pathname + url.search,
      method,
      headers,
    })
    if (body !== undefined) request.setHeader('content-length', Buffer.byteLength(body))

    /** Rejects the answer, and once that is there, its body. */
    let fail = reject
    let answered = false
    const end = () => signal?.removeEventListener('abort', abort)
    const abort = () => {
      end()
      fail(signal.reason)
      request.destroy()
    }
    signal?.addEventListener('abort', abort)

    request.on('response', (answer) => {
      answered = true
      const whole = new Promise((resolveBody, rejectBody) => {
        fail = rejectBody
        readBody(answer, (error, bytes) => {
          end()
          if (error) rejectBody(error)
          else resolveBody(bytes)
        })
      })
      whole.catch(() => {}) // a body that nobody asks for is no unhandled rejection
      resolve({
        status: answer.statusCode ?? 0,
        headers: { get: (name) => header(answer, name) },
        arrayBuffer: () => whole,
      })
    })
    request.on('error', (/** @type {Error & { code?: string, rawPacket?: unknown }} */ error) => {
      end()
      delete error.rawPacket // on a parse error: the answer's bytes, and so perhaps a token
      const stale = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
      if (retry && stale && method === 'GET' && !answered && !signal?.aborted) {
        resolve(exchange(url, init, retry))
      } else fail(error)
    })
    request.end(body)
  })
}

/**
 * @param {http.IncomingMessage} answer
 * @param {string} name
 */
function header({ headers }, name) {
  const key = name.toLowerCase()
  const value = Object.hasOwn(headers, key) ? headers[key] : undefined
  return Array.isArray(value) ? value.join(', ') : (value ?? null)
}

/** An answer of the platform has at most 1 MiB; one byte more tells the client that there was more. */
const KEPT_BYTES = 1024 * 1024 + 1

/** @type {Record<string, () => import('node:stream').Transform>} */
const DECODERS = {
  br: createBrotliDecompress,
  deflate: createInflate,
  gzip: createGunzip,
  'x-gzip': createGunzip,
}

/**
 * Hands over the body, decoded, up to KEPT_BYTES. A coding that is not known, though none was asked
 * for, is left as it is.
 *
 * @param {http.IncomingMessage} answer
 * @param {(error: Error | null, bytes?: any) => void} done called once or more, the first time counts
 */
function readBody(answer, done) {
  const coding = header(answer, 'content-encoding')?.trim().toLowerCase() ?? ''
  const empty = answer.statusCode === 204 || header(answer, 'content-length') === '0'
  const decoder = !empty && Object.hasOwn(DECODERS, coding) ? DECODERS[coding]?.() : undefined
  // Both listened to besides the pipeline, which lets go of a decoder before its last error.
  answer.on('error', done)
  decoder?.on('error', done)
  const stream = decoder ? pipeline(answer, decoder, () => {}) : answer

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
  stream.on('end', finish)
  stream.on('data', (/** @type {Buffer} */ chunk) => {
    if (size >= KEPT_BYTES) return
    chunks.push(chunk)
    size += chunk.length
    if (size < KEPT_BYTES) return
    finish()
    answer.destroy()
  })
}
