// How many calls go out: their order, their waits, and what is counted.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { valueOf } from './support/child.js'
import { rejection, until } from './support/expect.js'
import { importPackage } from './support/package.js'
import {
  checkThatRejectionsAreSeen,
  fullest,
  listener,
  many,
  METHODS,
  watched,
  watchRejections,
} from './support/sharing.js'
import { APP, startSimulator } from './support/simulator.js'
import { ADDRESS, operationOf, reply, stubPlatform } from './support/stub.js'

/**
 * @typedef {import('northbound').NorthApiOptions} NorthApiOptions
 * @typedef {import('northbound').ResponseLike | undefined} MaybeAnswer
 */

const { NorthApiClient, memoryTokenStore } = await importPackage()

const DEVICE = { deviceId: 'dev-1' }

const unhandled = watchRejections()
after(() => assert.deepEqual(unhandled, []))

/** @param {string} url */
const deviceOf = (url) => Number(/(\d+)$/.exec(new URL(url).pathname)?.[1])

/**
 * A client whose platform answers at once, and the calls that it sent; logins are none of them.
 *
 * @param {NorthApiOptions} options
 * @param {(sent: number) => MaybeAnswer | Promise<MaybeAnswer>} [answer] another answer to one of the
 *   calls
 */
function connect(options, answer = () => undefined) {
  const heard = listener()
  const platform = stubPlatform()
  /** @type {{ at: number, device: number }[]} */
  const sent = []
  /** @type {import('northbound').FetchLike} */
  const fetch = async (url, init) => {
    if (!operationOf(url, init).endsWith('AuthToken')) {
      sent.push({ at: performance.now(), device: deviceOf(url) })
      const other = await answer(sent.length)
      if (other) return other
    }
    return platform.fetch(url, init)
  }
  const both = { retry: /** @type {const} */ (false), onEvent: heard.onEvent, fetch, ...options }
  const client = new NorthApiClient({ ...APP, ...ADDRESS }, both)
  /** @param {number} number @param {AbortSignal} [signal] */
  const call = (number, signal) =>
    client.queryDeviceStatus({ deviceId: `dev-${number}` }, signal ? { signal } : {})
  return { client, call, sent, ...heard }
}

describe('a throttle', () => {
  test('lets 250 calls out in their order, 50 in any second, and tells each how long it waits', async () => {
    const { client, call, sent, events, waits } = connect({ throttle: { calls: 50, perMs: 1000 } })
    await client.getAuthToken()
    const calls = many(250, (number) => call(number))
    await until(() => assert.equal(waits().length, 200))
    const told = waits()
    assert.ok(sent.length <= 50, 'all are told before the first of them goes out')
    // Fifty wait for each window and its slack; the others of a window are told a moment later.
    told.forEach((wait, index) => {
      const windows = 1 + Math.floor(index / 50)
      assert.ok(wait <= windows * 1033 && wait > windows * 1033 - 400, `${index} waits ${wait}`)
    })
    await Promise.all(calls)
    assert.deepEqual(
      sent.map(({ device }) => device),
      many(250, (number) => number),
    )
    assert.ok(
      fullest(
        sent.map(({ at }) => at),
        1000,
      ) <= 50,
    )
    const start = Number(sent[0]?.at)
    const took = Number(sent[249]?.at) - start
    assert.ok(took > 4000 && took < 5500, `it took ${took} ms`)
    const [first] = events.filter(({ type }) => type === 'throttle')
    assert.ok(first?.type === 'throttle')
    const { call: number, delayMs, used, ...rest } = first
    assert.deepEqual(rest, {
      ...{ type: 'throttle', operation: 'queryDeviceStatus', calls: 50, perMs: 1000 },
    })
  })

  test('is left by who aborts, and those behind move up', async () => {
    const { call, sent, events } = connect({ throttle: { calls: 1, perMs: 1500, slackMs: 0 } })
    await call(0)
    const controller = new AbortController()
    const gone = many(3, (number) => rejection(call(number + 1, controller.signal)))
    const last = call(4)
    await until(() =>
      assert.equal(events.filter(({ type }) => type === 'throttle').length, 4, 'all are told'),
    )
    const start = performance.now()
    controller.abort('enough')
    assert.deepEqual(await Promise.all(gone), Array(3).fill('enough'))
    assert.ok(performance.now() - start < 150)
    await last
    assert.deepEqual(
      sent.map(({ device }) => device),
      [0, 4],
    )
    const waited = Number(sent[1]?.at) - Number(sent[0]?.at)
    assert.ok(waited >= 1495 && waited < 2900, `it waited ${waited} ms instead of 6000`)
    const ends = events.flatMap((event) => (event.type === 'done' ? [event.outcome] : []))
    assert.deepEqual(ends, ['ok', 'aborted', 'aborted', 'aborted', 'ok'])
  })

  test('is not there where it is switched off', async () => {
    const { call, sent, events } = connect({ throttle: false })
    await Promise.all(many(300, (number) => call(number)))
    assert.equal(sent.length, 300)
    assert.equal(events.filter(({ type }) => type === 'throttle').length, 0)
    assert.ok(
      fullest(
        sent.map(({ at }) => at),
        1000,
      ) > 100,
    )
  })

  test('lets a hundred calls a minute out by default, and the next one waits', async () => {
    const { call, sent, waits } = connect({})
    const controller = new AbortController()
    await Promise.all(many(100, (number) => call(number)))
    const next = rejection(call(100, controller.signal))
    await until(() => assert.equal(waits().length, 1))
    assert.ok(Number(waits()[0]) > 55_000 && Number(waits()[0]) <= 62_000)
    controller.abort('enough')
    assert.equal(await next, 'enough')
    assert.equal(sent.length, 100)
  })

  test('counts what is sent again', async () => {
    const retry = { attempts: 3, baseDelayMs: 1 }
    const throttle = { calls: 2, perMs: 1500, slackMs: 0 }
    const { call, sent } = connect({ retry, throttle }, (number) =>
      number <= 2 ? reply(500, { error_code: '50252', error_desc: 'busy' }) : undefined,
    )
    await call(0)
    assert.equal(sent.length, 3)
    const [first, second, third] = sent.map(({ at }) => at)
    assert.ok(Number(second) - Number(first) < 1000)
    assert.ok(Number(third) - Number(first) >= 1495)
  })

  test('does not count logins', async () => {
    const { client, call, sent, waits } = connect({ throttle: { calls: 1, perMs: 60_000 } })
    for (const force of [false, true, true]) await client.getAuthToken({ force })
    await client.refreshAuthToken()
    await call(0)
    assert.equal(sent.length, 1)
    assert.deepEqual(waits(), [])
  })

  test('takes no time from the retries: who waited long is sent again after a failure', async () => {
    const failing = (/** @type {number} */ number) =>
      number === 2 ? reply(500, { error_code: '50252', error_desc: 'busy' }) : undefined
    const retry = { attempts: 2, baseDelayMs: 1, totalMs: 400 }
    const { call, sent } = connect({ retry, throttle: { calls: 1, perMs: 600 } }, failing)
    await call(0)
    await call(1)
    assert.deepEqual(
      sent.map(({ device }) => device),
      [0, 1, 1],
    )
    const slow = connect({ retry: { ...retry, baseDelayMs: 1000 }, throttle: false }, async () => {
      // The control: time that is spent otherwise does count.
      await sleep(450)
      return reply(500, { error_code: '50252', error_desc: 'busy' })
    })
    await rejection(slow.call(0))
    assert.equal(slow.sent.length, 1)
  })

  test('answers the calls of a client that is freed while they wait', async () => {
    const { client, call, sent, waits } = connect({ throttle: { calls: 1, perMs: 300 } })
    await client.getAuthToken()
    const calls = many(4, (number) => call(number))
    await until(() => assert.equal(waits().length, 3))
    client.free()
    await Promise.all(calls)
    assert.deepEqual(
      sent.map(({ device }) => device),
      [0, 1, 2, 3],
    )
  })

  test('lets calls out although the clock that never goes back is stuck', async (t) => {
    const now = performance.now()
    const { call, sent } = connect({ throttle: { calls: 2, perMs: 300 } })
    await call(0)
    t.mock.method(performance, 'now', () => now)
    const signal = AbortSignal.timeout(5000)
    const calls = await Promise.allSettled(many(4, (number) => call(number + 1, signal)))
    assert.deepEqual(
      calls.map(({ status }) => status),
      Array(4).fill('fulfilled'),
      'within 5 seconds',
    )
    assert.equal(sent.length, 5)
  })

  test('keeps no process alive once the call that waited is aborted', async () => {
    const { left, took } = await valueOf(`
      import { NorthApiClient } from 'northbound'
      const body = { scope: 'default', tokenType: 'bearer', expiresIn: 3600,
        accessToken: 'a', refreshToken: 'r', deviceId: 'd', activated: true, name: null }
      const fetch = async () => new Response(JSON.stringify(body))
      const info = { appId: 'a', secret: 'b', platformIp: 'platform.example', platformPort: 1 }
      const client = new NorthApiClient(info, { fetch, throttle: { calls: 1, perMs: 60000 } })
      await client.queryDeviceStatus({ deviceId: 'd' })
      const signal = AbortSignal.timeout(100)
      const start = performance.now()
      const left = await client.queryDeviceStatus({ deviceId: 'd' }, { signal }).catch((e) => e.name)
      process.on('exit', () =>
        console.log(JSON.stringify({ left, took: performance.now() - start })))
    `)
    assert.equal(left, 'TimeoutError')
    assert.ok(took < 3000, `the process ended after ${took} ms`)
  })
})

describe('a shared throttle', { concurrency: true }, () => {
  const BUDGET = { calls: 20, perMs: 1000 }

  /** @param {() => NorthApiOptions} sharing @param {number} each */
  async function twoSend(sharing, each) {
    const clients = many(2, () => connect({ throttle: BUDGET, ...sharing() }))
    await Promise.all(clients.map(({ client }) => client.getAuthToken()))
    await Promise.all(clients.flatMap(({ call }) => many(each, (number) => call(number))))
    return { clients, times: clients.flatMap(({ sent }) => sent.map(({ at }) => at)) }
  }

  test('lets no more out by two clients than by one', async () => {
    const tokenStore = memoryTokenStore()
    const { clients, times } = await twoSend(() => ({ tokenStore }), 30)
    assert.equal(times.length, 60)
    assert.ok(fullest(times, 1000) <= 20, `${fullest(times, 1000)} calls in a second`)
    for (const { sent } of clients) {
      const devices = sent.map(({ device }) => device)
      assert.deepEqual(
        devices,
        many(30, (number) => number),
      )
    }
  })

  test('is each client’s own without a common store', async () => {
    const { times } = await twoSend(() => ({}), 20)
    assert.equal(fullest(times, 1000), 40)
  })

  test('is each client’s own where the store does not count calls', async () => {
    const memory = memoryTokenStore()
    const methods = METHODS.filter((method) => method !== 'take')
    const { store } = watched(memory, undefined, methods)
    const { clients, times } = await twoSend(() => ({ tokenStore: store }), 20)
    assert.equal(fullest(times, 1000), 40)
    for (const { warnings } of clients) assert.deepEqual(warnings(), [])
  })

  test('that fails is waited for, and then leaves each client a tenth of the calls', async () => {
    const memory = memoryTokenStore()
    const { store, asked } = watched(memory, (method, _, ask) => {
      if (method === 'take') throw new Error('out of order')
      return ask()
    })
    const { call, sent, warnings } = connect({ tokenStore: store, throttle: BUDGET })
    const start = performance.now()
    await Promise.all(many(6, (number) => call(number)))
    const times = sent.map(({ at }) => at)
    const waited = Number(times[0]) - start
    assert.ok(waited > 5900 && waited < 8500, `the first call waited ${waited} ms`)
    assert.ok(fullest(times, 1000) <= 2, `${fullest(times, 1000)} calls in a second`)
    assert.equal(warnings('token-store').length, 1)
    assert.match(String(warnings()[0]), /failed at take \(Error\).*keeps to its share/)
    const late = asked.filter(({ method, at }) => method === 'take' && at > Number(times[0]))
    assert.equal(late.length, 0, 'it is left alone for a while')
  })

  test('that fails leaves a client as many calls as it had in the last window', async () => {
    const memory = memoryTokenStore()
    let isDown = false
    const { store } = watched(memory, (method, _, ask) => {
      if (method === 'take' && isDown) throw new Error('out of order')
      return ask()
    })
    const throttle = { calls: 20, perMs: 30_000 }
    const { call, sent, waits } = connect({ tokenStore: store, throttle })
    await Promise.all(many(8, (number) => call(number)))
    assert.deepEqual(waits(), [], 'none of them waits while the store counts')
    isDown = true
    const controller = new AbortController()
    const ninth = rejection(call(8, controller.signal))
    await until(() => assert.ok(waits().length > 0))
    await sleep(8000)
    controller.abort('enough')
    assert.equal(await ninth, 'enough')
    assert.equal(sent.length, 8)
  })

  test('that comes back counts again, and the client says so', async () => {
    const memory = memoryTokenStore()
    let isDown = true
    const { store } = watched(memory, (method, _, ask) => {
      if (method === 'take' && isDown) return Promise.reject(new Error('out of order'))
      return ask()
    })
    const { call, sent, warnings } = connect({ tokenStore: store, throttle: BUDGET })
    const first = call(0)
    await until(() => assert.equal(warnings('token-store').length, 1))
    isDown = false
    await first
    await Promise.all(many(19, (number) => call(number)))
    const times = sent.map(({ at }) => at)
    assert.ok(fullest(times, 1000) > 10, 'the whole budget is there again')
    assert.equal(warnings('token-store').length, 2)
    assert.equal(warnings('token-store')[1], 'the token store counts again')
  })

  test('that answers nonsense counts as one that fails', async () => {
    const odd = [null, 'soon', {}, [], true, undefined]
    await Promise.all(
      odd.map(async (answer) => {
        const { store } = watched(memoryTokenStore(), (method, _, ask) =>
          method === 'take' ? answer : ask(),
        )
        const { call, sent, warnings } = connect({ tokenStore: store, throttle: BUDGET })
        await Promise.all(many(4, (number) => call(number)))
        const times = sent.map(({ at }) => at)
        assert.ok(fullest(times, 1000) <= 2, String(answer))
        assert.equal(warnings('token-store').length, 1, String(answer))
      }),
    )
  })
})

describe('a call that the platform refuses for its limit', () => {
  /** @type {Awaited<ReturnType<typeof startSimulator>>} */
  let sim
  before(async () => {
    sim = await startSimulator()
  })
  after(() => sim?.stop())
  beforeEach(async () => {
    await sim.control('POST', '/reset', { settings: true })
    await sim.control('POST', '/devices', { ...DEVICE, nodeId: 'n1', state: 'offline' })
  })

  /** @param {NorthApiOptions} options */
  function connectToSimulator(options) {
    const heard = listener()
    const both = { onEvent: heard.onEvent, ...options }
    return { client: new NorthApiClient({ ...APP, baseUrl: sim.http }, both), ...heard }
  }

  test('slows the client down, is sent again, and is told as one warning', async () => {
    await sim.control('PATCH', '/settings', { limit: 10, windowMs: 1000 })
    const retry = { attempts: 10, baseDelayMs: 100 }
    const { client, warnings } = connectToSimulator({ retry, throttle: { calls: 20, perMs: 1000 } })
    await client.getAuthToken()
    const answers = await Promise.all(many(30, () => client.queryDeviceStatus(DEVICE)))
    assert.equal(answers.length, 30)
    const refused = (await sim.journal()).filter(
      (/** @type {any} */ call) => call.code === '1010009',
    )
    assert.ok(refused.length >= 1 && refused.length <= 20, `${refused.length} refusals`)
    assert.ok(warnings('throttle').length >= 1)
    assert.match(String(warnings('throttle')[0]), /1010009.*slowing down to 10 calls per 1000 ms/)
  })

  test('changes nothing where there is no throttle', async () => {
    await sim.control('PATCH', '/settings', { limit: 10, windowMs: 1000 })
    const { client, warnings } = connectToSimulator({ retry: false, throttle: false })
    await client.getAuthToken()
    const calls = await Promise.allSettled(many(30, () => client.queryDeviceStatus(DEVICE)))
    assert.equal(calls.filter(({ status }) => status === 'rejected').length, 20)
    assert.deepEqual(warnings(), [])
  })
})

test('a rejection that nobody handles would be seen', checkThatRejectionsAreSeen)
