/**
 * Shares a token between the tabs and workers of one origin, by leases in IndexedDB: one record per
 * key, and each step is one transaction, which the browser runs one after the other for all of them.
 *
 * - IndexedDB is the only storage that is atomic across processes wherever it exists: Web Locks are
 *   missing on plain http, and localStorage is not consistent even under a lock.
 * - Nobody is told of news (there is no BroadcastChannel): whoever waits asks again after at most
 *   50 ms, which finds the same and depends on no tab being awake.
 * - The end of a lease is found out when somebody reads it. No timer decides it, so a tab that is
 *   frozen, crashed or gone holds nobody up for longer than its lease.
 */
import { invalidArgument } from './errors.js'
import { tokenStore } from './sealed-store.js'
import { readStoreOptions } from './store-options.js'
import { acquire, commit, read, release, renew, take } from './token-record.js'
import { recordsOf } from './web-database.js'

/**
 * @typedef {import('./index.js').TokenStore} TokenStore
 * @typedef {import('./sealed-store.js').Sealing} Sealing
 * @typedef {import('./sealed-store.js').Backend} Backend
 */

/**
 * @param {{ name?: string, sealing?: Sealing }} [options]
 * @returns {TokenStore}
 */
export function webTokenStore(options) {
  const { name, sealing } = readOptions(options)
  return tokenStore(leasesOf(recordsOf(name)), sealing)
}

const MEMBERS = ['name', 'sealing']

/**
 * The steps as a backend, which gives back the leases it holds when the page goes, as far as
 * the browser still lets it: Chromium does, Firefox not where the whole tab is closed. Workers have no
 * such moment. Whatever is not given back ends by itself.
 *
 * @param {ReturnType<typeof recordsOf>} records
 * @returns {Backend}
 */
function leasesOf(records) {
  const held = /** @type {Map<string, { key: string, owner: string, generation: number }>} */ (
    new Map()
  )

  const releaseAll = () => {
    records.part([...held.values()].map(({ key, ...parting }) => ({ key, parting })))
    held.clear()
    globalThis.removeEventListener?.('pagehide', releaseAll)
  }
  /**
   * @template T
   * @param {string} key
   * @param {(stored: unknown, now: number) => { record: unknown, answer: T }} step
   */
  const change = (key, step) =>
    records.change(key, (stored, now, parting) =>
      // A release that comes late, or from anybody else, changes nothing.
      step(parting ? release(stored, parting, now).record : stored, now),
    )
  /** @param {string} key @param {string} owner @param {number} generation */
  const hold = (key, owner, generation) => {
    held.set(JSON.stringify([key, owner]), { key, owner, generation })
    // Optional, since IndexedDB may come from elsewhere, as in tests of users in Node.
    globalThis.addEventListener?.('pagehide', releaseAll)
  }
  /** @param {string} key @param {string} owner @param {number} generation */
  const drop = (key, owner, generation) => {
    const id = JSON.stringify([key, owner])
    if (held.get(id)?.generation === generation) held.delete(id)
    // A store that holds nothing can be collected as garbage, which the listener would prevent.
    if (held.size === 0) globalThis.removeEventListener?.('pagehide', releaseAll)
  }

  return {
    read: (key) => records.look(key, read),

    async acquire(key, owner, leaseMs, denied) {
      const asked = { owner, leaseMs, denied }
      const answer = await change(key, (stored, now) => acquire(stored, asked, now))
      const leased = 'generation' in answer && !('payload' in answer)
      if (leased) hold(key, owner, answer.generation)
      return answer
    },

    async renew(key, owner, generation, leaseMs) {
      const asked = { owner, generation, leaseMs }
      return change(key, (stored, now) => renew(stored, asked, now))
    },

    async commit(key, owner, token) {
      const asked = { owner, token }
      const stored = await change(key, (record, now) => commit(record, asked, now))
      drop(key, owner, token.generation)
      return stored
    },

    async release(key, owner, generation) {
      drop(key, owner, generation)
      await change(key, (stored, now) => release(stored, { owner, generation }, now))
    },

    take: (key, budget) => change(key, (stored, now) => take(stored, budget, now)),
  }
}

/**
 * @param {unknown} options
 * @returns {{ name: string, sealing: Sealing | undefined }}
 */
function readOptions(options) {
  const { name = 'northbound', sealing } = readStoreOptions('webTokenStore', options, MEMBERS)
  if (typeof name === 'string' && name !== '') return { name, sealing }
  throw invalidArgument('webTokenStore', 'options.name', 'is not a text of one character or more')
}
