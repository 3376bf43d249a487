// The groups of the headline: who shares, through what, and how a group runs its load.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startRedis } from '../js/support/redis.js'
import { together } from './load.js'
import { DEVICES, seenBy, startPlatform } from './platform.js'
import { startWorkers, stopWorkers } from './processes.js'
import { openTabs } from './tabs.js'

/** @typedef {import('./table.js').Run} Run */

/**
 * How large a run is.
 *
 * @typedef {object} Size
 * @property {number} calls calls of the whole group
 * @property {number} seconds that they are spread over
 * @property {number} [tokenLifeS] real seconds that a token lives
 */

/** Enough for several ends of a token in each group. @type {Size} */
export const FULL = { calls: 1200, seconds: 14 }

/** Calls that each sharer makes at once. */
const LANES = 4

/**
 * A group: runs its load with one token for all, or with every sharer on its own.
 *
 * @typedef {{ name: string, run: (shared: boolean, size: Size) => Promise<Run> }} Group
 */

/** @type {Group[]} */
export const GROUPS = [
  {
    name: '8 Node processes, Redis',
    run: (shared, size) =>
      withRedis(shared, (redis) => processes(size, shared ? redis : { kind: 'own' })),
  },
  {
    name: '8 Node processes, a file',
    run: (shared, size) =>
      withFolder((folder) =>
        processes(size, shared ? { kind: 'file', path: join(folder, 'token') } : { kind: 'own' }),
      ),
  },
  {
    name: '6 tabs and a worker, IndexedDB',
    run: (shared, size) => tabs(size, shared),
  },
  {
    name: '200 clients, one process, memory',
    run: (shared, size) => manyClients(size, { kind: shared ? 'memory' : 'own' }),
  },
]

/** The clients' own limit would slow the load down; the platform has none here either. */
const OPTIONS = { throttle: false }

/**
 * @param {Size} size
 * @param {import('./stores.js').StoreSpec} store
 */
function processes(size, store) {
  return onPlatform(size, [], async (baseUrl, run) => {
    const workers = await startWorkers(8, () => ({ baseUrl, store, options: OPTIONS }))
    try {
      const load = { ...spread(size, workers.length), lanes: LANES }
      return await run(() => Promise.all(workers.map((worker) => worker.load(load))))
    } finally {
      await stopWorkers(workers)
    }
  })
}

/**
 * @param {Size} size
 * @param {import('./stores.js').StoreSpec} store
 */
function manyClients(size, store) {
  return onPlatform(size, [], async (baseUrl, run) => {
    const workers = await startWorkers(1, () => ({
      ...{ baseUrl, store, options: OPTIONS },
      clients: 200,
    }))
    try {
      const load = { ...spread(size, 1), lanes: 1 }
      return await run(() => Promise.all(workers.map((worker) => worker.load(load))))
    } finally {
      await stopWorkers(workers)
    }
  })
}

/** @param {Size} size @param {boolean} shared */
function tabs(size, shared) {
  const mounts = ['--mount', '/sessions=tests/sessions', '--mount', '/northbound=pkg']
  return onPlatform(size, mounts, async (baseUrl, run) => {
    const opened = await openTabs({ address: baseUrl, tabs: 6, workers: 1, shared })
    try {
      const load = { ...spread(size, opened.sharers), lanes: LANES }
      return await run(() => opened.load(load))
    } finally {
      await opened.close()
    }
  })
}

/** The part of each sharer. @param {Size} size @param {number} sharers */
function spread({ calls, seconds }, sharers) {
  return { calls: Math.ceil(calls / sharers), seconds, devices: DEVICES }
}

/**
 * Runs a load on a platform of its own.
 *
 * @param {Size} size
 * @param {string[]} args further flags of the simulator
 * @param {(address: string, run: (load: () => Promise<import('./load.js').Outcome[]>) => Promise<Run>)
 *   => Promise<Run>} use
 */
async function onPlatform({ tokenLifeS }, args, use) {
  const platform = await startPlatform({ ...(tokenLifeS && { tokenLifeS }), args })
  try {
    return await use(platform.http, async (load) => {
      const start = performance.now()
      const outcome = together(await load())
      const seconds = (performance.now() - start) / 1000
      return { outcome, seen: await seenBy(platform), seconds }
    })
  } finally {
    await platform.stop()
  }
}

/**
 * @template T
 * @param {boolean} needed
 * @param {(store: import('./stores.js').StoreSpec) => Promise<T>} use
 */
async function withRedis(needed, use) {
  if (!needed) return use({ kind: 'own' })
  const redis = await startRedis()
  try {
    return await use({ kind: 'redis', url: redis.url })
  } finally {
    await redis.stop()
  }
}

/**
 * @template T
 * @param {(folder: string) => Promise<T>} use
 */
async function withFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'northbound-sessions-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
