// Two clients and one store: who logs in when a token dies, and who leaves early.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { rejection, until } from './support/expect.js'
import { importPackage, installPackage } from './support/package.js'
import {
  checkThatRejectionsAreSeen,
  listener,
  many,
  watched,
  watchRejections,
} from './support/sharing.js'
import { APP, startSimulator } from './support/simulator.js'

/** @typedef {import('northbound').NorthApiOptions} NorthApiOptions */

const { NorthApiClient, PlatformError, memoryTokenStore } = await importPackage()
/** @type {typeof import('../../pkg-template/node-only.js')} */
const { fileTokenStore } = await import(
  join(installPackage(), 'node_modules/northbound/node-only.js')
)

const DEVICE = { deviceId: 'dev-1' }

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
function connect(options = {}, app = APP) {
  const heard = listener()
  const client = new NorthApiClient(
    { ...app, baseUrl: sim.http },
    { retry: false, throttle: false, onEvent: heard.onEvent, ...options },
  )
  return { client, ...heard }
}

/** Two clients that share, each with the token that the first of them got. */
async function pair(tokenStore = memoryTokenStore()) {
  const one = connect({ tokenStore })
  const two = connect({ tokenStore })
  await one.client.getAuthToken()
  await two.client.getAuthToken()
  return [one, two]
}

/** @param {Record<string, unknown>} settings */
const set = (settings) => sim.control('PATCH', '/settings', settings)

/** @param {string} operation @param {object} fault */
const order = (operation, fault) => sim.control('POST', '/faults', { operation, ...fault })

/** @returns {Promise<string[]>} the operations that the platform saw */
const seen = async () => (await sim.journal()).map((/** @type {any} */ call) => call.operation)

/** @param {string} operation */
const count = async (operation) => (await sim.journal(operation)).length

/** What is shared, by its name in the store. */
const key = () => `${APP.appId}@${sim.http}`

describe('a token that is refused', () => {
  test('leads to one login for all clients of a store', async () => {
    const [one, two] = await pair()
    await sim.control('POST', '/tokens/kill')
    const calls = [one, two].flatMap(({ client }) =>
      many(20, () => client.queryDeviceStatus(DEVICE)),
    )
    assert.equal((await Promise.all(calls)).length, 40)
    assert.equal(await count('login'), 2)
    const { maxTokenCallsInFlight } = await sim.control('GET', '/journal?summary=1')
    assert.equal(maxTokenCallsInFlight, 1)
    assert.deepEqual(one.causes().concat(two.causes()).sort(), [
      ...['login', 'login', 'rejected'],
      // Each of the 40 calls tells that its token was refused.
      ...Array(39).fill('rejected'),
      ...['shared', 'shared'],
    ])
  })

  test('leads to a login of each client without a common store, and these end each other’s', async () => {
    const [one, two] = [connect(), connect()]
    await one.client.getAuthToken()
    await two.client.getAuthToken()
    await sim.control('POST', '/tokens/kill')
    // Calls may fail: that is what a store is there for.
    await Promise.allSettled([one, two].map(({ client }) => client.queryDeviceStatus(DEVICE)))
    assert.ok((await count('login')) >= 4)
  })

  test('is replaced by the newer one of the store without a login', async () => {
    const [one, two] = await pair()
    const newer = await one.client.getAuthToken({ force: true })
    await two.client.queryDeviceStatus(DEVICE)
    assert.deepEqual(two.causes(), ['shared', 'rejected', 'shared'])
    assert.equal((await two.client.getAuthToken()).accessToken, newer.accessToken)
    assert.deepEqual(await seen(), ['login', 'login', 'queryDeviceStatus', 'queryDeviceStatus'])
  })

  test('is not given up by the client that already has the newer one', async () => {
    const [one] = await pair()
    await set({ latencyMs: 300 })
    const late = one.client.queryDeviceStatus(DEVICE)
    await until(async () => assert.equal(await count('queryDeviceStatus'), 1))
    // Its call was accepted; the next one meets a dead token and mends it first.
    await sim.control('POST', '/tokens/kill')
    await Promise.all([late, ...many(5, () => one.client.queryDeviceStatus(DEVICE))])
    assert.equal(await count('login'), 2)
  })

  test('is an error after a login of its own, whose remedy names another system', async () => {
    const { client, causes } = connect({ tokenStore: memoryTokenStore() })
    const fault = { kind: 'error', code: '1010005', status: 403, dialect: 'gateway', times: -1 }
    await order('queryDeviceStatus', fault)
    const error = await rejection(client.queryDeviceStatus(DEVICE))
    assert.ok(error instanceof PlatformError)
    assert.deepEqual([error.code, error.attempts], ['1010005', 2])
    assert.match(error.remedy, /Another system logs in with this appId/)
    assert.match(error.message, /Another system logs in with this appId/)
    assert.deepEqual(causes(), ['login', 'rejected', 'login', 'rejected'])
    assert.equal(await count('login'), 2)
  })

  test('says nothing of another system where the caller brought it', async () => {
    const { client } = connect({ tokenStore: memoryTokenStore() })
    const error = await rejection(client.queryDeviceStatus(DEVICE, { accessToken: 'stale' }))
    assert.equal(error.code, '1010005')
    assert.doesNotMatch(error.remedy, /Another system/)
    assert.deepEqual(await seen(), ['queryDeviceStatus'])
  })

  test('of others is tried twice before a login of one’s own', async () => {
    const memory = memoryTokenStore()
    let given = 0
    /** @type {string} */
    let first
    const { store } = watched(memory, async (method, args, ask) => {
      const [name, owner, leaseMs, rejected] = args
      if (method !== 'acquire' || rejected === undefined) return ask()
      first ??= rejected
      given += 1
      if (given > 2) return memory.acquire(name, owner, leaseMs, first)
      const token = { accessToken: `dead-${given}`, refreshToken: 'r', tokenType: 'bearer' }
      const rest = { scope: 'default', lifeMs: 60_000, refreshLifeMs: 60_000, generation: 1 }
      return { token: { ...token, ...rest } }
    })
    const { client, causes } = connect({ tokenStore: store })
    await client.getAuthToken()
    await sim.control('POST', '/tokens/kill')
    assert.equal((await client.queryDeviceStatus(DEVICE)).activated, true)
    const tried = ['rejected', 'shared', 'rejected', 'shared', 'rejected', 'login']
    assert.deepEqual(causes(), ['login', ...tried])
  })
})

describe('a refused login', () => {
  const WRONG = { ...APP, secret: 'wrong' }

  test('is told at once to all who wait, and each client of a store asks for itself', async () => {
    const tokenStore = memoryTokenStore()
    const clients = many(2, () => connect({ tokenStore, retry: { attempts: 5 } }, WRONG).client)
    const start = performance.now()
    const calls = clients.flatMap((client) =>
      many(10, () => rejection(client.queryDeviceStatus(DEVICE))),
    )
    for (const error of await Promise.all(calls)) {
      assert.ok(error instanceof PlatformError)
      assert.deepEqual([error.code, error.action, error.attempts], ['100208', 'fix-input', 1])
    }
    assert.deepEqual(await seen(), ['login', 'login'])
    assert.ok(performance.now() - start < 2000, 'the lease was given back')
  })

  test('is not remembered, by nobody', async () => {
    const tokenStore = memoryTokenStore()
    const wrong = connect({ tokenStore }, WRONG).client
    await rejection(wrong.queryDeviceStatus(DEVICE))
    await rejection(wrong.queryDeviceStatus(DEVICE))
    assert.deepEqual(await seen(), ['login', 'login'])
    const { client } = connect({ tokenStore })
    await client.queryDeviceStatus(DEVICE)
    assert.equal(await count('login'), 3)
    // The secret is not asked for where a token is there.
    assert.equal((await wrong.queryDeviceStatus(DEVICE)).activated, true)
    assert.equal(await count('login'), 3)
  })

  test('that a repetition can mend is repeated under the same lease', async () => {
    const { store, count: asked } = watched(memoryTokenStore())
    const retry = { attempts: 3, baseDelayMs: 1 }
    const { client } = connect({ tokenStore: store, retry })
    await order('login', { kind: 'error', code: '50252', status: 500, times: 2 })
    await client.queryDeviceStatus(DEVICE)
    assert.deepEqual(await seen(), ['login', 'login', 'login', 'queryDeviceStatus'])
    assert.deepEqual([asked('acquire'), asked('commit'), asked('release')], [1, 1, 0])
  })
})

describe('who asks for a new token', () => {
  test('by force gets one although the store has one, and the other client mends itself', async () => {
    const [one, two] = await pair()
    const former = await one.client.getAuthToken()
    const forced = await two.client.getAuthToken({ force: true })
    assert.notEqual(forced.accessToken, former.accessToken)
    assert.equal((await one.client.queryDeviceStatus(DEVICE)).activated, true)
    assert.equal((await one.client.getAuthToken()).accessToken, forced.accessToken)
    assert.equal(await count('login'), 2)
  })

  test('by force gets one although the client has never seen that of the store', async () => {
    const tokenStore = memoryTokenStore()
    await connect({ tokenStore }).client.getAuthToken()
    const { client, causes } = connect({ tokenStore })
    await client.getAuthToken({ force: true })
    assert.deepEqual(causes(), ['shared', 'login'])
    assert.equal(await count('login'), 2)
  })

  test('without force gets that of the store', async () => {
    const tokenStore = memoryTokenStore()
    const first = await connect({ tokenStore }).client.getAuthToken()
    const second = await connect({ tokenStore }).client.getAuthToken()
    assert.equal(second.accessToken, first.accessToken)
    assert.deepEqual(await seen(), ['login'])
  })

  test('by its refresh token uses that of the store, and the other client mends itself', async () => {
    const tokenStore = memoryTokenStore()
    const one = connect({ tokenStore })
    const former = await one.client.getAuthToken()
    const two = connect({ tokenStore })
    const next = await two.client.refreshAuthToken()
    assert.notEqual(next.accessToken, former.accessToken)
    const [refresh] = await sim.journal('refreshToken')
    assert.equal(JSON.parse(refresh.body).refreshToken, former.refreshToken)
    assert.deepEqual(two.causes(), ['shared', 'refresh'])
    await one.client.queryDeviceStatus(DEVICE)
    assert.equal((await one.client.getAuthToken()).accessToken, next.accessToken)
    assert.deepEqual([await count('login'), await count('refreshToken')], [1, 1])
  })

  test('by force while the other client logs in gets none that was there before', async () => {
    const [one, two] = await pair()
    const former = await one.client.getAuthToken()
    await set({ latencyMs: 100 })
    const forced = await Promise.all(
      [one, two].map(({ client }) => client.getAuthToken({ force: true })),
    )
    for (const { accessToken } of forced) assert.notEqual(accessToken, former.accessToken)
  })

  test('by its refresh token at the same time as the other client shares one refresh', async () => {
    const [one, two] = await pair()
    await set({ latencyMs: 100 })
    const pairs = await Promise.all([one, two].map(({ client }) => client.refreshAuthToken()))
    assert.equal(pairs[0].accessToken, pairs[1].accessToken)
    assert.deepEqual([await count('login'), await count('refreshToken')], [1, 1])
  })
})

describe('who leaves', () => {
  test('while another holds the lease asks no more', async () => {
    const { store, count: asked } = watched(memoryTokenStore())
    await store.acquire(key(), 'somebody else', 60_000)
    const { client } = connect({ tokenStore: store })
    const controller = new AbortController()
    const call = rejection(client.queryDeviceStatus(DEVICE, { signal: controller.signal }))
    await until(() => assert.ok(asked('acquire') > 3, 'it asks again and again'))
    const start = performance.now()
    controller.abort('enough')
    assert.equal(await call, 'enough')
    assert.ok(performance.now() - start < 100)
    const before = asked('acquire')
    await sleep(200)
    assert.equal(asked('acquire'), before)
    assert.deepEqual(await seen(), [])
  })

  test('while others wait for the login leaves it going on', async () => {
    const { store, count: asked } = watched(memoryTokenStore())
    await set({ latencyMs: 200 })
    const { client } = connect({ tokenStore: store })
    const controller = new AbortController()
    const first = rejection(client.queryDeviceStatus(DEVICE, { signal: controller.signal }))
    const other = client.queryDeviceStatus(DEVICE)
    await until(async () => assert.equal(await count('login'), 1))
    controller.abort('enough')
    assert.equal(await first, 'enough')
    assert.equal((await other).activated, true)
    assert.deepEqual(await seen(), ['login', 'queryDeviceStatus'])
    assert.equal(asked('release'), 0)
  })

  test('while nobody else waits aborts the login and gives the lease back at once', async () => {
    const { store, count: asked } = watched(memoryTokenStore())
    /** @type {import('northbound').SendInit[]} */
    const sent = []
    const silent = (/** @type {string} */ _, /** @type {import('northbound').SendInit} */ init) => {
      sent.push(init)
      return new Promise(() => {})
    }
    const { client } = connect({ tokenStore: store, fetch: /** @type {any} */ (silent) })
    const controllers = many(2, () => new AbortController())
    const calls = controllers.map(({ signal }) =>
      rejection(client.queryDeviceStatus(DEVICE, { signal })),
    )
    await until(() => assert.equal(sent.length, 1))
    controllers[0]?.abort('first')
    await sleep(20)
    assert.equal(sent[0]?.signal.aborted, false)
    const start = performance.now()
    controllers[1]?.abort('second')
    assert.deepEqual(await Promise.all(calls), ['first', 'second'])
    const next = connect({ tokenStore: store })
    await next.client.queryDeviceStatus(DEVICE)
    assert.ok(performance.now() - start < 1000, 'a lease that is kept lasts 3 seconds')
    assert.equal(sent[0]?.signal.aborted, true)
    assert.equal(asked('release'), 1)
    assert.equal(next.causes()[0], 'login')
  })

  test('while the store is asked for the lease gives back what it gets', async () => {
    const memory = memoryTokenStore()
    const { store, count: asked } = watched(memory, async (method, _, ask) => {
      const answer = await ask()
      if (method === 'acquire') await sleep(300)
      return answer
    })
    const { client } = connect({ tokenStore: store })
    await rejection(client.getAuthToken({ signal: AbortSignal.timeout(100) }))
    assert.equal(asked('acquire'), 1)
    await sleep(300)
    const start = performance.now()
    await connect({ tokenStore: memory }).client.queryDeviceStatus(DEVICE)
    const took = performance.now() - start
    assert.ok(took < 1000, `the next client waited ${took} ms for a lease that nobody uses`)
  })

  test('while its token is being stored leaves it to the others', async () => {
    const memory = memoryTokenStore()
    const { store, count: asked } = watched(memory, async (method, _, ask) => {
      if (method === 'commit') await sleep(300)
      return ask()
    })
    const { client } = connect({ tokenStore: store })
    await rejection(client.getAuthToken({ signal: AbortSignal.timeout(150) }))
    assert.equal(asked('commit'), 1)
    await connect({ tokenStore: memory }).client.queryDeviceStatus(DEVICE)
    assert.equal(await count('login'), 1)
  })

  test('without giving its lease back holds up the others for 3 seconds', async () => {
    const { store } = watched(memoryTokenStore(), (method, _, ask) => method !== 'release' && ask())
    const fetch = /** @type {any} */ (() => new Promise(() => {}))
    const { client } = connect({ tokenStore: store, fetch })
    const gone = rejection(client.getAuthToken({ signal: AbortSignal.timeout(50) }))
    await gone
    const start = performance.now()
    await connect({ tokenStore: store }).client.queryDeviceStatus(DEVICE)
    const took = performance.now() - start
    assert.ok(took > 2500 && took < 4000, `it took ${took} ms`)
  })

  test('by a time limit of its own leaves as well', async () => {
    const { store, count: asked } = watched(memoryTokenStore())
    await store.acquire(key(), 'somebody else', 60_000)
    const error = await rejection(
      connect({ tokenStore: store }).client.getAuthToken({ timeoutMs: 150 }),
    )
    assert.deepEqual([error.name, error.operation], ['TimeoutError', 'getAuthToken'])
    const before = asked('acquire')
    await sleep(150)
    assert.equal(asked('acquire'), before)
  })
})

describe('a token that is sealed with another key', () => {
  /** @param {string} key */
  const sealedWith = (key) => ({
    seal: (/** @type {string} */ plain) => key + plain,
    open(/** @type {string} */ sealed) {
      if (!sealed.startsWith(key)) throw new Error('another key')
      return sealed.slice(key.length)
    },
  })

  test('counts as none, and each client says so once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'northbound-sealed-'))
    try {
      const shared = (/** @type {string} */ key) =>
        connect({ tokenStore: fileTokenStore(join(folder, 't'), { sealing: sealedWith(key) }) })
      const [one, two, three] = [shared('k1:'), shared('k2:'), shared('k2:')]
      for (const { client } of [one, two, three]) await client.queryDeviceStatus(DEVICE)
      assert.equal(await count('login'), 2, 'those with one key share')
      for (const { client } of [one, two, one, two]) await client.queryDeviceStatus(DEVICE)
      const told =
        'the stored token cannot be opened and counts as none: is it sealed with another key?'
      assert.deepEqual(
        [one, two, three].map(({ warnings }) => warnings()),
        [[told], [told], []],
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('a client that is freed', () => {
  test('while it waits for another’s login answers its calls with that token', async () => {
    const tokenStore = memoryTokenStore()
    await set({ latencyMs: 300 })
    const one = connect({ tokenStore }).client.queryDeviceStatus(DEVICE)
    await until(async () => assert.equal(await count('login'), 1))
    const { client } = connect({ tokenStore })
    const parked = many(3, () => client.queryDeviceStatus(DEVICE))
    client.free()
    assert.equal((await Promise.all([one, ...parked])).length, 4)
    assert.equal(await count('login'), 1)
  })

  test('under a lease finishes its login, stores the token and answers', async () => {
    const { store, count: asked } = watched(memoryTokenStore())
    await set({ latencyMs: 1300 })
    const { client } = connect({ tokenStore: store })
    const calls = many(3, () => client.queryDeviceStatus(DEVICE))
    await until(async () => assert.equal(await count('login'), 1))
    client.free()
    await until(() => assert.ok(asked('renew') >= 1, 'its lease is still renewed'))
    assert.equal((await Promise.all(calls)).length, 3)
    assert.deepEqual([asked('commit'), asked('release')], [1, 0])
    await set({ latencyMs: 0 })
    await connect({ tokenStore: store }).client.queryDeviceStatus(DEVICE)
    assert.equal(await count('login'), 1)
  })
})

test('a rejection that nobody handles would be seen', checkThatRejectionsAreSeen)
