// The public classes: they check `this`, copy the arguments, and only then enter WebAssembly.
//
// An exception that unwinds through WebAssembly leaves a borrow behind and spoils the instance. So no
// user's code runs in there: getters and proxies have done their work when a Rust method begins.

import * as wasm from '#glue'
import { NorthboundError, invalidArgument, isNorthboundError } from '#errors'
import { answer } from '#host'

/** Levels of an argument that are copied. */
const MAX_DEPTH = 16

/** Characters and members of an argument that are copied; the largest real one has a few thousand. */
const MAX_SIZE = 1024 * 1024

let loaded = false

/** Tells that WebAssembly is there. */
export function setLoaded() {
  loaded = true
}

/**
 * The errors that were made here. A getter may throw anything, an error of this package included; that
 * is then a cause and no refusal of ours.
 * @type {WeakSet<object>}
 */
const made = new WeakSet()

/**
 * @param {string} operation
 * @param {string} argument
 * @param {string} problem
 * @param {unknown} [cause]
 */
function refusal(operation, argument, problem, cause) {
  const error = invalidArgument(operation, argument, problem, cause)
  made.add(error)
  return error
}

/**
 * Runs what reads a user's object: whatever that throws is about the argument.
 * @template T
 * @param {string} operation
 * @param {string} argument
 * @param {string} problem
 * @param {() => T} read
 * @returns {T}
 */
function reading(operation, argument, problem, read) {
  try {
    return read()
  } catch (error) {
    if (typeof error === 'object' && error !== null && made.has(error)) throw error
    throw refusal(operation, argument, problem, error)
  }
}

/** What is said of an argument whose members throw. */
const THROWS = 'throws when it is read'

/** @param {string} operation */
function needLoaded(operation) {
  if (loaded) return
  const problem = 'has not been awaited: in a browser, `await init()` once before the first use'
  throw refusal(operation, 'init', problem)
}

/**
 * A member's name as it may be shown: names that do not look like one may be a secret in a wrong place.
 * @param {string} name
 */
function shownName(name) {
  return /^[A-Za-z_$]{0,40}\d{0,2}$/.test(name) ? name : '•••'
}

/**
 * Why an object is none of the plain ones that arguments are made of.
 * @param {any} found
 * @returns {string | undefined}
 */
function oddity(found) {
  if (ArrayBuffer.isView(found)) return 'is binary, expected data'
  if (typeof found.then === 'function') return 'is a promise; await it first'
  if (typeof found.addEventListener === 'function') {
    return 'is an event target, expected a plain object; an AbortSignal goes into `signal`'
  }
  if (typeof found[Symbol.iterator] === 'function') {
    return 'is a collection, expected a plain object or an array'
  }
  return undefined
}

/**
 * Copies an argument to plain data. What throws, is too deep, too large or no data at all is refused.
 * @param {string} operation
 * @param {string} place what the argument is called
 * @param {unknown} value
 * @returns {unknown}
 */
function plain(operation, place, value) {
  let left = MAX_SIZE
  /**
   * @param {string} at
   * @param {string} problem
   * @param {unknown} [cause]
   */
  const refuse = (at, problem, cause) => refusal(operation, at, problem, cause)
  /**
   * @param {string} at
   * @param {any} found
   * @param {number} depth
   * @returns {unknown}
   */
  const copy = (at, found, depth) => {
    left -= 1
    if (left < 0) throw refuse(place, 'is too large, expected less than 1 MiB')
    switch (typeof found) {
      case 'string':
        left -= found.length
        if (left < 0) throw refuse(at, 'is too long, expected less than 1 MiB')
        if (/\p{Surrogate}/u.test(found)) throw refuse(at, 'contains half of a surrogate pair')
        return found
      case 'number':
        if (!Number.isFinite(found)) throw refuse(at, `is ${found}, expected a finite number`)
        return found
      case 'boolean':
      case 'undefined':
        return found
      case 'object':
        break
      default:
        throw refuse(at, `is a ${typeof found}, expected data`)
    }
    if (found === null) return null
    if (depth >= MAX_DEPTH) throw refuse(at, `is nested deeper than ${MAX_DEPTH} levels`)
    if (Array.isArray(found)) {
      if (found.length > left) throw refuse(at, 'is too large, expected less than 1 MiB')
      return Array.from(found, (item, index) => copy(`${at}[${index}]`, item, depth + 1) ?? null)
    }
    const odd = oddity(found)
    if (odd !== undefined) throw refuse(at, odd)
    // By the prototype's own method: what an object says of itself may run code, now or later.
    if (found instanceof Date) return Date.prototype.toISOString.call(found)
    const members = Object.create(null)
    for (const name of Object.keys(found)) {
      left -= name.length
      if (/\p{Surrogate}/u.test(name)) throw refuse(at, 'has a name with half of a surrogate pair')
      const member = copy(`${at}.${shownName(name)}`, found[name], depth + 1)
      if (member !== undefined) members[name] = member
    }
    return members
  }
  return reading(operation, place, THROWS, () => copy(place, value, 0))
}

/**
 * Takes the members out of `options` that are no data but the host's own: functions and signals.
 * @param {string} operation
 * @param {unknown} options
 * @param {string[]} names
 * @returns {{ data: unknown, taken: any[] }}
 */
function takeOut(operation, options, names) {
  const { data, taken } = reading(operation, 'options', THROWS, () => {
    const isObject = options !== null && typeof options === 'object'
    if (!isObject || Array.isArray(options)) return { data: options, taken: [] }
    const odd = options instanceof Date ? 'is a Date, expected an object' : oddity(options)
    if (odd !== undefined) throw refusal(operation, 'options', odd)
    const rest = /** @type {Record<string, any>} */ ({ ...options })
    const found = names.map((name) => rest[name])
    for (const name of names) delete rest[name]
    return { data: rest, taken: found }
  })
  return { data: plain(operation, 'options', data), taken }
}

/**
 * @param {string} operation
 * @param {string} name
 * @param {unknown} value
 */
function needFunction(operation, name, value) {
  if (value === undefined || typeof value === 'function') return
  throw refusal(operation, name, `is ${kindOf(value)}, expected a function`)
}

/** @param {unknown} value */
function isArray(value) {
  try {
    return Array.isArray(value)
  } catch {
    // A proxy that was revoked is nothing any more.
    return false
  }
}

/** @param {unknown} value */
function kindOf(value) {
  if (value === null) return 'null'
  if (isArray(value)) return 'an array'
  return /^[aeiou]/.test(typeof value) ? `an ${typeof value}` : `a ${typeof value}`
}

/** The methods that a token store has to have. */
const STORE_METHODS = ['read', 'acquire', 'renew', 'commit', 'release']

/**
 * @param {string} operation
 * @param {any} store
 */
function needStore(operation, store) {
  if (store === undefined) return
  const place = 'options.tokenStore'
  reading(operation, place, 'is no token store', () => {
    const missing = STORE_METHODS.find((name) => typeof store[name] !== 'function')
    if (missing !== undefined) throw refusal(operation, place, `has no method ${missing}`)
  })
}

/**
 * Watches a caller's signal. `aborted` resolves when it aborts.
 * @param {string} operation
 * @param {any} signal
 */
function watch(operation, signal) {
  if (signal === undefined) return { aborted: undefined, stop() {} }
  return reading(operation, 'options.signal', 'is no AbortSignal', () => {
    if (typeof signal.aborted !== 'boolean') throw new TypeError('it has no member aborted')
    if (signal.aborted) return { aborted: Promise.resolve(), stop() {}, now: true }
    let listener = () => {}
    const aborted = new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
      listener = () => resolve()
    })
    signal.addEventListener('abort', listener, { once: true })
    const stop = () => {
      try {
        signal.removeEventListener('abort', listener)
      } catch {
        // The call is over: there is nobody left to tell.
      }
    }
    return { aborted, stop }
  })
}

/**
 * Sees to it that only errors of this package leave, with a stack that starts where it was called.
 * @param {string} operation
 * @param {unknown} error
 * @param {Function} called
 */
function leaving(operation, error, called) {
  if (!isNorthboundError(error)) {
    const message = 'WebAssembly stopped; this is a fault of northbound, please report it'
    const fault = { message, operation, retryable: false, attempts: 0, cause: error }
    return new NorthboundError(fault)
  }
  // Only V8 has it, and only V8 needs it.
  Error.captureStackTrace?.(error, called)
  return error
}

/**
 * A class around one that Rust exports: the same methods, behind checks.
 * @param {string} name
 * @param {any} Raw
 * @param {(operation: string, args: any[]) => any[]} construct makes the arguments of Rust's constructor
 * @param {(handle: () => any, method: string, args: any[], length: number) => any} invoke gets
 *   the handle anew once the arguments are read, since a getter may have freed it
 * @param {boolean} asynchronous whether methods reject instead of throwing
 * @returns {any}
 */
function guarded(name, Raw, construct, invoke, asynchronous) {
  /** @type {WeakMap<object, any>} */
  const handles = new WeakMap()
  class Guarded {
    /** @param {any[]} args */
    constructor(...args) {
      needLoaded(name)
      try {
        handles.set(this, new Raw(...construct(name, args)))
      } catch (error) {
        throw leaving(name, error, Guarded)
      }
    }

    free() {
      const raw = handles.get(this)
      handles.delete(this)
      raw?.free()
    }
  }
  for (const method of Object.getOwnPropertyNames(Raw.prototype)) {
    if (['constructor', 'free', '__destroy_into_raw'].includes(method)) continue
    const called = {
      /** @this {object} @param {any[]} args */
      [method](...args) {
        const handle = () => {
          const raw = typeof this === 'object' && this !== null ? handles.get(this) : undefined
          if (raw !== undefined) return raw
          throw refusal(method, 'this', `is no ${name}, or one that was freed`)
        }
        try {
          handle()
          return invoke(handle, method, args, Raw.prototype[method].length)
        } catch (error) {
          const left = leaving(method, error, called)
          if (asynchronous) return Promise.reject(left)
          throw left
        }
      },
    }[method]
    define(Guarded.prototype, method, called)
  }
  define(Guarded.prototype, Symbol.dispose ?? Symbol.for('Symbol.dispose'), Guarded.prototype.free)
  define(Guarded.prototype, Symbol.toStringTag, name)
  Object.defineProperty(Guarded, 'name', { value: name })
  return Guarded
}

/**
 * @param {object} target
 * @param {string | symbol} name
 * @param {unknown} value
 */
function define(target, name, value) {
  Object.defineProperty(target, name, { value, writable: true, configurable: true })
}

/**
 * Waits for Rust. Being an async function it is part of the caller's chain of awaits, so that V8 can
 * put the caller's own lines into the stack of an error.
 * @param {string} method
 * @param {() => Promise<unknown>} begin
 * @param {any} signal
 * @param {{ stop(): void, now?: boolean }} watched
 */
async function settle(method, begin, signal, watched) {
  let aborted = watched.now
  try {
    if (!aborted) return await begin()
  } catch (error) {
    // Rust rejects with nothing when the caller aborted.
    aborted = error === undefined
    if (!aborted) throw leaving(method, error, settle)
  } finally {
    watched.stop()
  }
  throw reading(method, 'options.signal', 'has a reason that throws', () => signal.reason)
}

const HOST_OPTIONS = ['fetch', 'onEvent', 'tokenStore']

/** Calls the northbound API of Huawei Cloud IoT. */
export const NorthApiClient = guarded(
  'NorthApiClient',
  wasm.NorthApiClient,
  (name, [clientInfo, options]) => {
    const { data, taken } = takeOut(name, options, HOST_OPTIONS)
    const [fetch, onEvent, tokenStore] = taken
    needFunction(name, 'options.fetch', fetch)
    needFunction(name, 'options.onEvent', onEvent)
    needStore(name, tokenStore)
    return [plain(name, 'clientInfo', clientInfo), data, pageOrigin(), fetch, onEvent]
  },
  (handle, method, args, length) => {
    // Options and the caller's abort come last in Rust; what stands before them is the input.
    const takesInput = length > 2
    const input = takesInput ? [plain(method, 'input', args[0])] : []
    const { data, taken } = takeOut(method, args[takesInput ? 1 : 0], ['signal'])
    const watched = watch(method, taken[0])
    return settle(
      method,
      () => handle()[method](...input, data, watched.aborted),
      taken[0],
      watched,
    )
  },
  true,
)

/** The same operations without any I/O. */
export const NorthApiRequests = guarded(
  'NorthApiRequests',
  wasm.NorthApiRequests,
  (name, [clientInfo, options]) => [
    plain(name, 'clientInfo', clientInfo),
    plain(name, 'options', options),
    pageOrigin(),
  ],
  (handle, method, args, length) => {
    const names = ['input', 'options'].slice(0, length)
    const given = names.map((name, index) => plain(method, name, args[index]))
    return prepared(handle()[method](...given))
  },
  false,
)

/**
 * Gives a prepared request the way to read its answer.
 * @param {{ request: any, secrets: string[] }} made
 */
function prepared({ request, secrets }) {
  const { operation } = request
  /**
   * @param {unknown} status
   * @param {any} body
   * @param {unknown} headers
   */
  function decode(status, body, headers) {
    try {
      if (typeof status !== 'number' || !Number.isInteger(status) || status < 0 || status > 999) {
        throw refusal(operation, 'status', 'is no HTTP status, expected an integer')
      }
      const lines = linesOf(operation, headers)
      const content = contentOf(operation, body)
      return wasm.decodeAnswer(operation, answer(status, lines, content), secrets)
    } catch (error) {
      throw leaving(operation, error, decode)
    }
  }
  return Object.assign(request, { decode })
}

/**
 * @param {string} operation
 * @param {any} body
 */
function contentOf(operation, body) {
  if (body === undefined || body === null || typeof body === 'string') return body ?? ''
  // A copy: what it is a view of may be taken away or lie about its length.
  const bytes = reading(operation, 'body', THROWS, () =>
    body instanceof Uint8Array ? Uint8Array.prototype.slice.call(body) : undefined,
  )
  if (bytes !== undefined) return bytes
  throw refusal(operation, 'body', `is ${kindOf(body)}, expected text or bytes`)
}

/**
 * Names and values of headers: a plain object, or fetch's own kind.
 * @param {string} operation
 * @param {any} headers
 */
function linesOf(operation, headers) {
  if (headers === undefined) return []
  if (headers === null || typeof headers !== 'object' || isArray(headers)) {
    throw refusal(operation, 'headers', `is ${kindOf(headers)}, expected an object`)
  }
  const members = reading(operation, 'headers', THROWS, () =>
    headers[Symbol.iterator] ? Object.fromEntries(headers) : headers,
  )
  return Object.entries(/** @type {object} */ (plain(operation, 'headers', members)))
}

/** The origin of the page or worker that runs us, for addresses that are only a path. */
function pageOrigin() {
  const origin = globalThis.location?.origin
  return typeof origin === 'string' && /^https?:/.test(origin) ? origin : undefined
}

/** Every error that the platforms document. */
export function errorCatalogue() {
  needLoaded('errorCatalogue')
  return JSON.parse(wasm.catalogueText())
}
