// Clients that share a token: what their tests watch, and what they put between client and store.

import assert from 'node:assert/strict'

import { valueOf } from './child.js'

/**
 * @typedef {import('northbound').TokenStore} TokenStore
 * @typedef {import('northbound').ClientEvent} ClientEvent
 * @typedef {import('northbound').FetchLike} FetchLike
 * @typedef {'read' | 'acquire' | 'renew' | 'commit' | 'release' | 'take'} Method
 */

/** @type {Method[]} */
export const METHODS = ['read', 'acquire', 'renew', 'commit', 'release', 'take']

/** Collects, from now on, the rejections of this process that nobody handles. */
export function watchRejections() {
  /** @type {unknown[]} */
  const seen = []
  process.on('unhandledRejection', (reason) => seen.push(reason))
  return seen
}

/** Proves in another process that `watchRejections` sees what it is there for. */
export async function checkThatRejectionsAreSeen() {
  const seen = await valueOf(`
    import { watchRejections } from ${JSON.stringify(import.meta.url)}
    const seen = watchRejections()
    Promise.reject(new Error('planted'))
    Promise.reject(new Error('handled')).catch(() => {})
    setTimeout(() => console.log(JSON.stringify(seen.map(({ message }) => message))), 10)
  `)
  assert.deepEqual(seen, ['planted'])
}

/** A listener and what it heard. */
export function listener() {
  /** @type {ClientEvent[]} */
  const events = []
  return {
    events,
    onEvent: (/** @type {ClientEvent} */ event) => void events.push(event),
    /** Causes of the events about tokens, in order. */
    causes: () => events.flatMap((event) => (event.type === 'token' ? [event.cause] : [])),
    /** @param {string} [about] @returns {string[]} messages of warnings, all or those about one thing */
    warnings: (about) =>
      events.flatMap((event) =>
        event.type === 'warning' && (about === undefined || event.about === about)
          ? [event.message]
          : [],
      ),
    /** How long calls were told to wait for the throttle, in order. */
    waits: () => events.flatMap((event) => (event.type === 'throttle' ? [event.delayMs] : [])),
  }
}

/**
 * A store that keeps a list of what it was asked; `between` may do something else than ask it.
 *
 * @param {TokenStore} store
 * @param {(method: Method, args: any[], ask: () => any) => any} [between]
 * @param {Method[]} [methods] those that it has
 */
export function watched(store, between = (_, __, ask) => ask(), methods = METHODS) {
  /** @type {{ method: Method, args: any[], at: number }[]} */
  const asked = []
  const wrapped = Object.fromEntries(
    methods.map((method) => [
      method,
      (/** @type {any[]} */ ...args) => {
        asked.push({ method, args, at: performance.now() })
        return between(method, args, () => /** @type {any} */ (store)[method](...args))
      },
    ]),
  )
  return {
    store: /** @type {TokenStore} */ (/** @type {unknown} */ (wrapped)),
    asked,
    /** @param {Method} method */
    count: (method) => asked.filter((each) => each.method === method).length,
  }
}

/**
 * Clocks that a test moves: the calendar's, and the one that never goes back.
 *
 * @param {import('node:test').TestContext} t
 */
export function clocksOf(t) {
  const wall = Date.now.bind(Date)
  const monotonic = performance.now.bind(performance)
  const moved = { wallMs: 0, monotonicMs: 0 }
  t.mock.method(Date, 'now', () => wall() + moved.wallMs)
  t.mock.method(performance, 'now', () => monotonic() + moved.monotonicMs)
  return moved
}

/**
 * The most calls in any window of so many milliseconds.
 *
 * @param {number[]} times
 * @param {number} windowMs
 */
export function fullest(times, windowMs) {
  const sorted = times.toSorted((a, b) => a - b)
  return Math.max(
    0,
    ...sorted.map((from) => sorted.filter((at) => at >= from && at < from + windowMs).length),
  )
}

/**
 * @template T
 * @param {number} times
 * @param {(index: number) => T} make
 */
export const many = (times, make) => Array.from({ length: times }, (_, index) => make(index))
