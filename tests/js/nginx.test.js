// The example for nginx and the page of its guide, in Debian's nginx between us and the platform's TLS address.
import assert from 'node:assert/strict'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'

import { launchChromium } from './support/chromium.js'
import { rejection } from './support/expect.js'
import { leaksIn } from './support/leaks.js'
import { blockNamed } from './support/markdown.js'
import { fillIn, startNginx } from './support/nginx.js'
import { importPackage, installPackage } from './support/package.js'
import { APP, startSimulator } from './support/simulator.js'

const GUIDE = 'docs/behind-nginx.md'
const VERIFY_CODE = 'c0de-of-the-test'
const HEADERS = 'app_key, authorization, content-type'

const { NorthApiClient } = await importPackage()
const installed = join(installPackage(), 'node_modules/northbound')
const { nodeFetch } = await import(join(installed, 'node-only.js'))

/** @type {Awaited<ReturnType<typeof startSimulator>>} */
let sim
/** @type {Awaited<ReturnType<typeof startNginx>>} */
let nginx
before(async () => {
  // The mounted folder is a page of another origin.
  sim = await startSimulator({ args: ['--mount', `/other=${installed}`] })
  nginx = await start()
  cpSync(installed, join(nginx.page, 'northbound'), { recursive: true })
})
after(async () => {
  await nginx?.stop()
  await sim?.stop()
})
beforeEach(() => sim.control('POST', '/reset', {}))

/** @param {(configuration: string) => string} [edit] */
function start(edit) {
  return startNginx({
    platform: new URL(sim.tls),
    certificates: sim.certificates,
    origin: sim.http,
    files: {
      'index.html': blockNamed(GUIDE, 'index.html'),
      'main.js': blockNamed(GUIDE, 'main.js'),
      'favicon.ico': '',
    },
    ...(edit && { edit }),
  })
}

/** @param {{ state?: string, deviceId?: string }} [wish] */
async function device({ state = 'offline', ...wish } = {}) {
  const made = await sim.control('POST', '/devices', { nodeId: 'meter', state, ...wish })
  return made.deviceId
}

describe('through nginx, from Node', () => {
  /** @type {import('northbound').NorthApiClient} */
  let client
  const connect = (at = nginx, options = {}) => {
    const fetch = nodeFetch({ ca: at.ca })
    client = new NorthApiClient({ ...APP, baseUrl: `${at.address}/iot` }, { fetch, ...options })
  }
  beforeEach(() => connect())
  afterEach(() => client.free())

  test('every operation reaches the platform, which sees the client certificate', async () => {
    const deviceId = await device()
    const input = { deviceId, verifyCode: VERIFY_CODE, timeout: 60 }
    assert.deepEqual(
      { ...(await client.refreshDeviceKey(input)) },
      { verifyCode: VERIFY_CODE, timeout: 60 },
    )
    await client.refreshAuthToken()
    const made = await client.regDirectDevice({ nodeId: 'another' })
    assert.equal((await client.queryDeviceStatus({ deviceId: made.deviceId })).activated, false)
    await client.deleteDirectDevice({ deviceId: made.deviceId })

    const calls = await sim.journal()
    assert.deepEqual(
      calls.map((/** @type {any} */ { operation, status }) => `${operation} ${status}`),
      [
        'login 200',
        'refreshDeviceKey 200',
        'refreshToken 200',
        'regDirectDevice 200',
        'queryDeviceStatus 200',
        'deleteDirectDevice 204',
      ],
    )
  })

  test('nothing of the caller’s site goes to the platform', async () => {
    const headers = { cookie: 'session=1', origin: sim.http, referer: `${sim.http}/x` }
    const send = nodeFetch({ ca: nginx.ca })
    const login = `${nginx.address}/iot/iocm/app/sec/v1.1.0/login`
    await send(login, { method: 'POST', headers, body: 'appId=app1&secret=x' })
    const [call] = await sim.journal('login')
    for (const name of Object.keys(headers)) assert.equal(call.headers[name], undefined, name)
    assert.equal(call.headers.host, new URL(sim.tls).host)
  })

  test('an ID with slashes and signs arrives as it was sent', async () => {
    const deviceId = await device({ deviceId: 'a/b %2F+?#;中' })
    await client.refreshDeviceKey({ deviceId, verifyCode: VERIFY_CODE })
    const [call] = await sim.journal('refreshDeviceKey')
    assert.match(call.path, /\/deviceCredentials\/a%2Fb%20%252F%2B%3F%23%3B%E4%B8%AD$/)
  })

  test('the platform’s refusals keep their code, in both dialects', async () => {
    const deviceId = await device({ state: 'online' })
    const refused = await rejection(client.refreshDeviceKey({ deviceId }))
    assert.deepEqual([refused.status, refused.code], [400, '100611'])
    const other = { accessToken: 'not-a-token' }
    const dead = await rejection(client.refreshDeviceKey({ deviceId }, other))
    assert.deepEqual([dead.status, dead.code], [403, '1010005'])
  })

  test('a dead token is mended', async () => {
    const deviceId = await device()
    await client.queryDeviceStatus({ deviceId })
    await sim.control('POST', '/tokens/kill')
    await client.queryDeviceStatus({ deviceId })
    assert.equal((await sim.journal('login')).length, 2)
  })

  test('nothing but the package’s own paths is reachable', async () => {
    const send = nodeFetch({ ca: nginx.ca })
    for (const path of [
      '/iot/',
      '/iot/iocm/app/data/v1.2.0/deviceDataHistory',
      '/iot/iocm/app/dm/v1.4.0/devices',
      '/iot/iocm/app/sec/v1.1.0/logout',
      '/iot/iocm/app/reg/v1.1.0/deviceCredentials/%2e%2e/%2e%2e/%2e%2e/data',
      '/iot/iocm/app/reg/v1.1.0/deviceCredentials/..%2f..%2f..%2fdata',
    ]) {
      const { status } = await send(`${nginx.address}${path}`, { method: 'GET', headers: {} })
      assert.equal(status, 404, path)
    }
    assert.deepEqual(await sim.journal(), [])
  })

  test('no secret, token or code is in what nginx writes down', async () => {
    const deviceId = await device()
    const { accessToken, refreshToken } = await client.getAuthToken()
    await client.refreshDeviceKey({ deviceId, verifyCode: VERIFY_CODE })
    await client.refreshAuthToken()
    const text = nginx.logs()
    assert.ok(text.includes(deviceId), 'the log was read')
    const secrets = { secret: APP.secret, accessToken, refreshToken, code: VERIFY_CODE }
    assert.deepEqual(leaksIn([{ channel: 'logs', situation: 'calls', text }], secrets), [])
  })

  /** @type {[string, [string, string][]][]} */
  const broken = [
    ['a platform of a foreign CA', [['/ca.pem;', '/foreign-ca.pem;']]],
    ['a platform of another name', [['proxy_ssl_name localhost;', 'proxy_ssl_name other;']]],
    [
      'a foreign client certificate',
      [
        ['/client.pem;', '/foreign-client.pem;'],
        ['/client.key;', '/foreign-client.key;'],
      ],
    ],
  ]
  for (const [what, changes] of broken) {
    test(`${what} ends in 502, which is told as an answer of no platform`, async (t) => {
      const other = await start((configuration) => fillIn(configuration, changes))
      t.after(() => other.stop())
      connect(other, { retry: false })
      const error = await rejection(client.getAuthToken())
      assert.deepEqual([error.kind, error.status, error.retryable], ['decode', 502, true])
      assert.match(error.excerpt, /502 Bad Gateway/)
      assert.match(other.logs(), /SSL/)
      assert.deepEqual(await sim.journal(), [])
    })
  }

  test('who is not in the list of networks gets nowhere', async (t) => {
    const line = 'allow 127.0.0.1;'
    const other = await start((configuration) => fillIn(configuration, [[line, '']]))
    t.after(() => other.stop())
    connect(other)
    const error = await rejection(client.getAuthToken())
    assert.deepEqual([error.kind, error.status, error.retryable], ['decode', 403, false])
    assert.deepEqual(await sim.journal(), [])
  })

  test('without underscores_in_headers the platform misses app_key', async (t) => {
    const line = 'underscores_in_headers on;'
    const other = await start((configuration) => fillIn(configuration, [[line, '']]))
    t.after(() => other.stop())
    connect(other)
    const error = await rejection(client.queryDeviceStatus({ deviceId: await device() }))
    assert.equal(error.kind, 'platform')
    const [call] = await sim.journal('queryDeviceStatus')
    assert.equal(call.headers['app_key'], undefined)
  })
})

describe('through nginx, from a page', () => {
  /** @type {import('puppeteer-core').Browser} */
  let browser
  /** @type {import('puppeteer-core').Page} */
  let page
  before(async () => {
    browser = await launchChromium({ args: ['--ignore-certificate-errors'] })
  })
  after(() => browser?.close())
  beforeEach(async () => {
    page = await browser.newPage()
  })
  afterEach(() => page.close())

  test('the guide’s page refreshes a key under its Content-Security-Policy', async () => {
    const deviceId = await device()
    const violations = watch(page)
    const answer = await page.goto(`${nginx.address}/`)
    assert.match(answer?.headers()['content-security-policy'] ?? '', /'wasm-unsafe-eval'/)
    await shows('Ready')
    for (const [name, value] of Object.entries({ ...APP, deviceId })) {
      await page.type(`[name=${name}]`, value)
    }
    await page.click('button')
    await shows('A new key, good for 180 s')
    assert.deepEqual(violations, [])
    const calls = await sim.journal()
    assert.deepEqual(
      calls.map((/** @type {any} */ { operation }) => operation),
      ['login', 'refreshDeviceKey'],
    )
    for (const { headers } of calls) assert.match(headers['user-agent'], /Chrome/)
  })

  test('a page of the named origin calls across origins, another one cannot', async () => {
    const deviceId = await device()
    const call = (/** @type {string} */ from) => refreshFrom(from, deviceId)
    assert.equal(await call(sim.http), '180')
    // The same server by another name is another origin.
    const foreign = sim.http.replace('127.0.0.1', 'localhost')
    assert.notEqual(foreign, sim.http)
    assert.equal(await call(foreign), 'network')
  })

  /**
   * A page of another origin, which loads the package from there and calls nginx.
   * @param {string} origin
   * @param {string} deviceId
   */
  async function refreshFrom(origin, deviceId) {
    await page.goto(`${origin}/other/package.json`)
    const given = { baseUrl: `${nginx.address}/iot`, ...APP, deviceId }
    return page.evaluate(async ({ deviceId, ...clientInfo }) => {
      const name = '/other/browser.js'
      const { init, NorthApiClient } = await import(name)
      await init()
      const client = new NorthApiClient(clientInfo, { retry: false })
      const done = client.refreshDeviceKey({ deviceId })
      return done.then(
        (/** @type {any} */ { timeout }) => String(timeout),
        (/** @type {any} */ error) => error.kind,
      )
    }, given)
  }

  /** @param {string} text */
  async function shows(text) {
    const said = (/** @type {string} */ wanted) =>
      document.querySelector('output')?.value === wanted
    await page.waitForFunction(said, { timeout: 15_000 }, text).catch(async () => {
      const now = await page.$eval('output', (output) => output.value)
      assert.equal(now, text)
    })
  }

  test('a preflight is answered by nginx, and names the origin that may call', async () => {
    const url = `${nginx.address}/iot/iocm/app/reg/v1.1.0/deviceCredentials/dev-1`
    const ask = async (/** @type {string} */ origin) => {
      const asked = { 'access-control-request-method': 'PUT' }
      const headers = { origin, 'access-control-request-headers': 'app_key', ...asked }
      return nodeFetch({ ca: nginx.ca })(url, { method: 'OPTIONS', headers })
    }
    const allowed = await ask(sim.http)
    assert.equal(allowed.status, 204)
    assert.equal(allowed.headers.get('access-control-allow-origin'), sim.http)
    assert.equal(allowed.headers.get('access-control-allow-headers'), HEADERS)
    assert.match(allowed.headers.get('access-control-allow-methods') ?? '', /PUT/)
    const refused = await ask('https://elsewhere.example')
    assert.equal(refused.headers.get('access-control-allow-origin'), null)
    assert.deepEqual(await sim.journal(), [])
  })
})

/** What the browser complains about, on its console or by an exception. @param {import('puppeteer-core').Page} page */
function watch(page) {
  /** @type {string[]} */
  const complaints = []
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  return complaints
}
