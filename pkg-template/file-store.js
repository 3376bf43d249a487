/**
 * The token store of the processes of one host: a file of one JSON object, a record per key.
 *
 * - Steps are read-modify-write under a mutex, and within it synchronous: a process whose event loop
 *   is busy would otherwise hold up all the others. All steps that wait are done in one go.
 * - A file is replaced and never changed, so that nobody sees half of one and reading needs no mutex.
 * - The stamps of calls are in a file of their own: they change with every call, and a machine that
 *   loses power may forget them.
 */
import { realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

import { lock } from './file-mutex.js'
import { heldError, storeError } from './file-errors.js'
import { readRecords, removeLeftovers, writeRecords } from './file-records.js'
import { invalidArgument, readStoreOptions, tokenStore } from './northbound.js'
import * as steps from './northbound.js'

/**
 * @typedef {import('./file-records.js').Records} Records
 * @typedef {{
 *   apply: (records: Records, now: number) => boolean
 *   resolve: () => void
 *   reject: (error: unknown) => void
 *   deadline: number
 * }} Job `apply` tells whether it changed the records
 */

/** How long a step waits for the mutex. */
const WAIT_MS = 2000

/**
 * @param {string} path
 * @param {{ sealing?: import('./index.js').Sealing }} [options]
 * @returns {import('./index.js').TokenStore}
 */
export function fileTokenStore(path, options) {
  const problem = problemOf(path)
  if (problem !== undefined) throw invalidArgument('fileTokenStore', 'path', problem)
  const { sealing } = readStoreOptions('fileTokenStore', options, ['sealing'])
  const full = resolve(path)
  const tokens = recordFile(full, '', { durable: true })
  const calls = recordFile(full, '.calls', { durable: false })
  return tokenStore(
    {
      read: (key) => tokens.look(key, steps.read),
      acquire: (key, owner, leaseMs, denied) =>
        tokens.step(key, (record, now) => steps.acquire(record, { owner, leaseMs, denied }, now)),
      renew: (key, owner, generation, leaseMs) =>
        tokens.step(key, (record, now) => steps.renew(record, { owner, generation, leaseMs }, now)),
      commit: (key, owner, token) =>
        tokens.step(key, (record, now) => steps.commit(record, { owner, token }, now)),
      release: (key, owner, generation) =>
        tokens.step(key, (record, now) => steps.release(record, { owner, generation }, now)),
      take: (key, budget) => calls.step(key, (record, now) => steps.take(record, budget, now)),
    },
    sealing,
  )
}

/**
 * @param {unknown} path
 * @returns {string | undefined} why it is no path
 */
function problemOf(path) {
  if (isURL(path)) return 'is a URL; give fileURLToPath(url) of node:url'
  if (path === null || path === undefined) return `is ${path}, expected the path of a file`
  if (typeof path !== 'string') {
    return `is ${typeof path === 'object' ? 'an' : 'a'} ${typeof path}, expected the path of a file`
  }
  if (path === '') return 'is empty, expected the path of a file'
  return path.includes('\0') ? 'contains a NUL character, which no path has' : undefined
}

/** @param {unknown} path */
function isURL(path) {
  try {
    return path instanceof URL
  } catch {
    // A proxy that throws is nothing that could be a path.
    return false
  }
}

/**
 * @param {string} path
 * @param {string} suffix of the file beside it that is meant
 * @param {{ durable: boolean }} how
 */
function recordFile(path, suffix, { durable }) {
  /** @type {Job[]} */
  let waiting = []
  let working = false

  async function work() {
    working = true
    while (waiting.length > 0) {
      const deadline = Math.min(...waiting.map((job) => job.deadline))
      try {
        const real = withoutLinks(path) + suffix
        const unlock = await lock(real, deadline)
        if (unlock) doAll(real, unlock)
        else giveUp()
      } catch (error) {
        rejectAll(storeError(path + suffix, error))
      }
    }
    working = false
  }

  /**
   * @param {string} real
   * @param {() => void} unlock
   */
  function doAll(real, unlock) {
    const jobs = waiting
    try {
      const records = readRecords(real)
      const now = Date.now()
      const changed = jobs.map((job) => job.apply(records, now)).includes(true)
      if (changed) writeRecords(real, records, { durable })
    } finally {
      unlock()
    }
    waiting = []
    for (const job of jobs) job.resolve()
    removeLeftovers(real)
  }

  function giveUp() {
    const over = waiting.filter(({ deadline }) => deadline <= performance.now())
    waiting = waiting.filter((job) => !over.includes(job))
    for (const job of over) job.reject(heldError(path + suffix, WAIT_MS))
  }

  /** @param {Error} error */
  function rejectAll(error) {
    const jobs = waiting
    waiting = []
    for (const job of jobs) job.reject(error)
  }

  return {
    /**
     * @template T
     * @param {string} key
     * @param {(record: unknown, now: number) => { record: unknown, answer: T }} step
     * @returns {Promise<T>}
     */
    step(key, step) {
      return new Promise((resolveStep, reject) => {
        // Here, where what an odd key throws is this call's own trouble: in the file all keys are texts.
        const name = String(key)
        /** @type {T} */
        let answer
        waiting.push({
          apply(records, now) {
            try {
              const before = records.get(name)
              const made = step(before, now)
              const changed = JSON.stringify(before) !== JSON.stringify(made.record)
              answer = made.answer
              records.set(name, made.record)
              return changed
            } catch (error) {
              // Odd arguments are this call's own trouble, and not that of those who wait with it.
              reject(error)
              return false
            }
          },
          resolve: () => resolveStep(answer),
          reject,
          deadline: performance.now() + WAIT_MS,
        })
        if (!working) void work()
      })
    },

    /**
     * @template T
     * @param {string} key
     * @param {(record: unknown, now: number) => { answer: T }} step
     * @returns {Promise<T>}
     */
    async look(key, step) {
      try {
        return step(readRecords(withoutLinks(path) + suffix).get(String(key)), Date.now()).answer
      } catch (error) {
        throw storeError(path + suffix, error)
      }
    },
  }
}

/**
 * Two names of one file are one mutex, and a link stays a link.
 *
 * @param {string} path
 */
function withoutLinks(path) {
  try {
    return realpathSync(path)
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error
    return join(realpathSync(dirname(path)), basename(path))
  }
}
