// What Rust asks of the host: to send, to tell the time, to read JSON, to hand out results.
//
// Every function that runs a user's code (a fetch, an answer's members, a listener) catches what that
// code throws: an exception must never unwind through WebAssembly.

/** The largest body that is read, as in `src/response.rs`. */
const MAX_BODY = 1024 * 1024

/** Headers that the core looks at. */
const HEADERS = ['date', 'retry-after']

/** What every request is sent with: no redirect is followed, no cache keeps it, no page is named. */
const DEFAULTS = {
  redirect: 'manual',
  cache: 'no-store',
  credentials: 'same-origin',
  referrerPolicy: 'no-referrer',
}

const MASK = '•••'

/**
 * An answer as the core takes it.
 * @typedef {{ status: number, headers: string, body: string, tooLarge: boolean, json: unknown }} Answer
 */

/**
 * How an attempt ended without an answer.
 * @typedef {{ failed: 'network' | 'timeout', cause?: unknown }} Lost
 */

/** Milliseconds of a clock that never goes back. */
export function monotonicNow() {
  try {
    return performance.now()
  } catch {
    return Date.now()
  }
}

/**
 * Begins to send one request. Never throws, and `promise` never rejects.
 * @param {Function | undefined} fetch the user's own, or none for the global one
 * @param {string} url
 * @param {string} method
 * @param {string} headers a line each: name, colon, blank, value
 * @param {string | undefined} body
 * @param {number} timeoutMs 0 for no limit
 */
export function send(fetch, url, method, headers, body, timeoutMs) {
  const controller = new AbortController()
  /** @type {(lost: Lost) => void} */
  let giveUp = () => {}
  const lost = new Promise((resolve) => (giveUp = resolve))
  const timer =
    timeoutMs > 0 ? setTimeout(() => giveUp({ failed: 'timeout' }), timeoutMs) : undefined
  const init = { method, headers: headersOf(headers), ...DEFAULTS, signal: controller.signal }
  if (body !== undefined) Object.assign(init, { body })
  let over = false
  const answered = exchange(fetch, url, init).then(
    (answer) => {
      over = true
      return answer
    },
    (cause) => {
      over = true
      return { failed: 'network', cause }
    },
  )
  const promise = Promise.race([answered, lost]).then((outcome) => {
    clearTimeout(timer)
    // The body may still be on its way: an answer that nobody reads must not hold a connection.
    if (!over) controller.abort()
    return outcome
  })
  const cancel = () => {
    clearTimeout(timer)
    if (!over) controller.abort()
    giveUp({ failed: 'network' })
  }
  return { promise, cancel }
}

/** @param {string} lines */
function headersOf(lines) {
  return Object.fromEntries(
    lines
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const colon = line.indexOf(': ')
        return [line.slice(0, colon), line.slice(colon + 2)]
      }),
  )
}

/**
 * @param {Function | undefined} fetch
 * @param {string} url
 * @param {object} init
 */
async function exchange(fetch, url, init) {
  const response = await (fetch === undefined
    ? globalThis.fetch(url, /** @type {any} */ (init))
    : fetch(url, init))
  if (response === null || typeof response !== 'object') {
    throw new TypeError('fetch did not yield a Response')
  }
  const { status, headers } = response
  if (!Number.isInteger(status) || status < 0 || status > 999) {
    throw new TypeError('fetch yielded a Response without a status')
  }
  const found = HEADERS.map((name) => [name, headers?.get?.(name)])
  return answer(status, found, await readBody(response))
}

/**
 * Reads a body, but not more of it than is looked at. A duck-typed answer may have no stream.
 * @param {any} response
 * @returns {Promise<Uint8Array>}
 */
async function readBody(response) {
  const reader = response.body?.getReader?.()
  if (reader === undefined) return new Uint8Array(await response.arrayBuffer())
  const chunks = []
  let size = 0
  while (size <= MAX_BODY) {
    const { done, value } = await reader.read()
    if (done) break
    chunks.push(value)
    size += value.byteLength
  }
  // Not awaited: a stream that is stuck must not hold up an answer that is complete or too large.
  if (size > MAX_BODY) reader.cancel().catch(() => {})
  if (chunks.length === 1) return chunks[0]
  const body = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    body.set(chunk, at)
    at += chunk.byteLength
  }
  return body
}

/**
 * An answer in the core's terms.
 * @param {number} status
 * @param {Iterable<[string, unknown] | any>} headers
 * @param {Uint8Array | string} body
 * @returns {Answer}
 */
export function answer(status, headers, body) {
  const lines = [...headers].filter(([, value]) => typeof value === 'string')
  const tooLarge = (typeof body === 'string' ? body.length : body.byteLength) > MAX_BODY
  const text = tooLarge ? '' : typeof body === 'string' ? body : new TextDecoder().decode(body)
  return {
    status,
    headers: lines.map(([name, value]) => `${name}: ${value}`).join('\n'),
    body: text,
    tooLarge,
    json: readJson(text),
  }
}

/**
 * @param {string} text
 * @returns {unknown} what it says; undefined where it is not JSON
 */
function readJson(text) {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}

/**
 * Tells a listener what happened.
 * @param {Function} listener
 * @param {string} text the event as JSON
 */
export function emit(listener, text) {
  try {
    // An asynchronous listener must not cause an unhandled rejection either.
    Promise.resolve(listener(JSON.parse(text))).catch(() => {})
  } catch {
    // What a listener throws stops nothing.
  }
}

/**
 * A cause that may be shown: itself, or a copy without secrets where it quotes one.
 * @param {unknown} cause
 * @param {string[]} secrets
 * @param {(text: string) => string} redact
 */
export function shownCause(cause, secrets, redact) {
  try {
    const texts = textsOf(cause, 0)
    const shown = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)])
    if (!texts.some((text) => shown.some((secret) => text.includes(secret)))) return cause
    const source = /** @type {any} */ (cause)
    const copy = new Error(redact(String(source?.message ?? source)))
    copy.name = redact(String(source?.name ?? 'Error'))
    copy.stack = `${copy.name}: ${copy.message}`
    if (typeof source?.code === 'string') Object.assign(copy, { code: redact(source.code) })
    return copy
  } catch {
    return new Error('the cause could not be read')
  }
}

/**
 * Every text that printing a value could show.
 * @param {any} value
 * @param {number} depth
 * @returns {string[]}
 */
function textsOf(value, depth) {
  if (typeof value === 'string') return [value]
  if (value === null || typeof value !== 'object' || depth > 5) return []
  const names = new Set([...Object.getOwnPropertyNames(value), 'message', 'stack', 'cause'])
  return [...names].flatMap((name) => [name, ...textsOf(value[name], depth + 1)])
}

/**
 * A result, whose secrets are there for the program and masked for whoever prints it.
 * @param {string} text the result as JSON
 * @param {string} secrets names of members, separated by commas
 */
export function makeResult(text, secrets) {
  const result = JSON.parse(text)
  if (result === null) return undefined
  return masked(result, secrets.split(','))
}

/**
 * Makes members readable as ever but not printed: consoles do not call getters.
 * @param {Record<string, unknown>} value
 * @param {string[]} names
 */
export function masked(value, names) {
  for (const name of names) {
    if (!(name in value)) continue
    const content = value[name]
    Object.defineProperty(value, name, {
      enumerable: true,
      configurable: true,
      get: () => content,
      set(other) {
        Object.defineProperty(value, name, { value: other, writable: true })
      },
    })
  }
  Object.defineProperty(value, Symbol.for('nodejs.util.inspect.custom'), {
    value() {
      const shown = { ...value }
      for (const name of names) if (name in shown) shown[name] = MASK
      return shown
    },
  })
  return value
}

/**
 * A request that the caller sends. It holds no WebAssembly memory; `api.js` adds its `decode`.
 * @param {string} text the request as JSON, its headers as lines
 * @param {string[]} secrets what its answer must not show
 */
export function makePrepared(text, secrets) {
  const request = JSON.parse(text)
  request.headers = Object.freeze(masked(headersOf(request.headers), ['authorization']))
  return { request: masked(request, ['body']), secrets }
}
