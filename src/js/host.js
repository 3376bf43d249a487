// What Rust asks of the host: to send, to tell the time, to hand out results.
//
// Every function that runs a user's code (a fetch, an answer's members, a listener) catches what that
// code throws: an exception must never unwind through WebAssembly. What Rust has to name has a number
// here: the functions of a client, what was thrown, what Rust waits for.

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

/** What Node asks an object how it is printed. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/**
 * An answer as the core takes it: its body, and what is told of it besides. Of its headers only texts count.
 * @template {Uint8Array | string} Body
 * @typedef {{ head: { status: number, headers: object, tooLarge?: true }, body: Body }} Answer
 */

/**
 * The functions that a client was given. `ask` answers what its store or its credentials are asked for.
 * @typedef {object} Functions
 * @property {Function} [fetch]
 * @property {Function} [onEvent]
 * @property {(method: string, args: unknown[]) => Promise<object>} [ask]
 */

/**
 * What of WebAssembly is called from here.
 * @typedef {object} Core
 * @property {(client: number, given: string) => string} compute
 * @property {(task: number) => string} poll
 * @property {(ticket: number, answer: string, body: Uint8Array) => void} settle
 * @property {(number: number) => void} remove
 * @property {(fault: string) => string} describe
 */

/** @typedef {(end: () => void) => boolean} Ending */

/** @typedef {{ called: boolean, controller?: AbortController }} Abort whether a request is ended, and by what */

/** @type {Core} */
let core

/** @param {Core} exports */
export function attach(exports) {
  core = exports
}

/**
 * The message of an error that Rust tells of, whose texts are in JavaScript.
 * @param {string} fault
 */
export function describe(fault) {
  return core.describe(fault)
}

let last = 0

/** A number that was not given before, and is not 0. */
const next = () => (last = (last % 2 ** 31) + 1)

/** @type {Map<number, Functions>} */
const hosts = new Map()

/**
 * Keeps the functions of a client until Rust lets go of them.
 * @param {Functions} functions
 */
export function enter(functions) {
  const host = next()
  hosts.set(host, functions)
  return host
}

/** @param {number} host */
export function leave(host) {
  hosts.delete(host)
}

/** @type {Map<number, unknown>} */
const causes = new Map()

/**
 * Keeps what was thrown until Rust lets go of it.
 * @param {unknown} thrown
 */
function keep(thrown) {
  const cause = next()
  causes.set(cause, thrown)
  return cause
}

/** @param {number} cause */
export function causeOf(cause) {
  return causes.get(cause)
}

/** @param {number} cause */
export function forget(cause) {
  // A moment later: an error that is on its way out still names it.
  soon(() => causes.delete(cause))
}

/** @param {() => unknown} then */
function soon(then) {
  Promise.resolve().then(then)
}

/**
 * What ends a call, by its task. Rust gives small numbers, and gives them again: where members come and go, a
 * Map leaves tables behind that keep what was in them until all memory is searched.
 * @type {(((text: string, trap?: unknown) => void) | undefined)[]}
 */
const ends = []

/**
 * Waits for a call. Once `aborted` settles, the call is dropped and nothing is what this rejects with.
 * @param {number} task
 * @param {Promise<unknown> | undefined} aborted
 * @param {(text: string) => any} read reads the outcome, at once: later the cause of an error is gone
 */
export function ended(task, aborted, read) {
  return new Promise((/** @type {(result: any) => void} */ resolve, reject) => {
    const end = (/** @type {string} */ text, /** @type {unknown} */ trap) => {
      if (trap !== undefined) return reject(trap)
      try {
        resolve(read(text))
      } catch (error) {
        reject(error)
      }
    }
    ends[task] = end
    aborted?.then(() => {
      if (ends[task] !== end) return
      ends[task] = undefined
      core.remove(task)
      reject()
    })
  })
}

/**
 * Goes on with work.
 * @param {number} task
 */
export function wake(task) {
  soon(() => {
    const end = ends[task]
    /** @type {string} */
    let text
    try {
      text = core.poll(task)
    } catch (trap) {
      // WebAssembly stopped: nobody else will tell whoever waits.
      ends[task] = undefined
      return end?.('', trap)
    }
    if (text === '') return
    ends[task] = undefined
    end?.(text)
  })
}

/**
 * How to end early what Rust waits for, by its ticket.
 * @type {((() => void) | undefined)[]}
 */
const waiting = []

/**
 * Answers Rust, in time.
 * @param {number} ticket
 * @param {Promise<any>} answered
 * @param {() => void} [end] ends it early
 */
function wait(ticket, answered, end = () => {}) {
  const settle = settling(ticket, end)
  answered.then(settle, (thrown) => settle(thrown, true))
}

/**
 * What answers Rust: the first time counts, and only as long as Rust waits.
 * @param {number} ticket
 * @param {() => void} end ends it early; a function of its own, since tickets are numbered alike
 */
function settling(ticket, end) {
  waiting[ticket] = end
  return (/** @type {any} */ answer, failed = false) => {
    if (waiting[ticket] !== end) return
    waiting[ticket] = undefined
    tell(ticket, failed ? { thrown: keep(answer) } : answer)
  }
}

/**
 * Ends what Rust no longer waits for, if it is not over.
 * @param {number} ticket
 */
export function cancel(ticket) {
  const end = waiting[ticket]
  waiting[ticket] = undefined
  end?.()
}

const NOTHING = new Uint8Array()

/**
 * Tells Rust an answer. A body crosses as the bytes that came: Rust reads what they say.
 * @param {number} ticket
 * @param {any} answer
 */
function tell(ticket, answer) {
  // Its own: somebody may have given all objects one.
  const hasBody = Object.hasOwn(answer, 'body')
  let text
  try {
    text = JSON.stringify(hasBody ? answer.head : answer)
  } catch (error) {
    return core.settle(ticket, JSON.stringify({ thrown: keep(error) }), NOTHING)
  }
  core.settle(ticket, text, hasBody ? answer.body : NOTHING)
}

/**
 * Milliseconds since the Unix epoch by the host's calendar, or of a clock that never goes back.
 * @param {boolean} wall
 */
export function clock(wall) {
  try {
    return wall ? Number(Date.now()) : performance.now()
  } catch {
    return wall ? 0 : Date.now()
  }
}

/**
 * Waits.
 * @param {number} ticket
 * @param {number} delayMs
 */
export function sleep(ticket, delayMs) {
  /** @type {any} */
  let timer
  const slept = new Promise((resolve) => {
    // A longer time would end at once.
    timer = setTimeout(() => resolve({}), Math.min(delayMs, 2147483647))
  })
  wait(ticket, slept, () => clearTimeout(timer))
}

/** Bytes that nobody can guess, enough for many nonces: each draw costs as much as a signature. */
export function entropy() {
  const bytes = new Uint8Array(2048)
  crypto.getRandomValues(bytes)
  return bytes
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
 * Asks what a client was given for it.
 * @param {number} host
 * @param {number} ticket
 * @param {string} question a method's name and its arguments as JSON
 */
export function ask(host, ticket, question) {
  const [method, ...args] = JSON.parse(question)
  wait(ticket, /** @type {any} */ (hosts.get(host)).ask(method, args))
}

/**
 * What came of asking a store of tokens. Of what a store throws only name and code are told, since its
 * words may quote an address with a password in it; the stores of this package say in their errors what
 * may be shown.
 * @param {() => Promise<unknown>} question
 * @returns {Promise<{ answer?: unknown, failed?: string, lasting?: true }>}
 */
export async function storeOutcome(question) {
  try {
    return { answer: await question() }
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

/**
 * @param {any} error
 * @returns {true | undefined}
 */
function isLasting(error) {
  try {
    return error.retryable === false || undefined
  } catch {
    return undefined
  }
}

/**
 * Begins to send one request. Never throws.
 * @param {number} host
 * @param {number} ticket
 * @param {string} text the request as JSON
 * @param {number} timeoutMs 0 for no limit
 */
export function send(host, ticket, text, timeoutMs) {
  const [method, url, body, headers] = JSON.parse(text)
  /** @type {Abort} */
  const abort = { called: false }
  const init = initOf(method, headers, body === null ? undefined : { body }, abort)
  let end = () => abort.controller?.abort()
  const ending = (/** @type {() => void} */ other) => {
    end = other
    return abort.called
  }
  /** @type {any} */
  let timer
  let over = false
  const startTimer = () => {
    if (timeoutMs > 0) timer = setTimeout(late, timeoutMs)
  }
  const stop = () => {
    quietly(() => clearTimeout(timer))
    // The body may still be on its way: an answer that nobody reads must not hold a connection.
    if (over) return
    abort.called = true
    quietly(end)
  }
  const settle = settling(ticket, stop)
  const done = (/** @type {any} */ answer, failed = false) => {
    over = true
    stop()
    settle(answer, failed)
  }
  const fail = (/** @type {unknown} */ thrown) => done(thrown, true)
  const late = () => {
    stop()
    settle({ late: true })
  }
  exchange(hosts.get(host)?.fetch, url, init, ending, startTimer).then(done, fail)
}

/**
 * Ends something that may be a mock's or a tracer's: what that throws must not unwind through WebAssembly.
 * @param {() => void} end
 */
function quietly(end) {
  try {
    end()
  } catch {
    // It is over all the same.
  }
}

/**
 * What a request is sent with: no redirect is followed, no cache keeps it, no page is named.
 * V8 lets go of an accessor, and of all that its functions see, only when it searches all memory: here they
 * see `abort` alone.
 * @param {string} method
 * @param {object} headers
 * @param {{ body: string } | undefined} content
 * @param {Abort} abort
 */
function initOf(method, headers, content, abort) {
  return {
    method,
    headers,
    redirect: 'manual',
    cache: 'no-store',
    credentials: 'same-origin',
    referrerPolicy: 'no-referrer',
    // Made when somebody asks for it: our own sender does with less.
    get signal() {
      abort.controller ??= new AbortController()
      if (abort.called) abort.controller.abort()
      return abort.controller.signal
    },
    // A fetch may put a signal of its own in its place, which a getter alone forbids.
    set signal(other) {
      putValue(this, 'signal', other)
    },
    ...content,
  }
}

/**
 * Puts a value in the place of an accessor that the object has or inherits.
 * @param {object} target
 * @param {string} name
 * @param {unknown} value
 */
export function putValue(target, name, value) {
  const own = { value, writable: true, enumerable: true, configurable: true }
  Object.defineProperty(target, name, own)
}

/**
 * Sends for clients that were given no fetch: the global one, looked up per call. One that is put in its
 * place may say how it is ended, and is told whether it is, instead of listening to the signal, which
 * costs as much as a signature.
 * @type {(url: string, init: any, ending: Ending) => Promise<any>}
 */
let sender = (url, init) => globalThis.fetch(url, init)

/**
 * Puts another in its place, as the entry for Node does.
 * @param {typeof sender} other
 */
export function setSender(other) {
  sender = other
}

/**
 * @param {Function | undefined} fetch
 * @param {string} url
 * @param {object} init
 * @param {Ending} ending
 * @param {() => void} startTimer called in here, so that what a timer of somebody's own throws fails the request
 */
async function exchange(fetch, url, init, ending, startTimer) {
  startTimer()
  const response = await (fetch ? fetch(url, init) : sender(url, init, ending))
  if (response === null || typeof response !== 'object') {
    throw new TypeError('fetch did not yield a Response')
  }
  const { status, headers } = response
  if (!Number.isInteger(status) || status < 0 || status > 999) {
    throw new TypeError('fetch yielded a Response without a status')
  }
  const texts = []
  for (const name of HEADERS) {
    const value = headers?.get?.(name)
    if (typeof value === 'string') texts.push([name, value])
  }
  // A duck-typed answer may have no stream.
  const reader = response.body?.getReader?.()
  if (reader !== undefined) return answer(status, texts, await readStream(reader))
  const bytes = await response.arrayBuffer()
  if (!/ArrayBuffer\]$/.test(Object.prototype.toString.call(bytes))) {
    throw new TypeError('arrayBuffer() of the Response did not yield an ArrayBuffer')
  }
  return answer(status, texts, new Uint8Array(bytes).slice())
}

/**
 * Reads a body, but not more of it than is looked at. Bytes are copied as they come: they are the user's, who may
 * take them away, and Rust reads them later.
 * @param {any} reader
 * @returns {Promise<Uint8Array>}
 */
async function readStream(reader) {
  /** @type {Uint8Array[]} */
  const chunks = []
  let size = 0
  let empty = 0
  while (size <= MAX_BODY) {
    const { done, value } = await reader.read()
    if (done) break
    if (!ArrayBuffer.isView(value)) throw new TypeError('the body yielded no bytes')
    const { buffer, byteOffset, byteLength } = value
    const kept = Math.min(byteLength, MAX_BODY + 1 - size)
    if (kept > 0) chunks.push(new Uint8Array(buffer, byteOffset, kept).slice())
    // A stream of nothing would never let a timer fire.
    else if (++empty > MAX_EMPTY) throw new TypeError('the body yields nothing and does not end')
    size += kept
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

const decoder = new TextDecoder()

/**
 * The text that bytes say; what of them is none is replaced.
 * @param {Uint8Array} bytes
 */
export function readText(bytes) {
  return decoder.decode(bytes)
}

/**
 * An answer in the core's terms.
 * @template {Uint8Array | string} Body
 * @param {number} status
 * @param {any[][]} headers names and values
 * @param {Body} body
 * @returns {Answer<Body>}
 */
export function answer(status, headers, body) {
  const head = { status, headers: Object.fromEntries(/** @type {any} */ (headers)) }
  if (body.length <= MAX_BODY) return { head, body }
  // Of one that is too large, enough to show how it begins.
  return { head: { ...head, tooLarge: true }, body: /** @type {Body} */ (body.slice(0, SHOWN)) }
}

/**
 * Tells a listener what happened.
 * @param {number} host
 * @param {string} text the event as JSON
 */
export function emit(host, text) {
  try {
    const { onEvent } = /** @type {any} */ (hosts.get(host))
    // An asynchronous listener must not cause an unhandled rejection either.
    Promise.resolve(onEvent(JSON.parse(text))).catch(() => {})
  } catch {
    // What a listener throws stops nothing.
  }
}

/** How much of a cause is looked through, in values and in characters. */
const CAUSE_LIMIT = { values: 2000, characters: 50_000 }

/**
 * Makes a cause one that may be shown.
 * @param {number} cause
 * @param {string} secrets what must not be shown, as JSON
 */
export function cleanCause(cause, secrets) {
  const hidden = JSON.parse(secrets)
  const redact = (/** @type {string} */ text) =>
    JSON.parse(core.compute(-1, JSON.stringify({ operation: 'redact', text, secrets: hidden })))
      .result
  causes.set(cause, shownCause(causes.get(cause), redact))
}

/**
 * A cause that may be shown: itself where it holds no secret, else a copy without its secrets. What
 * is too large to be looked through is copied as well.
 * @param {unknown} cause
 * @param {(text: string) => string} redact
 */
function shownCause(cause, redact) {
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
