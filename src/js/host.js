// What Rust asks of the host: to send, to tell the time, to read JSON, to hand out results.
//
// Every function that runs a user's code (a fetch, an answer's members, a listener) catches what that
// code throws: an exception must never unwind through WebAssembly.

/** The largest body that is read, as in `src/response.rs`. */
const MAX_BODY = 1024 * 1024

/** How much is kept of a body that is too large. */
const SHOWN = 65536

/** Empty pieces of a body in all that are read. */
const MAX_EMPTY = 1000

/** Headers that the core looks at. */
const HEADERS = [
  'date',
  'retry-after',
  'x-acs-request-id',
  'x-acs-retry-after',
  'x-ratelimit-user-api',
  'x-ratelimit-user',
]

/** What every request is sent with: no redirect is followed, no cache keeps it, no page is named. */
const DEFAULTS = {
  redirect: 'manual',
  cache: 'no-store',
  credentials: 'same-origin',
  referrerPolicy: 'no-referrer',
}

const MASK = '•••'

/** Headers of a prepared request that are not printed. */
const SECRET_HEADERS = ['authorization', 'x-acs-security-token']

/** What Node asks an object how it is printed. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom')

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

/** Milliseconds since the Unix epoch, by the host's calendar. */
export function wallNow() {
  try {
    return Number(Date.now())
  } catch {
    return 0
  }
}

/**
 * Waits. `promise` never rejects, and settles at once after `wake`.
 * @param {number} delayMs
 */
export function sleep(delayMs) {
  let wake = () => {}
  const promise = new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
    // A longer time would end at once.
    const timer = setTimeout(resolve, Math.min(delayMs, 2147483647))
    wake = () => {
      clearTimeout(timer)
      resolve()
    }
  })
  return { promise, wake }
}

/** @type {string[]} */
let nonces = []

/** A number that nobody can guess, drawn in batches since each draw costs as much as a signature. */
export function nonce() {
  if (nonces.length === 0) {
    const bytes = crypto.getRandomValues(new Uint8Array(16 * 32))
    const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
    nonces = digits.match(/.{32}/g) ?? []
  }
  return /** @type {string} */ (nonces.pop())
}

/**
 * Whether timers fire on time: browsers hold them back in the background. Bundlers put a `process` into
 * pages, and Electron has a real one there: what has a document is a page.
 */
export function timersArePrompt() {
  const { process, document } = globalThis
  return typeof process?.versions?.node === 'string' && document === undefined
}

/** Where the errors of this package's own stores say what of them may be shown. */
const STORE_MESSAGE = Symbol.for('northbound.storeMessage')

/**
 * Asks a store of tokens. The promise never rejects. Of what a store throws only name and code are told,
 * since its words may quote an address with a password in it; the stores of this package say in their
 * errors what may be shown.
 * @param {Function} ask gets a method's name and its arguments
 * @param {string} question these as JSON
 * @returns {Promise<{ answer?: unknown, failed?: string, lasting: boolean }>}
 */
export async function askStore(ask, question) {
  try {
    const [method, ...args] = JSON.parse(question)
    return { answer: await ask(method, args), lasting: false }
  } catch (error) {
    return { failed: reasonOf(error) ?? nameOf(error), lasting: isLasting(error) }
  }
}

/**
 * @param {any} error
 * @returns {string | undefined}
 */
function reasonOf(error) {
  try {
    const reason = error[STORE_MESSAGE]
    const shown = typeof reason === 'string' && reason !== '' && reason.length <= 200
    return shown && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(reason) ? reason : undefined
  } catch {
    return undefined
  }
}

/**
 * What an error is called, if that looks like the name of an error and a system's code: some put the
 * command that failed there, with all that it carried.
 * @param {any} error
 */
function nameOf(error) {
  try {
    const { name, code } = error
    const shown = [/^[A-Za-z]{0,40}Error$/.test(name) ? name : 'an error']
    if (/^[A-Z][A-Z_]{1,30}$/.test(code)) shown.push(code)
    return shown.join(' ')
  } catch {
    return 'something that is no error'
  }
}

/** @param {any} error */
function isLasting(error) {
  try {
    return error.retryable === false
  } catch {
    return false
  }
}

/**
 * Asks a user's function, which may throw or reject.
 * @param {Function} question
 */
export async function ask(question) {
  return question()
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
  if (reader === undefined) {
    const bytes = await response.arrayBuffer()
    if (!/ArrayBuffer\]$/.test(Object.prototype.toString.call(bytes))) {
      throw new TypeError('arrayBuffer() of the Response did not yield an ArrayBuffer')
    }
    return new Uint8Array(bytes)
  }
  /** @type {Uint8Array[]} */
  const chunks = []
  let size = 0
  let empty = 0
  while (size <= MAX_BODY) {
    const { done, value } = await reader.read()
    if (done) break
    if (!ArrayBuffer.isView(value)) throw new TypeError('the body yielded no bytes')
    const { buffer, byteOffset, byteLength } = value
    if (byteLength > 0) chunks.push(new Uint8Array(buffer, byteOffset, byteLength))
    // A stream of nothing would never let a timer fire.
    else if (++empty > MAX_EMPTY) throw new TypeError('the body yields nothing and does not end')
    size += value.byteLength
  }
  // Not awaited: a stream that is stuck must not hold up an answer that is complete or too large.
  if (size > MAX_BODY) Promise.resolve(reader.cancel()).catch(() => {})
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
  const lines = [...headers].filter((line) => typeof line?.[1] === 'string')
  const tooLarge = (typeof body === 'string' ? body.length : body.byteLength) > MAX_BODY
  // Of one that is too large, enough to show how it begins.
  const part = tooLarge ? body.slice(0, SHOWN) : body
  const text = typeof part === 'string' ? part : new TextDecoder().decode(part)
  return {
    status,
    headers: lines.map(([name, value]) => `${name}: ${value}`).join('\n'),
    body: text,
    tooLarge,
    json: tooLarge ? undefined : readJson(text),
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

/** How much of a cause is looked through, in values and in characters. */
const CAUSE_LIMIT = { values: 2000, characters: 50_000 }

/**
 * A cause that may be shown: itself where it holds no secret, else a copy without its secrets. What
 * is too large to be looked through is copied as well.
 * @param {unknown} cause
 * @param {(text: string) => string} redact
 */
export function shownCause(cause, redact) {
  try {
    const text = textOf(cause)
    if (text !== undefined && redact(text) === text) return cause
  } catch {
    // Its members throw: nobody can tell what printing it would show.
  }
  return copyOf(cause, redact, 3)
}

/**
 * All that printing a value could show.
 * @param {unknown} value
 * @returns {string | undefined} nothing where that is too much
 */
function textOf(value) {
  const texts = []
  const seen = new Set()
  const waiting = [value]
  let characters = 0
  while (waiting.length > 0) {
    const next = /** @type {any} */ (waiting.pop())
    if (typeof next === 'string' || typeof next === 'symbol') {
      characters += String(next).length
      texts.push(String(next))
    } else if (next !== null && ['object', 'function'].includes(typeof next) && !seen.has(next)) {
      seen.add(next)
      // Bytes are shown as numbers, and few of them.
      if (ArrayBuffer.isView(next)) continue
      // What prints itself may print what nobody can see from outside.
      if (typeof next[INSPECT] === 'function' || typeof next.toJSON === 'function') return undefined
      if (Reflect.ownKeys(next).length > CAUSE_LIMIT.values) return undefined
      for (const name of [...Reflect.ownKeys(next), 'message', 'stack', 'cause']) {
        waiting.push(name, next[name])
      }
      // Maps, sets, headers and the like show what they contain.
      if (typeof next !== 'function' && typeof next[Symbol.iterator] === 'function') {
        for (const item of next) {
          waiting.push(item)
          if (waiting.length > CAUSE_LIMIT.values) return undefined
        }
      }
    }
    const tooMuch = seen.size > CAUSE_LIMIT.values || waiting.length > 4 * CAUSE_LIMIT.values
    if (tooMuch || characters > CAUSE_LIMIT.characters) return undefined
  }
  return texts.join('\n')
}

/**
 * What of an error is safe to show: its name, code and message without secrets, and its own cause.
 * @param {unknown} cause
 * @param {(text: string) => string} redact
 * @param {number} levels
 * @returns {unknown}
 */
function copyOf(cause, redact, levels) {
  const member = (/** @type {string} */ name) => {
    try {
      const value = /** @type {any} */ (cause)[name]
      return typeof value === 'string' ? redact(value.slice(0, 4096)) : undefined
    } catch {
      return undefined
    }
  }
  const text = typeof cause === 'string' ? redact(cause.slice(0, 4096)) : undefined
  const copy = new Error(member('message') ?? text ?? 'something that is no error was thrown')
  copy.name = member('name') ?? 'Error'
  copy.stack = `${copy.name}: ${copy.message}`
  const code = member('code')
  if (code !== undefined) Object.assign(copy, { code })
  try {
    const inner = /** @type {any} */ (cause).cause
    if (levels > 0 && inner instanceof Error) copy.cause = copyOf(inner, redact, levels - 1)
  } catch {
    // There is no inner cause that could be shown.
  }
  return copy
}

/**
 * A result, whose secrets are there for the program and masked for whoever prints it.
 * @param {string} text the result as JSON
 * @param {string} secrets names of members, separated by commas
 */
export function makeResult(text, secrets) {
  const result = JSON.parse(text)
  if (result === null) return undefined
  const [outer, inner] = secrets.split('.')
  if (inner !== undefined) printable(result[outer], [inner])
  return printable(result, inner === undefined ? secrets.split(',') : [])
}

/**
 * Makes members readable as ever but not printed: consoles do not call getters.
 * @param {Record<string, unknown>} value
 * @param {string[]} names
 */
function masked(value, names) {
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
  return value
}

/**
 * The same, and Node prints a mask in the place of a getter.
 * @param {Record<string, any>} value
 * @param {string[]} names
 */
function printable(value, names) {
  masked(value, names)
  Object.defineProperty(value, INSPECT, {
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
  request.headers = Object.freeze(masked(headersOf(request.headers), SECRET_HEADERS))
  return { request: printable(request, ['body']), secrets }
}
