// What the tests of token stores call in a page, a frame or a worker; loaded as a module in each.

import { tokenStore } from '../../../src/js/sealed-store.js'
import { webTokenStore } from '../../../src/js/web-store.js'
import { racyBackend } from './racy-backend.js'

/** @typedef {import('../../../pkg-template/index.js').TokenStore} TokenStore */

/** What a turn came to; `stored`: what the commit answered, where there was one. */
/** @typedef {{ accessToken: string, generation: number, loggedIn: boolean, stored?: boolean }} Turn */

/** One store for each name, as a page has it. */
const made = /** @type {Map<string, TokenStore>} */ (new Map())

/** A name that begins with `racy` gives the control, whose steps are not atomic. */
function store(name = 'northbound') {
  const known = made.get(name)
  if (known) return known
  const racy = name.startsWith('racy')
  const fresh = racy ? tokenStore(racyBackend(name)) : webTokenStore({ name })
  made.set(name, fresh)
  return fresh
}

/**
 * Asks until there is a token, and logs in if that is its right.
 *
 * @param {{ name?: string, key: string, owner: string, leaseMs?: number, rejected?: string }} asked
 * @returns {Promise<Turn>}
 */
async function turn({ name, key, owner, leaseMs = 10_000, rejected }) {
  const tokens = store(name)
  for (;;) {
    const answer = await tokens.acquire(key, owner, leaseMs, rejected)
    if ('token' in answer) {
      const { accessToken, generation } = answer.token
      return { accessToken, generation, loggedIn: false }
    }
    if ('generation' in answer) {
      const { generation } = answer
      const login = await fetch(`/login?key=${encodeURIComponent(key)}`, { method: 'POST' })
      const { accessToken } = await login.json()
      const stored = await tokens.commit(key, owner, tokenOf(accessToken, generation))
      return { accessToken, generation, loggedIn: true, stored }
    }
    await new Promise((resolve) => setTimeout(resolve, answer.retryAfterMs))
  }
}

/** @param {string} accessToken @param {number} generation */
function tokenOf(accessToken, generation) {
  const lives = { lifeMs: 3_600_000, refreshLifeMs: 86_400_000 }
  const texts = { accessToken, refreshToken: 'again', tokenType: 'bearer', scope: 'default' }
  return { ...texts, ...lives, generation }
}

/** @type {Promise<Turn> | undefined} */
let waiting

/**
 * Takes a turn as soon as somebody says go, so that all pages ask at the same moment.
 * @param {Parameters<typeof turn>[0]} asked
 */
function getReady(asked) {
  const channel = new BroadcastChannel('go')
  waiting = new Promise((resolve, reject) => {
    channel.onmessage = () => {
      channel.close()
      turn(asked).then(resolve, reject)
    }
  })
}

/** @returns {Promise<Turn>} */
async function finish() {
  if (!waiting) throw new Error('nobody got ready')
  return waiting
}

/** Tells all pages that are ready, this one included. */
function go() {
  const channel = new BroadcastChannel('go')
  channel.postMessage('go')
  channel.close()
}

/**
 * What an error is, as far as it can be handed over.
 * @param {() => Promise<unknown>} work
 */
async function failureOf(work) {
  try {
    await work()
  } catch (error) {
    const { message, retryable, argument, cause } = /** @type {any} */ (error)
    return { message, retryable, argument, cause: cause?.name }
  }
  return undefined
}

/**
 * Writes a record past the store.
 * @param {string} name
 * @param {string} key
 * @param {unknown} record
 * @returns {Promise<void>}
 */
function plant(name, key, record) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name)
    request.onerror = () => reject(request.error)
    request.onsuccess = () => {
      const database = request.result
      const transaction = database.transaction('records', 'readwrite')
      transaction.objectStore('records').put(record, key)
      transaction.onabort = () => reject(transaction.error)
      transaction.oncomplete = () => {
        database.close()
        resolve()
      }
    }
  })
}

/**
 * All records, read past the store.
 * @param {string} name
 * @returns {Promise<unknown[]>}
 */
function dump(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name)
    request.onerror = () => reject(request.error)
    request.onsuccess = () => {
      const all = request.result.transaction('records').objectStore('records').getAll()
      all.onerror = () => reject(all.error)
      all.onsuccess = () => {
        request.result.close()
        resolve(all.result)
      }
    }
  })
}

/**
 * Holds a transaction open, as a tab does that was stopped in the middle.
 * @param {string} name
 * @returns {Promise<() => void>} ends it
 */
async function occupy(name) {
  const database = await foreignDatabase(name, 1)
  const records = database.transaction('records', 'readwrite').objectStore('records')
  let held = true
  return new Promise((resolve) => {
    const next = () => {
      if (held) records.get('nothing').onsuccess = next
      else database.close()
      resolve(() => (held = false))
    }
    next()
  })
}

/**
 * Makes a database of somebody else's.
 * @param {string} name
 * @param {number} version
 * @returns {Promise<IDBDatabase>} its connection, open
 */
function foreignDatabase(name, version) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version)
    request.onerror = () => reject(request.error)
    request.onsuccess = () => resolve(request.result)
  })
}

/** @param {string} name @returns {Promise<void>} */
function deleteDatabase(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.onerror = () => reject(request.error)
    request.onsuccess = () => resolve()
  })
}

/**
 * The published suite on stores of one database; loaded here, since a service worker may not.
 * @param {string} name
 */
async function check(name) {
  const { checkTokenStore } = await import('../../../pkg-template/testing.js')
  await checkTokenStore(() => webTokenStore({ name }), { separate: true })
}

export const stores = {
  ...{
    store,
    turn,
    tokenOf,
    getReady,
    finish,
    go,
    failureOf,
    plant,
    dump,
    occupy,
    foreignDatabase,
  },
  ...{ deleteDatabase, webTokenStore, check },
}

Object.assign(globalThis, { stores })
