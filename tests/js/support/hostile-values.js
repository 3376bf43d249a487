// Values that a caller should never pass, but some program will: each with a name for reports, and made
// anew each time, since some of them change when they are read.

import vm from 'node:vm'

/** @typedef {[name: string, make: () => any]} Hostile */

const nothing = () => {}

/** @param {any} thrown */
const thrower = (thrown) => () => {
  throw thrown
}

/** @returns {any} */
function revokedProxy(target = {}) {
  const { proxy, revoke } = Proxy.revocable(target, {})
  revoke()
  return proxy
}

/** An error whose every member throws. */
function hostileError() {
  const error = new Error('hostile')
  // The stack first: V8 reads the message when it is replaced.
  for (const name of ['stack', 'message', 'name', 'cause', 'toString', Symbol.toPrimitive]) {
    Object.defineProperty(error, name, { get: thrower(error), configurable: true })
  }
  return error
}

/**
 * What a getter may throw.
 * @param {typeof import('northbound')} northbound
 * @returns {Hostile[]}
 */
export function thrownValues({ isNorthboundError, NorthApiRequests }) {
  /** An error of the package itself, as a getter that calls it might let through. */
  const ours = () => {
    try {
      new NorthApiRequests(/** @type {any} */ ({}))
    } catch (error) {
      if (isNorthboundError(error)) return error
    }
    throw new Error('an empty clientInfo was accepted')
  }
  return [
    ['undefined', () => undefined],
    ['null', () => null],
    ['text', () => 'text'],
    ['zero', () => 0],
    ['a symbol', () => Symbol('thrown')],
    ['an object', () => ({})],
    ['an error', () => new Error('thrown')],
    ['an error with hostile getters', hostileError],
    ['a revoked proxy', revokedProxy],
    ['a function', () => nothing],
    ['a foreign error', () => vm.runInNewContext('new TypeError("foreign")')],
    ['an error of the package', ours],
    ['a frozen error of the package', () => Object.freeze(ours())],
    [
      'a proxy of an error of the package',
      () => new Proxy(ours(), { defineProperty: () => false }),
    ],
  ]
}

const TRAPS = [
  'get',
  'has',
  'ownKeys',
  'getOwnPropertyDescriptor',
  'getPrototypeOf',
  'set',
  'defineProperty',
  'deleteProperty',
]

/**
 * Objects in the place of `target` that look like it as long as nobody reads them.
 * @param {() => any} thrown
 * @returns {[name: string, wrap: (target: any) => any][]}
 */
export function hostileWrappers(thrown) {
  return [
    ...TRAPS.map(
      (trap) =>
        /** @type {[string, (target: any) => any]} */ ([
          `a proxy whose ${trap} throws`,
          (target) => new Proxy(target, { [trap]: thrower(thrown()) }),
        ]),
    ),
    ['a revoked proxy', revokedProxy],
    [
      'a proxy that repeats its keys',
      (target) => new Proxy(target, { ownKeys: () => ['deviceId', 'deviceId'] }),
    ],
    [
      'a proxy that has other keys each time',
      (target) => new Proxy(target, { ownKeys: () => [`key${Math.random()}`] }),
    ],
    [
      'a proxy that goes on for ever below',
      (target) => new Proxy(target, { get: () => endlessProxy() }),
    ],
    ['a proxy that does nothing', (target) => new Proxy(target, {})],
    ['an object without a prototype', (target) => Object.assign(Object.create(null), target)],
    ['an object that inherits all', (target) => Object.create(target)],
  ]
}

/** Has ten members, each of which has ten members. */
function endlessProxy() {
  /** @type {any} */
  const proxy = new Proxy(
    {},
    {
      ownKeys: () => Array.from({ length: 10 }, (_, index) => `key${index}`),
      getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true }),
      get: () => endlessProxy(),
    },
  )
  return proxy
}

/** @param {'list' | 'object'} kind */
function deep(kind, levels = 100_000) {
  /** @type {any} */
  let value = 'bottom'
  for (let level = 0; level < levels; level += 1) value = kind === 'list' ? [value] : { value }
  return value
}

function detached() {
  const view = new Uint8Array(8)
  structuredClone(view.buffer, { transfer: [view.buffer] })
  return view
}

/** @param {() => unknown} toISOString */
function dateThatSays(toISOString) {
  return Object.assign(new Date(0), { toISOString })
}

class Instance {
  #hidden = 1
  deviceId = 'of-a-class'
  get hidden() {
    return this.#hidden
  }
}

/** @type {Hostile[]} */
export const VALUES = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['true', () => true],
  ['zero', () => 0],
  ['minus zero', () => -0],
  ['minus one', () => -1],
  ['a fraction', () => 1.5],
  ['NaN', () => NaN],
  ['infinity', () => -Infinity],
  ['the largest number', () => Number.MAX_VALUE],
  ['an integer beyond 2^53', () => 2 ** 60],
  ['a bigint', () => 10n ** 30n],
  ['a symbol', () => Symbol('hostile')],
  ['a well-known symbol', () => Symbol.iterator],
  ['empty text', () => ''],
  ['a blank', () => ' '],
  ['text of a million characters', () => 'x'.repeat(1e6)],
  ['text of a hundred million characters', () => 'x'.repeat(1e8)],
  ['control characters', () => '\0\x01\x1b[2J\x7f\x9f'],
  ['line breaks', () => 'a\r\nx-injected: 1\u2028\u2029'],
  ['half of a surrogate pair', () => 'a\ud800b'],
  ['halves in the wrong order', () => '\udfff\ud800'],
  ['text from right to left', () => '\u202ebackwards\u2066'],
  ['dots', () => '../../..'],
  ['encoded dots', () => '%2e%2e'],
  ['a long run of an astral character', () => '😀'.repeat(300)],
  ['a function', () => nothing],
  ['an async function', () => async () => undefined],
  ['a generator', () => (function* () {})()],
  ['a class', () => Instance],
  ['a class instance', () => new Instance()],
  ['an object without a prototype', () => Object.create(null)],
  ['an object that hides its prototype', () => JSON.parse('{"__proto__":{"deviceId":"x"}}')],
  ['an object with a member called constructor', () => ({ constructor: null, toString: null })],
  ['a boxed string', () => new String('boxed')],
  ['a boxed number', () => new Number(5)],
  ['a map', () => new Map([['deviceId', 'x']])],
  ['a set', () => new Set([1])],
  ['a weak map', () => new WeakMap()],
  ['a pattern', () => /x/],
  ['an error', () => new Error('an argument')],
  ['an error with hostile getters', hostileError],
  ['a promise for ever pending', () => new Promise(nothing)],
  ['a thenable that throws', () => ({ then: thrower('then') })],
  ['an object whose conversions throw', () => hostileConversions()],
  ['an invalid date', () => new Date(NaN)],
  ['a date', () => new Date(0)],
  ['a date that is none', () => Object.create(Date.prototype)],
  ['a date that says a symbol', () => dateThatSays(() => Symbol('iso'))],
  ['a date that says a bigint', () => dateThatSays(() => 1n)],
  ['a date that says half a surrogate', () => dateThatSays(() => '\ud800')],
  ['a date that says an object that throws', () => dateThatSays(() => throwingObject('iso'))],
  ['a date that throws undefined', () => dateThatSays(thrower(undefined))],
  ['an empty array', () => []],
  ['an array with holes', () => [, 1, , 2]],
  ['an array of the greatest length', () => Object.assign([], { length: 2 ** 32 - 1 })],
  ['a sparse array', () => Object.assign([], { 999_999_999: 1 })],
  ['an array of a hundred thousand holes', () => new Array(1e5)],
  ['an array whose iterator never ends', () => endlessArray()],
  ['an array whose iterator throws', () => Object.assign([1], { [Symbol.iterator]: thrower(1) })],
  ['a proxy of an array', () => new Proxy([1, 2], { get: thrower('array') })],
  ['a list without an end', () => ({ length: Infinity })],
  ['bytes', () => new Uint8Array(3)],
  ['detached bytes', detached],
  ['ten million bytes', () => new Uint8Array(1e7)],
  ['big integers', () => new BigInt64Array(2)],
  ['a view', () => new DataView(new ArrayBuffer(4))],
  ['shared bytes', () => new Uint8Array(new SharedArrayBuffer(4))],
  ['a buffer', () => new ArrayBuffer(4)],
  ['a cyclic object', () => cyclic({})],
  ['a cyclic array', () => cyclic([])],
  ['a very deep object', () => deep('object')],
  ['a very deep array', () => deep('list')],
  ['an object of 17 levels', () => deep('object', 17)],
  ['an object of ten thousand members', () => wide(1e4)],
  ['a member that throws', () => throwingObject('member')],
  ['a deep member that throws', () => ({ a: [{ b: throwingObject(undefined) }] })],
  ['a revoked proxy', revokedProxy],
  ['a revoked proxy of a function', () => revokedProxy(nothing)],
  ['a revoked proxy of an array', () => revokedProxy([])],
  ['an endless proxy', endlessProxy],
  [
    'a callable proxy that throws',
    () => new Proxy(nothing, { apply: thrower(1), get: thrower(2) }),
  ],
  ['a foreign object', () => vm.runInNewContext('({ deviceId: "x", nested: [1, { a: null }] })')],
  ['a foreign array', () => vm.runInNewContext('[1, , 2]')],
  ['a foreign date', () => vm.runInNewContext('new Date(NaN)')],
  ['a foreign proxy', () => vm.runInNewContext('new Proxy({}, { ownKeys() { throw null } })')],
  ['foreign bytes', () => vm.runInNewContext('new Uint8Array(2)')],
  ['a foreign global object', () => vm.runInNewContext('globalThis')],
  ['the global object', () => globalThis],
  ['a WebAssembly memory', () => new WebAssembly.Memory({ initial: 1 })],
]

/** @param {unknown} thrown */
function throwingObject(thrown) {
  return { get member() { throw thrown } } // prettier-ignore
}

function hostileConversions() {
  const names = ['toString', 'toJSON', 'valueOf', Symbol.toPrimitive]
  return Object.fromEntries(names.map((name) => [name, thrower(name)]))
}

function endlessArray() {
  const endless = function* () {
    for (;;) yield 'x'
  }
  return Object.assign([1], { [Symbol.iterator]: endless })
}

/** @param {any} value */
function cyclic(value) {
  value[0] = value
  return value
}

/** @param {number} count */
function wide(count) {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`member${index}`, index]))
}

/** Names that a member should not have. @type {(string | symbol)[]} */
export const NAMES = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'toJSON',
  'then',
  'deviceid',
  'line\r\nbreak',
  '\0',
  'half \ud800',
  '😀'.repeat(40),
  'x'.repeat(1e6),
  '`quoted`',
  Symbol('name'),
]
