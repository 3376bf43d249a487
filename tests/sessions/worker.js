// One process of a group: it opens its clients and runs loads as it is told, by one JSON object per
// line on standard input, and answers so on standard output. It ends when its input ends.
//
// A line `{ id, do, ... }` is answered by `{ id, result }` or `{ id, error }`; in between come lines
// `{ event }` for what the clients tell, and `{ stopped }` right before the process stops itself.

import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

import { runLoad } from './load.js'
import { openStore } from './stores.js'

/**
 * @typedef {object} Opening
 * @property {string} package the folder of the installed package
 * @property {string} baseUrl address of the platform
 * @property {{ appId: string, secret: string }} app
 * @property {number} [clients] clients in this process, all on the same store. Default 1
 * @property {import('./stores.js').StoreSpec} store
 * @property {Record<string, unknown>} [options] further options of the clients
 * @property {number} [clockShiftMs] how far this process's wall clock is ahead; negative: behind
 * @property {boolean} [watch] tells every token, warning and request event
 */

/** @typedef {'lease' | 'login' | 'answer'} Moment after the lease, before the login, after its answer */

/** @type {import('northbound').NorthApiClient[]} */
let clients = []
/** @type {Moment | undefined} */
let stopAt

/** @type {Record<string, (message: any) => unknown>} */
const COMMANDS = {
  open,
  /** @param {{ load: import('./load.js').Load }} message */
  load: ({ load }) => runLoad(clients, load),
  /** Obtains the token, of which nothing is told. */
  async token() {
    await clients[0]?.getAuthToken()
  },
  clock: () => Date.now(),
  /** At the next such moment the process stops itself. @param {{ moment: Moment }} message */
  stopAt({ moment }) {
    stopAt = moment
  },
}

/** @param {Opening} opening */
async function open(opening) {
  const { baseUrl, app, options, watch = false } = opening
  if (opening.clockShiftMs) shiftClock(opening.clockShiftMs)
  const entry = (/** @type {string} */ file) =>
    import(pathToFileURL(join(opening.package, file)).href)
  const northbound = await entry('node.js')
  const tokenStore = await openStore(opening.store, northbound, entry)
  const send = (await entry('node-fetch.js')).nodeFetch()
  clients = Array.from(
    { length: opening.clients ?? 1 },
    () =>
      new northbound.NorthApiClient(
        { ...app, baseUrl },
        {
          ...options,
          fetch: stoppingFetch(send),
          ...(tokenStore && { tokenStore: stoppingStore(tokenStore) }),
          ...(watch && { onEvent: tell }),
        },
      ),
  )
}

/**
 * Moves the wall clock of this process. The package reads it by `Date.now()` alone, which is why no
 * library below Node (such as libfaketime) is needed; that would move the timers too.
 *
 * @param {number} ms
 */
function shiftClock(ms) {
  const { now } = Date
  Date.now = () => now() + ms
}

/** @param {import('northbound').ClientEvent} event */
function tell(event) {
  if (event.type === 'token' || event.type === 'warning' || event.type === 'request') {
    write({ event })
  }
}

/** Synchronous: what is told must be out before the process stops. @param {object} message */
function write(message) {
  const line = Buffer.from(`${JSON.stringify(message)}\n`)
  for (let sent = 0; sent < line.length;) {
    try {
      sent += writeSync(1, line, sent)
    } catch (error) {
      // The reader is busy, or gone.
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EAGAIN') process.exit(1)
    }
  }
}

/** @param {Moment} moment */
function stopIfTold(moment) {
  if (stopAt !== moment) return
  stopAt = undefined
  write({ stopped: moment })
  process.kill(process.pid, 'SIGSTOP')
}

/**
 * @param {import('northbound').FetchLike} send
 * @returns {import('northbound').FetchLike}
 */
function stoppingFetch(send) {
  return async (url, init) => {
    const login = /\/(login|refreshToken)$/.test(url)
    if (login) stopIfTold('login')
    const answer = await send(url, init)
    if (login) stopIfTold('answer')
    return answer
  }
}

/**
 * @param {import('northbound').TokenStore} store
 * @returns {import('northbound').TokenStore}
 */
function stoppingStore(store) {
  return new Proxy(store, {
    get(target, name) {
      const member = Reflect.get(target, name)
      if (name !== 'acquire') return typeof member === 'function' ? member.bind(target) : member
      return async (/** @type {Parameters<typeof store.acquire>} */ ...args) => {
        const answer = await target.acquire(...args)
        if ('generation' in answer) stopIfTold('lease')
        return answer
      }
    },
  })
}

createInterface(process.stdin)
  .on('line', async (line) => {
    const message = JSON.parse(line)
    try {
      const result = await COMMANDS[message.do]?.(message)
      write({ id: message.id, result: result ?? null })
    } catch (error) {
      write({ id: message.id, error: String(/** @type {any} */ (error)?.stack ?? error) })
    }
  })
  .on('close', () => process.exit(0))
