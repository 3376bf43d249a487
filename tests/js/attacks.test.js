// What an attacker tries who owns an answer, a redirect, a store, an address that a user pastes, or the id of a
// device: secrets reach no second host, nothing leaves its place, and nobody is held up.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'

import { importPackage, installPackage } from './support/package.js'
import { operationOf, reply, stubPlatform } from './support/stub.js'

const { NorthApiClient, NorthApiRequests, OnsMqttRequests } = await importPackage()
/** @type {typeof import('../../pkg-template/node-only.js')} */
const { nodeFetch } = await import(
  path.join(installPackage(), 'node_modules/northbound/node-only.js')
)

const APP = { appId: 'app1', secret: 'application-secret' }
const KEY = { accessKeyId: 'LTAI5tAttack', accessKeySecret: 'account-secret' }
const CALM = { throttle: false, retry: false, timeoutMs: 5000 }
const SENDERS = {
  'the sender of Node': undefined,
  'the global fetch': globalThis.fetch,
  nodeFetch: nodeFetch(),
}
const LINE = 'token\r\nX-Evil: 1'

const BLANKS = Buffer.alloc(64 * 1024 * 1024, ' ')
const BOMBS = {
  gzip: gzipSync(BLANKS),
  deflate: deflateSync(BLANKS),
  br: brotliCompressSync(BLANKS, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
}

/** @type {import('node:http').Server} */
let server
/** @type {import('node:http').RequestListener} */
let respond = () => {}
let address = ''
before(async () => {
  server = createServer((request, response) => respond(request, response))
  await new Promise((listening) => server.listen(0, '127.0.0.1', () => listening(undefined)))
  address = `http://127.0.0.1:${/** @type {any} */ (server.address()).port}`
})
after(() => {
  server.close()
  server.closeAllConnections()
})

/** @param {any} [options] @param {string} [baseUrl] */
const clientOf = (options, baseUrl = 'https://platform.example') =>
  new NorthApiClient({ ...APP, baseUrl }, { ...CALM, ...options })

for (const [name, fetch] of Object.entries(SENDERS)) {
  describe(`over ${name}`, () => {
    for (const status of [300, 301, 302, 303, 307, 308]) {
      test(`a redirect leads nowhere: ${status}`, async () => {
        /** @type {(string | undefined)[]} */
        const seen = []
        respond = ({ url }, response) => {
          seen.push(url)
          response.writeHead(status, { location: '/elsewhere', refresh: '0;url=/elsewhere' })
          response.end()
        }
        await assert.rejects(clientOf({ fetch }, address).getAuthToken(), {
          kind: 'decode',
          status,
        })
        assert.deepEqual(seen, ['/iocm/app/sec/v1.1.0/login'])
      })
    }

    for (const [coding, bomb] of Object.entries(BOMBS)) {
      test(`a body that is 64 MiB once it is unpacked is stopped at the first: ${coding}`, async () => {
        respond = (_request, response) => {
          response.writeHead(200, { 'content-encoding': coding })
          response.end(bomb)
        }
        const before = process.memoryUsage().rss
        const call = clientOf({ fetch }, address).getAuthToken()
        await assert.rejects(call, { kind: 'decode', message: /more than/ })
        const grown = (process.memoryUsage().rss - before) / 1024 / 1024
        assert.ok(grown < 40, `${grown} MiB`)
      })
    }
  })
}

/** What reads like an address of another host, or of another kind. */
const ADDRESSES = [
  ...['https://good.example@evil.example', 'https://good.example:443@evil.example'],
  ...['https://good.example\\@evil.example', 'https://good.example\\.evil.example'],
  ...['https:\\\\evil.example', 'https:/evil.example', 'https:evil.example', '//evil.example'],
  ...['/\\evil.example', '/\t/evil.example', 'https://good.example%2eevil.example'],
  ...['https://good.example%00.evil.example', 'https://evil。example', 'https://еvil.example'],
  ...['https://evil\u00ad.example', 'https://evil\u200d.example', 'https://good.example\n'],
  ...['https://good.example/..', 'https://good.example/%2e%2e/x', 'https://good.example/a//b'],
  ...['https://good.example/?x', 'https://good.example/#x', 'https://good.example:'],
  ...['https://2130706433', 'https://0x7f000001', 'https://0177.0.0.1', 'https://127.1'],
  ...['http://127.0.0.1.evil.example', 'http://localhost.evil.example', 'http://0.0.0.0'],
  ...['http://[::ffff:127.0.0.1]', 'http://[::127.0.0.1]', 'https://[fe80::1%25eth0]'],
  ...['javascript:alert(1)', 'file:///etc/passwd', 'data:,x', ' https://good.example'],
]

describe('an address', () => {
  for (const baseUrl of ADDRESSES) {
    test(`that could be read as another one is refused: ${JSON.stringify(baseUrl)}`, () => {
      const refused = { kind: 'invalid-argument', argument: 'clientInfo.baseUrl' }
      assert.throws(() => new NorthApiRequests({ ...APP, baseUrl }), refused)
      const config = { endpoint: baseUrl, credentials: KEY }
      assert.throws(() => new OnsMqttRequests(config), { argument: 'config.endpoint' })
    })
  }

  test('that is accepted leads where the runtime would lead', () => {
    for (const baseUrl of [
      ...['HTTPS://GOOD.EXAMPLE', 'https://good.example/@evil.example', 'https://good.example/a;b'],
      ...['https://[::1]:1', 'https://[::ffff:1.2.3.4]', 'http://localhost.', 'http://[::0.0.0.1]'],
      ...['https://xn--e1awd7f.example', 'https://good.example/:80', 'https://good.example/%zz'],
    ]) {
      const { url } = new NorthApiRequests({ ...APP, baseUrl }).getAuthToken()
      assert.equal(new URL(url).host.replace(/\.$/, ''), new URL(baseUrl).host.replace(/\.$/, ''))
    }
  })

  test('of a region has no room for another host', () => {
    for (const regionId of [
      'x.evil.example/',
      'evil.example#',
      'x/../y',
      'a.b',
      '@evil.example',
      'x\r\n',
    ]) {
      const config = { regionId, credentials: KEY }
      assert.throws(() => new OnsMqttRequests(config), { argument: 'config.regionId' })
    }
  })
})

test('the id of a device stays one segment of its path, and comes out as it went in', () => {
  const requests = new NorthApiRequests({ ...APP, baseUrl: 'https://platform.example' })
  const own = { accessToken: 'token' }
  for (const deviceId of ['', '.', '..'])
    assert.throws(() => requests.queryDeviceStatus({ deviceId }, own), {
      argument: 'input.deviceId',
    })
  const folder = new URL(requests.queryDeviceStatus({ deviceId: 'x' }, own).url).pathname.slice(
    0,
    -1,
  )
  for (const deviceId of [
    ...['%2e%2e', '%2E.', '../x', '..\\x', '..%2fx', '/', '\\', 'a?b', 'a#b', ';a=b', 'a\0b'],
    ...['a\r\nb', '．．', '%', '%zz', '\u202e', '?appId=other', '...'],
  ]) {
    const { pathname, search } = new URL(requests.queryDeviceStatus({ deviceId }, own).url)
    assert.equal(search, '')
    assert.ok(pathname.startsWith(folder))
    const last = pathname.slice(folder.length)
    assert.ok(!last.includes('/'))
    assert.equal(decodeURIComponent(last), deviceId)
  }
})

describe('a token with a line break in it is never sent', () => {
  test('from the platform', async () => {
    const { fetch, sent } = stubPlatform({
      getAuthToken: {
        ...{ scope: 'default', tokenType: 'bearer', expiresIn: 3600 },
        ...{ accessToken: LINE, refreshToken: 'refresh' },
      },
    })
    const call = clientOf({ fetch }).refreshDeviceKey({ deviceId: 'd' })
    await assert.rejects(call, { kind: 'decode', operation: 'getAuthToken' })
    assert.deepEqual(
      sent.map(({ operation }) => operation),
      ['getAuthToken'],
    )
  })

  test('from a caller', async () => {
    const { fetch, sent } = stubPlatform()
    const call = clientOf({ fetch }).refreshDeviceKey({ deviceId: 'd' }, { accessToken: LINE })
    await assert.rejects(call, { kind: 'invalid-argument', argument: 'options.accessToken' })
    assert.deepEqual(sent, [])
  })
})

// A store that fails is asked again for 6 s.
describe('a store that answers', { concurrency: true }, () => {
  const TOKEN = {
    ...{
      accessToken: 'of-the-store',
      refreshToken: 'refresh',
      tokenType: 'bearer',
      scope: 'default',
    },
    ...{ lifeMs: 3e6, refreshLifeMs: 3e6, generation: 1 },
  }
  for (const [what, odd] of /** @type {[string, object][]} */ ([
    ['a line break', { accessToken: LINE }],
    ['no token', { accessToken: '' }],
    ['another script', { accessToken: 'é' }],
    ['a megabyte', { accessToken: 'x'.repeat(1e6) }],
    ['a life of the past', { lifeMs: -1 }],
    ['a life in text', { lifeMs: '5' }],
    ['a generation beyond all', { generation: 2 ** 60 }],
    ['a scope that is none', { scope: 1 }],
  ])) {
    test(`with ${what} is not believed: the client logs in by itself`, async () => {
      const { fetch, sent } = stubPlatform()
      const token = { ...TOKEN, ...odd }
      const tokenStore = {
        read: async () => token,
        acquire: async () => ({ token }),
        renew: async () => true,
        commit: async () => true,
        release: async () => {},
      }
      /** @type {string[]} */
      const warned = []
      const onEvent = (/** @type {any} */ event) =>
        event.type === 'warning' && warned.push(event.about)
      const client = clientOf({ fetch, tokenStore, onEvent })
      await client.refreshDeviceKey({ deviceId: 'd' })
      client.free()
      assert.equal(sent.at(-1)?.init.headers.authorization, 'Bearer stub-access-token')
      assert.ok(warned.includes('token-store'))
    })
  }
})

test('members that would change what all objects are change nothing', async () => {
  const poison = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}'
  const fetch = async (/** @type {string} */ url, /** @type {any} */ init) => {
    const { sent: _, ...platform } = stubPlatform()
    const whole = await (await platform.fetch(url, init)).arrayBuffer()
    const text = new TextDecoder().decode(whole)
    return reply(200, `{${poison},${text.slice(1)}`)
  }
  const client = clientOf({ fetch })
  const result = await client.refreshDeviceKey({ deviceId: 'd' })
  assert.equal(result.timeout, 180)
  assert.equal(Object.getPrototypeOf(result), Object.prototype)
  const error = `{${poison},"error_code":"100403","error_desc":"no"}`
  const refused = clientOf({
    fetch: async (/** @type {string} */ url, /** @type {any} */ init) =>
      operationOf(url, init) === 'getAuthToken' ? fetch(url, init) : reply(404, error),
  })
  await assert.rejects(refused.refreshDeviceKey({ deviceId: 'd' }), {
    kind: 'platform',
    code: '100403',
  })
  assert.throws(
    () =>
      new NorthApiRequests(
        JSON.parse(`{"appId":"a","secret":"s","baseUrl":"https://x.example",${poison}}`),
      ),
    { kind: 'invalid-argument' },
  )
  assert.equal(/** @type {any} */ ({}).polluted, undefined)
})

test('a listener that changes its event changes nothing else', async () => {
  const { fetch } = stubPlatform()
  let events = 0
  const onEvent = (/** @type {any} */ event) => {
    events += 1
    for (const name of Object.keys(event)) event[name] = 'changed'
    Object.setPrototypeOf(event, null)
  }
  const { timeout } = await clientOf({ fetch, onEvent }).refreshDeviceKey({ deviceId: 'd' })
  assert.equal(timeout, 180)
  assert.ok(events > 3)
})
