// The application's budget of calls, shared by processes: never one call too many, and little unused.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { together } from '../sessions/load.js'
import { DEVICES, HOUR_S, seenBy, startPlatform } from '../sessions/platform.js'
import { startWorkers, stopWorkers } from '../sessions/processes.js'
import { startRedis } from './support/redis.js'

const LIMIT = 100
const WINDOW_MS = 12_000
const THROTTLE = { calls: LIMIT, perMs: WINDOW_MS }
const REJECTED = '403/1010009'

/** @type {Awaited<ReturnType<typeof startRedis>>} */
let redis
/** @type {string} */
let folder
/** @type {Record<'redis' | 'file' | 'pause' | 'late' | 'exact' | 'alone', Awaited<ReturnType<typeof open>>>} */
let groups

before(async () => {
  redis = await startRedis()
  folder = mkdtempSync(join(tmpdir(), 'northbound-throttle-'))
  const inRedis = /** @type {const} */ ({ kind: 'redis', url: redis.url })
  // All are there before the first call: processes that start would slow down those that count.
  groups = {
    redis: await open(10, inRedis),
    file: await open(10, { kind: 'file', path: join(folder, 'token') }),
    pause: await open(4, inRedis),
    late: await open(2, inRedis),
    exact: await open(2, inRedis, { throttle: { ...THROTTLE, slackMs: 0 }, retry: false }),
    alone: await open(4, { ...inRedis, without: 'take' }, { retry: false }),
  }
})
after(async () => {
  for (const close of closers.reverse()) await close()
  await redis?.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

/** @type {(() => Promise<void>)[]} */
const closers = []

/**
 * A platform with the limit, and workers on one store that all know it.
 *
 * @param {number} processes
 * @param {import('../sessions/stores.js').StoreSpec} store
 * @param {Record<string, unknown>} [options]
 */
async function open(processes, store, options = {}) {
  const args = ['--window-ms', String(WINDOW_MS)]
  const platform = await startPlatform({ tokenLifeS: HOUR_S, limit: LIMIT, args })
  closers.push(() => platform.stop())
  const workers = await startWorkers(processes, () => ({
    baseUrl: platform.http,
    store,
    options: { throttle: THROTTLE, ...options },
    watch: true,
  }))
  closers.push(() => stopWorkers(workers))
  /** @type {string[]} */
  const warnings = []
  for (const worker of workers) {
    worker.onEvent((event) => event.type === 'warning' && warnings.push(event.message))
  }
  return {
    workers,
    warnings,
    platform,
    /** All workers make so many calls as fast as they may. */
    burst: async (/** @type {number} */ calls) => {
      const load = { calls, lanes: calls, seconds: 0, devices: DEVICES }
      return together(await Promise.all(workers.map((worker) => worker.load(load))))
    },
  }
}

// Side by side: they spend their time waiting for windows to pass.
describe('calls beyond the limit', { concurrency: true }, () => {
  for (const place of /** @type {const} */ (['redis', 'file'])) {
    test(`of 10 processes, counted in ${place}: none is refused, and over 3 windows nine tenths of the rate are used`, async () => {
      const { burst, platform, warnings } = groups[place]
      const { calls, errors } = await burst(40)
      assert.deepEqual({ calls, errors, warnings }, { calls: 400, errors: {}, warnings: [] })
      await noneRefused(platform)

      const times = (await platform.journal())
        .filter((/** @type {any} */ call) => /Device/.test(call.operation))
        .map((/** @type {any} */ call) => call.start_ms)
      // The first burst comes for nothing; what follows it is measured against the rate.
      const windows = (Math.max(...times) - Math.min(...times)) / WINDOW_MS
      assert.ok(windows >= 3, `${windows} windows`)
      const used = (times.length - LIMIT) / (windows * LIMIT)
      assert.ok(used >= 0.9, `${(used * 100).toFixed(1)} % of the rate used`)
    })
  }

  test('of 4 processes are held back after one call, a pause of nine tenths of the window and a burst', async () => {
    const { burst, workers, platform, warnings } = groups.pause
    await workers[0]?.load({ calls: 1, lanes: 1, seconds: 0, devices: DEVICES })
    await sleep(0.9 * WINDOW_MS)
    const { calls, errors } = await burst(50)
    assert.deepEqual({ calls, errors, warnings }, { calls: 200, errors: {}, warnings: [] })
    await noneRefused(platform)
  })

  test('are not refused where the first hundred came late: that is what the slack is for', async () => {
    const { calls, errors } = await lateBurst(groups.late)
    assert.deepEqual({ calls, errors }, { calls: 150, errors: {} })
    await noneRefused(groups.late.platform)
  })

  test('are refused where the first hundred came late and there is no slack', async () => {
    const { failed } = await lateBurst(groups.exact)
    assert.ok(failed > 0)
    assert.ok(((await seenBy(groups.exact.platform)).answers[REJECTED] ?? 0) > 0)
  })

  test('are refused where each process counts for itself', async () => {
    const { burst, platform } = groups.alone
    const { failed } = await burst(50)
    assert.ok(failed > 0)
    const seen = await seenBy(platform)
    assert.ok((seen.answers[REJECTED] ?? 0) > 0, JSON.stringify(seen.answers))
    assert.ok(seen.maxCallsInWindow > LIMIT, `${seen.maxCallsInWindow} in a window`)
  })
})

/** 150 calls, the first window's 200 ms under way. @param {Awaited<ReturnType<typeof open>>} group */
async function lateBurst({ burst, workers, platform }) {
  // The login would be late as well.
  for (const worker of workers) await worker.token()
  const late = { operation: '*', times: -1, kind: 'delay', ms: 200 }
  await platform.control('POST', '/faults', late)
  const outcome = burst(150 / workers.length)
  await sleep(WINDOW_MS / 2)
  await platform.control('DELETE', '/faults')
  return outcome
}

/** @param {Awaited<ReturnType<typeof startPlatform>>} platform */
async function noneRefused(platform) {
  const seen = await seenBy(platform)
  assert.equal(seen.answers[REJECTED], undefined)
  assert.ok(seen.maxCallsInWindow <= LIMIT, `${seen.maxCallsInWindow} in a window`)
}
