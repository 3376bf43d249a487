// The token store of one process: what a client uses when it is given none.

import { invalidArgument } from './errors.js'
import { tokenStore } from './sealed-store.js'
import * as steps from './token-record.js'

/**
 * @typedef {import('./token-record.js').TokenRecord} TokenRecord
 */

/**
 * @param {unknown[]} given nothing; what is given by mistake is refused, lest it seem to have an effect
 * @returns {import('./index.js').TokenStore}
 */
export function memoryTokenStore(...given) {
  if (given.some((each) => each !== undefined)) {
    throw invalidArgument('memoryTokenStore', 'options', 'is not known here: it takes no argument')
  }
  /** @type {Map<string, TokenRecord>} */
  const records = new Map()

  /**
   * Nothing else runs between the two lines, so that each step is atomic.
   *
   * @template T
   * @param {string} key
   * @param {(record: TokenRecord | undefined, now: number) => { record: TokenRecord, answer: T }} step
   */
  const apply = (key, step) => {
    const { record, answer } = step(records.get(key), Date.now())
    records.set(key, record)
    return answer
  }

  return tokenStore({
    read: async (key) => apply(key, steps.read),
    acquire: async (key, owner, leaseMs, denied) =>
      apply(key, (record, now) => steps.acquire(record, { owner, leaseMs, denied }, now)),
    renew: async (key, owner, generation, leaseMs) =>
      apply(key, (record, now) => steps.renew(record, { owner, generation, leaseMs }, now)),
    commit: async (key, owner, token) =>
      apply(key, (record, now) => steps.commit(record, { owner, token }, now)),
    release: async (key, owner, generation) =>
      apply(key, (record, now) => steps.release(record, { owner, generation }, now)),
    take: async (key, budget) => apply(key, (record, now) => steps.take(record, budget, now)),
  })
}
