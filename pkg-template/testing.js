/**
 * `northbound/testing`: the conformance suite of token stores.
 *
 * Every check runs against real time, on a machine that may be slow: what it refuses is refused for
 * certain, since a moment is only ever held against a store when the calls around it leave no doubt.
 */
import { invalidArgument, readStoreOptions } from './northbound.js'
import { CHECKS } from './testing-checks.js'
import { Broken } from './testing-expect.js'

/**
 * @typedef {import('./index.js').TokenStore} TokenStore
 * @typedef {(index: number) => TokenStore} Holders the store of each holder
 */

/** Another answer than one within this time counts as none. */
const ANSWER_MS = 5000

const METHODS = /** @type {const} */ (['read', 'acquire', 'renew', 'commit', 'release'])

/** The most that any check needs. */
const HOLDERS = 8

/**
 * @param {() => TokenStore | Promise<TokenStore>} make
 * @param {{ separate?: boolean }} [options]
 */
export async function checkTokenStore(make, options) {
  if (typeof make !== 'function') {
    throw invalidArgument('checkTokenStore', 'make', 'is not a function that gives a store')
  }
  const { separate = false } = readStoreOptions('checkTokenStore', options, ['separate'])
  if (typeof separate !== 'boolean') {
    throw invalidArgument('checkTokenStore', 'options.separate', 'is neither true nor false')
  }
  const stores = /** @type {TokenStore[]} */ ([])
  for (let made = 0; made < (separate ? HOLDERS : 1); made += 1) stores.push(bounded(await make()))
  const [first] = stores
  /** @type {Holders} */
  const holders = (index) => stores[index % stores.length] ?? /** @type {TokenStore} */ (first)

  const run = `${Date.now()}-${Math.random().toString(36).slice(2)}`
  for (const [index, { promise, check }] of CHECKS.entries()) {
    try {
      await check(holders, `check-${run}-${index}`)
    } catch (error) {
      if (error instanceof Broken) throw broken(promise, error.message)
      throw broken(promise, 'the store rejected; see `cause`', error)
    }
  }
}

/**
 * @param {string} promise
 * @param {string} what
 * @param {unknown} [cause]
 */
const broken = (promise, what, cause) =>
  new Error(
    `checkTokenStore: broken promise: ${promise}: ${what}`,
    cause === undefined ? undefined : { cause },
  )

/**
 * The same store with a deadline around every call.
 *
 * @param {TokenStore} store
 * @returns {TokenStore}
 */
function bounded(store) {
  const missing = METHODS.find((name) => typeof store?.[name] !== 'function')
  if (missing) throw invalidArgument('checkTokenStore', 'make', `gave a store without ${missing}()`)
  const names = /** @type {(keyof TokenStore)[]} */ ([...METHODS, ...(store.take ? ['take'] : [])])
  const entries = names.map((name) => [
    name,
    (/** @type {unknown[]} */ ...args) => inTime(name, /** @type {any} */ (store)[name](...args)),
  ])
  return Object.fromEntries(entries)
}

/**
 * @param {string} name
 * @param {Promise<unknown>} answer
 */
async function inTime(name, answer) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  const late = new Promise((_, reject) => {
    const message = `${name}() did not answer within ${ANSWER_MS / 1000} s`
    timer = setTimeout(() => reject(new Broken(message)), ANSWER_MS)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
