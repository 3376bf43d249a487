// What comes out of Rust: computed values, results that print without their secrets, errors.

import { compute as computeText } from '#glue'
import { makeError } from '#errors'
import { causeOf, putValue } from '#host'

const MASK = '•••'

/** What Node asks an object how it is printed. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/**
 * Does something in Rust.
 * @param {string} operation
 * @param {object} [given] plain data
 * @param {number} [client] none, if it needs none
 * @param {string} [body] of an answer; behind the JSON and not in it, where it would be escaped sign by sign
 */
export function compute(operation, given, client = -1, body = '') {
  return outcomeOf(computeText(client, JSON.stringify({ operation, ...given }) + body))
}

/**
 * What came of something; throws if that is an error.
 * @param {string} text
 */
export function outcomeOf(text) {
  const made = JSON.parse(text)
  // Its own: somebody may have given all objects one.
  if (!Object.hasOwn(made, 'error')) return made
  throw makeError(made.error, causeOf(made.error.cause))
}

/**
 * A result, whose secrets are there for the program and masked for whoever prints it.
 * @param {any} outcome the result, and the names of its secrets, separated by commas
 */
export function resultOf({ result, secrets }) {
  if (result === null) return undefined
  if (secrets === '') return result
  const [outer, inner] = secrets.split('.')
  if (inner === undefined) return printable(result, secrets.split(','))
  printable(result[outer], [inner])
  return result
}

/**
 * Makes members readable as ever but not printed: consoles do not call getters.
 * @param {Record<string, unknown>} value
 * @param {string[]} names
 */
function masked(value, names) {
  for (const name of names) if (name in value) mask(value, name, value[name])
  return value
}

/**
 * V8 lets go of an accessor, and of all that its functions see, only when it searches all memory: here they
 * do not see the value.
 * @param {Record<string, unknown>} value
 * @param {string} name
 * @param {unknown} content
 */
function mask(value, name, content) {
  Object.defineProperty(value, name, {
    enumerable: true,
    configurable: true,
    get: () => content,
    /** @this {object} @param {unknown} other */
    set(other) {
      putValue(this, name, other)
    },
  })
}

/**
 * The same, and Node prints a mask in the place of a getter.
 * @param {Record<string, any>} value
 * @param {string[]} names
 */
function printable(value, names) {
  return inspected(masked(value, names), names)
}

/**
 * @param {Record<string, any>} value
 * @param {string[]} names
 */
function inspected(value, names) {
  return Object.defineProperty(value, INSPECT, {
    value() {
      const shown = { ...value }
      for (const name of names) if (name in shown) shown[name] = MASK
      return shown
    },
  })
}

/**
 * A request that the caller sends; it holds no WebAssembly memory. Its getters are written out, which
 * takes half the time of properties that are defined one by one.
 * @param {string} operation
 * @param {[string, string, string | null, Record<string, string>]} parts
 * @param {Function} decode
 */
export function requestOf(operation, [method, url, body, found], decode) {
  const headers = Object.freeze(maskedHeaders(found))
  if (body === null) return { operation, method, url, headers, decode }
  let content = body
  const request = {
    operation,
    method,
    url,
    headers,
    get body() {
      return content
    },
    set body(other) {
      content = other
    },
    decode,
  }
  return inspected(request, ['body'])
}

/** @param {Record<string, string>} headers */
function maskedHeaders(headers) {
  if (!Object.hasOwn(headers, 'authorization')) return headers
  const { authorization } = headers
  const shown = {
    ...headers,
    get authorization() {
      return authorization
    },
  }
  return masked(shown, ['x-acs-security-token'])
}
