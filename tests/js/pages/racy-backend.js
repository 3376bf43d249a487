// The negative control: a backend on IndexedDB whose steps read in one transaction and write in
// another, as one does who forgets that tabs run at the same time.

import * as steps from '../../../src/js/token-record.js'

/** @typedef {import('../../../src/js/sealed-store.js').Backend} Backend */

/**
 * @param {string} name
 * @returns {Backend}
 */
export function racyBackend(name) {
  const opening = open(name)

  /**
   * @template T
   * @param {string} key
   * @param {(stored: unknown, now: number) => { record: unknown, answer: T }} step
   */
  async function change(key, step) {
    const database = await opening
    const stored = await done(database.transaction('records').objectStore('records').get(key))
    const { record, answer } = step(stored, Date.now())
    await done(database.transaction('records', 'readwrite').objectStore('records').put(record, key))
    return answer
  }

  return {
    read: (key) => change(key, steps.read),
    acquire: (key, owner, leaseMs, denied) =>
      change(key, (stored, now) => steps.acquire(stored, { owner, leaseMs, denied }, now)),
    renew: (key, owner, generation, leaseMs) =>
      change(key, (stored, now) => steps.renew(stored, { owner, generation, leaseMs }, now)),
    commit: (key, owner, token) =>
      change(key, (stored, now) => steps.commit(stored, { owner, token }, now)),
    release: (key, owner, generation) =>
      change(key, (stored, now) => steps.release(stored, { owner, generation }, now)),
    take: (key, budget) => change(key, (stored, now) => steps.take(stored, budget, now)),
  }
}

/** @param {string} name @returns {Promise<IDBDatabase>} */
function open(name) {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => request.result.createObjectStore('records')
  return done(request)
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
