// Reads arguments: copies them to plain data, takes out what is none, and says what is wrong with them.
//
// A getter, a proxy or a signal is a user's code. It runs here, before WebAssembly is entered, and
// whatever it throws is an error about the argument.

import { invalidArgument } from '#errors'

/** Levels of an argument that are copied. */
const MAX_DEPTH = 16

/** Characters and members of an argument that are copied; the largest real one has a few thousand. */
const MAX_SIZE = 1024 * 1024

/** What is said of an argument whose members throw. */
const THROWS = 'throws when it is read'

/** The methods that a token store has to have. */
const STORE_METHODS = ['read', 'acquire', 'renew', 'commit', 'release']

/**
 * The errors that were made here. A getter may throw anything, an error of this package included; that
 * is then a cause and no refusal of ours.
 * @type {WeakSet<object>}
 */
const made = new WeakSet()

/**
 * An argument that is being copied: what it is called, how much may still come, and the way to where the
 * copying is, which becomes a text only in an error.
 * @typedef {{ operation: string, place: string, left: number, path: (string | number)[] }} Copying
 */

/**
 * Copies an argument to plain data. What throws, is too deep, too large or no data at all is refused.
 * @param {string} operation
 * @param {string} place what the argument is called
 * @param {unknown} value
 * @returns {unknown}
 */
export function plain(operation, place, value) {
  if (value === undefined) return undefined
  const copying = { operation, place, left: MAX_SIZE, path: [] }
  return reading(operation, place, THROWS, () => copied(copying, value))
}

/**
 * A copy of what is at the end of the path.
 * @param {Copying} copying
 * @param {any} found
 * @returns {unknown}
 */
function copied(copying, found) {
  copying.left -= 1
  if (copying.left < 0) {
    throw refusal(copying.operation, copying.place, 'is too large, expected less than 1 MiB')
  }
  switch (typeof found) {
    case 'string':
      copying.left -= found.length
      if (copying.left < 0) throw refused(copying, 'is too long, expected less than 1 MiB')
      if (!isWhole(found)) throw refused(copying, 'contains half of a surrogate pair')
      return found
    case 'number':
      if (!Number.isFinite(found)) throw refused(copying, `is ${found}, expected a finite number`)
      return found
    case 'boolean':
    case 'undefined':
      return found
    case 'object':
      return found === null ? null : copiedObject(copying, found)
    default:
      throw refused(copying, `is a ${typeof found}, expected data`)
  }
}

/**
 * @param {Copying} copying
 * @param {any} found
 */
function copiedObject(copying, found) {
  const depth = copying.path.length
  if (depth >= MAX_DEPTH) throw refused(copying, `is nested deeper than ${MAX_DEPTH} levels`)
  if (Array.isArray(found)) {
    if (found.length > copying.left) {
      throw refused(copying, 'is too large, expected less than 1 MiB')
    }
    return Array.from(found, (item, index) => copiedMember(copying, index, item) ?? null)
  }
  const odd = oddity(found)
  if (odd !== undefined) throw refused(copying, odd)
  // By the prototype's own method: what an object says of itself may run code, now or later.
  if (found instanceof Date) {
    const moment = Date.prototype.getTime.call(found)
    if (Number.isNaN(moment)) throw refused(copying, 'is a Date without a time')
    // Where a moment is expected, its number; inside of data, as JSON has it.
    return depth <= 1 ? moment : Date.prototype.toISOString.call(found)
  }
  const members = Object.create(null)
  for (const name of Object.keys(found)) {
    copying.left -= name.length
    if (!isWhole(name)) throw refused(copying, 'has a name with half of a surrogate pair')
    const member = copiedMember(copying, name, found[name])
    if (member !== undefined) members[name] = member
  }
  return members
}

/**
 * @param {Copying} copying
 * @param {string | number} step the member's name, or its place in a list
 * @param {unknown} found
 */
function copiedMember(copying, step, found) {
  copying.path.push(step)
  const member = copied(copying, found)
  copying.path.pop()
  return member
}

/**
 * Whether a text has no half of a surrogate pair.
 * @param {any} text engines of before 2023 lack the method
 * @returns {boolean}
 */
function isWhole(text) {
  return text.isWellFormed?.() ?? !/\p{Surrogate}/u.test(text)
}

/**
 * @param {Copying} copying
 * @param {string} problem
 */
function refused({ operation, place, path }, problem) {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${shownName(step)}`))
  return refusal(operation, place + steps.join(''), problem)
}

/**
 * Takes the members out of `options` that are no data but the host's own: functions and signals.
 * @param {string} operation
 * @param {unknown} options
 * @param {string[]} names
 * @param {string} place what the argument is called
 * @returns {{ data: unknown, taken: any[] }}
 */
export function takeOut(operation, options, names, place = 'options') {
  if (options === undefined) return { data: undefined, taken: [] }
  const { data, taken } = reading(operation, place, THROWS, () => {
    const isObject = options !== null && typeof options === 'object'
    if (!isObject || Array.isArray(options)) return { data: options, taken: [] }
    const odd = options instanceof Date ? 'is a Date, expected an object' : oddity(options)
    if (odd !== undefined) throw refusal(operation, place, odd)
    // Without a prototype: what somebody gave to all objects is no option.
    const rest = /** @type {Record<string, any>} */ ({ __proto__: null, ...options })
    const found = names.map((name) => rest[name])
    for (const name of names) delete rest[name]
    const misplaced = Object.keys(rest).find((name) => acts(name, rest[name]))
    if (misplaced !== undefined) {
      const expected = names.length > 1 ? `one of ${names.join(', ')}` : names.join()
      const problem = `is not known here, or may not hold a function; expected ${expected}`
      throw refusal(operation, `${place}.${shownName(misplaced)}`, problem)
    }
    return { data: rest, taken: found }
  })
  return { data: plain(operation, place, data), taken }
}

/** Options that are objects of data: what is wrong in one of them has a name of its own. */
const GROUPS = ['retry', 'throttle']

/**
 * Whether a member that should be data is a function or an object with functions, such as a store: most
 * likely its name is misspelt.
 * @param {string} name
 * @param {any} value
 */
function acts(name, value) {
  if (GROUPS.includes(name)) return false
  if (typeof value === 'function') return true
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false
  if (oddity(value) !== undefined) return false
  const methods = [...STORE_METHODS.map((method) => value[method]), ...Object.values(value)]
  return methods.some((method) => typeof method === 'function')
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
 * A member's name as it may be shown: names that do not look like one may be a secret in a wrong place.
 * @param {string} name
 */
function shownName(name) {
  return /^[A-Za-z_$]{0,40}\d{0,2}$/.test(name) ? name : '•••'
}

/**
 * @param {string} operation
 * @param {string} name
 * @param {unknown} value
 */
export function needFunction(operation, name, value) {
  if (value === undefined || typeof value === 'function') return
  throw refusal(operation, name, `is ${kindOf(value)}, expected a function`)
}

/**
 * @param {string} operation
 * @param {any} store
 * @returns {boolean} whether it counts calls
 */
export function needStore(operation, store) {
  const place = 'options.tokenStore'
  return reading(operation, place, 'is no token store', () => {
    if (store === null || !['object', 'function'].includes(typeof store) || isArray(store)) {
      throw refusal(operation, place, `is ${kindOf(store)}, expected a token store`)
    }
    const missing = STORE_METHODS.find((name) => typeof store[name] !== 'function')
    if (missing !== undefined) throw refusal(operation, place, otherThanStore(store, missing))
    const { take } = store
    if (take !== undefined && typeof take !== 'function') {
      throw refusal(operation, place, 'has a `take` that is no function')
    }
    return take !== undefined
  })
}

/**
 * @param {any} found
 * @param {string} missing
 */
function otherThanStore(found, missing) {
  if (typeof found === 'function') return 'is a function: call it, as in memoryTokenStore()'
  if (typeof found.then === 'function') return 'is a promise; await it first'
  return `has no method ${missing}`
}

/**
 * Watches a caller's signal. `aborted` resolves when it aborts.
 * @param {string} operation
 * @param {any} signal
 */
export function watch(operation, signal) {
  if (signal === undefined) return { aborted: undefined, stop() {} }
  return reading(operation, 'options.signal', 'is no AbortSignal', () => {
    if (typeof signal.aborted !== 'boolean') throw new TypeError('it has no member aborted')
    if (signal.aborted) return { aborted: Promise.resolve(), stop() {}, now: true }
    let listener = () => {}
    const aborted = new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
      listener = () => resolve()
    })
    return { aborted, stop: listen(signal, listener) }
  })
}

/**
 * The calls that wait for a signal, by signal: however many, they have one listener on it, since Node
 * warns of a leak where there are more than ten.
 * @type {WeakMap<object, { calls: Set<() => void>, heard: () => void }>}
 */
const watched = new WeakMap()

/**
 * @param {any} signal
 * @param {() => void} call
 * @returns {() => void} ends it
 */
function listen(signal, call) {
  const known = watched.get(signal)
  const shared = known ?? { calls: new Set(), heard: () => {} }
  const forget = () => {
    if (watched.get(signal) === shared) watched.delete(signal)
  }
  shared.calls.add(call)
  if (known === undefined) {
    let over = false
    shared.heard = () => {
      over = true
      // It is heard once: whoever comes later needs a new listener.
      forget()
      for (const each of shared.calls) each()
    }
    signal.addEventListener('abort', shared.heard, { once: true })
    // A signal of a user's own may have called, or come round to us, while it was listened to.
    if (!over && !watched.has(signal)) watched.set(signal, shared)
  }
  return () => {
    shared.calls.delete(call)
    if (shared.calls.size > 0) return
    forget()
    try {
      signal.removeEventListener('abort', shared.heard)
    } catch {
      // The call is over: there is nobody left to tell.
    }
  }
}

/**
 * @param {string} operation
 * @param {any} body
 */
export function contentOf(operation, body) {
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
export function linesOf(operation, headers) {
  if (headers === undefined) return []
  if (headers === null || typeof headers !== 'object' || isArray(headers)) {
    throw refusal(operation, 'headers', `is ${kindOf(headers)}, expected an object`)
  }
  const members = reading(operation, 'headers', THROWS, () =>
    headers[Symbol.iterator] ? Object.fromEntries(headers) : headers,
  )
  return Object.entries(/** @type {object} */ (plain(operation, 'headers', members)))
}

/**
 * @param {string} operation
 * @param {string} argument
 * @param {string} problem
 * @param {unknown} [cause]
 */
export function refusal(operation, argument, problem, cause) {
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
export function reading(operation, argument, problem, read) {
  try {
    return read()
  } catch (error) {
    if (typeof error === 'object' && error !== null && made.has(error)) throw error
    throw refusal(operation, argument, problem, error)
  }
}

/** @param {unknown} value */
export function isArray(value) {
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
