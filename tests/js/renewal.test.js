// A token that grows old: renewed ahead of its end, by clocks that may do anything.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'

import { until } from './support/expect.js'
import { importPackage } from './support/package.js'
import {
  checkThatRejectionsAreSeen,
  clocksOf,
  listener,
  many,
  watchRejections,
} from './support/sharing.js'
import { APP, startSimulator } from './support/simulator.js'
import { stubPlatform } from './support/stub.js'

/** @typedef {import('northbound').NorthApiOptions} NorthApiOptions */

const { NorthApiClient, memoryTokenStore } = await importPackage()

const DEVICE = { deviceId: 'dev-1' }
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

const unhandled = watchRejections()
/** @type {Awaited<ReturnType<typeof startSimulator>>} */
let sim

before(async () => {
  sim = await startSimulator({ args: ['--limit', 'off'] })
})
after(async () => {
  await sim?.stop()
  assert.deepEqual(unhandled, [])
})
beforeEach(async () => {
  await sim.control('POST', '/reset', { settings: true })
  await sim.control('POST', '/devices', { ...DEVICE, nodeId: 'n1', state: 'offline' })
})

/** @param {NorthApiOptions} [options] */
function connect(options = {}) {
  const heard = listener()
  const client = new NorthApiClient(
    { ...APP, baseUrl: sim.http },
    { retry: false, throttle: false, onEvent: heard.onEvent, ...options },
  )
  return { client, ...heard }
}

/** With a store and without: what holds of both. */
const KINDS = /** @type {const} */ ([
  ['alone', () => ({})],
  ['with a store', () => ({ tokenStore: memoryTokenStore() })],
])

/** @param {Record<string, unknown>} settings */
const set = (settings) => sim.control('PATCH', '/settings', settings)

/** @param {string} operation @param {object} fault */
const order = (operation, fault) => sim.control('POST', '/faults', { operation, ...fault })

/** @returns {Promise<string[]>} the operations that the platform saw */
const seen = async () => (await sim.journal()).map((/** @type {any} */ call) => call.operation)

/** @param {string} operation */
const count = async (operation) => (await sim.journal(operation)).length

/** Moves the clocks of the client and of the platform. @param {ReturnType<typeof clocksOf>} clocks */
async function advance(clocks, /** @type {number} */ ms) {
  clocks.wallMs += ms
  clocks.monotonicMs += ms
  await sim.control('POST', '/clock', { advanceMs: ms })
}

for (const [kind, sharing] of KINDS) {
  describe(`a client ${kind}: a token of an hour`, () => {
    test('is not renewed while more than eleven minutes are left', async (t) => {
      const clocks = clocksOf(t)
      const { client } = connect(sharing())
      await client.getAuthToken()
      await advance(clocks, 48.5 * MINUTE)
      await client.queryDeviceStatus(DEVICE)
      assert.deepEqual(await seen(), ['login', 'queryDeviceStatus'])
    })

    test('is renewed in the background with nine minutes left, and nobody waits', async (t) => {
      const clocks = clocksOf(t)
      const { client, causes } = connect(sharing())
      const former = await client.getAuthToken()
      await advance(clocks, 51.5 * MINUTE)
      await order('refreshToken', { kind: 'delay', ms: 500 })
      await client.queryDeviceStatus(DEVICE)
      assert.deepEqual(causes(), ['login'], 'the call was answered before the renewal')
      await until(() => assert.deepEqual(causes(), ['login', 'refresh']))
      const next = await client.getAuthToken()
      assert.notEqual(next.accessToken, former.accessToken)
      await client.queryDeviceStatus(DEVICE)
      assert.deepEqual((await seen()).toSorted(), [
        ...['login', 'queryDeviceStatus', 'queryDeviceStatus', 'refreshToken'],
      ])
    })

    test('is renewed by one call of many', async (t) => {
      const clocks = clocksOf(t)
      const { client, causes } = connect(sharing())
      await client.getAuthToken()
      await advance(clocks, 51.5 * MINUTE)
      await Promise.all(many(50, () => client.queryDeviceStatus(DEVICE)))
      await until(() => assert.ok(causes().includes('refresh')))
      // Calls that the renewal overtakes are refused the former token, and take the newer one.
      assert.deepEqual(
        causes().filter((cause) => cause !== 'rejected'),
        ['login', 'refresh'],
      )
      assert.deepEqual([await count('login'), await count('refreshToken')], [1, 1])
    })

    test('is waited for in its last minute', async (t) => {
      const clocks = clocksOf(t)
      const { client } = connect(sharing())
      await client.getAuthToken()
      await advance(clocks, HOUR - 50 * SECOND)
      await order('refreshToken', { kind: 'delay', ms: 200 })
      const start = performance.now()
      await Promise.all(many(5, () => client.queryDeviceStatus(DEVICE)))
      assert.ok(performance.now() - start >= 190)
      const calls = ['login', 'refreshToken', ...Array(5).fill('queryDeviceStatus')]
      assert.deepEqual(await seen(), calls)
    })

    test('that cannot be renewed fails no call while it lives, and is tried ever more rarely', async (t) => {
      const clocks = clocksOf(t)
      const { client, warnings } = connect(sharing())
      await client.getAuthToken()
      await order('refreshToken', { kind: 'error', code: '50252', status: 500, times: -1 })
      await order('login', { kind: 'error', code: '50252', status: 500, times: -1 })
      await advance(clocks, 51.5 * MINUTE)
      // A call every 5 seconds until 10 seconds before the end.
      for (const _ of many(100, (index) => index)) {
        await client.queryDeviceStatus(DEVICE)
        await advance(clocks, 5 * SECOND)
      }
      const tried = await count('refreshToken')
      assert.ok(tried >= 4 && tried <= 7, `${tried} attempts`)
      await until(() => assert.equal(warnings('renewal').length, tried))
      const waits = warnings('renewal').map((text) => Number(/in (\d+) s$/.exec(text)?.[1]))
      waits.slice(1, 3).forEach((wait, index) => {
        const ratio = wait / Number(waits[index])
        assert.ok(ratio > 1.9 && ratio < 2.1, `waits of ${waits} s`)
      })
      assert.ok(Math.max(...waits) <= 165, `waits of ${waits} s`)
      const sentence =
        '[500 / 50252] The platform failed internally. Repeat a few times with pauses, then report it to the ' +
        'platform operator.'
      assert.ok(warnings('renewal')[0]?.includes(` end: ${sentence} It is used on`))
      await sim.control('DELETE', '/faults')
      await advance(clocks, MINUTE)
      await client.queryDeviceStatus(DEVICE)
      assert.deepEqual(warnings().length, tried)
    })

    test('that cannot be renewed before its end gives the login’s error, and only then', async (t) => {
      const clocks = clocksOf(t)
      const { client } = connect(sharing())
      await client.getAuthToken()
      await order('login', { kind: 'error', code: '50252', status: 500 })
      await advance(clocks, HOUR)
      await assert.rejects(client.queryDeviceStatus(DEVICE), { operation: 'getAuthToken' })
      await client.queryDeviceStatus(DEVICE)
    })
  })

  describe(`a client ${kind}: a token of 30 seconds`, () => {
    test('is renewed each 20 to 23 seconds, and not in a loop', async (t) => {
      const clocks = clocksOf(t)
      await set({ tokenLifeS: 30 })
      const { client, causes } = connect(sharing())
      for (const _ of many(120, (index) => index)) {
        await client.queryDeviceStatus(DEVICE)
        await advance(clocks, SECOND)
      }
      // A call that a renewal overtakes is refused the former token, and takes the newer one.
      const renewals = causes().filter((cause) => cause !== 'rejected').length
      assert.ok(renewals >= 5 && renewals <= 7, `${renewals} tokens in 2 minutes`)
      assert.equal((await count('login')) + (await count('refreshToken')), renewals)
    })

    test('of which the platform tells an hour is mended by one login each time', async (t) => {
      const clocks = clocksOf(t)
      const { client, causes } = connect(sharing())
      for (const _ of many(3, (index) => index)) {
        await many(3, () => 0).reduce(async (previous) => {
          await previous
          await client.queryDeviceStatus(DEVICE)
          return 0
        }, Promise.resolve(0))
        clocks.monotonicMs += 30 * SECOND
        clocks.wallMs += 30 * SECOND
        await sim.control('POST', '/tokens/kill')
      }
      assert.deepEqual(causes(), ['login', 'rejected', 'login', 'rejected', 'login'])
    })

    test('that outlives itself by the platform’s clock alone is not sent again by the client’s', async (t) => {
      const clocks = clocksOf(t)
      await set({ tokenLifeS: 30 })
      const { client, causes } = connect(sharing())
      await client.queryDeviceStatus(DEVICE)
      clocks.monotonicMs += 31 * SECOND
      clocks.wallMs += 31 * SECOND
      await client.queryDeviceStatus(DEVICE)
      assert.deepEqual(causes(), ['login', 'login'])
    })
  })

  describe(`a client ${kind}: clocks`, () => {
    /** @type {[string, (clocks: ReturnType<typeof clocksOf>) => void][]} */
    const JUMPS = [
      ['a calendar that jumps two hours ahead', (clocks) => (clocks.wallMs += 2 * HOUR)],
      [
        'a laptop that slept, whose other clock stood still',
        (clocks) => (clocks.wallMs += 9 * HOUR),
      ],
      ['a calendar that stands still', (clocks) => (clocks.monotonicMs += 2 * HOUR)],
    ]
    for (const [name, jump] of JUMPS) {
      test(`${name} lead to one login and to no error`, async (t) => {
        const clocks = clocksOf(t)
        const { client, events, causes } = connect(sharing())
        await Promise.all(many(5, () => client.queryDeviceStatus(DEVICE)))
        jump(clocks)
        await Promise.all(many(20, () => client.queryDeviceStatus(DEVICE)))
        await client.queryDeviceStatus(DEVICE)
        assert.deepEqual(causes(), ['login', 'login'])
        assert.equal(await count('login'), 2)
        const ends = events.filter(({ type }) => type === 'done')
        assert.equal(ends.length, 26)
        for (const end of ends) assert.equal('outcome' in end && end.outcome, 'ok')
        assert.equal(events.filter(({ type }) => type === 'failure').length, 0)
      })
    }

    test('a calendar that is set back two hours leads to no login and to no error', async (t) => {
      const clocks = clocksOf(t)
      const { client, causes } = connect(sharing())
      await client.queryDeviceStatus(DEVICE)
      clocks.wallMs -= 2 * HOUR
      await Promise.all(many(20, () => client.queryDeviceStatus(DEVICE)))
      assert.deepEqual(causes(), ['login'])
    })

    test('one that is stuck leaves the calendar to tell a token’s age', async (t) => {
      const now = performance.now()
      t.mock.method(performance, 'now', () => now)
      let wallMs = 0
      const wall = Date.now.bind(Date)
      t.mock.method(Date, 'now', () => wall() + wallMs)
      const { client, causes } = connect(sharing())
      await client.queryDeviceStatus(DEVICE)
      wallMs += 51.5 * MINUTE
      // A renewal that overtook the call would have it refused the former token.
      await order('refreshToken', { kind: 'delay', ms: 500 })
      await client.queryDeviceStatus(DEVICE)
      await until(() => assert.deepEqual(causes(), ['login', 'refresh']))
      wallMs += HOUR
      await client.queryDeviceStatus(DEVICE)
      assert.deepEqual(causes(), ['login', 'refresh', 'login'])
    })

    test('one that throws is replaced by the calendar', async (t) => {
      t.mock.method(performance, 'now', () => {
        throw new Error('no such clock')
      })
      const { client, causes } = connect({ ...sharing(), fetch: stubPlatform().fetch })
      await client.queryDeviceStatus(DEVICE)
      await client.queryDeviceStatus(DEVICE)
      assert.deepEqual(causes(), ['login'])
    })
  })
}

describe('two clients of one store', () => {
  test('renew an ageing token once, and the other one takes it over', async (t) => {
    const clocks = clocksOf(t)
    const tokenStore = memoryTokenStore()
    const [one, two] = many(2, () => connect({ tokenStore }))
    await one?.client.queryDeviceStatus(DEVICE)
    await two?.client.queryDeviceStatus(DEVICE)
    await advance(clocks, 51.5 * MINUTE)
    await order('refreshToken', { kind: 'delay', ms: 200 })
    const heard = () => [...(one?.causes() ?? []), ...(two?.causes() ?? [])].toSorted()
    await until(async () => {
      await one?.client.queryDeviceStatus(DEVICE)
      await two?.client.queryDeviceStatus(DEVICE)
      const causes = heard().filter((cause) => cause !== 'rejected')
      assert.deepEqual(causes, ['login', 'refresh', 'shared', 'shared'])
    })
    assert.deepEqual([await count('login'), await count('refreshToken')], [1, 1])
  })

  test('meet a calendar that jumps two hours ahead with one login between them', async (t) => {
    const clocks = clocksOf(t)
    const tokenStore = memoryTokenStore()
    const clients = many(2, () => connect({ tokenStore }).client)
    for (const client of clients) await client.queryDeviceStatus(DEVICE)
    clocks.wallMs += 2 * HOUR
    await Promise.all(clients.flatMap((client) => many(10, () => client.queryDeviceStatus(DEVICE))))
    assert.equal(await count('login'), 2)
  })

  test('without a common store log in each', async (t) => {
    const clocks = clocksOf(t)
    const clients = many(2, () => connect().client)
    await clients[0]?.queryDeviceStatus(DEVICE)
    await clients[1]?.queryDeviceStatus(DEVICE)
    clocks.wallMs += 2 * HOUR
    for (const client of clients) await client.queryDeviceStatus(DEVICE)
    assert.equal(await count('login'), 4)
  })
})

test('a rejection that nobody handles would be seen', checkThatRejectionsAreSeen)
