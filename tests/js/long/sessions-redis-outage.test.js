// Redis goes away under 8 processes that share a token by it, and comes back: with its data, without
// it, or after having been frozen, which closes no connection and answers nothing.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { together } from '../../sessions/load.js'
import { DEVICES, seenBy, startPlatform } from '../../sessions/platform.js'
import { startWorkers, stopWorkers } from '../../sessions/processes.js'
import { startRedis } from '../support/redis.js'

/** @typedef {Awaited<ReturnType<typeof startRedis>>} Redis */

const OUTAGE_MS = 3000
/** The first token ends while Redis is away: nobody can ask who may log in, and nobody must. */
const TOKEN_LIFE_S = 3
const BEFORE_MS = 1000
const SECONDS = 12

/**
 * Each takes the server down, brings one up in its place, and gives the one that runs then.
 *
 * @type {[string, (redis: Redis) => Promise<Redis>][]}
 */
const OUTAGES = [
  [
    'stopped and started again with its data',
    async (redis) => {
      await redis.stopAndKeep()
      await sleep(OUTAGE_MS)
      return startRedis({ port: redis.port, folder: redis.folder })
    },
  ],
  [
    'stopped and started again without its data',
    async (redis) => {
      process.kill(redis.pid, 'SIGTERM')
      await redis.stop()
      await sleep(OUTAGE_MS)
      return startRedis({ port: redis.port, folder: redis.folder })
    },
  ],
  [
    'frozen for 3 s',
    async (redis) => {
      redis.freeze()
      await sleep(OUTAGE_MS)
      redis.thaw()
      return redis
    },
  ],
]

describe('Redis', { concurrency: 2 }, () => {
  for (const through of /** @type {const} */ (['redis', 'ioredis'])) {
    for (const [words, outage] of OUTAGES) {
      test(`${words} costs 8 processes on ${through} no call and no login`, async () => {
        let redis = await startRedis()
        const platform = await startPlatform({ tokenLifeS: TOKEN_LIFE_S })
        const workers = await startWorkers(8, () => ({
          baseUrl: platform.http,
          store: { kind: 'redis', url: redis.url, through },
          options: { throttle: false },
        }))
        try {
          const load = { calls: 150, lanes: 4, seconds: SECONDS, devices: DEVICES }
          const outcomes = workers.map((worker) => worker.load(load))
          await sleep(BEFORE_MS)
          redis = await outage(redis)
          const { calls, errors, slowestMs } = together(await Promise.all(outcomes))
          assert.deepEqual({ calls, errors }, { calls: 1200, errors: {} })
          const { logins, refreshes, ...seen } = await seenBy(platform)
          assert.ok(
            logins + refreshes <= 1 + seen.tokensEndedByClock,
            `${logins} logins and ${refreshes} refreshes for ${seen.tokensEndedByClock} ends`,
          )
          assert.ok(seen.maxTokenCallsInFlight <= 1)
          // Else the outage was met by nobody, and nothing is shown.
          assert.ok(
            slowestMs >= 500,
            `the slowest call took ${slowestMs} ms: it waited for no Redis`,
          )
        } finally {
          await stopWorkers(workers)
          await platform.stop()
          await redis.stop()
        }
      })
    }
  }
})
