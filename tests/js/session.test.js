// One token for all calls: when it is obtained, renewed, given up, and who waits for it.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { REFUSED_IN_SPITE_OF_A_LOGIN } from './support/documented.js'
import { lacks, rejection, thrown, until } from './support/expect.js'
import { importPackage } from './support/package.js'
import { APP, startSimulator } from './support/simulator.js'

/**
 * @typedef {import('northbound').NorthApiOptions} NorthApiOptions
 * @typedef {import('northbound').ClientEvent} ClientEvent
 * @typedef {import('northbound').SendInit} SendInit
 */

const { InvalidArgumentError, NorthApiClient, NorthApiRequests, PlatformError } =
  await importPackage()

const OTHER_APP = { appId: 'app2', secret: 'pw-of-app2' }
const DEVICE = { deviceId: 'dev-1' }
const DAY = 86_400_000

/** @type {Awaited<ReturnType<typeof startSimulator>>} */
let sim

before(async () => {
  const apps = [APP, OTHER_APP].flatMap(({ appId, secret }) => ['--app', `${appId}:${secret}`])
  sim = await startSimulator({ args: ['--limit', 'off', ...apps, '--grant', 'app2:app1'] })
})
after(() => sim?.stop())
beforeEach(async () => {
  await sim.control('POST', '/reset', { settings: true })
  await sim.control('POST', '/devices', { ...DEVICE, nodeId: 'n1', state: 'offline' })
})

/** @param {NorthApiOptions} [options] */
const connect = (options = {}, app = APP) =>
  new NorthApiClient({ ...app, baseUrl: sim.http }, { retry: false, throttle: false, ...options })

/** @param {Record<string, unknown>} settings */
const set = (settings) => sim.control('PATCH', '/settings', settings)

/** @param {string} operation @param {object} fault */
const order = (operation, fault) => sim.control('POST', '/faults', { operation, ...fault })

/** @returns {Promise<string[]>} the operations that the platform saw, by its own names */
const seen = async () => (await sim.journal()).map((/** @type {any} */ call) => call.operation)

/** @param {string} operation */
const count = async (operation) => (await sim.journal(operation)).length

/** Waits until the platform has acted on so many calls. @param {string} operation */
const acted = (operation, calls = 1) =>
  until(async () => {
    const done = (await sim.journal(operation)).filter(
      (/** @type {any} */ call) => call.status !== null,
    )
    assert.ok(done.length >= calls)
  })

/**
 * @template T
 * @param {number} times
 * @param {(index: number) => T} make
 */
const many = (times, make) => Array.from({ length: times }, (_, index) => make(index))

/** A fetch that never answers and keeps what it was given. */
function silentFetch() {
  /** @type {{ url: string, init: SendInit }[]} */
  const sent = []
  /** @type {import('northbound').FetchLike} */
  const fetch = (url, init) => {
    sent.push({ url, init })
    return new Promise(() => {})
  }
  return { sent, fetch }
}

/** A signal by shape alone, which counts its listeners. */
class HandSignal {
  aborted = false
  /** @type {unknown} */
  reason = undefined
  added = 0
  removed = 0
  /** @type {Set<() => void>} */
  listeners = new Set()

  /** @param {'abort'} _type @param {() => void} listener */
  addEventListener(_type, listener) {
    this.added += 1
    this.listeners.add(listener)
  }

  /** @param {'abort'} _type @param {() => void} listener */
  removeEventListener(_type, listener) {
    if (this.listeners.delete(listener)) this.removed += 1
  }

  /** @param {unknown} reason */
  abort(reason) {
    this.aborted = true
    this.reason = reason
    this.listeners.forEach((listener) => listener())
  }
}

describe('calls that start together', () => {
  test('share one login: 200 calls on a cold client are 1 login and 200 answers', async () => {
    const client = connect()
    const answers = await Promise.all(many(200, () => client.queryDeviceStatus(DEVICE)))
    assert.equal(answers.length, 200)
    for (const answer of answers) assert.equal(answer.activated, true)
    assert.equal(await count('login'), 1)
    const statuses = (await sim.journal('queryDeviceStatus')).map(
      (/** @type {any} */ call) => call.status,
    )
    assert.deepEqual(statuses, Array(200).fill(200))
    const summary = await sim.control('GET', '/journal?summary=1')
    assert.equal(summary.maxTokenCallsInFlight, 1)
  })

  test('share one login whatever they are', async () => {
    const client = connect()
    await Promise.all([
      client.getAuthToken(),
      client.queryDeviceStatus(DEVICE),
      client.refreshAuthToken(),
      client.refreshDeviceKey(DEVICE),
      client.regDirectDevice({ nodeId: 'n2' }),
      client.getAuthToken({ force: true }),
    ])
    assert.equal(await count('login'), 1)
    assert.equal(await count('refreshToken'), 0)
  })

  test('log in once more, all 200 of them, when the token ends before it reaches them', async () => {
    const client = connect()
    await set({ latencyMs: 200 })
    const calls = Promise.all(many(200, () => client.queryDeviceStatus(DEVICE)))
    await acted('login')
    await sim.control('POST', '/tokens/kill')
    const answers = await calls
    assert.equal(answers.filter(({ activated }) => activated).length, 200)
    assert.equal(await count('login'), 2)
    assert.equal(await count('refreshToken'), 0)
    const summary = await sim.control('GET', '/journal?summary=1')
    assert.equal(summary.maxTokenCallsInFlight, 1)
  })

  test('log in at most once more when the token ends while they are under way', async () => {
    const client = connect()
    await client.getAuthToken()
    await set({ latencyMs: 100 })
    const calls = many(100, () => client.queryDeviceStatus(DEVICE))
    await acted('queryDeviceStatus', 1)
    await sim.control('POST', '/tokens/kill')
    calls.push(...many(100, () => client.queryDeviceStatus(DEVICE)))
    await Promise.all(calls)
    assert.equal(await count('login'), 2)
  })

  test('never fail, wave after wave, while somebody else keeps ending the token', async () => {
    const client = connect()
    let failed = 0
    for (const wave of many(5, (index) => index)) {
      const calls = many(40, () => client.queryDeviceStatus(DEVICE).catch(() => (failed += 1)))
      await Promise.all(calls)
      await sim.control('POST', wave % 2 ? '/tokens/kill' : '/logins', {})
    }
    assert.equal(failed, 0)
    assert.equal(await count('login'), 5)
  })
})

describe('the platform’s limit', () => {
  test('arrives as 1010009 with the advice to wait, and ends no token', async () => {
    await set({ limit: 3 })
    const client = connect()
    await Promise.all(many(3, () => client.queryDeviceStatus(DEVICE)))
    const error = await rejection(client.queryDeviceStatus(DEVICE))
    assert.ok(error instanceof PlatformError)
    assert.deepEqual(
      [error.status, error.code, error.action, error.retryable, error.attempts],
      [403, '1010009', 'wait', true, 1],
    )
    assert.equal(error.operation, 'queryDeviceStatus')
    await sim.control('POST', '/clock', { advanceMs: 61_000 })
    await client.queryDeviceStatus(DEVICE)
    assert.equal(await count('login'), 1)
  })
})

describe('a token', () => {
  test('is used as long as it lives', async () => {
    const client = connect()
    const pair = await client.getAuthToken()
    assert.deepEqual(await client.getAuthToken(), pair)
    assert.deepEqual(await client.getAuthToken({ force: false }), pair)
    await client.queryDeviceStatus(DEVICE)
    await client.refreshDeviceKey(DEVICE)
    assert.deepEqual(await seen(), ['login', 'queryDeviceStatus', 'refreshDeviceKey'])
    for (const { headers } of (await sim.journal()).slice(1)) {
      assert.equal(headers.authorization, `Bearer ${pair.accessToken}`)
      assert.equal(headers.app_key, APP.appId)
    }
    const [login] = await sim.journal()
    assert.equal(login.headers.authorization, undefined)
    assert.equal(login.headers.app_key, undefined)
  })

  test('is replaced by force, which ends the former one', async () => {
    const client = connect()
    const former = await client.getAuthToken()
    const pair = await client.getAuthToken({ force: true })
    assert.notEqual(pair.accessToken, former.accessToken)
    assert.deepEqual(await client.getAuthToken(), pair)
    assert.equal(await count('login'), 2)
    const { accessToken } = former
    const error = await rejection(client.queryDeviceStatus(DEVICE, { accessToken }))
    assert.equal(error.code, '1010005')
  })

  test('is renewed by its refresh token, each of which is used once', async () => {
    const client = connect()
    const first = await client.getAuthToken()
    const second = await client.refreshAuthToken()
    const third = await client.refreshAuthToken()
    assert.deepEqual(await client.getAuthToken(), third)
    await client.queryDeviceStatus(DEVICE)
    const refreshes = await sim.journal('refreshToken')
    assert.deepEqual(
      refreshes.map((/** @type {any} */ call) => JSON.parse(call.body).refreshToken),
      [first.refreshToken, second.refreshToken],
    )
    assert.deepEqual(await seen(), ['login', 'refreshToken', 'refreshToken', 'queryDeviceStatus'])
    assert.equal(
      (await sim.journal('queryDeviceStatus'))[0].headers.authorization,
      `Bearer ${third.accessToken}`,
    )
  })

  test('is renewed once for all who ask at the same time', async () => {
    const client = connect()
    await client.getAuthToken()
    const pairs = await Promise.all(many(10, () => client.refreshAuthToken()))
    assert.equal(new Set(pairs.map(({ accessToken }) => accessToken)).size, 1)
    assert.deepEqual(await seen(), ['login', 'refreshToken'])
  })

  test('is renewed by a login where there is none yet', async () => {
    await connect().refreshAuthToken()
    assert.deepEqual(await seen(), ['login'])
  })

  test('is renewed by a login where the platform says that its refresh token is spent', async () => {
    const client = connect()
    const former = await client.getAuthToken()
    await sim.control('POST', '/clock', { advanceMs: 31 * DAY })
    const pair = await client.refreshAuthToken()
    assert.notEqual(pair.accessToken, former.accessToken)
    const calls = (await sim.journal()).map((/** @type {any} */ call) => [
      call.operation,
      call.status,
      call.code,
    ])
    assert.deepEqual(calls, [
      ['login', 200, null],
      ['refreshToken', 401, '100208'],
      ['login', 200, null],
    ])
  })

  test('is renewed by a login where the client itself knows that the refresh token is spent', async () => {
    const client = connect({ refreshTokenLifetimeMs: 1 })
    await client.getAuthToken()
    await sleep(10)
    await client.refreshAuthToken()
    assert.deepEqual(await seen(), ['login', 'login'])
  })

  test('stays when its renewal fails for another reason, and the error is refreshAuthToken’s', async () => {
    const client = connect()
    const pair = await client.getAuthToken()
    await order('refreshToken', { kind: 'error', code: '50252', status: 500 })
    const error = await rejection(client.refreshAuthToken())
    assert.ok(error instanceof PlatformError)
    assert.deepEqual([error.operation, error.code], ['refreshAuthToken', '50252'])
    assert.deepEqual(await client.getAuthToken(), pair)
    assert.deepEqual(await seen(), ['login', 'refreshToken'])
  })

  test('that has lived its life by the client’s clock is not sent any more', async () => {
    await set({ tokenLifeS: 1 })
    const client = connect()
    const former = await client.getAuthToken()
    assert.equal(former.expiresIn, 1)
    await client.queryDeviceStatus(DEVICE)
    await sleep(1100)
    await client.queryDeviceStatus(DEVICE)
    assert.notDeepEqual(await client.getAuthToken(), former)
    const calls = (await sim.journal()).map((/** @type {any} */ call) => [
      call.operation,
      call.status,
    ])
    assert.deepEqual(calls, [
      ['login', 200],
      ['queryDeviceStatus', 200],
      ['login', 200],
      ['queryDeviceStatus', 200],
    ])
  })

  test('that the platform refuses is replaced by a login, once, and the call is repeated, once', async () => {
    const client = connect()
    await client.getAuthToken()
    await sim.control('POST', '/tokens/kill')
    const { timeout } = await client.refreshDeviceKey({ ...DEVICE, timeout: 7 })
    assert.equal(timeout, 7)
    const calls = (await sim.journal()).map((/** @type {any} */ call) => [
      call.operation,
      call.code,
    ])
    assert.deepEqual(calls, [
      ['login', null],
      ['refreshDeviceKey', '1010005'],
      ['login', null],
      ['refreshDeviceKey', null],
    ])
  })

  test('that is refused again and again leads to two sends and one more login', async () => {
    for (const dialect of ['gateway', 'application']) {
      await sim.control('POST', '/reset', {})
      const fault = { kind: 'error', code: '1010005', status: 403, dialect, times: -1 }
      await order('queryDeviceStatus', fault)
      const error = await rejection(connect().queryDeviceStatus(DEVICE))
      assert.deepEqual(
        [error.code, error.attempts, error.operation, error.action, error.remedy],
        ['1010005', 2, 'queryDeviceStatus', 'login-again', REFUSED_IN_SPITE_OF_A_LOGIN],
      )
      const call = ['login', 'queryDeviceStatus']
      assert.deepEqual(await seen(), [...call, ...call])
    }
  })

  test('that cannot be replaced gives the login’s error', async () => {
    const client = connect()
    await client.getAuthToken()
    await sim.control('POST', '/tokens/kill')
    await order('login', { kind: 'error', code: '50252', status: 500 })
    const error = await rejection(client.queryDeviceStatus(DEVICE))
    assert.deepEqual([error.operation, error.code], ['getAuthToken', '50252'])
    await client.queryDeviceStatus(DEVICE)
    assert.deepEqual(await seen(), [
      'login',
      'queryDeviceStatus',
      'login',
      'login',
      'queryDeviceStatus',
    ])
  })

  test('of the caller’s own is sent as it is and never renewed', async () => {
    const client = connect()
    const error = await rejection(client.queryDeviceStatus(DEVICE, { accessToken: 'stale' }))
    assert.deepEqual([error.code, error.attempts], ['1010005', 1])
    assert.deepEqual(await seen(), ['queryDeviceStatus'])
    assert.equal((await sim.journal())[0].headers.authorization, 'Bearer stale')

    const own = await sim.control('POST', '/logins', { appId: APP.appId })
    await client.queryDeviceStatus(DEVICE, { accessToken: own.accessToken })
    assert.equal(await count('login'), 0)
    const pair = await client.getAuthToken()
    assert.notEqual(pair.accessToken, own.accessToken)
    await rejection(client.queryDeviceStatus(DEVICE, { accessToken: 'stale' }))
    assert.deepEqual(await client.getAuthToken(), pair)
    assert.equal(await count('login'), 1)
  })
})

describe('a login that fails', () => {
  test('is made once and told to all who wait, and the next call tries again', async () => {
    const client = connect({}, { ...APP, secret: 'wrong' })
    const errors = await Promise.all(many(20, () => rejection(client.queryDeviceStatus(DEVICE))))
    for (const error of errors) {
      assert.ok(error instanceof PlatformError)
      assert.deepEqual(
        [error.operation, error.status, error.code, error.action, error.attempts],
        ['getAuthToken', 401, '100208', 'fix-input', 1],
      )
    }
    assert.deepEqual(await seen(), ['login'])
    await rejection(client.queryDeviceStatus(DEVICE))
    await rejection(client.getAuthToken())
    assert.deepEqual(await seen(), ['login', 'login', 'login'])
  })

  test('is forgotten when the next one succeeds', async () => {
    const client = connect()
    for (const fault of [{ kind: 'error', code: '50252', status: 500 }, { kind: 'html' }]) {
      await order('login', fault)
      await rejection(client.getAuthToken({ force: true }))
      await client.queryDeviceStatus(DEVICE)
    }
  })
})

test('another application is named in the query of the call and nowhere else', async () => {
  const device = { deviceId: 'dev-of-app2' }
  await sim.control('POST', '/devices', {
    ...device,
    nodeId: 'n-app2',
    appId: 'app2',
    state: 'offline',
  })
  const client = connect()
  await client.queryDeviceStatus(device, { appId: 'app2' })
  await client.refreshDeviceKey(device, { appId: 'app2' })
  await client.regDirectDevice({ nodeId: 'n3' }, { appId: 'app2' })
  await client.deleteDirectDevice({ ...device, cascade: false }, { appId: 'app2' })
  await client.queryDeviceStatus(DEVICE, { appId: null })
  const [login, ...calls] = await sim.journal()
  assert.equal(login.query, '')
  assert.deepEqual(
    calls.map((/** @type {any} */ call) => [call.query.split('&').sort().join('&'), call.status]),
    [
      ['appId=app2', 200],
      ['appId=app2', 200],
      ['appId=app2', 200],
      ['appId=app2&cascade=false', 204],
      ['', 200],
    ],
  )
  for (const { headers } of calls) assert.equal(headers.app_key, 'app1')
})

describe('aborting', () => {
  test('one of several waiting calls rejects it at once, and the others are answered', async () => {
    for (const first of [true, false]) {
      await sim.control('DELETE', '/journal')
      await set({ latencyMs: 400 })
      const client = connect()
      const controller = new AbortController()
      const { signal } = controller
      const others = []
      if (!first) others.push(client.queryDeviceStatus(DEVICE))
      const one = rejection(client.queryDeviceStatus(DEVICE, { signal }))
      others.push(client.queryDeviceStatus(DEVICE), client.getAuthToken())
      await acted('login')
      const start = performance.now()
      controller.abort({ why: 'enough' })
      assert.deepEqual(await one, { why: 'enough' })
      assert.ok(performance.now() - start < 200, 'it waited for nothing')
      await Promise.all(others)
      assert.equal(await count('login'), 1)
    }
  })

  test('rejects with the signal’s own reason, whatever that is', async () => {
    const reasons = [new Error('x'), 'text', 0, false, null, undefined, Symbol('s'), { a: 1 }, NaN]
    for (const reason of reasons) {
      const { fetch } = silentFetch()
      const signal = new HandSignal()
      const call = rejection(connect({ fetch }).getAuthToken({ signal }))
      await sleep(0)
      signal.abort(reason)
      assert.ok(Object.is(await call, reason), String(reason))
    }
    const { fetch } = silentFetch()
    const error = await rejection(
      connect({ fetch }).queryDeviceStatus(DEVICE, { signal: AbortSignal.timeout(20) }),
    )
    assert.ok(error instanceof DOMException)
    assert.equal(error.name, 'TimeoutError')
  })

  test('rejects with a reason that is an error of this package, as it is', async () => {
    const reason = thrown(() => new NorthApiRequests(/** @type {any} */ ({})))
    const stack = reason.stack
    const signal = new HandSignal()
    const call = rejection(connect({ fetch: silentFetch().fetch }).getAuthToken({ signal }))
    signal.abort(reason)
    assert.equal(await call, reason)
    assert.equal(reason.stack, stack)
  })

  test('all who wait aborts the login, and the next call logs in anew', async () => {
    const { sent, fetch } = silentFetch()
    const client = connect({ fetch })
    const controllers = many(3, () => new AbortController())
    const calls = controllers.map(({ signal }) =>
      rejection(client.queryDeviceStatus(DEVICE, { signal })),
    )
    await until(() => assert.equal(sent.length, 1))
    controllers[0].abort('a')
    controllers[2].abort('c')
    await sleep(20)
    assert.equal(sent[0].init.signal.aborted, false)
    controllers[1].abort('b')
    assert.deepEqual(await Promise.all(calls), ['a', 'b', 'c'])
    await until(() => assert.equal(sent[0].init.signal.aborted, true))

    const controller = new AbortController()
    const next = rejection(client.getAuthToken({ signal: controller.signal }))
    await until(() => assert.equal(sent.length, 2))
    controller.abort('d')
    assert.equal(await next, 'd')
  })

  test('ends the call’s own request and no other', async () => {
    /** @type {SendInit[]} */
    const inits = []
    const client = connect({
      fetch: (url, init) => {
        if (url.endsWith('/login')) return fetch(url, init)
        inits.push(init)
        return new Promise(() => {})
      },
    })
    const controllers = many(2, () => new AbortController())
    const calls = controllers.map(({ signal }) =>
      rejection(client.queryDeviceStatus(DEVICE, { signal })),
    )
    await until(() => assert.equal(inits.length, 2))
    controllers[0].abort('first')
    assert.equal(await calls[0], 'first')
    await until(() => assert.equal(inits[0].signal.aborted, true))
    assert.equal(inits[1].signal.aborted, false)
    controllers[1].abort('second')
    assert.equal(await calls[1], 'second')
  })

  test('before the call sends nothing', async () => {
    const { sent, fetch } = silentFetch()
    const client = connect({ fetch })
    const signal = AbortSignal.abort('too late')
    for (const call of [
      client.getAuthToken({ signal }),
      client.refreshAuthToken({ signal }),
      client.queryDeviceStatus(DEVICE, { signal }),
      client.refreshDeviceKey(DEVICE, { signal, accessToken: 'own' }),
    ]) {
      assert.equal(await rejection(call), 'too late')
    }
    const hand = new HandSignal()
    hand.abort(undefined)
    assert.equal(await rejection(client.getAuthToken({ signal: hand })), undefined)
    await sleep(20)
    assert.equal(sent.length, 0)
    assert.equal(hand.listeners.size, 0)
  })

  test('after the answer changes nothing', async () => {
    const controller = new AbortController()
    const client = connect()
    const { signal } = controller
    const pair = await client.getAuthToken({ signal })
    controller.abort()
    assert.deepEqual(await client.getAuthToken(), pair)
  })

  test('leaves no listener on the signal, however the call ends', async () => {
    const client = connect()
    const signal = new HandSignal()
    await client.getAuthToken({ signal })
    await client.queryDeviceStatus(DEVICE, { signal })
    await rejection(client.queryDeviceStatus({ deviceId: 'nobody' }, { signal }))
    await rejection(client.queryDeviceStatus({ deviceId: '' }, { signal }))
    await rejection(client.queryDeviceStatus(/** @type {any} */ (undefined), { signal }))
    await rejection(client.getAuthToken(/** @type {any} */ ({ signal, unknown: 1 })))
    assert.equal(signal.listeners.size, 0)
    assert.equal(signal.added, signal.removed)
    assert.ok(signal.added >= 3)

    const aborted = new HandSignal()
    const call = rejection(
      connect({ fetch: silentFetch().fetch }).getAuthToken({ signal: aborted }),
    )
    await sleep(0)
    assert.equal(aborted.listeners.size, 1)
    aborted.abort('x')
    await call
    assert.equal(aborted.listeners.size, 0)
  })

  test('needs a signal that is one', async () => {
    const client = connect({ fetch: silentFetch().fetch })
    for (const signal of [null, 5, 'abort', {}, { aborted: 'no' }, { aborted: false }]) {
      const options = /** @type {any} */ ({ signal })
      const error = await rejection(client.getAuthToken(options))
      assert.ok(error instanceof InvalidArgumentError)
      assert.equal(error.argument, 'options.signal')
    }
  })
})

describe('a client that is freed', () => {
  test('answers the calls under way, their login and their repetition included', async () => {
    await set({ latencyMs: 100 })
    const client = connect()
    const calls = many(5, () => client.queryDeviceStatus(DEVICE))
    calls.push(/** @type {any} */ (client.refreshAuthToken()))
    client.free()
    assert.equal((await Promise.all(calls)).length, 6)
    assert.equal(await count('login'), 1)

    const second = connect()
    await second.getAuthToken()
    await sim.control('POST', '/tokens/kill')
    const healed = second.queryDeviceStatus(DEVICE)
    await until(async () => assert.equal(await count('queryDeviceStatus'), 6))
    second.free()
    assert.equal((await healed).activated, true)
  })

  test('can still be aborted', async () => {
    const { sent, fetch } = silentFetch()
    const client = connect({ fetch })
    const controller = new AbortController()
    const call = rejection(client.getAuthToken({ signal: controller.signal }))
    await until(() => assert.equal(sent.length, 1))
    client.free()
    controller.abort('over')
    assert.equal(await call, 'over')
    await until(() => assert.equal(sent[0].init.signal.aborted, true))
  })

  test('takes no more calls, may be freed again, and disposes of itself', async () => {
    const client = connect()
    client.free()
    client.free()
    const dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose')
    client[/** @type {typeof Symbol.dispose} */ (dispose)]()
    for (const call of [
      () => client.getAuthToken(),
      () => client.refreshAuthToken(),
      () => client.refreshDeviceKey(DEVICE),
      () => client.regDirectDevice({ nodeId: 'n' }),
      () => client.queryDeviceStatus(DEVICE),
      () => client.deleteDirectDevice(DEVICE),
    ]) {
      const error = await rejection(call())
      assert.ok(error instanceof InvalidArgumentError)
      assert.equal(error.argument, 'this')
      assert.equal(error.attempts, 0)
    }
    const disposed = connect()
    disposed[/** @type {typeof Symbol.dispose} */ (dispose)]()
    assert.ok((await rejection(disposed.getAuthToken())) instanceof InvalidArgumentError)
    assert.deepEqual(await seen(), [])
  })

  test('is refused like any other `this` that is no client', async () => {
    const { getAuthToken } = NorthApiClient.prototype
    for (const other of [undefined, null, 5, {}, NorthApiClient, Object.create(connect())]) {
      const error = await rejection(getAuthToken.call(/** @type {any} */ (other)))
      assert.ok(error instanceof InvalidArgumentError)
      assert.equal(error.argument, 'this')
    }
  })
})

test('two clients know nothing of each other', async () => {
  /** @type {ClientEvent[][]} */
  const events = [[], []]
  const one = connect({ onEvent: (event) => events[0].push(event) })
  const two = connect({ onEvent: (event) => events[1].push(event) }, OTHER_APP)
  const pair = await one.getAuthToken()
  await two.getAuthToken()
  await one.getAuthToken()
  two.free()
  assert.deepEqual(await one.getAuthToken(), pair)
  await one.queryDeviceStatus(DEVICE)
  assert.equal(await count('login'), 2)
  const calls = events.map((list) => list.flatMap((event) => ('call' in event ? event.call : [])))
  assert.deepEqual([...new Set(calls[0])], [1, 2, 3, 4])
  assert.deepEqual([...new Set(calls[1])], [1])

  // Of the same application they end each other's token, and mend it.
  const rival = connect()
  await rival.getAuthToken()
  await one.queryDeviceStatus(DEVICE)
  await rival.queryDeviceStatus(DEVICE)
  assert.equal(await count('login'), 5)
})

describe('events', () => {
  const PATH = '/iocm/app/reg/v1.1.0/deviceCredentials/dev-1'
  const LIFE_MS = 3_600_000

  /**
   * Without what differs from run to run: how long a request took, and with it what is left of a life
   * that began when the token was asked for.
   *
   * @param {ClientEvent[]} events
   * @param {number} start when the first of them can have happened, by `performance.now()`
   */
  const steady = (events, start) => {
    const elapsedMs = Math.ceil(performance.now() - start) + 1
    return events.map((event) => {
      const { durationMs, ...rest } = /** @type {any} */ (event)
      if (durationMs !== undefined) assert.ok(durationMs >= 0 && durationMs <= elapsedMs)
      if (rest.lifeMs === undefined) return rest
      const spentMs = LIFE_MS - rest.lifeMs
      assert.ok(spentMs >= 0 && spentMs <= elapsedMs, `${spentMs} ms of the life were spent`)
      return { ...rest, lifeMs: LIFE_MS }
    })
  }

  /** @param {number} call */
  const login = (call) => [
    {
      type: 'request',
      call,
      operation: 'getAuthToken',
      attempt: 1,
      method: 'POST',
      path: '/iocm/app/sec/v1.1.0/login',
    },
    { type: 'response', call, operation: 'getAuthToken', attempt: 1, status: 200 },
  ]

  /** @param {number} call @param {number} attempt @param {number} status */
  const query = (call, attempt, status) => [
    {
      type: 'request',
      call,
      operation: 'queryDeviceStatus',
      attempt,
      method: 'GET',
      path: PATH,
    },
    { type: 'response', call, operation: 'queryDeviceStatus', attempt, status },
  ]

  /** @param {number} call @param {string} outcome */
  const done = (call, outcome, attempts = 1, operation = 'queryDeviceStatus') => ({
    type: 'done',
    call,
    operation,
    attempts,
    outcome,
  })

  test('tell a call in order, with paths that have no query', async () => {
    /** @type {ClientEvent[]} */
    const events = []
    const start = performance.now()
    const client = connect({ onEvent: (event) => events.push(event) })
    await client.queryDeviceStatus(DEVICE, { appId: 'app1' })
    await client.queryDeviceStatus(DEVICE)
    await client.getAuthToken()
    assert.deepEqual(steady(events, start), [
      ...login(1),
      { type: 'token', cause: 'login', lifeMs: LIFE_MS, generation: 1 },
      ...query(1, 1, 200),
      done(1, 'ok'),
      ...query(2, 1, 200),
      done(2, 'ok'),
      done(3, 'ok', 0, 'getAuthToken'),
    ])
  })

  test('tell a refused token and what became of it', async () => {
    /** @type {ClientEvent[]} */
    const events = []
    const start = performance.now()
    const client = connect({ onEvent: (event) => events.push(event) })
    await client.getAuthToken()
    await sim.control('POST', '/tokens/kill')
    events.length = 0
    await client.queryDeviceStatus(DEVICE)
    assert.deepEqual(steady(events, start), [
      ...query(2, 1, 403),
      { type: 'token', cause: 'rejected', generation: 1 },
      ...login(2),
      { type: 'token', cause: 'login', lifeMs: LIFE_MS, generation: 2 },
      ...query(2, 2, 200),
      done(2, 'ok', 2),
    ])
    events.length = 0
    await client.refreshAuthToken()
    assert.deepEqual(
      steady(
        events.filter(({ type }) => type === 'token'),
        start,
      ),
      [{ type: 'token', cause: 'refresh', lifeMs: LIFE_MS, generation: 3 }],
    )
  })

  test('tell how a call failed', async () => {
    /** @type {ClientEvent[]} */
    const events = []
    const client = connect({ onEvent: (event) => events.push(event) })
    await client.getAuthToken()
    /** @param {Promise<unknown>} call */
    const tail = async (call) => {
      events.length = 0
      await rejection(call)
      await until(() => assert.equal(events.at(-1)?.type, 'done'))
      return events.slice(-2).map((event) => {
        const { type, status, kind, outcome } = /** @type {any} */ (event)
        return [type, status ?? kind ?? outcome]
      })
    }
    await order('queryDeviceStatus', { kind: 'html', status: 502 })
    assert.deepEqual(await tail(client.queryDeviceStatus(DEVICE)), [
      ['response', 502],
      ['done', 'decode'],
    ])
    await order('queryDeviceStatus', { kind: 'error', code: '100403', status: 404 })
    assert.deepEqual(await tail(client.queryDeviceStatus(DEVICE)), [
      ['response', 404],
      ['done', 'platform'],
    ])
    await order('queryDeviceStatus', { kind: 'reset' })
    assert.deepEqual(await tail(client.queryDeviceStatus(DEVICE)), [
      ['failure', 'network'],
      ['done', 'network'],
    ])
    await order('queryDeviceStatus', { kind: 'silence', ms: 300 })
    assert.deepEqual(await tail(client.queryDeviceStatus(DEVICE, { timeoutMs: 30 })), [
      ['failure', 'timeout'],
      ['done', 'timeout'],
    ])
    await order('queryDeviceStatus', { kind: 'silence', ms: 300 })
    const signal = AbortSignal.timeout(30)
    assert.deepEqual(await tail(client.queryDeviceStatus(DEVICE, { signal })), [
      ['failure', 'aborted'],
      ['done', 'aborted'],
    ])
  })

  test('number the calls of a client from 1, one number a call', async () => {
    /** @type {ClientEvent[]} */
    const events = []
    const client = connect({ onEvent: (event) => events.push(event) })
    await Promise.all(many(20, () => client.queryDeviceStatus(DEVICE)))
    const numbers = events.flatMap((event) => (event.type === 'done' ? event.call : []))
    assert.deepEqual(
      numbers.toSorted((a, b) => a - b),
      many(20, (index) => index + 1),
    )
  })

  test('hold no secret', async () => {
    /** @type {ClientEvent[]} */
    const events = []
    const client = connect({ onEvent: (event) => events.push(event) })
    const former = await client.getAuthToken()
    await client.refreshDeviceKey({ ...DEVICE, verifyCode: 'c0de-of-n1' })
    const pair = await client.refreshAuthToken()
    const secrets = [former, pair].flatMap((each) => [each.accessToken, each.refreshToken])
    lacks(JSON.stringify(events), [...secrets, APP.secret, 'c0de-of-n1'])
  })

  test('go on when the listener throws, rejects or yields nonsense', async () => {
    /** @type {unknown[]} */
    const unhandled = []
    const note = (/** @type {unknown} */ reason) => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    /** @type {(() => any)[]} */
    const listeners = [
      () => {
        throw new Error('listener')
      },
      async () => {
        throw new Error('listener')
      },
      () => ({
        then() {
          throw new Error('listener')
        },
      }),
      () => ({
        get then() {
          throw new Error('listener')
        },
      }),
      () => Promise.reject(undefined),
    ]
    for (const listener of listeners) {
      let heard = 0
      const client = connect({
        onEvent() {
          heard += 1
          return listener()
        },
      })
      assert.equal((await client.queryDeviceStatus(DEVICE)).activated, true)
      assert.equal(heard, 6)
    }
    await sleep(20)
    process.off('unhandledRejection', note)
    assert.deepEqual(unhandled, [])
  })

  test('may make calls, abort them and free the client', async () => {
    const controller = new AbortController()
    /** @type {Promise<unknown>[]} */
    const more = []
    const client = connect({
      onEvent(event) {
        if (event.type === 'token') more.push(client.queryDeviceStatus(DEVICE))
        if (event.type !== 'request' || event.operation !== 'queryDeviceStatus') return
        if (event.call === 1) client.free()
      },
    })
    await client.queryDeviceStatus(DEVICE)
    assert.equal((await Promise.all(more)).length, 1)
    assert.ok((await rejection(client.getAuthToken())) instanceof InvalidArgumentError)

    const aborting = connect({ onEvent: () => controller.abort('by the listener') })
    const call = aborting.queryDeviceStatus(DEVICE, { signal: controller.signal })
    assert.equal(await rejection(call), 'by the listener')
  })
})

describe('arguments are copied when the call is made:', () => {
  test('input and options', async () => {
    await set({ latencyMs: 30 })
    const client = connect()
    const input = { ...DEVICE, verifyCode: 'v1', timeout: 7 }
    const options = { appId: 'app1', timeoutMs: 5000 }
    const call = client.refreshDeviceKey(input, options)
    input.deviceId = input.verifyCode = options.appId = 'changed'
    input.timeout = options.timeoutMs = 1
    assert.deepEqual(await call, { verifyCode: 'v1', timeout: 7 })
    const [sent] = await sim.journal('refreshDeviceKey')
    assert.equal(sent.query, 'appId=app1')
  })

  test('deviceInfo in its depth', async () => {
    const client = connect()
    const deviceInfo = { name: 'before', deep: { list: [1] } }
    const call = client.regDirectDevice({ nodeId: 'n5', deviceInfo })
    deviceInfo.name = 'after'
    deviceInfo.deep.list.push(2)
    await call
    const [sent] = await sim.journal('regDirectDevice')
    assert.deepEqual(JSON.parse(sent.body).deviceInfo, { name: 'before', deep: { list: [1] } })
  })

  test('clientInfo and the client’s options', async () => {
    const info = { ...APP, baseUrl: sim.http }
    /** @type {any} */
    const options = { timeoutMs: 5000, retry: false, throttle: false }
    const client = new NorthApiClient(info, options)
    info.appId = info.secret = info.baseUrl = 'changed'
    options.timeoutMs = 1
    options.fetch = () => assert.fail('set later')
    options.onEvent = () => assert.fail('set later')
    assert.equal((await client.queryDeviceStatus(DEVICE)).activated, true)
  })

  test('each member is read once', async () => {
    let reads = 0
    const client = connect()
    const input = {
      get deviceId() {
        reads += 1
        return reads === 1 ? 'dev-1' : 'changed'
      },
    }
    assert.equal((await client.queryDeviceStatus(input)).deviceId, 'dev-1')
    assert.equal(reads, 1)
  })
})
