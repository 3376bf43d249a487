// What a user's fetch or a platform may answer that no honest one does: every call still ends.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { thrown } from './support/expect.js'
import { importPackage } from './support/package.js'

const ACCOUNT = {
  endpoint: 'http://127.0.0.1:9',
  credentials: {
    accessKeyId: 'LTAI5tSIMULATORONLY0001',
    accessKeySecret: 'simulatorSecretNotReal0001',
  },
}
const GROUP = { groupId: 'GID_a', instanceId: 'post-cn-simulator01' }

/** @type {typeof import('northbound')} */
let northbound
/** @type {unknown[]} */
const unhandled = []
const note = (/** @type {unknown} */ error) => unhandled.push(error)

before(async () => {
  northbound = await importPackage()
  process.on('unhandledRejection', note)
})

after(() => {
  process.off('unhandledRejection', note)
})

/** @param {(url: string, init: any) => any} answer */
function client(answer) {
  const fetch = async (/** @type {string} */ url, /** @type {any} */ init) => answer(url, init)
  return new northbound.OnsMqttClient(ACCOUNT, { fetch, retry: false, timeoutMs: 300 })
}

/** @param {unknown} body @param {any} [headers] */
function response(body, headers = new Headers()) {
  const bytes = new TextEncoder().encode(JSON.stringify(body))
  return { status: 200, headers, arrayBuffer: async () => bytes.buffer }
}

/** @param {Record<string, unknown>} list */
function page(list) {
  const whole = { Total: 1_000_000, PageNo: 1, PageSize: 1, ClientIdList: ['GID_a@@@1'], ...list }
  return response({ RequestId: 'r', DeviceCredentialClientIdList: whole })
}

describe('a header that is no text', () => {
  for (const [name, value] of /** @type {[string, any][]} */ ([
    ['a BigInt', 1n],
    ['an object that throws when it is written', { toJSON: () => assert.fail('written') }],
    ['a symbol', Symbol('header')],
    ['a function', () => 'x'],
  ])) {
    test(`counts as absent: ${name}`, async () => {
      const headers = { get: () => value }
      const calls = client(() => response({ RequestId: 'r', Token: 't' }, headers))
      const input = { instanceId: GROUP.instanceId, token: 't' }
      assert.deepEqual({ ...(await calls.revokeToken(input)) }, { requestId: 'r' })
      await new Promise((resolve) => setImmediate(resolve))
      assert.deepEqual(unhandled, [])
    })
  }
})

describe('a list that leads round in circles', () => {
  test('ends where a token comes back', async () => {
    const tokens = ['a', 'b']
    let sent = 0
    const calls = client(() => page({ NextToken: tokens[sent++ % 2] }))
    const found = []
    for await (const id of calls.clientIds(GROUP)) found.push(id)
    assert.equal(sent, 3)
    assert.equal(found.length, 3)
  })

  test('goes on by its own count where the platform tells the wrong page', async () => {
    /** @type {(string | null)[]} */
    const asked = []
    const calls = client((url, { body }) => {
      const parameters = new URLSearchParams(body ?? new URL(url).search)
      asked.push(parameters.get('PageNo') ?? new URL(url).searchParams.get('PageNo'))
      return page({ Total: 4 })
    })
    const found = []
    for await (const id of calls.clientIds(GROUP)) found.push(id)
    assert.deepEqual(asked.slice(1), ['2', '3', '4'])
    assert.equal(found.length, 4)
  })
})

describe('an answer that is nested too deep to be written', () => {
  const DEEP = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
  for (const [status, body, kind] of /** @type {[number, string, string | undefined][]} */ ([
    [200, DEEP, 'decode'],
    [400, DEEP, 'decode'],
    [403, `{"error_code":"1010005","error_desc":"no","more":${DEEP}}`, 'platform'],
    [200, `{"verifyCode":"code-1","timeout":5,"more":${DEEP}}`, undefined],
  ])) {
    test(`is read as far as it goes: ${status} ${body.slice(0, 30)}`, () => {
      const info = { appId: 'app1', secret: 'secret', baseUrl: 'https://platform.example' }
      const requests = new northbound.NorthApiRequests(info)
      const made = requests.refreshDeviceKey({ deviceId: 'd' }, { accessToken: 'token' })
      const read = () => made.decode(status, body)
      if (kind === undefined) assert.deepEqual({ ...read() }, { verifyCode: 'code-1', timeout: 5 })
      else assert.equal(thrown(read).kind, kind)
    })
  }
})

describe('bytes that are taken away once they were handed over', () => {
  const TEXT = JSON.stringify({ RequestId: 'r', Token: 't' })
  const bytesOf = () => new TextEncoder().encode(TEXT)
  const taken = (/** @type {ArrayBuffer} */ buffer) =>
    structuredClone(buffer, { transfer: [buffer] })
  /** @param {() => { done: boolean, value?: Uint8Array }} read */
  const stream = (read) => ({
    getReader: () => ({ read: async () => read(), cancel: async () => {} }),
  })

  for (const [name, answer] of /** @type {[string, () => any][]} */ ([
    [
      'a piece of a stream',
      () => {
        const piece = bytesOf()
        const pieces = [{ done: false, value: piece }]
        return { body: stream(() => pieces.pop() ?? (taken(piece.buffer), { done: true })) }
      },
    ],
    [
      'a piece of memory that shrinks',
      () => {
        const buffer = new /** @type {any} */ (ArrayBuffer)(TEXT.length, { maxByteLength: 1024 })
        const piece = new Uint8Array(buffer)
        piece.set(bytesOf())
        const pieces = [{ done: false, value: piece }]
        return { body: stream(() => pieces.pop() ?? (buffer.resize(1), { done: true })) }
      },
    ],
    ...[1, 2, 3, 4, 5].map((ticks) => [
      `a buffer, ${ticks} microtasks later`,
      () => {
        const { buffer } = bytesOf()
        const given = Promise.resolve(buffer)
        const take = async () => {
          await given
          for (let tick = 0; tick < ticks; tick += 1) await null
          taken(buffer)
        }
        return { arrayBuffer: () => (void take(), given) }
      },
    ]),
  ])) {
    test(`hang no call: ${name}`, async () => {
      const calls = client(() => ({ status: 200, headers: new Headers(), ...answer() }))
      const input = { instanceId: GROUP.instanceId, token: 't' }
      assert.deepEqual({ ...(await calls.revokeToken(input)) }, { requestId: 'r' })
      await new Promise((resolve) => setImmediate(resolve))
      assert.deepEqual(unhandled, [])
    })
  }
})
