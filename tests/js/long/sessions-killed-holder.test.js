// The process that may log in dies at a random moment of its login, again and again: the others wait
// for its lease to end, and lose nothing.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { together } from '../../sessions/load.js'
import { DEVICES, HOUR_S, seenBy, startPlatform } from '../../sessions/platform.js'
import { startWorker, startWorkers, stopWorkers } from '../../sessions/processes.js'
import { startRedis } from '../support/redis.js'

/** @typedef {import('../../sessions/stores.js').StoreSpec} StoreSpec */

const ARENAS = 5
const ROUNDS = 10
const LEASE_MS = 3000
const TO_NOTICE_MS = 1000
/** How long a login takes on this platform before it acts; its answer takes 30 ms more. */
const LOGIN_MS = 200

/** @type {Awaited<ReturnType<typeof startRedis>>} */
let redis
/** @type {string} */
let folder

before(async () => {
  redis = await startRedis()
  folder = mkdtempSync(join(tmpdir(), 'northbound-killed-'))
})
after(async () => {
  await redis?.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

describe('the death of the one that logs in', { concurrency: true }, () => {
  for (let arena = 1; arena <= ARENAS; arena += 1) {
    const onFile = arena % 2 === 0
    test(`costs the others no call and at most the lease, ${ROUNDS} times on ${onFile ? 'a file' : 'Redis'} (${arena})`, async () => {
      await deaths(
        onFile
          ? { kind: 'file', path: join(folder, `token-${arena}`) }
          : { kind: 'redis', url: redis.url },
      )
    })
  }
})

/** @param {StoreSpec} store */
async function deaths(store) {
  const platform = await startPlatform({ tokenLifeS: HOUR_S })
  const slow = { operation: 'login', times: -1, kind: 'delay', ms: LOGIN_MS }
  await platform.control('POST', '/faults', slow)
  const options = { throttle: false }
  const opening = { baseUrl: platform.http, store, options, watch: true }
  const workers = await startWorkers(3, () => opening)
  const load = { calls: 8, lanes: 2, seconds: 0.5, devices: DEVICES }
  try {
    // A round in which nobody dies: what the login and a call take on this machine.
    await platform.control('POST', '/tokens/kill')
    const calm = together(await Promise.all(workers.map((worker) => worker.load(load))))
    assert.deepEqual(calm.errors, {})

    for (let round = 0; round < ROUNDS; round += 1) {
      await platform.control('POST', '/tokens/kill')
      const begun = workers.map((worker, index) =>
        worker.first(isLogin).then(() => /** @type {const} */ ([worker, index])),
      )
      const outcomes = workers.map((worker) => worker.load(load).catch(() => undefined))
      const [holder, place] = await Promise.race(begun)
      await sleep(Math.random() * (LOGIN_MS + 60))
      holder.signal('SIGKILL')
      await holder.ended

      const survivors = (await Promise.all(outcomes)).filter((_, index) => index !== place)
      const { calls, errors, slowestMs } = together(survivors.filter((one) => one !== undefined))
      assert.deepEqual({ calls, errors }, { calls: 16, errors: {} }, `round ${round}`)
      const most = LEASE_MS + TO_NOTICE_MS + calm.slowestMs
      assert.ok(slowestMs <= most, `${slowestMs} of ${most} ms in round ${round}`)
      workers[place] = await startWorker(opening)
    }
    const seen = await seenBy(platform)
    assert.ok(seen.maxTokenCallsInFlight <= 1, `${seen.maxTokenCallsInFlight} logins in flight`)
  } finally {
    await stopWorkers(workers)
    await platform.stop()
  }
}

/** @param {any} message */
function isLogin({ event }) {
  return event?.type === 'request' && event.path.endsWith('/login')
}
