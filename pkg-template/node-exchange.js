/**
 * Sends one request over node:http or node:https, for a fraction of the CPU that Node's global fetch
 * costs, and answers as that does.
 *
 * What it promises:
 *
 * - The modules' own `request` is looked up for each call, so that a library which puts another in its
 *   place (for mocks, for traces) sees every request.
 * - The body is read as it comes, whether anybody asks for it or not: an answer that nobody reads
 *   cannot hold a connection. What is kept of it is bounded, before and after decompression.
 * - Idle connections are kept for less time than servers usually keep them (5 s; a shorter
 *   `Keep-Alive: timeout` is honoured) and never hold the process.
 * - What a server says on an idle connection ends that: it is no answer to the next request.
 * - A server may still close an idle connection at the moment a request is written to it. If so asked, a
 *   GET is then sent again, once, on a new connection. Any other request may have arrived: a key refresh
 *   makes a new code each time, so whoever knows the operation decides, which is the client.
 */
import { builtin, header, readBody } from './node-answer.js'
import { heedingIdle } from './node-idle.js'

/**
 * @typedef {import('./index.js').SendInit} SendInit
 * @typedef {import('./index.js').ResponseLike} ResponseLike
 * @typedef {(end: () => void) => boolean} Ending takes what ends the request, and says whether that is over
 * @typedef {(url: string, init: SendInit, ending?: Ending) => Promise<ResponseLike>} Send
 * @typedef {typeof import('node:http') | typeof import('node:https')} Module
 * @typedef {{ module: Module, agent: import('node:http').Agent }} Way
 * @typedef {{ first: Way, retry?: Way }} Ways
 */

/**
 * Loaded by the first URL that needs it, since TLS takes longer than all the rest. Some run code where there is no
 * `import()`, so newer Nodes are asked first.
 *
 * @type {Record<string, () => Promise<Module>>}
 */
const LOAD = {
  'http:': async () => builtin('node:http') ?? (await import('node:http')).default,
  'https:': async () => builtin('node:https') ?? (await import('node:https')).default,
}

/**
 * A sender with connections of its own.
 *
 * @param {{ maxSockets?: number, resends?: boolean }} [options] whether a GET is sent again, of which the client
 *   is not told, as little as its limit of calls
 * @param {import('node:https').AgentOptions} [tls]
 * @param {Record<string, Module>} [modules] those that are loaded, by the protocol of the URL: a request of theirs
 *   begins at once
 * @returns {Send}
 */
export function sender({ maxSockets, resends = false } = {}, tls = {}, modules = {}) {
  /** @type {import('node:http').AgentOptions} */
  const pooled = {
    keepAlive: true,
    maxSockets,
    noDelay: true,
    scheduling: 'lifo',
    timeout: IDLE_MS,
  }
  const single = { keepAlive: false, noDelay: true }

  /** @param {string} protocol @param {Module} module @returns {Ways} */
  const waysOf = (protocol, module) => {
    /** @param {import('node:http').AgentOptions} pool */
    const way = (pool) => {
      const options = protocol === 'https:' ? { ...pool, ...tls } : pool
      return { module, agent: heedingIdle(new module.Agent(options)) }
    }
    return { first: way(pooled), retry: resends ? way(single) : undefined }
  }
  /** @type {Record<string, Ways>} */
  const ways = Object.fromEntries(
    Object.entries(modules).map(([protocol, module]) => [protocol, waysOf(protocol, module)]),
  )
  /** @param {URL} url @param {SendInit} init @param {Ending} [ending] */
  const loadAndSend = async (url, init, ending) => {
    const { protocol } = url
    const module = await LOAD[protocol]()
    // Another call may have waited for it as well: they share their connections.
    ways[protocol] ??= waysOf(protocol, module)
    return exchange(url, init, ways[protocol], ending)
  }
  return (address, init, ending) => {
    let url
    try {
      url = parse(address)
    } catch (error) {
      return Promise.reject(error)
    }
    const known = ways[url.protocol]
    return known ? exchange(url, init, known, ending) : loadAndSend(url, init, ending)
  }
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
 * Sends one request. `retry` is for the second try of a GET; absent: there is none.
 *
 * @param {URL} url
 * @param {SendInit} init
 * @param {Ways} ways
 * @param {Ending} [ending] in the place of the signal, which is made when it is read
 * @returns {Promise<ResponseLike>}
 */
function exchange(url, init, { first: { module, agent }, retry }, ending) {
  return new Promise((resolve, reject) => {
    const { method, headers } = init
    // Its own: somebody may have given all objects one.
    const body = Object.hasOwn(init, 'body') ? init.body : undefined
    const signal = ending ? undefined : init.signal
    if (signal?.aborted) return reject(signal.reason)
    let abort = () => reject(new Error('aborted'))
    // Called late, so that what is set below counts: `request` itself may throw, and the call end meanwhile.
    if (ending?.(() => abort())) return abort()
    if (body !== undefined && typeof body !== 'string') {
      return reject(new TypeError('nodeFetch: init.body is not a string'))
    }

    const request = module.request({
      agent,
      protocol: url.protocol,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port,
      path: url.pathname + url.search,
      method,
      headers,
      joinDuplicateHeaders: true, // of a header that is there twice fetch shows both
    })
    /** Rejects the answer, and once that is there, its body. */
    let fail = reject
    let answered = false
    const end = () => {
      try {
        signal?.removeEventListener('abort', abort)
      } catch {
        // The call is over: there is nobody left to tell.
      }
    }
    abort = () => {
      end()
      fail(signal?.reason ?? new Error('aborted'))
      request.destroy()
    }

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
        resolve(exchange(url, init, { first: retry }))
      } else fail(error)
    })
    // As after a 101, which nobody asked for: there may be neither an answer nor an error.
    request.on('close', () => {
      end()
      if (!answered)
        fail(Object.assign(new Error('closed without an answer'), { code: 'ECONNRESET' }))
    })
    try {
      if (body !== undefined) request.setHeader('content-length', Buffer.byteLength(body))
      signal?.addEventListener('abort', abort)
      request.end(body)
    } catch (error) {
      // A signal that is none. What was begun must not fail later, where nobody listens.
      request.destroy()
      reject(error)
    }
  })
}
