// Machines whose clocks disagree: lives of tokens and leases travel as durations, never as dates.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { together } from '../../sessions/load.js'
import { DEVICES, HOUR_S, seenBy, startPlatform } from '../../sessions/platform.js'
import { startWorkers, stopWorkers } from '../../sessions/processes.js'
import { startRedis } from '../support/redis.js'

const SEVENTY_MINUTES = 70 * 60_000

/** @type {Awaited<ReturnType<typeof startRedis>>} */
let redis

before(async () => {
  redis = await startRedis()
})
after(() => redis?.stop())

test('one worker 70 minutes ahead and one behind share one login with two that are right', async () => {
  const platform = await startPlatform({ tokenLifeS: HOUR_S })
  const clocks = [SEVENTY_MINUTES, -SEVENTY_MINUTES, 0, 0]
  const workers = await startWorkers(clocks.length, (index) => ({
    baseUrl: platform.http,
    store: { kind: 'redis', url: redis.url },
    options: { throttle: false },
    clockShiftMs: clocks[index] ?? 0,
  }))
  try {
    const load = { calls: 150, lanes: 4, seconds: 4, devices: DEVICES }
    // One after the other first, so that each in turn meets what another has stored.
    for (const worker of workers) await worker.token()
    const { calls, failed, errors } = together(
      await Promise.all(workers.map((worker) => worker.load(load))),
    )
    assert.deepEqual({ calls, failed, errors }, { calls: 600, failed: 0, errors: {} })
    const seen = await seenBy(platform)
    assert.deepEqual([seen.logins, seen.refreshes], [1, 0])
  } finally {
    await stopWorkers(workers)
    await platform.stop()
  }
})

test('the clock of a worker is really moved', async () => {
  // The control: were the clocks alike, the test above would say nothing.
  const platform = await startPlatform({ tokenLifeS: HOUR_S })
  const [worker] = await startWorkers(1, () => ({
    baseUrl: platform.http,
    store: { kind: 'own' },
    clockShiftMs: SEVENTY_MINUTES,
  }))
  assert.ok(worker)
  try {
    const ahead = (await worker.clock()) - Date.now()
    assert.ok(Math.abs(ahead - SEVENTY_MINUTES) < 60_000, `${ahead} ms ahead`)
  } finally {
    await stopWorkers([worker])
    await platform.stop()
  }
})
