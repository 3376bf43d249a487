// The process that may log in is stopped by the system for longer than its lease, then goes on: what
// it still holds is worth nothing, and nobody is harmed by it.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { together } from '../../sessions/load.js'
import { DEVICES, HOUR_S, seenBy, startPlatform } from '../../sessions/platform.js'
import { startWorkers, stopWorkers } from '../../sessions/processes.js'
import { startRedis } from '../support/redis.js'

/** @typedef {import('../../sessions/worker.js').Moment} Moment */

const LEASE_MS = 3000
const PAUSE_MS = 1.6 * LEASE_MS

/** @type {Awaited<ReturnType<typeof startRedis>>} */
let redis

before(async () => {
  redis = await startRedis()
})
after(() => redis?.stop())

/**
 * Four processes without a token; the first gets the lease, stops itself at the moment, and goes on
 * when another one has long logged in in its place.
 *
 * @param {Moment} moment
 * @param {'fence'} [without]
 */
async function pauseAt(moment, without) {
  const platform = await startPlatform({ tokenLifeS: HOUR_S })
  const store = /** @type {const} */ ({ kind: 'redis', url: redis.url })
  const workers = await startWorkers(4, () => ({
    baseUrl: platform.http,
    store: { ...store, ...(without && { without }) },
    options: { throttle: false },
  }))
  try {
    const [holder, ...others] = workers
    assert.ok(holder)
    const load = { calls: 120, lanes: 4, seconds: 8, devices: DEVICES }
    const { stopped } = await holder.stopsAt(moment)
    const outcomes = [holder.load(load)]
    await stopped
    outcomes.push(...others.map((worker) => worker.load(load)))
    await sleep(PAUSE_MS)
    holder.signal('SIGCONT')
    return { outcome: together(await Promise.all(outcomes)), seen: await seenBy(platform) }
  } finally {
    workers.forEach((worker) => worker.signal('SIGCONT'))
    await stopWorkers(workers)
    await platform.stop()
  }
}

describe('a holder that is paused for 1.6 leases', { concurrency: 2 }, () => {
  /**
   * The fewest logins that are possible. A login that had left the client's hands before the pause
   * reaches the platform after it and ends the token of the others, whatever any client does.
   *
   * @type {[Moment, string, number][]}
   */
  const moments = [
    ['lease', 'with the lease in hand, before its login', 1],
    ['login', 'at the moment of its login', 3],
    ['answer', 'with the token in hand, before it is stored', 2],
  ]
  for (const [moment, words, logins] of moments) {
    test(`${words}, harms no call and no token (logins: ${logins} at most)`, async () => {
      const { outcome, seen } = await pauseAt(moment)
      assert.deepEqual([outcome.calls, outcome.errors], [480, {}])
      assert.ok(seen.logins <= logins, `${seen.logins} logins`)
      assert.ok(seen.maxTokenCallsInFlight <= 1, `${seen.maxTokenCallsInFlight} in flight`)
    })
  }

  test('costs calls or a living token where the store takes every commit', async () => {
    const { outcome, seen } = await pauseAt('answer', 'fence')
    assert.ok(outcome.failed > 0 || seen.logins > 2, `${seen.logins} logins, no call failed`)
  })
})

test('a lease that ends before the login does lets two log in at once', async () => {
  // The control of "most in flight": with leases of a third of their time, never renewed.
  const logins = async (/** @type {'fence' | undefined} */ without) => {
    const platform = await startPlatform({ tokenLifeS: HOUR_S })
    const slow = { operation: 'login', times: -1, kind: 'delay', ms: 2500 }
    await platform.control('POST', '/faults', slow)
    const workers = await startWorkers(4, () => ({
      baseUrl: platform.http,
      store: { kind: 'redis', url: redis.url, ...(without && { without }) },
      options: { throttle: false },
    }))
    try {
      const load = { calls: 8, lanes: 2, seconds: 0, devices: DEVICES }
      const outcome = together(await Promise.all(workers.map((worker) => worker.load(load))))
      return { outcome, inFlight: (await seenBy(platform)).maxTokenCallsInFlight }
    } finally {
      await stopWorkers(workers)
      await platform.stop()
    }
  }
  const fenced = await logins(undefined)
  assert.deepEqual([fenced.inFlight, fenced.outcome.errors], [1, {}])
  assert.ok((await logins('fence')).inFlight > 1)
})
