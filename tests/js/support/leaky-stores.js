// Token stores that tell everything they know, in every way of telling.

import { inspect } from 'node:util'

import { watched } from './sharing.js'

/**
 * @typedef {import('northbound').TokenStore} TokenStore
 * @typedef {import('./sharing.js').Method} Method
 */

/**
 * Where an error may show what a store was given, by name: `text` holds all of it, and `given` is it.
 * @type {Record<string, (text: string, given: unknown[]) => unknown>}
 */
export const TOLD_IN = {
  'its message': (text) => new Error(text),
  'its name': (text) => Object.assign(new Error('no'), { name: text }),
  'its code': (text) => Object.assign(new Error('no'), { code: text }),
  'its stack': (text) => Object.assign(new Error('no'), { stack: `Error: ${text}` }),
  'a member': (_, given) => Object.assign(new Error('no'), { command: { args: given } }),
  'a cause': (text) => new Error('no', { cause: new Error(text) }),
  'one of several errors': (text) => new AggregateError([new Error(text)], 'no'),
  'what prints itself': (text) =>
    Object.assign(new Error('no'), { [inspect.custom]: () => text, toJSON: () => text }),
  'what a getter throws': (text) =>
    Object.defineProperty(new Error('no'), 'name', {
      get() {
        throw new Error(text)
      },
    }),
  'an error that is final': (text) => Object.assign(new Error(text), { retryable: false }),
  'a text': (text) => text,
  'an array': (_, given) => given,
  'a symbol': (text) => Symbol(text),
}

/**
 * Answers that are none, by name: `known` is a token and its refresh token.
 * @type {Record<string, (known: { accessToken: string, refreshToken: string }) => unknown>}
 */
export const ODD_ANSWERS = {
  'the token alone': ({ accessToken }) => accessToken,
  'a token in the place of a number': ({ accessToken }) => ({ generation: accessToken }),
  'a token in the place of a time': ({ accessToken }) => ({ retryAfterMs: accessToken }),
  'a token as text': (known) => ({ token: JSON.stringify(known) }),
  'a token without its other members': (known) => ({ token: known }),
  'a token of odd members': (known) => ({ token: { ...whole(known), lifeMs: known.accessToken } }),
  'a token that no header can carry': (known) => ({
    token: { ...whole(known), accessToken: `${known.accessToken}\r\nx: y` },
  }),
  'a member that the token names': ({ accessToken }) => ({ [accessToken]: 1 }),
  'what cannot be copied': (known) => ({ token: { ...whole(known), more: () => known } }),
  'what throws when it is read': ({ accessToken }) => ({
    get token() {
      throw new Error(accessToken)
    },
  }),
}

/** @param {{ accessToken: string, refreshToken: string }} known */
const whole = (known) => ({
  ...known,
  tokenType: 'bearer',
  scope: 'default',
  lifeMs: 60_000,
  refreshLifeMs: 60_000,
  generation: 1,
})

/** How often each method fails, if not every second time. @type {Partial<Record<Method, number>>} */
const EVERY = { acquire: 3, release: 1, take: 1 }

/**
 * A store that gives no lease every third time, keeps no token every second time, and takes no lease back
 * and counts no calls at any time.
 * @param {TokenStore} store what it is the other times
 * @param {(text: string, given: unknown[]) => unknown} fail throws, or answers
 */
export function failingByTurns(store, fail) {
  /** @type {unknown[]} */
  const given = []
  /** @type {Map<Method, number>} */
  const turns = new Map()
  /** The raw texts, which JSON would escape. @param {unknown} value @returns {string[]} */
  const texts = (value) =>
    value instanceof Object ? Object.values(value).map(texts).flat() : [String(value)]
  return watched(store, (method, args, ask) => {
    given.push(...args)
    const turn = turns.get(method) ?? 0
    turns.set(method, turn + 1)
    // The tokens first: what is told may be cut.
    const known = given
      .flatMap(texts)
      .toSorted((a, b) => Number(/^Z/.test(b)) - Number(/^Z/.test(a)))
    const every = EVERY[method] ?? 2
    return turn % every === every - 1 ? fail(known.join(' '), given) : ask()
  }).store
}

/**
 * Functions that seal and fail, and show what they were given.
 * @type {Record<string, import('northbound').Sealing>}
 */
export const FAILING_SEALINGS = {
  'that throws': {
    seal(plain) {
      throw new Error(plain)
    },
    open: (text) => text,
  },
  'that rejects': {
    seal: async (plain) => Promise.reject(Object.assign(new Error('no'), { plain, name: plain })),
    open: (text) => text,
  },
  'that gives no text': { seal: (plain) => /** @type {any} */ ({ plain }), open: (text) => text },
  'that cannot open': {
    seal: (plain) => plain,
    open(text) {
      throw new Error(text)
    },
  },
  'that opens no text': { seal: (plain) => plain, open: (text) => /** @type {any} */ ([text]) },
}
