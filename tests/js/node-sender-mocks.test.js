// Libraries that take the network's place in tests see every call of a client without a `fetch` of its own, whatever they
// lay their hands on: the global fetch, node:http, or the dispatcher of undici. Each is tried in a process of its own.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'

import { PATH, startEcho, told, tool } from './support/sender-echo.js'

/** @type {Awaited<ReturnType<typeof startEcho>>} */
let server
before(async () => {
  server = await startEcho()
})
beforeEach(() => Object.assign(server.seen, { connections: 0, requests: 0 }))
after(() => server.stop())

const MOCKED = { deviceId: 'dev-1', activated: true, name: 'mock' }

/** What each program begins with; it asks once before there is a mock, so that connections are kept. */
const START = `
  const mocked = ${JSON.stringify(MOCKED)}
  const path = ${JSON.stringify(PATH)}
`

/**
 * By what each library is put in place, and taken away again.
 * @type {Record<string, { load: string, on: string, off: string }>}
 */
const MOCKS = {
  msw: {
    load: `
      const { http, HttpResponse } = await import(${tool('msw')})
      const { setupServer } = await import(${tool('msw/node')})
      const server = setupServer(http.get(url + path, () => HttpResponse.json(mocked)))`,
    on: "server.listen({ onUnhandledRequest: 'error' })",
    off: 'server.close()',
  },
  nock: {
    load: `const { default: nock } = await import(${tool('nock')}); nock.restore()`,
    on: 'nock.activate(); nock.disableNetConnect(); nock(url).get(path).times(9).reply(200, mocked)',
    off: 'nock.cleanAll(); nock.restore()',
  },
  'the interceptor of node:http alone, which many are made of': {
    load: `
      const { ClientRequestInterceptor } = await import(${tool('@mswjs/interceptors/ClientRequest')})
      const interceptor = new ClientRequestInterceptor()
      interceptor.on('request', ({ controller }) => controller.respondWith(Response.json(mocked)))`,
    on: 'interceptor.apply()',
    off: 'interceptor.dispose()',
  },
  'the interceptor of the global fetch alone': {
    load: `
      const { FetchInterceptor } = await import(${tool('@mswjs/interceptors/fetch')})
      const interceptor = new FetchInterceptor()
      interceptor.on('request', ({ controller }) => controller.respondWith(Response.json(mocked)))`,
    on: 'interceptor.apply()',
    off: 'interceptor.dispose()',
  },
  'MockAgent of undici': {
    load: `
      await fetch('data:,') // Node's own agent is there, to be put back
      const undici = await import(${tool('undici')})
      const own = undici.getGlobalDispatcher()
      const agent = new undici.MockAgent()
      agent.disableNetConnect()
      agent.get(url).intercept({ path }).reply(200, mocked).persist()`,
    on: 'undici.setGlobalDispatcher(agent)',
    off: 'undici.setGlobalDispatcher(own)',
  },
  'the mock of node:test': {
    load: `
      const { mock } = await import('node:test')
      let mocking`,
    on: "mocking = mock.method(globalThis, 'fetch', async () => Response.json(mocked))",
    off: 'mocking.mock.restore()',
  },
}

describe('a mock', () => {
  for (const [name, { load, on, off }] of Object.entries(MOCKS)) {
    test(`by ${name} sees every call, and once it is gone the lean sender is back`, async () => {
      const text = `${START}
        tell(await ask())
        ${load}
        ${on}
        tell(await ask(), await ask())
        ${off}
        tell(await ask())`
      assert.deepEqual(await told(server.url, text), ['http', 'mock', 'mock', 'http'])
      assert.equal(server.seen.requests, 2, 'only the calls without the mock reach the network')
    })

    test(`by ${name} that was there before the package sees every call too`, async () => {
      const text = `${START}
        ${load}
        ${on}
        tell(await ask(), await ask())
        ${off}
        tell(await ask())`
      assert.deepEqual(await told(server.url, text), ['mock', 'mock', 'http'])
      assert.equal(server.seen.requests, 1)
    })
  }
})

describe('a mock that refuses what it does not know', () => {
  for (const [name, refuse] of Object.entries({
    msw: `
      const { setupServer } = await import(${tool('msw/node')})
      setupServer().listen({ onUnhandledRequest: 'error' })`,
    nock: `
      const { default: nock } = await import(${tool('nock')})
      nock.disableNetConnect()`,
    undici: `
      const undici = await import(${tool('undici')})
      const agent = new undici.MockAgent()
      agent.disableNetConnect()
      undici.setGlobalDispatcher(agent)`,
  })) {
    test(`lets nothing through: ${name}`, async () => {
      const asked = await told(server.url, `${refuse}\n tell(await ask())`)
      assert.deepEqual(asked, ['network'])
      assert.equal(server.seen.connections, 0)
    })
  }
})
