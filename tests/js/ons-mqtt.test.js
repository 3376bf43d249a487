// The client of the second platform over the simulator: what it sends, repeats, refuses and shows.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { inspect } from 'node:util'

import {
  ACCESS_KEY,
  INSTANCE,
  SIGNATURES,
  STS,
  applyInput,
  arrived,
  deviceRef,
} from './support/aliyun.js'
import { rejection, thrown } from './support/expect.js'
import { importPackage } from './support/package.js'
import { startSimulator } from './support/simulator.js'
import { reply } from './support/stub.js'

const { InvalidArgumentError, OnsMqttClient, OnsMqttRequests, PlatformError, mqttDeviceLogin } =
  await importPackage()

/**
 * @typedef {import('northbound').ClientEvent} ClientEvent
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
  // What has to be there for every operation.
  await sim.control('POST', '/credentials', { clientId: deviceRef('there').clientId })
})

/**
 * A client of the simulator, and the events that it tells.
 * @param {ClientOptions} [options]
 * @param {Config} [config]
 */
function clientOf(options = {}, config = {}) {
  /** @type {ClientEvent[]} */
  const events = []
  const client = new OnsMqttClient(
    { endpoint: sim.http, credentials: ACCESS_KEY, ...config },
    { throttle: false, ...options, onEvent: (event) => events.push(event) },
  )
  /** @param {string} type */
  const of = (type) => /** @type {any[]} */ (events.filter((event) => event.type === type))
  return { client, events, of }
}

/** @param {Record<string, unknown>} order */
const fault = (order) => sim.control('POST', '/faults', order)

/** Operations of the second platform's calls, in order. */
async function sent() {
  const calls = await arrived(sim)
  return calls.filter(({ platform }) => platform !== 'huawei').map(({ operation }) => operation)
}

/** @param {string} clientId */
async function present(clientId) {
  const { credentials } = await sim.control('GET', '/credentials')
  return credentials.find((/** @type {any} */ each) => each.ClientId === clientId)
}

/** @param {any} credential as the simulator shows it */
function asResult(credential) {
  return Object.fromEntries(
    Object.entries(credential).map(([name, value]) => [
      name.replace(/^./, (first) => first.toLowerCase()),
      value,
    ]),
  )
}

for (const signature of SIGNATURES) {
  describe(`every operation with ${signature}`, () => {
    for (const [kind, credentials] of Object.entries({
      'a permanent': ACCESS_KEY,
      'a temporary': STS,
    })) {
      test(`answers with ${kind} key`, async () => {
        const { client, of } = clientOf({}, { signature, credentials })
        const ref = deviceRef('life ☃ of/a+device&%')
        const registered = await client.registerDeviceCredential(ref)
        assert.match(registered.requestId, /^[0-9A-F-]{36}$/)
        const { deviceCredential } = registered
        assert.deepEqual({ ...deviceCredential }, asResult(await present(ref.clientId)))
        assert.equal(typeof deviceCredential.createTime, 'number')
        assert.equal(deviceCredential.createTime, deviceCredential.updateTime)
        assert.ok(Math.abs(deviceCredential.createTime - Date.now()) < 60_000)

        const got = await client.getDeviceCredential(ref)
        assert.deepEqual({ ...got.deviceCredential }, { ...deviceCredential })
        const refreshed = await client.refreshDeviceCredential(ref)
        assert.notEqual(
          refreshed.deviceCredential.deviceAccessKeySecret,
          deviceCredential.deviceAccessKeySecret,
        )
        assert.equal(refreshed.deviceCredential.createTime, deviceCredential.createTime)
        assert.deepEqual({ ...refreshed.deviceCredential }, asResult(await present(ref.clientId)))
        const login = mqttDeviceLogin(refreshed.deviceCredential)
        assert.equal(login.clientId, ref.clientId)

        const page = await client.listDeviceCredentialClientId({
          groupId: 'GID_tests',
          instanceId: INSTANCE,
        })
        const { requestId: _, ...members } = page
        assert.deepEqual(
          { ...members, clientIds: [...page.clientIds] },
          {
            total: 2,
            pageNo: 1,
            pageSize: 100,
            clientIds: [ref.clientId, deviceRef('there').clientId],
          },
        )

        const removed = await client.unRegisterDeviceCredential(ref)
        assert.deepEqual(Object.keys(removed), ['requestId'])
        assert.equal(await present(ref.clientId), undefined)

        const { token } = await client.applyToken(applyInput())
        const query = { instanceId: INSTANCE, token }
        assert.equal((await client.queryToken(query)).tokenStatus, true)
        assert.match((await client.revokeToken(query)).requestId, /^[0-9A-F-]{36}$/)
        assert.equal((await client.queryToken(query)).tokenStatus, false)
        assert.deepEqual(of('retry'), [])
        assert.deepEqual(of('warning'), [])
        for (const { outcome } of of('done')) assert.equal(outcome, 'ok')
        const calls = await arrived(sim)
        for (const call of calls) {
          assert.equal(call.method, 'POST')
          assert.equal(call.status, 200)
          assert.doesNotMatch(decodeURIComponent(call.query), /SIMULATORONLY|Signature|Token=/)
        }
        client.free()
      })
    }
  })
}

test('a page is asked for by size, number and token', async () => {
  for (let index = 0; index < 7; index += 1) {
    await sim.control('POST', '/credentials', { clientId: `GID_paging@@@d${index}` })
  }
  const { client } = clientOf()
  const group = { groupId: 'GID_paging', instanceId: INSTANCE }
  const second = await client.listDeviceCredentialClientId({ ...group, pageSize: 3, pageNo: 2 })
  assert.deepEqual(
    [...second.clientIds],
    ['d3', 'd4', 'd5'].map((d) => `GID_paging@@@${d}`),
  )
  assert.deepEqual([second.total, second.pageNo, second.pageSize], [7, 2, 3])
  assert.equal(typeof second.nextToken, 'string')
  const { nextToken } = second
  assert.ok(nextToken)
  const third = await client.listDeviceCredentialClientId({ ...group, pageSize: 3, nextToken })
  assert.deepEqual([...third.clientIds], ['GID_paging@@@d6'])
  assert.ok(!('nextToken' in third))
})

describe('clientIds', () => {
  /** @param {number} count */
  const fill = async (count) => {
    const ids = []
    for (let index = 0; index < count; index += 1) {
      const clientId = `GID_paging@@@d${String(index).padStart(3, '0')}`
      ids.push(clientId)
      await sim.control('POST', '/credentials', { clientId })
    }
    return ids
  }
  const group = { groupId: 'GID_paging', instanceId: INSTANCE }

  /** @param {AsyncIterable<string>} iterable */
  const all = async (iterable) => {
    const found = []
    for await (const id of iterable) found.push(id)
    return found
  }

  for (const count of [0, 1, 4, 5, 6, 10, 11]) {
    test(`yields ${count} by the platform's tokens, five a page`, async () => {
      const ids = await fill(count)
      const { client } = clientOf()
      assert.deepEqual(await all(client.clientIds({ ...group, pageSize: 5 })), ids)
      const pages = Math.max(1, Math.ceil(count / 5))
      const calls = await arrived(sim, 'listDeviceCredentialClientId')
      assert.equal(calls.length, pages)
      calls.forEach((call, index) => {
        assert.equal(/NextToken=/.test(call.query), index > 0)
        assert.doesNotMatch(call.query, /PageNo=/)
      })
    })

    test(`yields ${count} by page numbers where there are no tokens`, async () => {
      const ids = await fill(count)
      /** @type {import('northbound').FetchLike} */
      const withoutTokens = async (url, init) => {
        const answer = await fetch(url, /** @type {RequestInit} */ (init))
        const body = /** @type {any} */ (await answer.json())
        delete body.DeviceCredentialClientIdList.NextToken
        return reply(answer.status, body)
      }
      const { client } = clientOf({ fetch: withoutTokens })
      assert.deepEqual(await all(client.clientIds({ ...group, pageSize: 5 })), ids)
      const calls = await arrived(sim, 'listDeviceCredentialClientId')
      assert.equal(calls.length, Math.max(1, Math.ceil(count / 5)))
      const numbers = calls.map(({ query }) => /PageNo=(\d+)/.exec(query)?.[1])
      assert.deepEqual(
        numbers.slice(1),
        numbers.slice(1).map((_, index) => String(index + 2)),
      )
    })
  }

  test('asks for a page only when the one before is used up, and can be left', async () => {
    await fill(6)
    const { client } = clientOf()
    for await (const id of client.clientIds({ ...group, pageSize: 2 })) {
      if (id.endsWith('001')) break
    }
    assert.equal((await arrived(sim, 'listDeviceCredentialClientId')).length, 1)
    const ids = client.clientIds({ ...group, pageSize: 2 })
    assert.equal(ids[Symbol.asyncIterator](), ids)
    assert.deepEqual(await ids.next(), { value: 'GID_paging@@@d000', done: false })
  })

  test('reads its input once, when it is called', async () => {
    const ids = await fill(4)
    const { client } = clientOf()
    const input = { ...group, pageSize: 2 }
    const iterator = client.clientIds(input)
    input.groupId = 'GID_other'
    assert.deepEqual(await all(iterator), ids)
  })

  test('rejects at the first step where the input is wrong', async () => {
    const { client } = clientOf()
    for (const [input, argument] of /** @type {[any, string][]} */ ([
      [{ ...group, pageNo: 2 }, 'input.pageNo'],
      [{ ...group, nextToken: 'x' }, 'input.nextToken'],
      [{ ...group, pageSize: 0 }, 'input.pageSize'],
      [{ ...group, groupid: 'x' }, 'input.groupid'],
      [undefined, 'input'],
      [{ instanceId: INSTANCE }, 'input.groupId'],
    ])) {
      const error = await rejection(client.clientIds(input).next())
      assert.ok(error instanceof InvalidArgumentError, argument)
      assert.equal(error.argument, argument)
    }
    assert.deepEqual(await sent(), [])
  })

  test('rejects with the platform’s refusal, and with the reason of an abort', async () => {
    const { client } = clientOf({ retry: false })
    const wrong = client.clientIds({ ...group, instanceId: 'post-cn-elsewhere' })
    assert.equal((await rejection(wrong.next())).code, 'InstancePermissionCheckFailed')
    const signal = AbortSignal.abort('enough')
    assert.equal(await rejection(client.clientIds(group, { signal }).next()), 'enough')
  })
})

describe('results', () => {
  test('are masked where they are printed, and their members are there', async () => {
    const { client } = clientOf()
    const ref = deviceRef('printed')
    const { deviceCredential } = await client.registerDeviceCredential(ref)
    const applied = await client.applyToken(applyInput())
    const { deviceAccessKeySecret } = deviceCredential
    assert.match(deviceAccessKeySecret, /^DC\./)
    const got = await client.getDeviceCredential(ref)
    for (const [value, secret] of /** @type {const} */ ([
      [got, deviceAccessKeySecret],
      [got.deviceCredential, deviceAccessKeySecret],
      [deviceCredential, deviceAccessKeySecret],
      [applied, applied.token],
      [mqttDeviceLogin(deviceCredential), mqttDeviceLogin(deviceCredential).password],
    ])) {
      for (const depth of [0, 1, 5, null]) {
        assert.ok(!inspect(value, { depth }).includes(secret), `depth ${depth}`)
        assert.ok(!inspect({ in: [value] }, { depth }).includes(secret), `in, depth ${depth}`)
      }
      assert.ok(JSON.stringify(value).includes(JSON.stringify(secret).slice(1, -1)))
    }
    assert.ok(inspect(got).includes(ref.clientId))
    assert.deepEqual(Object.keys(got.deviceCredential).sort(), [
      'clientId',
      'createTime',
      'deviceAccessKeyId',
      'deviceAccessKeySecret',
      'instanceId',
      'updateTime',
    ])
  })

  test('numbers that come as text are numbers, and wrong ones a DecodeError', async () => {
    const requests = new OnsMqttRequests({ endpoint: sim.http, credentials: ACCESS_KEY })
    const request = requests.listDeviceCredentialClientId({ groupId: 'G', instanceId: 'I' })
    /** @param {any} changes */
    const body = (changes) =>
      JSON.stringify({
        RequestId: 'R',
        DeviceCredentialClientIdList: {
          ...{ Total: '10', PageNo: '1', PageSize: 100, ClientIdList: ['a'], New: {} },
          ...changes,
        },
      })
    const page = request.decode(200, body({ NextToken: 'n' }))
    assert.deepEqual(
      { ...page, clientIds: [...page.clientIds] },
      { requestId: 'R', total: 10, pageNo: 1, pageSize: 100, nextToken: 'n', clientIds: ['a'] },
    )
    for (const wrong of ['', 'x', '1.5', '-1', 1.5, null, true, [1]]) {
      const error = thrown(() => request.decode(200, body({ Total: wrong })))
      assert.equal(error.kind, 'decode', `Total ${wrong}`)
    }
    for (const wrong of [undefined, 'a', [1], {}]) {
      const error = thrown(() => request.decode(200, body({ ClientIdList: wrong })))
      assert.equal(error.kind, 'decode', `ClientIdList ${wrong}`)
    }
    for (const code of ['200', 'OK', 'success']) {
      const answer = JSON.stringify({ ...JSON.parse(body({})), Code: code })
      assert.equal(request.decode(200, answer).total, 10)
    }
    const refused = thrown(() => request.decode(200, '{"Code":"ApiNotSupport","Message":"m"}'))
    assert.ok(refused instanceof PlatformError)
  })
})

describe('credentials that are asked for', () => {
  test('are asked for before each attempt, with this undefined and nothing passed', async () => {
    await fault({ operation: 'getDeviceCredential', kind: 'lostBefore', times: 2 })
    /** @type {any[]} */
    const asked = []
    const given = [ACCESS_KEY, STS, ACCESS_KEY]
    const { client } = clientOf(
      {},
      {
        credentials: /** @this {any} */ function (/** @type {any[]} */ ...args) {
          asked.push([this, args.length])
          return /** @type {any} */ (given[asked.length - 1])
        },
      },
    )
    await client.getDeviceCredential(deviceRef('there'))
    assert.deepEqual(asked, Array(3).fill([undefined, 0]))
    const calls = await arrived(sim, 'getDeviceCredential')
    const ids = calls.map(({ headers }) => /Credential=([^,]+),/.exec(headers.authorization)?.[1])
    assert.deepEqual(
      ids,
      given.map(({ accessKeyId }) => accessKeyId),
    )
    const tokens = calls.map(({ headers }) => headers['x-acs-security-token'])
    assert.deepEqual(tokens, [undefined, STS.securityToken, undefined])
    const nonces = calls.map(({ headers }) => headers['x-acs-signature-nonce'])
    assert.equal(new Set(nonces).size, 3)
  })

  test('that have expired are refused, and the next call uses the new ones', async () => {
    const fresh = {
      accessKeyId: 'STS.rotated0003',
      accessKeySecret: 'rotatedSecret0003',
      securityToken: 'CAISrotated+/=',
    }
    await sim.control('POST', '/sts/expire')
    await sim.control('POST', '/sts', fresh)
    let now = STS
    for (const signature of SIGNATURES) {
      const { client } = clientOf({ retry: false }, { signature, credentials: async () => now })
      now = STS
      const error = await rejection(client.getDeviceCredential(deviceRef('there')))
      assert.equal(error.code, 'InvalidSecurityToken.Expired')
      assert.equal(error.action, 'login-again')
      assert.equal(error.retryable, true)
      now = fresh
      await client.getDeviceCredential(deviceRef('there'))
    }
  })

  const wrong = new Error('the vault is closed')
  /** @type {[string, () => any, string | undefined][]} */
  const failing = [
    [
      'throws',
      () => {
        throw wrong
      },
      undefined,
    ],
    ['rejects', () => Promise.reject(wrong), undefined],
    ['gives nothing', () => undefined, 'config.credentials'],
    ['gives null', () => null, 'config.credentials'],
    ['gives a text', () => 'LTAI', 'config.credentials'],
    ['gives a function', () => () => ACCESS_KEY, 'config.credentials'],
    ['gives a list', () => [ACCESS_KEY], 'config.credentials'],
    ['gives an object without a key', () => ({}), 'config.credentials.accessKeyId'],
    [
      'gives a key without its secret',
      () => ({ accessKeyId: 'x' }),
      'config.credentials.accessKeySecret',
    ],
    [
      'gives an ID with a line break',
      () => ({ ...ACCESS_KEY, accessKeyId: 'x\r\ny' }),
      'config.credentials.accessKeyId',
    ],
    [
      'gives a token that is a number',
      () => ({ ...ACCESS_KEY, securityToken: 5 }),
      'config.credentials.securityToken',
    ],
    [
      'gives something more',
      () => ({ ...ACCESS_KEY, expiration: 'x' }),
      'config.credentials.expiration',
    ],
    [
      'gives a getter that throws',
      () => ({
        get accessKeyId() {
          throw wrong
        },
      }),
      'config.credentials',
    ],
  ]
  for (const [what, credentials, argument] of failing) {
    test(`a function that ${what} is an InvalidArgumentError`, async () => {
      const { client, of } = clientOf({}, { credentials })
      const error = await rejection(client.getDeviceCredential(deviceRef('there')))
      assert.ok(error instanceof InvalidArgumentError)
      assert.equal(error.argument, argument ?? 'config.credentials')
      if (argument === undefined) assert.equal(error.cause, wrong)
      assert.equal(error.operation, 'getDeviceCredential')
      assert.equal(error.attempts, 0)
      assert.equal(error.retryable, false)
      assert.deepEqual(await sent(), [])
      assert.deepEqual(
        of('done').map(({ outcome }) => outcome),
        ['invalid-argument'],
      )
    })
  }

  test('and never come leave the call to its abort', async () => {
    const { client } = clientOf({}, { credentials: () => new Promise(() => {}) })
    const controller = new AbortController()
    const call = client.getDeviceCredential(deviceRef('there'), { signal: controller.signal })
    setTimeout(() => controller.abort('tired'), 20)
    assert.equal(await rejection(call), 'tired')
  })
})

describe('what cannot be sent is an InvalidArgumentError that names it:', () => {
  const ref = deviceRef('there')
  const group = { groupId: 'GID_tests', instanceId: INSTANCE }
  const apply = applyInput()
  const long = `GID_tests@@@${'x'.repeat(52)}`
  /** @type {[string, string, any, string][]} */
  const wrong = [
    ...['GID_tests@@device', 'GID_tests', '@@@d', 'GID_tests@@@', ''].map(
      (clientId) =>
        /** @type {[string, string, any, string]} */ ([
          `the client ID "${clientId}"`,
          'getDeviceCredential',
          { ...ref, clientId },
          'input.clientId',
        ]),
    ),
    [
      '65 characters',
      'registerDeviceCredential',
      { ...ref, clientId: `${long}x` },
      'input.clientId',
    ],
    [
      'an emoji that makes 65 units',
      'registerDeviceCredential',
      { ...ref, clientId: `${long.slice(0, 63)}😀` },
      'input.clientId',
    ],
    ...['\n', '\0', '\x7f', '\x85'].map(
      (sign) =>
        /** @type {[string, string, any, string]} */ ([
          `the sign ${sign.charCodeAt(0)}`,
          'refreshDeviceCredential',
          { ...ref, clientId: `GID_tests@@@a${sign}b` },
          'input.clientId',
        ]),
    ),
    [
      'half a pair',
      'getDeviceCredential',
      { ...ref, clientId: 'GID_t@@@\ud800' },
      'input.clientId',
    ],
    ['a number', 'getDeviceCredential', { ...ref, clientId: 5 }, 'input.clientId'],
    ['no client ID', 'unRegisterDeviceCredential', { instanceId: 'i' }, 'input.clientId'],
    ['no instance', 'unRegisterDeviceCredential', { clientId: ref.clientId }, 'input.instanceId'],
    ['an empty instance', 'getDeviceCredential', { ...ref, instanceId: '' }, 'input.instanceId'],
    ['something more', 'getDeviceCredential', { ...ref, regionId: 'x' }, 'input.regionId'],
    ['another spelling', 'getDeviceCredential', { ...ref, ClientId: 'x' }, 'input.ClientId'],
    ['null', 'getDeviceCredential', null, 'input'],
    ['a list', 'getDeviceCredential', [ref], 'input'],
    ...[0, 101, -1, 1.5, '10', null, NaN].map(
      (pageSize) =>
        /** @type {[string, string, any, string]} */ ([
          `the page size ${pageSize}`,
          'listDeviceCredentialClientId',
          { ...group, pageSize },
          'input.pageSize',
        ]),
    ),
    ...[0, -1, 1.5, '1'].map(
      (pageNo) =>
        /** @type {[string, string, any, string]} */ ([
          `the page ${pageNo}`,
          'listDeviceCredentialClientId',
          { ...group, pageNo },
          'input.pageNo',
        ]),
    ),
    ['no group', 'listDeviceCredentialClientId', { instanceId: 'i' }, 'input.groupId'],
    ...[[], Array(101).fill('t'), 'topic', [''], ['a,b'], [5], null, undefined, ['a\nb']].map(
      (resources) =>
        /** @type {[string, string, any, string]} */ ([
          `the topics ${JSON.stringify(resources)?.slice(0, 20)}`,
          'applyToken',
          { ...apply, resources },
          'input.resources',
        ]),
    ),
    ...['r', 'RW', 'W,R', '', null, undefined, 5, ['R']].map(
      (actions) =>
        /** @type {[string, string, any, string]} */ ([
          `the actions ${JSON.stringify(actions)}`,
          'applyToken',
          { ...apply, actions },
          'input.actions',
        ]),
    ),
    ...[undefined, null, '1700000000000', 1.5, -1, NaN, new Date(NaN), {}].map(
      (expireTime) =>
        /** @type {[string, string, any, string]} */ ([
          `the moment ${String(expireTime)}`,
          'applyToken',
          { ...apply, expireTime },
          'input.expireTime',
        ]),
    ),
    ['an empty token', 'queryToken', { instanceId: INSTANCE, token: '' }, 'input.token'],
    ['no token', 'revokeToken', { instanceId: INSTANCE }, 'input.token'],
  ]
  for (const [what, operation, input, argument] of wrong) {
    test(`${what} for ${operation}`, async () => {
      const { client } = clientOf()
      const call = /** @type {any} */ (client)[operation](input)
      const error = await rejection(call)
      assert.ok(error instanceof InvalidArgumentError)
      assert.equal(error.argument.replace(/\[\d+\]$/, ''), argument)
      assert.equal(error.operation, operation)
      assert.equal(error.attempts, 0)
      const requests = new OnsMqttRequests({ endpoint: sim.http, credentials: ACCESS_KEY })
      const same = thrown(() => /** @type {any} */ (requests)[operation](input))
      assert.ok(same instanceof InvalidArgumentError)
      assert.equal(same.message, error.message)
      assert.deepEqual(await sent(), [])
    })
  }

  test('the longest client ID is sent: 64 UTF-16 units', async () => {
    const { client } = clientOf()
    for (const clientId of [long, `${long.slice(0, 62)}😀`]) {
      assert.equal(clientId.length, 64)
      const { deviceCredential } = await client.registerDeviceCredential({ ...ref, clientId })
      assert.equal(deviceCredential.clientId, clientId)
    }
  })

  test('topics are sent sorted, the time as milliseconds', async () => {
    const { client } = clientOf()
    const moment = Date.now() + 120_000
    for (const expireTime of [moment, new Date(moment)]) {
      const resources = ['b/#', 'a/中', 'B', 'a/+']
      await client.applyToken({ ...apply, resources, expireTime, actions: 'R' })
      assert.deepEqual(resources, ['b/#', 'a/中', 'B', 'a/+'])
    }
    for (const { query } of await arrived(sim, 'applyToken')) {
      const parameters = new URLSearchParams(query)
      assert.equal(parameters.get('Resources'), 'B,a/+,a/中,b/#')
      assert.equal(parameters.get('ExpireTime'), String(moment))
      assert.equal(parameters.get('Actions'), 'R')
    }
    await client.applyToken({ ...apply, resources: Array(100).fill('t') })
  })

  const credentials = ACCESS_KEY
  const regionId = 'cn-hangzhou'
  /** @type {[string, any, any, string][]} */
  const configs = [
    ['neither region nor endpoint', { credentials }, undefined, 'config.regionId'],
    [
      'a region with a dot',
      { credentials, regionId: 'evil.example' },
      undefined,
      'config.regionId',
    ],
    ['a region with a slash', { credentials, regionId: 'x/y' }, undefined, 'config.regionId'],
    ['a region with an at sign', { credentials, regionId: 'x@y' }, undefined, 'config.regionId'],
    ['an empty region', { credentials, regionId: '' }, undefined, 'config.regionId'],
    ['another network', { credentials, regionId, network: 'VPC' }, undefined, 'config.network'],
    [
      'another signature',
      { credentials, regionId, signature: 'v3' },
      undefined,
      'config.signature',
    ],
    [
      'plain http elsewhere',
      { credentials, endpoint: 'http://h.example' },
      undefined,
      'config.endpoint',
    ],
    ['another scheme', { credentials, endpoint: 'ftp://h.example' }, undefined, 'config.endpoint'],
    ['a host alone', { credentials, endpoint: 'h.example' }, undefined, 'config.endpoint'],
    ['a query', { credentials, endpoint: 'https://h.example/?a=b' }, undefined, 'config.endpoint'],
    ['a path without a page', { credentials, endpoint: '/mqtt' }, undefined, 'config.endpoint'],
    ['no credentials', { regionId }, undefined, 'config.credentials'],
    [
      'a key without its ID',
      { regionId, credentials: { accessKeySecret: 's' } },
      undefined,
      'config.credentials.accessKeyId',
    ],
    [
      'an empty secret',
      { regionId, credentials: { accessKeyId: 'i', accessKeySecret: '' } },
      undefined,
      'config.credentials.accessKeySecret',
    ],
    ['a further member', { credentials, regionId, region: 'x' }, undefined, 'config.region'],
    ['a further option', { credentials, regionId }, { tokenStore: {} }, 'options.tokenStore'],
    ['retries that are true', { credentials, regionId }, { retry: true }, 'options.retry'],
    ['null', null, undefined, 'config'],
    ['a text', 'cn-hangzhou', undefined, 'config'],
    ['a list', [], undefined, 'config'],
  ]
  for (const [what, config, options, argument] of configs) {
    test(`a configuration with ${what}`, () => {
      const error = thrown(() => new OnsMqttClient(config, options))
      assert.ok(error instanceof InvalidArgumentError)
      assert.equal(error.argument, argument)
      assert.equal(error.operation, 'OnsMqttClient')
    })
  }

  test('OnsMqttRequests takes no function for credentials', () => {
    const config = /** @type {any} */ ({ regionId, credentials: () => ACCESS_KEY })
    const error = thrown(() => new OnsMqttRequests(config))
    assert.ok(error instanceof InvalidArgumentError)
    assert.equal(error.argument, 'config.credentials')
  })
})

test('region, network and endpoint say where requests go', async () => {
  const region = { regionId: 'cn-hangzhou' }
  /** @type {[Config, string][]} */
  const places = [
    [region, 'https://onsmqtt.cn-hangzhou.aliyuncs.com'],
    [{ ...region, network: 'public' }, 'https://onsmqtt.cn-hangzhou.aliyuncs.com'],
    [{ ...region, network: 'vpc' }, 'https://onsmqtt-vpc.cn-hangzhou.aliyuncs.com'],
    [{ ...region, endpoint: 'https://h.example:8443' }, 'https://h.example:8443'],
    [{ network: 'vpc', endpoint: 'https://h.example/' }, 'https://h.example'],
    [{ endpoint: 'http://localhost:81' }, 'http://localhost:81'],
  ]
  for (const [place, start] of places) {
    /** @type {string[]} */
    const urls = []
    const client = new OnsMqttClient(
      { ...place, credentials: ACCESS_KEY },
      {
        fetch: async (url) => {
          urls.push(url)
          return reply(200, { RequestId: 'R' })
        },
      },
    )
    await client.unRegisterDeviceCredential(deviceRef())
    assert.equal(urls.length, 1)
    assert.ok(urls[0]?.startsWith(`${start}/`), urls[0])
  }
  const insecure = { endpoint: 'http://h.example', credentials: ACCESS_KEY }
  new OnsMqttClient(insecure, { allowInsecureHttp: true }).free()
})
