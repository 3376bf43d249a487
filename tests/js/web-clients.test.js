// Whole clients in tabs of Chromium, which share a token by webTokenStore.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import http from 'node:http'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'

import { until } from './support/expect.js'
import { installPackage } from './support/package.js'
import { checkThatRejectionsAreSeen, watchRejections } from './support/sharing.js'
import { APP, root, startSimulator } from './support/simulator.js'
import { chromium, PLAIN_HOST } from './support/tabs.js'

/**
 * @typedef {import('puppeteer-core').Page} Page
 * @typedef {import('puppeteer-core').Frame} Frame
 * @typedef {import('./pages/clients.js').Opening} Opening
 * @typedef {import('./pages/clients.js').Tab} Tab
 */

const PAGE = `<!doctype html><title>clients</title>
<script type="module" crossorigin src="/clients.js"></script>`
const SANDBOX = '<!doctype html><iframe sandbox="allow-scripts" src="/"></iframe>'

const unhandled = watchRejections()
/** What no page handled. @type {unknown[]} */
const pageErrors = []
/** @type {Awaited<ReturnType<typeof startSimulator>>} */
let sim
/** @type {Awaited<ReturnType<typeof startServer>>} */
let server
/** @type {import('puppeteer-core').Browser} */
let browser
let databases = 0

before(async () => {
  sim = await startSimulator({ args: ['--limit', 'off', '--cors'] })
  server = await startServer()
  browser = await chromium()
})
after(async () => {
  await browser?.close()
  await server?.stop()
  await sim?.stop()
  assert.deepEqual(unhandled, [])
  assert.deepEqual(pageErrors, [])
})
beforeEach(async () => {
  databases += 1
  await sim.control('POST', '/reset', { settings: true })
  await sim.control('POST', '/devices', { deviceId: 'dev-1', nodeId: 'n1', state: 'offline' })
})

/** Serves the installed package, and pages that a frame of an opaque origin may load too. */
async function startServer() {
  const folder = join(installPackage(), 'node_modules/northbound')
  /** @type {Record<string, string>} */
  const types = { js: 'text/javascript', wasm: 'application/wasm' }
  const instance = http.createServer(async (request, response) => {
    const path = String(request.url)
    const headers = { 'access-control-allow-origin': '*', 'cache-control': 'no-store' }
    const page = path === '/' ? PAGE : path === '/sandbox' ? SANDBOX : undefined
    if (page) return response.writeHead(200, { ...headers, 'content-type': 'text/html' }).end(page)
    const [, name] = /^\/northbound\/([\w-]+\.\w+)$/.exec(path) ?? []
    const file =
      path === '/clients.js' ? join(root, 'tests/js/pages/clients.js') : name && join(folder, name)
    const body = file && (await readFile(file).catch(() => undefined))
    if (!body) return response.writeHead(404, headers).end()
    const type = types[String(path.split('.').pop())] ?? 'text/plain'
    return response.writeHead(200, { ...headers, 'content-type': type }).end(body)
  })
  await once(instance.listen(0, '127.0.0.1'), 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (instance.address())
  return {
    port,
    async stop() {
      instance.closeAllConnections()
      await new Promise((resolve) => instance.close(resolve))
    },
  }
}

/**
 * A tab whose client shares what all tabs of this test share, unless told otherwise.
 *
 * @param {Omit<Partial<Opening>, 'store'> & { store?: string | undefined, host?: string }} [other]
 */
async function openTab({ host = '127.0.0.1', ...other } = {}) {
  const page = await browser.newPage()
  page.on('pageerror', (error) => pageErrors.push(error))
  await page.goto(`http://${host}:${server.port}/`)
  return { page, ...(await clientIn(page, other)) }
}

/** @param {Page | Frame} place @param {Partial<Opening>} [other] */
async function clientIn(place, other = {}) {
  const opening = { baseUrl: sim.http, app: APP, store: `tokens-${databases}`, ...other }
  await place.waitForFunction(() => 'tab' in globalThis)
  /**
   * @template {Exclude<keyof Tab, 'events'>} Name
   * @param {Name} name
   * @param {Parameters<Tab[Name]>} args
   * @returns {Promise<Awaited<ReturnType<Tab[Name]>>>}
   */
  const ask = (name, ...args) =>
    place.evaluate(
      (method, given) => /** @type {any} */ (globalThis).tab[method](...given),
      name,
      args,
    )
  await ask('open', opening)
  const heard = (/** @type {string} */ type) =>
    /** @type {Promise<any[]>} */ (
      place.evaluate(
        (wanted) =>
          /** @type {any} */ (globalThis).tab.events.filter(
            (/** @type {any} */ event) => event.type === wanted,
          ),
        type,
      )
    )
  return {
    ask,
    causes: async () => (await heard('token')).map(({ cause }) => cause),
    warnings: async () => (await heard('warning')).map(({ message }) => message),
  }
}

/** @param {string} operation */
const count = async (operation) => (await sim.journal(operation)).length

/** @param {number} calls */
const answered = (calls) => Array(calls).fill('dev-1')

describe('two tabs with one store', () => {
  test('have one login between them, cold and after their token was killed', async () => {
    const tabs = await Promise.all([openTab(), openTab()])
    for (const logins of [1, 2]) {
      const calls = await Promise.all(tabs.map(({ ask }) => ask('call', 20)))
      assert.deepEqual(calls, [answered(20), answered(20)])
      assert.equal(await count('login'), logins)
      await sim.control('POST', '/tokens/kill')
    }
    const { maxTokenCallsInFlight } = await sim.control('GET', '/journal?summary=1')
    assert.equal(maxTokenCallsInFlight, 1)
    for (const { page, warnings } of tabs) {
      assert.deepEqual(await warnings(), [])
      await page.close()
    }
  })

  test('would log in each without it', async () => {
    const tabs = await Promise.all([1, 2].map(() => openTab({ store: undefined })))
    await Promise.all(tabs.map(({ ask }) => ask('call', 5)))
    assert.ok((await count('login')) >= 2)
    for (const { page } of tabs) await page.close()
  })

  test('mend themselves when one of them logs in by force', async () => {
    const [one, two] = await Promise.all([openTab(), openTab()])
    await one.ask('call', 1)
    await two.ask('call', 1)
    const forced = await one.ask('force')
    assert.deepEqual(await two.ask('call', 5), answered(5))
    assert.equal(await two.ask('token'), forced)
    assert.equal(await count('login'), 2)
    assert.equal((await two.causes()).filter((cause) => cause === 'login').length, 0)
    await one.page.close()
    await two.page.close()
  })

  test('lose nothing when one is closed during its login', async () => {
    const fault = { operation: 'login', kind: 'silence', ms: 20_000, times: 1 }
    await sim.control('POST', '/faults', fault)
    const [one, two] = await Promise.all([openTab(), openTab()])
    one.ask('call', 1).catch(() => {})
    await until(async () => assert.equal(await count('login'), 1))
    const waiting = two.ask('call', 10)
    await until(async () => assert.ok((await two.ask('questions')) > 1, 'the lease is taken'))
    const start = performance.now()
    await one.page.close()
    assert.deepEqual(await waiting, answered(10))
    const took = performance.now() - start
    assert.ok(took < 5000, `it took ${took} ms: a lease that is not given back lasts 10 seconds`)
    assert.equal(await count('login'), 2)
    assert.deepEqual(await two.causes(), ['login'])
    await two.page.close()
  })

  test('lose nothing when one goes to another page during its login', async () => {
    const fault = { operation: 'login', kind: 'silence', ms: 20_000, times: 1 }
    await sim.control('POST', '/faults', fault)
    const [one, two] = await Promise.all([openTab(), openTab()])
    one.ask('call', 1).catch(() => {})
    await until(async () => assert.equal(await count('login'), 1))
    const waiting = two.ask('call', 10)
    await until(async () => assert.ok((await two.ask('questions')) > 1, 'the lease is taken'))
    await one.page.goto('about:blank')
    assert.deepEqual(await waiting, answered(10))
    assert.deepEqual(await two.causes(), ['login'])
    await one.page.close()
    await two.page.close()
  })

  test('have one login between them on plain http too, where there is no secure context', async () => {
    const baseUrl = sim.http.replace('127.0.0.1', PLAIN_HOST)
    const plain = { host: PLAIN_HOST, baseUrl, allowInsecureHttp: true }
    const tabs = await Promise.all([openTab(plain), openTab(plain)])
    const contexts = await Promise.all(
      tabs.map(({ page }) => page.evaluate(() => [isSecureContext, 'locks' in navigator])),
    )
    assert.deepEqual(contexts, Array(2).fill([false, false]))
    const calls = await Promise.all(tabs.map(({ ask }) => ask('call', 20)))
    assert.deepEqual(calls, [answered(20), answered(20)])
    assert.equal(await count('login'), 1)
    for (const { page, warnings } of tabs) {
      assert.deepEqual(await warnings(), [])
      await page.close()
    }
  })
})

describe('a frame with an opaque origin, where storage is denied', () => {
  test('has a client of its own that works, with exactly one warning', async () => {
    const page = await browser.newPage()
    page.on('pageerror', (error) => pageErrors.push(error))
    await page.goto(`http://127.0.0.1:${server.port}/sandbox`)
    const [, frame] = page.frames()
    assert.ok(frame)
    const { ask, warnings, causes } = await clientIn(frame)
    assert.equal(await frame.evaluate(() => origin), 'null')
    const start = performance.now()
    assert.deepEqual(await ask('call', 20), answered(20))
    assert.ok(performance.now() - start < 3000, 'nobody waits for what is denied')
    await sim.control('POST', '/tokens/kill')
    assert.deepEqual(await ask('call', 20), answered(20))
    await ask('force')
    assert.deepEqual(await ask('call', 1), answered(1))
    const told = await warnings()
    assert.equal(told.length, 1)
    assert.match(told[0], /^the token store failed at acquire .*now this client's alone$/)
    assert.equal((await causes()).filter((cause) => cause === 'login').length, 3)
    assert.equal(await count('login'), 3)
    await page.close()
  })
})

test('a rejection that nobody handles would be seen', checkThatRejectionsAreSeen)

test('one in a page would be seen as well', async () => {
  const page = await browser.newPage()
  const seen = new Promise((resolve) => page.once('pageerror', resolve))
  await page.goto(`http://127.0.0.1:${server.port}/`)
  await page.evaluate(() => void Promise.reject(new Error('planted')))
  assert.match(String(await seen), /planted/)
  await page.close()
})
