// What the client of the second platform does about losses, limits, clocks and aborts, over the simulator.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { inspect } from 'node:util'

import {
  ACCESS_KEY,
  CALLS,
  INSTANCE,
  OPERATIONS,
  SIGNATURES,
  STS,
  applyInput,
  arrived,
  deviceRef,
} from './support/aliyun.js'
import { lacks, rejection, shown, thrown, until } from './support/expect.js'
import { importPackage } from './support/package.js'
import { startSimulator } from './support/simulator.js'

const {
  InvalidArgumentError,
  NetworkError,
  OnsMqttClient,
  OnsMqttRequests,
  PlatformError,
  TimeoutError,
} = await importPackage()

/**
 * @typedef {import('northbound').ClientOptions} ClientOptions
 * @typedef {Partial<import('northbound').OnsMqttConfig>} Config
 */

/** @type {Awaited<ReturnType<typeof startSimulator>>} */
let sim
before(async () => {
  sim = await startSimulator()
})
after(() => sim?.stop())
beforeEach(async () => {
  await sim.control('POST', '/reset', { settings: true })
  await sim.control('DELETE', '/faults')
  await sim.control('DELETE', '/journal')
})

/**
 * A client of the simulator, and the events that it tells.
 * @param {ClientOptions} [options]
 * @param {Config} [config]
 */
function clientOf(options = {}, config = {}) {
  /** @type {any[]} */
  const events = []
  const client = new OnsMqttClient(
    { endpoint: sim.http, credentials: ACCESS_KEY, ...config },
    {
      throttle: false,
      ...options,
      onEvent: (event) => {
        events.push(event)
        options.onEvent?.(event)
      },
    },
  )
  /** @param {string} type */
  const of = (type) => events.filter((event) => event.type === type)
  return { client, events, of }
}

/** @param {Record<string, unknown>} order */
const fault = (order) => sim.control('POST', '/faults', order)

/** Operations of the calls that arrived, in order. */
const sent = async () => (await arrived(sim)).map(({ operation }) => operation)

/** @param {string} clientId @param {Record<string, unknown>} [more] */
const credentialOf = (clientId, more) => sim.control('POST', '/credentials', { clientId, ...more })

/** @param {string} clientId */
async function present(clientId) {
  const { credentials } = await sim.control('GET', '/credentials')
  return credentials.find((/** @type {any} */ each) => each.ClientId === clientId)
}

const THERE = deviceRef('device-1')
const [REGISTER, GET, REFRESH, REMOVE] = /** @type {const} */ ([
  'registerDeviceCredential',
  'getDeviceCredential',
  'refreshDeviceCredential',
  'unRegisterDeviceCredential',
])

describe('a lost answer, with the retries that are the default:', () => {
  for (const operation of OPERATIONS.filter(
    (name) => ![REGISTER, REFRESH].includes(/** @type {any} */ (name)),
  )) {
    for (const kind of ['lostBefore', 'lostAfter']) {
      test(`${operation}, ${kind}, is sent again`, async () => {
        await credentialOf(THERE.clientId)
        const { client, of } = clientOf()
        if (operation === 'queryToken' || operation === 'revokeToken') {
          const { token } = await client.applyToken(applyInput())
          await fault({ operation, kind })
          const result = await client[operation]({ instanceId: INSTANCE, token })
          assert.equal(typeof result.requestId, 'string')
          assert.equal((await arrived(sim, operation)).length, 2)
        } else {
          await fault({ operation, kind })
          const result = await CALLS[operation]?.(client)
          assert.equal(typeof result.requestId, 'string')
          assert.deepEqual(await sent(), [operation, operation])
        }
        const [retry, ...more] = of('retry')
        assert.deepEqual(more, [])
        assert.equal(retry.kind, 'network')
        assert.equal(retry.attempt, 1)
        assert.ok(retry.delayMs >= 0 && retry.delayMs <= 250)
        const done = of('done').at(-1)
        assert.deepEqual([done.outcome, done.attempts], ['ok', 2])
      })
    }
  }

  for (const operation of OPERATIONS) {
    test(`${operation} gives up after three`, async () => {
      if (operation !== REGISTER) await credentialOf(THERE.clientId)
      await fault({ operation, kind: 'lostBefore', times: -1 })
      const { client, of } = clientOf({ retry: { baseDelayMs: 1 } })
      const error = await rejection(/** @type {any} */ (CALLS[operation])(client))
      assert.ok(error instanceof NetworkError)
      assert.equal(error.attempts, 3)
      assert.equal(error.operation, operation)
      assert.equal((await arrived(sim, operation)).length, 3)
      assert.equal(of('retry').length, 2)
    })

    test(`${operation} is sent once where there are no retries`, async () => {
      if (operation !== REGISTER) await credentialOf(THERE.clientId)
      await fault({ operation, kind: 'lostBefore', times: -1 })
      const { client, of } = clientOf({ retry: false })
      const error = await rejection(/** @type {any} */ (CALLS[operation])(client))
      assert.ok(error instanceof NetworkError)
      assert.equal(error.attempts, 1)
      assert.equal((await arrived(sim, operation)).length, 1)
      assert.deepEqual(of('retry'), [])
    })
  }
})

describe('a registration whose answer is lost', () => {
  test('before it was done, is done by the next', async () => {
    await fault({ operation: REGISTER, kind: 'lostBefore' })
    const { client } = clientOf()
    const { deviceCredential } = await client.registerDeviceCredential(THERE)
    const now = await present(THERE.clientId)
    assert.equal(deviceCredential.deviceAccessKeySecret, now.DeviceAccessKeySecret)
    assert.deepEqual(await sent(), [REGISTER, REGISTER])
  })

  test('after it was done, is the credential that is there', async () => {
    await fault({ operation: REGISTER, kind: 'lostAfter' })
    const { client, of } = clientOf()
    const { deviceCredential } = await client.registerDeviceCredential(THERE)
    const now = await present(THERE.clientId)
    assert.equal(deviceCredential.deviceAccessKeySecret, now.DeviceAccessKeySecret)
    assert.equal(deviceCredential.createTime, now.CreateTime)
    assert.deepEqual(await sent(), [REGISTER, REGISTER, GET])
    assert.deepEqual(
      of('done').map(({ operation, outcome }) => [operation, outcome]),
      [[REGISTER, 'ok']],
    )
  })

  test('each time after it was done, is the credential that is there', async () => {
    await fault({ operation: REGISTER, kind: 'lostAfter', times: 3 })
    const { client } = clientOf({ retry: { baseDelayMs: 1 } })
    const { deviceCredential } = await client.registerDeviceCredential(THERE)
    const now = await present(THERE.clientId)
    assert.equal(deviceCredential.deviceAccessKeySecret, now.DeviceAccessKeySecret)
    assert.deepEqual(await sent(), [REGISTER, REGISTER, REGISTER, GET])
  })

  for (const kind of ['lostBefore', 'lostAfter']) {
    test(`is the platform’s refusal where an older credential was there (${kind})`, async () => {
      const createTime = Date.now() - 3_600_000
      await credentialOf(THERE.clientId, { createTime })
      await fault({ operation: REGISTER, kind })
      const { client } = clientOf()
      const error = await rejection(client.registerDeviceCredential(THERE))
      assert.ok(error instanceof PlatformError)
      assert.deepEqual([error.code, error.action], ['DeviceCredentialExsit', 'none'])
      assert.equal(error.operation, REGISTER)
      assert.equal(error.attempts, 2)
      assert.deepEqual(await sent(), [REGISTER, REGISTER, GET])
      assert.equal((await present(THERE.clientId)).CreateTime, createTime)
    })
  }

  test('is told by the platform’s clock, wherever ours stands', async () => {
    for (const clockShiftMs of [600_000, -600_000]) {
      await sim.control('PATCH', '/settings', { clockShiftMs })
      const mine = deviceRef(`shift${clockShiftMs}`)
      await fault({ operation: REGISTER, kind: 'lostAfter' })
      const { client } = clientOf()
      const { deviceCredential } = await client.registerDeviceCredential(mine)
      assert.equal(deviceCredential.clientId, mine.clientId)

      const older = deviceRef(`older${clockShiftMs}`)
      const createTime = Date.now() + clockShiftMs - 60_000
      await credentialOf(older.clientId, { createTime })
      await fault({ operation: REGISTER, kind: 'lostAfter' })
      const error = await rejection(clientOf().client.registerDeviceCredential(older))
      assert.equal(error.code, 'DeviceCredentialExsit')
    }
  })

  test('without a loss, an existing credential is a refusal and nothing is read', async () => {
    await credentialOf(THERE.clientId)
    const { client } = clientOf()
    const error = await rejection(client.registerDeviceCredential(THERE))
    assert.equal(error.code, 'DeviceCredentialExsit')
    assert.deepEqual(await sent(), [REGISTER])
  })

  for (const secondRegister of ['same', 'new']) {
    test(`where a second one gives ${secondRegister}, is what that gave`, async () => {
      await sim.control('PATCH', '/settings', { secondRegister })
      await fault({ operation: REGISTER, kind: 'lostAfter' })
      const { client } = clientOf()
      const { deviceCredential } = await client.registerDeviceCredential(THERE)
      const now = await present(THERE.clientId)
      assert.equal(deviceCredential.deviceAccessKeySecret, now.DeviceAccessKeySecret)
    })
  }
})

describe('a refresh', () => {
  /** @type {string} */
  let former
  beforeEach(async () => {
    await credentialOf(THERE.clientId, { createTime: Date.now() - 3_600_000 })
    former = (await present(THERE.clientId)).DeviceAccessKeySecret
  })

  for (const [kind, calls] of /** @type {[string, string[]][]} */ ([
    ['lostBefore', [GET, REFRESH, GET, REFRESH]],
    ['lostAfter', [GET, REFRESH, GET]],
  ])) {
    for (const refreshChanges of ['key-and-secret', 'secret']) {
      test(`whose answer is lost (${kind}), is compared; the platform changes ${refreshChanges}`, async () => {
        await sim.control('PATCH', '/settings', { refreshChanges })
        await fault({ operation: REFRESH, kind })
        const { client, of } = clientOf()
        const { deviceCredential } = await client.refreshDeviceCredential(THERE)
        const now = await present(THERE.clientId)
        assert.equal(deviceCredential.deviceAccessKeySecret, now.DeviceAccessKeySecret)
        assert.notEqual(deviceCredential.deviceAccessKeySecret, former)
        assert.deepEqual(await sent(), calls)
        assert.deepEqual(
          of('done').map(({ outcome }) => outcome),
          ['ok'],
        )
      })
    }
  }

  test('whose answers are all lost before it was done, says that the outcome is not known', async () => {
    await fault({ operation: REFRESH, kind: 'lostBefore', times: -1 })
    const { client } = clientOf({ retry: { baseDelayMs: 1 } })
    const error = await rejection(client.refreshDeviceCredential(THERE))
    assert.ok(error instanceof NetworkError)
    assert.match(error.message, /getDeviceCredential/)
    assert.equal((await present(THERE.clientId)).DeviceAccessKeySecret, former)
  })

  test('is a single request where there are no retries', async () => {
    const { client } = clientOf({ retry: false })
    await client.refreshDeviceCredential(THERE)
    assert.deepEqual(await sent(), [REFRESH])
  })

  for (const retry of /** @type {const} */ ([undefined, false])) {
    test(`of a device without a credential is its own refusal, retry ${retry}`, async () => {
      const { client, of } = clientOf({ retry })
      const error = await rejection(client.refreshDeviceCredential(deviceRef('nobody')))
      assert.ok(error instanceof PlatformError)
      assert.equal(error.code, 'DeviceCredentialNotFound')
      assert.equal(error.operation, REFRESH)
      assert.deepEqual(
        of('done').map(({ operation }) => operation),
        [REFRESH],
      )
    })
  }
})

describe('a removal', () => {
  test('whose answer is lost is done where nothing is found the next time', async () => {
    await credentialOf(THERE.clientId)
    await fault({ operation: REMOVE, kind: 'lostAfter' })
    const { client } = clientOf()
    const result = await client.unRegisterDeviceCredential(THERE)
    assert.deepEqual(Object.keys(result), ['requestId'])
    assert.match(result.requestId, /^[0-9A-F-]{36}$/)
    const calls = await arrived(sim)
    assert.deepEqual(
      calls.map(({ code }) => code ?? ''),
      ['', 'DeviceCredentialNotFound'],
    )
    assert.equal(await present(THERE.clientId), undefined)
  })

  test('without a loss is a refusal where nothing is found', async () => {
    const { client } = clientOf()
    const error = await rejection(client.unRegisterDeviceCredential(THERE))
    assert.equal(error.code, 'DeviceCredentialNotFound')
    assert.deepEqual(await sent(), [REMOVE])
  })

  test('that was throttled is a refusal where nothing is found', async () => {
    await fault({ operation: REMOVE, kind: 'error', code: 'Throttling', retryAfterMs: 1 })
    const { client } = clientOf({ retry: { baseDelayMs: 1 } })
    const error = await rejection(client.unRegisterDeviceCredential(THERE))
    assert.equal(error.code, 'DeviceCredentialNotFound')
    assert.deepEqual(await sent(), [REMOVE, REMOVE])
  })
})

describe('a platform that asks to wait', () => {
  const codes = ['Throttling', 'Throttling.User', 'Throttling.Api', 'Throttling.Instance']
  for (const code of [...codes, 'ApplyTokenOverFlow', 'SystemOverFlow']) {
    for (const format of ['json', 'xml']) {
      test(`by ${code} in ${format} is obeyed`, async () => {
        await credentialOf(THERE.clientId)
        await fault({ operation: GET, kind: 'error', code, format, retryAfterMs: 300 })
        const { client, of } = clientOf()
        const start = performance.now()
        await client.getDeviceCredential(THERE)
        const tookMs = performance.now() - start
        const [retry] = of('retry')
        assert.ok(retry.delayMs >= 300 && retry.delayMs < 1000, `${retry.delayMs}`)
        assert.ok(tookMs >= 295, `${tookMs}`)
        assert.equal(retry.code, code)
        assert.equal(retry.kind, 'platform')
        assert.deepEqual(await sent(), [GET, GET])
      })
    }
  }

  for (const [operation, code] of [
    ['queryToken', 'QueryTokenOverFlow'],
    ['revokeToken', 'RevokeTokenOverFlow'],
  ]) {
    test(`by ${code} is obeyed`, async () => {
      await fault({ operation, kind: 'error', code, retryAfterMs: 120, times: 2 })
      const { client, of } = clientOf()
      const { token } = await client.applyToken(applyInput())
      const input = { instanceId: INSTANCE, token }
      if (operation === 'queryToken') await client.queryToken(input)
      else await client.revokeToken(input)
      const delays = of('retry').map(({ delayMs }) => delayMs)
      assert.equal(delays.length, 2)
      for (const delay of delays) assert.ok(delay >= 120)
    })
  }

  for (const throttleHints of ['retry-after', 'ratelimit']) {
    test(`by the header ${throttleHints} alone is obeyed`, async () => {
      await sim.control('PATCH', '/settings', { throttleHints })
      await fault({ operation: GET, kind: 'error', code: 'Throttling', retryAfterMs: 300 })
      await credentialOf(THERE.clientId)
      const { client, of } = clientOf()
      await client.getDeviceCredential(THERE)
      const [retry] = of('retry')
      assert.ok(retry.delayMs >= 300, `${retry.delayMs}`)
    })
  }

  for (const code of ['ParameterCheckFailed', 'PermissionCheckFailed', 'SignatureDoesNotMatch']) {
    test(`is never sent ${code} a second time`, async () => {
      await fault({ operation: GET, kind: 'error', code })
      const { client } = clientOf()
      const error = await rejection(client.getDeviceCredential(THERE))
      assert.equal(error.code, code)
      assert.equal(error.attempts, 1)
      assert.deepEqual(await sent(), [GET])
    })
  }

  test('for longer than the whole call may take is not waited for', async () => {
    await fault({
      operation: GET,
      kind: 'error',
      code: 'Throttling',
      retryAfterMs: 5000,
      times: -1,
    })
    const { client, of } = clientOf({ retry: { totalMs: 2000 } })
    const start = performance.now()
    const error = await rejection(client.getDeviceCredential(THERE))
    assert.ok(performance.now() - start < 1500)
    assert.equal(error.retryAfterMs, 5000)
    assert.equal(error.attempts, 1)
    assert.deepEqual(of('retry'), [])
  })
})

test('attempts and waits of one call stay within totalMs', async () => {
  await fault({ operation: GET, kind: 'lostBefore', times: -1 })
  const { client } = clientOf({
    retry: { attempts: 1000, baseDelayMs: 40, maxDelayMs: 40, totalMs: 400 },
  })
  const start = performance.now()
  const error = await rejection(client.getDeviceCredential(THERE))
  const tookMs = performance.now() - start
  // The last attempt gets only the time that is left, and may end by it.
  assert.match(error.name, /^(NetworkError|TimeoutError)$/)
  assert.ok(error.attempts > 3, `${error.attempts} attempts`)
  assert.ok(tookMs < 1000, `${tookMs} ms`)
})

test('an attempt without an answer ends by timeoutMs and is sent again', async () => {
  await credentialOf(THERE.clientId)
  await fault({ operation: GET, kind: 'silence', ms: 5000, times: 2 })
  const { client, of } = clientOf({ timeoutMs: 100, retry: { baseDelayMs: 1 } })
  await client.getDeviceCredential(THERE)
  assert.deepEqual(
    of('retry').map(({ kind }) => kind),
    ['timeout', 'timeout'],
  )
  await fault({ operation: GET, kind: 'silence', ms: 5000, times: 3 })
  const error = await rejection(client.getDeviceCredential(THERE, { timeoutMs: 50 }))
  assert.ok(error instanceof TimeoutError)
  assert.equal(error.timeoutMs, 50)
  assert.equal(error.attempts, 3)
})

describe('clocks that differ', () => {
  for (const signature of SIGNATURES) {
    for (const clockShiftMs of [1_800_000, -1_800_000, 86_400_000]) {
      test(`by ${clockShiftMs / 1000} s are told once and corrected (${signature})`, async () => {
        await sim.control('PATCH', '/settings', { clockShiftMs })
        for (const retry of /** @type {const} */ ([undefined, false])) {
          await sim.control('DELETE', '/journal')
          const { client, of } = clientOf({ retry }, { signature })
          await client.applyToken({
            ...applyInput(),
            expireTime: Date.now() + clockShiftMs + 90_000,
          })
          const calls = await arrived(sim)
          assert.deepEqual(
            calls.map(({ code }) => code ?? ''),
            ['InvalidTimeStamp.Expired', ''],
          )
          const warnings = of('warning')
          assert.equal(warnings.length, 1)
          assert.equal(warnings[0].about, 'clock')
          const seconds = Number(/-?\d+/.exec(warnings[0].message)?.[0])
          assert.ok(Math.abs(seconds - clockShiftMs / 1000) <= 3, warnings[0].message)
          assert.deepEqual(of('retry'), [])
          await client.listDeviceCredentialClientId({ groupId: 'GID_tests', instanceId: INSTANCE })
          assert.equal((await arrived(sim)).length, 3)
          assert.equal(of('warning').length, 1)
        }
      })
    }
  }

  test('again are corrected again', async () => {
    const { client, of } = clientOf()
    for (const clockShiftMs of [1_800_000, 0, -1_800_000]) {
      await sim.control('PATCH', '/settings', { clockShiftMs })
      await client.listDeviceCredentialClientId({ groupId: 'GID_tests', instanceId: INSTANCE })
    }
    assert.equal(of('warning').length, 3)
    assert.equal((await arrived(sim)).length, 6)
  })

  test('for ever are a refusal after two', async () => {
    await fault({ operation: GET, kind: 'error', code: 'InvalidTimeStamp.Expired', times: -1 })
    const { client, of } = clientOf()
    const error = await rejection(client.getDeviceCredential(THERE))
    assert.equal(error.code, 'InvalidTimeStamp.Expired')
    assert.equal(error.attempts, 2)
    assert.equal(of('warning').length, 1)
  })
})

describe('a nonce that was used', () => {
  for (const signature of SIGNATURES) {
    test(`by a prepared request that is sent twice is refused (${signature})`, async () => {
      const requests = new OnsMqttRequests({
        endpoint: sim.http,
        credentials: ACCESS_KEY,
        signature,
      })
      await credentialOf(THERE.clientId)
      const { url, method, headers, body, decode } = requests.getDeviceCredential(THERE)
      const send = async () => {
        const answer = await fetch(url, {
          method,
          headers,
          ...(body === undefined ? {} : { body }),
        })
        return { status: answer.status, text: await answer.text() }
      }
      const first = await send()
      assert.equal(decode(first.status, first.text).deviceCredential.clientId, THERE.clientId)
      const second = await send()
      const error = thrown(() => decode(second.status, second.text))
      assert.equal(error.code, 'SignatureNonceUsed')
      assert.equal(error.operation, GET)
    })

    test(`is sent again with another one, once (${signature})`, async () => {
      await credentialOf(THERE.clientId)
      await fault({ operation: GET, kind: 'error', code: 'SignatureNonceUsed' })
      const { client } = clientOf({ retry: false }, { signature })
      await client.getDeviceCredential(THERE)
      const nonces = (await arrived(sim)).map(({ headers, body }) => {
        return headers['x-acs-signature-nonce'] ?? new URLSearchParams(body).get('SignatureNonce')
      })
      assert.equal(new Set(nonces).size, 2)
      await fault({ operation: GET, kind: 'error', code: 'SignatureNonceUsed', times: 2 })
      const error = await rejection(client.getDeviceCredential(THERE))
      assert.equal(error.code, 'SignatureNonceUsed')
      assert.equal(error.attempts, 2)
    })
  }

  test('counts as a loss: what register then finds is its own', async () => {
    await credentialOf(THERE.clientId, { createTime: Date.now() + 1000 })
    await fault({ operation: REGISTER, kind: 'error', code: 'SignatureNonceUsed' })
    const { client } = clientOf()
    const { deviceCredential } = await client.registerDeviceCredential(THERE)
    assert.equal(deviceCredential.clientId, THERE.clientId)
    assert.deepEqual(await sent(), [REGISTER, REGISTER, GET])
  })
})

describe('an abort', () => {
  for (const [name, reason] of /** @type {[string, any][]} */ ([
    ['an error', new Error('enough')],
    ['a text', 'enough'],
    ['a number', 0],
  ])) {
    test(`during a wait rejects at once with its reason, ${name}`, async () => {
      await fault({ operation: GET, kind: 'error', code: 'Throttling', retryAfterMs: 5000 })
      const controller = new AbortController()
      const { client, of } = clientOf({
        onEvent: ({ type }) => {
          if (type === 'retry') setTimeout(() => controller.abort(reason), 20)
        },
      })
      const start = performance.now()
      const found = await rejection(
        client.getDeviceCredential(THERE, { signal: controller.signal }),
      )
      assert.equal(found, reason)
      assert.ok(performance.now() - start < 1500)
      await until(() =>
        assert.deepEqual(
          of('done').map(({ outcome }) => outcome),
          ['aborted'],
        ),
      )
      await new Promise((resolve) => setTimeout(resolve, 50))
      assert.deepEqual(await sent(), [GET])
    })
  }

  test('before the call sends nothing', async () => {
    const { client } = clientOf()
    const signal = AbortSignal.abort('early')
    for (const [operation, call] of Object.entries(CALLS)) {
      assert.equal(await rejection(call(client, { signal })), 'early', operation)
    }
    assert.deepEqual(await sent(), [])
  })

  test('during a request rejects at once', async () => {
    await fault({ operation: GET, kind: 'silence', ms: 3000 })
    const controller = new AbortController()
    const { client } = clientOf()
    setTimeout(() => controller.abort('now'), 60)
    const start = performance.now()
    const call = client.getDeviceCredential(THERE, { signal: controller.signal })
    assert.equal(await rejection(call), 'now')
    assert.ok(performance.now() - start < 1500)
  })
})

describe('free', () => {
  test('twice does nothing, and a method after it is refused', async () => {
    const { client } = clientOf()
    client.free()
    client.free()
    client[Symbol.dispose]()
    for (const [operation, call] of Object.entries(CALLS)) {
      const error = await rejection(call(client))
      assert.ok(error instanceof InvalidArgumentError)
      assert.deepEqual([error.operation, error.argument], [operation, 'this'])
    }
    const input = { groupId: 'GID_tests', instanceId: INSTANCE }
    const error = await rejection(client.clientIds(input).next())
    assert.ok(error instanceof InvalidArgumentError)
    assert.equal(error.argument, 'this')
  })

  test('lets a call under way answer, its retries included', async () => {
    await credentialOf(THERE.clientId)
    await fault({ operation: GET, kind: 'lostBefore', times: 2 })
    const { client } = clientOf()
    const call = client.getDeviceCredential(THERE)
    client.free()
    assert.equal((await call).deviceCredential.clientId, THERE.clientId)
  })

  test('and another this are the same', async () => {
    const prototype = /** @type {any} */ (OnsMqttClient.prototype)
    for (const operation of OPERATIONS) {
      const error = await rejection(prototype[operation].call({}, THERE))
      assert.ok(error instanceof InvalidArgumentError)
      assert.equal(error.argument, 'this')
    }
    const requests = new OnsMqttRequests({ endpoint: sim.http, credentials: ACCESS_KEY })
    requests.free()
    requests.free()
    const error = thrown(() => requests.getDeviceCredential(THERE))
    assert.deepEqual([error.operation, error.argument], [GET, 'this'])
  })

  test('clientIds on another this is an InvalidArgumentError', async () => {
    const { clientIds } = OnsMqttClient.prototype
    const input = { groupId: 'GID_tests', instanceId: INSTANCE }
    const error = await rejection(clientIds.call(/** @type {any} */ ({}), input).next())
    assert.ok(error instanceof InvalidArgumentError)
    assert.equal(error.argument, 'this')
  })
})

describe('secrets', () => {
  for (const signature of SIGNATURES) {
    test(`are not in the echo of a signature that does not match (${signature})`, async () => {
      const wrong = { ...STS, accessKeySecret: 'aWrongSecret+/=0001' }
      const { client, events } = clientOf({}, { credentials: wrong, signature })
      const token = 'an-MQTT+token/of=mine'
      const error = await rejection(client.queryToken({ instanceId: INSTANCE, token }))
      assert.equal(error.code, 'SignatureDoesNotMatch')
      assert.match(error.description, /server/i)
      assert.ok(error.description.length > 100, error.description)
      const [call] = await arrived(sim)
      const sentSignature =
        /Signature=([0-9a-f]+)$/.exec(call.headers.authorization ?? '')?.[1] ??
        new URLSearchParams(call.body).get('Signature')
      assert.ok(sentSignature)
      const secrets = [...Object.values(wrong), token, sentSignature]
      lacks(shown(error), secrets, 'the error')
      lacks(shown(events), secrets, 'the events')
    })

    test(`are in no error, event, inspection or address (${signature})`, async () => {
      await credentialOf(THERE.clientId)
      const credentials = STS
      const { client, events } = clientOf({ retry: { baseDelayMs: 1 } }, { credentials, signature })
      const { token } = await client.applyToken(applyInput())
      const { deviceCredential } = await client.getDeviceCredential(THERE)
      const secrets = [...Object.values(STS), token, deviceCredential.deviceAccessKeySecret]
      const input = { instanceId: INSTANCE, token }
      /** @type {unknown[]} */
      const errors = []
      for (const kind of ['cut', 'cutJson', 'html', 'reset', 'wrongType', 'huge', 'redirect']) {
        const order = { kind, times: -1, bytes: 2_000_000, location: 'https://elsewhere.example/' }
        await fault({ operation: '*', ...order })
        errors.push(await rejection(client.queryToken(input)))
        errors.push(await rejection(client.getDeviceCredential(THERE)))
        errors.push(await rejection(client.applyToken(applyInput())))
        await sim.control('DELETE', '/faults')
      }
      // A body that echoes all that was sent, and is none of the platform's.
      const own = [...Object.values(STS), token]
      const echo = JSON.stringify({
        ...STS,
        Token: token,
        DeviceAccessKeySecret: deviceCredential.deviceAccessKeySecret,
        all: own.join(' '),
        encoded: encodeURIComponent(own.join('&')),
      })
      await fault({ operation: '*', kind: 'answer', status: 400, body: echo, times: -1 })
      errors.push(await rejection(client.queryToken(input)))
      await sim.control('DELETE', '/faults')
      const message = `Denied to ${own.join(' and ')}`
      await fault({
        operation: '*',
        kind: 'error',
        code: 'PermissionCheckFailed',
        status: 400,
        message,
        times: -1,
      })
      const refused = await rejection(client.queryToken(input))
      assert.match(refused.description, /^Denied to /)
      errors.push(refused)
      errors.forEach((error, index) => lacks(shown(error), secrets, `error ${index}`))
      lacks(shown(events), secrets, 'the events')
      lacks(shown(client), secrets, 'the client')
      for (const { query, path } of await arrived(sim))
        lacks(`${path}?${query}`, secrets, 'an address')
    })

    test(`are in no inspection of a prepared request (${signature})`, () => {
      const config = { endpoint: sim.http, credentials: STS, signature }
      const requests = new OnsMqttRequests(config)
      const token = 'an-MQTT+token/of=mine'
      const made = requests.queryToken({ instanceId: INSTANCE, token })
      const secrets = [...Object.values(STS), token]
      lacks(inspect(made, { depth: 9, showHidden: true }), secrets, 'the inspection')
      lacks(inspect(requests, { depth: 9, showHidden: true }), secrets, 'the maker')
      assert.ok((made.body ?? '').includes(encodeURIComponent(token)))
    })
  }
})
