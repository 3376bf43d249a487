// The error classes: one base, one per concept. Rust says what went wrong, these say it in JavaScript.

/** Marks errors of this package, also those of another copy of it. */
const BRAND = Symbol.for('northbound.error')

/**
 * What all errors have. The members beyond the message are own and enumerable, so that
 * `console.log` prints them.
 * @typedef {{ message: string, operation: string, attempts: number, retryable: boolean, cause?: unknown }} Fault
 */

/** Base of all that this package throws; itself only for a fault of the package. */
export class NorthboundError extends Error {
  kind = 'internal'

  /**
   * @param {string | Partial<Fault> & Record<string, unknown>} [fault] a message alone, as other errors
   * take it, or all members
   * @param {object} [options]
   */
  constructor(fault = '', options) {
    const given = typeof fault === 'object' ? fault : { message: String(fault), ...options }
    const { message, cause, ...members } = /** @type {any} */ (given)
    super(message, cause === undefined ? undefined : { cause })
    Object.assign(this, members)
  }
}

/** The platform answered with an error. */
export class PlatformError extends NorthboundError {
  /** @override */
  kind = 'platform'
}

/** No answer: refused, reset, name not found, TLS, CORS. */
export class NetworkError extends NorthboundError {
  /** @override */
  kind = 'network'
}

/** No answer in the time allowed. */
export class TimeoutError extends NorthboundError {
  /** @override */
  kind = 'timeout'
}

/** An answer that is none of the platform's. */
export class DecodeError extends NorthboundError {
  /** @override */
  kind = 'decode'
}

/** A value that cannot be sent; nothing was sent. */
export class InvalidArgumentError extends NorthboundError {
  /** @override */
  kind = 'invalid-argument'
}

const CLASSES = {
  PlatformError,
  NetworkError,
  TimeoutError,
  DecodeError,
  InvalidArgumentError,
  NorthboundError,
}

const BY_KIND = /** @type {Record<string, typeof NorthboundError>} */ ({
  platform: PlatformError,
  network: NetworkError,
  timeout: TimeoutError,
  decode: DecodeError,
  'invalid-argument': InvalidArgumentError,
  internal: NorthboundError,
})

for (const [name, Class] of Object.entries(CLASSES)) {
  // Set here and not taken from the class: a minifier may rename that.
  Object.defineProperty(Class.prototype, 'name', {
    value: name,
    configurable: true,
    writable: true,
  })
  Object.defineProperty(Class, 'name', { value: name, configurable: true })
}
Object.defineProperty(NorthboundError.prototype, BRAND, { value: true })

/** The lines of the module that scripts/catalogue writes. @type {string[]} */
let lines = []

/**
 * Takes over the texts of the catalogue: they come in a module of their own.
 * @param {string} texts
 */
export function setTexts(texts) {
  lines = texts.split('\n')
}

/**
 * What the catalogue says of an error.
 * @param {number | null} number of its entry; null for a code that the catalogue lacks
 */
export function textsOf(number) {
  const at = 3 * (number ?? lines.length / 3 - 1)
  const [message, meaning, remedy] = lines.slice(at, at + 3)
  return { message, meaning, remedy }
}

/**
 * What Rust tells of an error, with the texts that it lacks: of the catalogue it sends the number of the entry
 * as `meaning`, its own advice, if it has one, as `remedy`, and as `message` what has to follow them.
 * @param {any} fault
 */
export function described(fault) {
  if (fault.kind !== 'platform') return fault
  const { meaning, remedy: usual } = textsOf(fault.meaning)
  const remedy = fault.remedy ?? usual
  const message = `[${fault.status} / ${fault.code}] ${meaning} ${remedy}${fault.message}`
  return { ...fault, meaning, remedy, message }
}

/**
 * The error that Rust describes.
 * @param {any} told its members, `kind` among them
 * @param {unknown} cause
 */
export function makeError(told, cause) {
  const { kind, cause: _, ...fault } = described(told)
  const Class = BY_KIND[kind] ?? NorthboundError
  return new Class(cause === undefined ? fault : { ...fault, cause })
}

/**
 * An error about an argument.
 * @param {string} operation the method or class that was called
 * @param {string} argument for example `options.fetch`
 * @param {string} problem what was there and what was expected
 * @param {unknown} [cause]
 */
export function invalidArgument(operation, argument, problem, cause) {
  const message = `\`${argument}\` ${problem}`
  const fault = { message, operation, retryable: false, attempts: 0, argument }
  return new InvalidArgumentError(cause === undefined ? fault : { ...fault, cause })
}

/**
 * Whether `value` is an error of this package, also of another copy of it.
 * @param {unknown} value
 * @returns {value is NorthboundError}
 */
export function isNorthboundError(value) {
  try {
    return typeof value === 'object' && value !== null && BRAND in value
  } catch {
    // A proxy that throws is none of ours.
    return false
  }
}
