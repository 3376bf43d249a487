/**
 * Records in an IndexedDB database, each changed in one transaction. Here is decided when the
 * database is opened, how long anybody waits for it, and what its failures are called.
 */
import { shownName, showing } from './sealed-store.js'

/**
 * One pure step on a record. `parting`: what a page that is gone has left behind for it, which goes
 * with the next change.
 * @template T
 * @typedef {(stored: unknown, now: number, parting: any) => { record: unknown, answer: T }} Step
 */

const VERSION = 1
const RECORDS = 'records'

/** @param {string} key */
const partingKey = (key) => ['parting', key]

/** The longest that one step, or the opening before it, may take. */
const LIMIT_MS = 2000

/**
 * The records in the database `name`, which is opened at the first use and again after it was closed.
 *
 * @param {string} name
 */
export function recordsOf(name) {
  /** @type {Promise<IDBDatabase> | undefined} */
  let opening
  /** @type {IDBDatabase | undefined} */
  let current

  /** @param {IDBDatabase} [database] only if it is still this one */
  const forget = (database = current) => {
    if (current !== database) return
    opening = undefined
    current = undefined
  }
  const opened = () => {
    // Kept while it waits: a blocked opening goes on, and then serves whoever asks next.
    opening ??= open(name, forget).then(
      (database) => (current = database),
      (error) => {
        forget()
        throw error
      },
    )
    return withinLimit(name, opening)
  }

  /**
   * @template T
   * @param {IDBTransactionMode} mode
   * @param {string} key
   * @param {Step<T>} step
   * @returns {Promise<T>}
   */
  async function run(mode, key, step) {
    const database = await opened()
    try {
      return await transact(database, mode, key, step)
    } catch (error) {
      if (!isClosed(error)) throw failure(name, error)
    }
    // The browser closed the connection: nothing of the step was done, so it may be done again.
    database.close()
    forget(database)
    try {
      return await transact(await opened(), mode, key, step)
    } catch (error) {
      throw failure(name, error)
    }
  }

  return {
    /**
     * Answers without writing.
     * @template T
     * @param {string} key
     * @param {Step<T>} step
     */
    look: (key, step) => run('readonly', key, step),
    /**
     * @template T
     * @param {string} key
     * @param {Step<T>} step
     */
    change: (key, step) => run('readwrite', key, step),
    /**
     * Leaves something for the next step on each key, while the page goes: written without reading,
     * since no answer would reach the page any more. Nothing happens where it is too late.
     *
     * @param {{ key: string, parting: object }[]} all
     */
    part(all) {
      try {
        const transaction = current?.transaction(RECORDS, 'readwrite')
        const records = transaction?.objectStore(RECORDS)
        for (const { key, parting } of all) records?.put(parting, partingKey(key))
        transaction?.commit()
      } catch {
        // the browser has closed it
      }
    },
  }
}

/**
 * @param {string} name
 * @param {(database: IDBDatabase) => void} onClosed
 * @returns {Promise<IDBDatabase>}
 */
function open(name, onClosed) {
  return new Promise((resolve, reject) => {
    const request = factory(name).open(name, VERSION)
    request.onupgradeneeded = () => {
      request.result.createObjectStore(RECORDS)
    }
    request.onerror = () => reject(failure(name, request.error, true))
    request.onsuccess = () => {
      const database = request.result
      // Somebody wants to delete the database: whoever keeps it open would block them.
      database.onversionchange = () => {
        database.close()
        onClosed(database)
      }
      database.onclose = () => onClosed(database)
      if (database.objectStoreNames.contains(RECORDS)) return resolve(database)
      database.close()
      reject(refused(name, 'is not one of this package; give the store another `name`'))
    }
  }).catch((error) => {
    // `open` itself throws where storage is denied, as in a sandboxed frame.
    throw failure(name, error, true)
  })
}

/** @param {string} name */
function factory(name) {
  const { indexedDB } = globalThis
  if (indexedDB) return indexedDB
  throw refused(name, 'cannot be opened: there is no IndexedDB here')
}

/**
 * One step in one transaction. It is done once the transaction is: an answer must not be believed
 * before, since it may yet be rolled back.
 *
 * @template T
 * @param {IDBDatabase} database
 * @param {IDBTransactionMode} mode
 * @param {string} key
 * @param {Step<T>} step
 * @returns {Promise<T>}
 */
async function transact(database, mode, key, step) {
  // A token that a power failure takes with it costs one login; waiting for the disk costs each time.
  const transaction = database.transaction(RECORDS, mode, { durability: 'relaxed' })
  const records = transaction.objectStore(RECORDS)
  /** @type {Promise<T>} */
  const done = new Promise((resolve, reject) => {
    /** @type {{ record: unknown, answer: T }} */
    let next
    const stored = records.get(key)
    const parting = records.get(partingKey(key))
    // The later of two requests is answered last.
    parting.onsuccess = () => {
      // The clock is read here: the transaction may have waited long for others.
      next = step(stored.result, Date.now(), parting.result)
      if (mode === 'readonly') return
      records.put(next.record, key)
      if (parting.result !== undefined) records.delete(partingKey(key))
    }
    transaction.oncomplete = () => resolve(next.answer)
    transaction.onabort = () => reject(transaction.error ?? new DOMException('', 'AbortError'))
  })
  return withinLimit(database.name, done, () => transaction.abort())
}

/**
 * Rejects after `LIMIT_MS`, but counts in small parts: after a tab slept, the timer is due before the
 * answer that has long been there, and the next part lets that in.
 *
 * @template T
 * @param {string} name
 * @param {Promise<T>} work
 * @param {() => void} [cancel]
 * @returns {Promise<T>}
 */
function withinLimit(name, work, cancel) {
  const parts = 4
  return new Promise((resolve, reject) => {
    let left = parts
    const tick = () => {
      left -= 1
      if (left > 0) {
        timer = setTimeout(tick, LIMIT_MS / parts)
        return
      }
      const problem = `did not answer within ${LIMIT_MS} ms; another tab may be blocking it`
      reject(unavailable(name, problem))
      try {
        cancel?.()
      } catch {
        // it is done already
      }
    }
    let timer = setTimeout(tick, LIMIT_MS / parts)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** @param {any} error */
const isClosed = (error) => error?.name === 'AbortError' || error?.name === 'InvalidStateError'

/** What a browser answers where storage is denied for good: to this page, or until it is reloaded. */
const DENIED = ['SecurityError', 'NotAllowedError', 'InvalidStateError']

/**
 * @param {string} name
 * @param {any} cause
 * @param {boolean} [opening]
 */
function failure(name, cause, opening = false) {
  if (cause instanceof StoreError) return cause
  if (opening && cause?.name === 'VersionError') {
    const problem = 'is of a newer version; load the page again, or give the store another `name`'
    return refused(name, problem, cause)
  }
  // Chromium tells a denial by a site setting from a broken disk in its message alone.
  const denied = DENIED.includes(cause?.name) || /denied permission/.test(cause?.message)
  if (opening && denied) return refused(name, 'cannot be opened: storage is denied here', cause)
  const named = /^[A-Za-z]{0,40}Error$/.test(cause?.name) ? cause.name : 'an error'
  return unavailable(name, `failed with ${named}`, cause)
}

class StoreError extends Error {
  /** Whether asking again later may help. */
  retryable

  /** @param {string} name @param {string} problem @param {boolean} retryable @param {unknown} [cause] */
  constructor(name, problem, retryable, cause) {
    const told = (/** @type {string} */ each) => `the database ${JSON.stringify(each)} ${problem}`
    super(`webTokenStore: ${told(name)}`, cause === undefined ? undefined : { cause })
    this.retryable = retryable
    showing(this, told(shownName(name)))
  }
}

/** @param {string} name @param {string} problem @param {unknown} [cause] */
const refused = (name, problem, cause) => new StoreError(name, problem, false, cause)

/** @param {string} name @param {string} problem @param {unknown} [cause] */
const unavailable = (name, problem, cause) => new StoreError(name, problem, true, cause)
