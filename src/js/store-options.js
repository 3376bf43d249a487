// Reads the options of a token store: each member once, unknown ones refused by name.

import { invalidArgument } from './errors.js'

/**
 * @param {string} operation the function that was called
 * @param {unknown} options
 * @param {readonly string[]} members that the function knows
 * @returns {Record<string, unknown> & { sealing?: import('./sealed-store.js').Sealing }}
 */
export function readStoreOptions(operation, options, members) {
  if (options === undefined) return {}
  const kind = kindOf(options)
  if (kind !== undefined)
    throw invalidArgument(operation, 'options', `is ${kind}, expected an object`)
  /** @type {Record<string, any>} */
  let copy
  let sealing
  /** @type {string | undefined} */
  let odd
  try {
    copy = { ...options }
    sealing = copy.sealing === undefined ? undefined : bind(copy.sealing)
    odd = sealing ? oddMember(copy.sealing) : undefined
  } catch {
    throw invalidArgument(operation, 'options', 'has a member that throws when it is read')
  }
  const unknown = Object.keys(copy).find(
    (name) => copy[name] !== undefined && !members.includes(name),
  )
  if (unknown !== undefined) {
    const problem = `is not known; known are ${members.join(', ')}`
    throw invalidArgument(operation, `options.${unknown}`, problem)
  }
  if (sealing === null) {
    const problem = 'is not an object with the functions seal and open'
    throw invalidArgument(operation, 'options.sealing', problem)
  }
  if (odd !== undefined) {
    const problem = 'is not known; known are seal, open'
    throw invalidArgument(operation, `options.sealing.${odd}`, problem)
  }
  return sealing ? { ...copy, sealing } : copy
}

/**
 * What it is instead of an object. A proxy that was revoked is only found out when it is read.
 *
 * @param {unknown} options
 */
function kindOf(options) {
  if (options === null) return 'null'
  if (typeof options !== 'object') return `a ${typeof options}`
  try {
    return Array.isArray(options) ? 'an array' : undefined
  } catch {
    return undefined
  }
}

/**
 * The first function that is not known of a sealing written as `{ … }`. Data are its own, such as a key,
 * and an instance of a class may have further functions.
 *
 * @param {any} sealing
 */
function oddMember(sealing) {
  const prototype = Object.getPrototypeOf(sealing)
  // Another realm has an Object.prototype of its own.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return undefined
  const known = ['seal', 'open']
  return Object.keys(sealing).find(
    (name) => typeof sealing[name] === 'function' && !known.includes(name),
  )
}

/**
 * @param {any} sealing
 * @returns {import('./sealed-store.js').Sealing | null} null: it is none
 */
function bind(sealing) {
  if (typeof sealing !== 'object' || sealing === null) return null
  const { seal, open } = sealing
  if (typeof seal !== 'function' || typeof open !== 'function') return null
  return { seal: (plain) => seal.call(sealing, plain), open: (text) => open.call(sealing, text) }
}
