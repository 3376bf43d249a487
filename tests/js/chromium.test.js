// Every documented error in headless Chromium, the same table as in Node, and what only a browser does.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import { after, before, describe, test } from 'node:test'

import { launchChromium } from './support/chromium.js'
import { CASES, CATALOGUE, check, provoke, sorted } from './support/documented.js'
import { APP, startSimulator } from './support/simulator.js'

const ENTRY = '/northbound/browser.js'

/** @type {Awaited<ReturnType<typeof startSimulator>>} */
let sim
/** @type {import('puppeteer-core').Browser} */
let browser
/** @type {import('puppeteer-core').Page} */
let page

before(async () => {
  sim = await startSimulator({
    args: ['--limit', 'off', '--mount', '/=www', '--mount', '/northbound=pkg'],
  })
  browser = await launchChromium()
  page = await browser.newPage()
  await page.goto(`${sim.http}/`)
})

after(async () => {
  await browser?.close()
  await sim?.stop()
})

describe('a refusal of the platform arrives in Chromium as a PlatformError:', () => {
  /** @type {import('./support/documented.js').Seen[]} */
  let seen = []
  before(async () => {
    const orders = CASES.map(({ operation, fault }) => ({ operation, fault }))
    seen = await page.evaluate(provoke, sim.http + ENTRY, sim.http, APP, orders)
  })
  // JSON, by which the page hands it over, knows no undefined.
  CASES.forEach((expected, index) => test(expected.name, () => check(expected, seen[index])))
})

test('the catalogue in Chromium is the documented one, row by row', async () => {
  const catalogue = await page.evaluate(async (entry) => {
    const { errorCatalogue, init } = await import(entry)
    await init()
    return errorCatalogue()
  }, sim.http + ENTRY)
  assert.deepEqual(sorted(catalogue), CATALOGUE)
})

test('a redirect is not followed in Chromium and is a DecodeError', async (t) => {
  const elsewhere = await counting(t)
  for (const status of [301, 302, 303, 307, 308]) {
    const location = `${elsewhere.url}/elsewhere`
    await sim.control('POST', '/faults', { operation: 'login', kind: 'redirect', status, location })
    const error = await page.evaluate(
      async (entry, baseUrl, app) => {
        const { NorthApiClient, DecodeError, init } = await import(entry)
        await init()
        const client = new NorthApiClient({ ...app, baseUrl }, { retry: false, throttle: false })
        const failed = await client.getAuthToken().catch((/** @type {any} */ reason) => reason)
        const { kind, status, excerpt, retryable, attempts, message } = failed
        return {
          decode: failed instanceof DecodeError,
          ...{ kind, status, excerpt, retryable, attempts, message },
        }
      },
      sim.http + ENTRY,
      sim.http,
      APP,
    )
    const { message, ...members } = error
    assert.deepEqual(members, {
      decode: true,
      kind: 'decode',
      // A browser shows nothing of a redirect that it does not follow.
      status: 0,
      excerpt: '',
      retryable: false,
      attempts: 1,
    })
    assert.match(message, /redirect/)
  }
  assert.equal(elsewhere.requests(), 0)
})

test('a client or request made before init is refused in Chromium by a word about init', async () => {
  const fresh = await browser.newPage()
  await fresh.goto(`${sim.http}/northbound/package.json`)
  const refused = await fresh.evaluate(async (entry) => {
    const { NorthApiClient, NorthApiRequests, InvalidArgumentError, errorCatalogue, init } =
      await import(entry)
    const info = { appId: 'a', secret: 'b', baseUrl: '/iot' }
    const uses = [
      () => new NorthApiClient(info),
      () => new NorthApiRequests(info),
      () => errorCatalogue(),
    ]
    const errors = uses.map((use) => {
      try {
        use()
      } catch (error) {
        return /** @type {any} */ (error)
      }
    })
    await Promise.all([init(), init()])
    await init()
    uses.forEach((use) => use())
    return errors.map((error) => [
      error instanceof InvalidArgumentError,
      error?.argument,
      error?.operation,
      error?.message,
    ])
  }, sim.http + ENTRY)
  await fresh.close()
  const operations = ['NorthApiClient', 'NorthApiRequests', 'errorCatalogue']
  assert.equal(refused.length, operations.length)
  refused.forEach(([invalid, argument, operation, message], index) => {
    assert.deepEqual([invalid, argument, operation], [true, 'init', operations[index]])
    assert.match(message, /init/)
  })
})

test('a path as baseUrl is one of the page’s own origin, and is kept as a prefix', async () => {
  const url = await page.evaluate(async (entry) => {
    const { NorthApiRequests, init } = await import(entry)
    await init()
    const info = { appId: 'app1', secret: 'x', baseUrl: '/iot/' }
    return new NorthApiRequests(info).getAuthToken().url
  }, sim.http + ENTRY)
  assert.equal(url, `${sim.http}/iot/iocm/app/sec/v1.1.0/login`)
})

test('aborting rejects in Chromium with the reason and ends the request', async () => {
  await sim.control('POST', '/faults', { operation: 'login', kind: 'silence', ms: 5000 })
  const outcome = await page.evaluate(
    async (entry, baseUrl, app) => {
      const { NorthApiClient, init } = await import(entry)
      await init()
      const client = new NorthApiClient({ ...app, baseUrl }, { retry: false, throttle: false })
      const controller = new AbortController()
      const start = performance.now()
      setTimeout(() => controller.abort(`enough`), 100)
      const reason = await client
        .getAuthToken({ signal: controller.signal })
        .catch((/** @type {unknown} */ thrown) => thrown)
      return { reason, took: performance.now() - start }
    },
    sim.http + ENTRY,
    sim.http,
    APP,
  )
  assert.equal(outcome.reason, 'enough')
  assert.ok(outcome.took < 2000, `took ${outcome.took} ms`)
})

/**
 * A second server, which nobody should call.
 *
 * @param {import('node:test').TestContext} t
 */
async function counting(t) {
  let requests = 0
  const server = http.createServer((_, response) => {
    requests += 1
    response.setHeader('access-control-allow-origin', '*')
    response.end('{}')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => server.close())
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return { url: `http://127.0.0.1:${port}`, requests: () => requests }
}
