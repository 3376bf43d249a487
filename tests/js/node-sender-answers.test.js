// To the library the lean sender of Node and the global fetch are the same: whatever a server writes, or fails to, a call
// ends in the same way by either, and the listener is told the same.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import tls from 'node:tls'
import { after, before, describe, test } from 'node:test'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'

import { importPackage } from './support/package.js'
import { WIRE } from './support/wire-answers.js'

/**
 * @typedef {import('northbound').ClientEvent} ClientEvent
 * @typedef {import('northbound').FetchLike} FetchLike
 * @typedef {import('northbound').NorthApiClient} Client
 */

const { NorthApiClient } = await importPackage()

const OWN = { accessToken: 'at-1' }
const DEVICE = { deviceId: 'dev-1' }

/** One for each method that is told apart by a sender. @type {Record<string, (client: Client) => Promise<unknown>>} */
const CALLS = {
  GET: (client) => client.queryDeviceStatus(DEVICE, OWN),
  PUT: (client) => client.refreshDeviceKey(DEVICE, OWN),
  DELETE: (client) => client.deleteDirectDevice(DEVICE, OWN),
}

/** What a request of node:http is announced by: the lean sender is at work. */
let requests = 0
const count = () => (requests += 1)
before(() => subscribe('http.client.request.start', count))
after(() => unsubscribe('http.client.request.start', count))

/** What node:http reads and the global fetch does not. */
const READ = ['100 first']

/** What node:http refuses, and the global fetch only from Node 24 on. */
const REFUSED = ['a folded header', 'a header with a blank in its name']

/**
 * How a call ends, without what differs from time to time and without `cause`, which is the sender's own.
 *
 * @param {string} baseUrl
 * @param {FetchLike | undefined} fetch
 * @param {(client: Client) => Promise<unknown>} call
 * @param {number} timeoutMs
 * @returns {Promise<any>}
 */
async function outcome(baseUrl, fetch, call, timeoutMs) {
  /** @type {object[]} */
  const events = []
  const onEvent = (/** @type {any} */ { durationMs, ...event }) => events.push(event)
  const client = new NorthApiClient(
    { appId: 'app1', secret: 's', baseUrl },
    { fetch, timeoutMs, retry: false, throttle: false, onEvent, allowInsecureHttp: true },
  )
  const ended = await call(client).then(
    (value) => ({ value }),
    ({ name, message, cause, ...members }) => ({
      name,
      message,
      cause: cause !== undefined,
      ...members,
    }),
  )
  client.free()
  return { ...ended, events }
}

/**
 * The same call by either sender, one after the other.
 *
 * @param {string} baseUrl
 * @param {(client: Client) => Promise<unknown>} call
 */
async function both(baseUrl, call, timeoutMs = 5000) {
  const before = requests
  const lean = await outcome(baseUrl, undefined, call, timeoutMs)
  const asked = requests
  assert.equal(asked, before + 1, 'the lean sender was asked, once')
  const send = /** @type {FetchLike} */ ((url, init) => fetch(url, /** @type {any} */ (init)))
  const global = await outcome(baseUrl, send, call, timeoutMs)
  assert.equal(requests, asked, 'the global fetch was asked')
  return [lean, global]
}

describe('by either sender a call ends alike', () => {
  /** @type {(socket: net.Socket) => void} */
  let reply
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', () => reply(socket))
  })
  let url = ''
  before(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening')
    url = `http://127.0.0.1:${/** @type {net.AddressInfo} */ (server.address()).port}`
  })
  after(() => server.close())

  for (const [name, write] of WIRE) {
    test(`at ${name}`, async () => {
      reply = write
      const timeoutMs = name.endsWith('silence') ? 100 : 5000
      for (const [method, call] of Object.entries(CALLS)) {
        const [lean, global] = await both(url, call, timeoutMs)
        if (READ.includes(name)) assert.notEqual(lean.kind, 'network')
        else if (REFUSED.includes(name)) assert.equal(lean.kind, 'network')
        else assert.deepEqual(lean, global, method)
      }
    })
  }
})

test('by either sender a request on a kept connection that is closed is sent once, and fails', async (t) => {
  for (const fetch of [undefined, globalThis.fetch]) {
    let requests = 0
    const server = net.createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', () => {
        requests += 1
        if (requests > 1) socket.resetAndDestroy()
        else socket.write('HTTP/1.1 204 x\r\n\r\n')
      })
    })
    t.after(() => server.close())
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const baseUrl = `http://127.0.0.1:${/** @type {net.AddressInfo} */ (server.address()).port}`
    const send = /** @type {FetchLike | undefined} */ (fetch)
    const { kind, value } = await outcome(
      baseUrl,
      send,
      async (client) => {
        await client.deleteDirectDevice(DEVICE, OWN)
        return client.queryDeviceStatus(DEVICE, OWN)
      },
      5000,
    )
    assert.deepEqual([kind, value, requests], ['network', undefined, 2])
  }
})

describe('by either sender a connection fails alike', () => {
  /** @param {net.Server} server */
  async function portOf(server) {
    await once(server.listen(0, '127.0.0.1'), 'listening')
    return /** @type {net.AddressInfo} */ (server.address()).port
  }
  /**
   * @param {string} url
   * @param {string} [code] of the reason, by either
   */
  async function alike(url, code) {
    for (const [method, call] of Object.entries(CALLS)) {
      const [lean, global] = await both(url, call)
      assert.deepEqual(lean, global, method)
      assert.equal(lean.kind, 'network')
      assert.equal(lean.retryable, true)
    }
    if (code === undefined) return
    const client = new NorthApiClient(
      { appId: 'app1', secret: 's', baseUrl: url },
      { retry: false },
    )
    await assert.rejects(
      client.getAuthToken(),
      (/** @type {any} */ error) => error.cause.code === code,
    )
  }

  test('that is refused', async () => {
    const server = net.createServer()
    const port = await portOf(server)
    await new Promise((resolve) => server.close(resolve))
    await alike(`http://127.0.0.1:${port}`, 'ECONNREFUSED')
  })

  test('whose name nobody knows', async () => {
    await alike('https://northbound.invalid', undefined)
  })

  test('that is closed amid the handshake', async (t) => {
    const server = net.createServer((socket) => socket.destroy())
    t.after(() => server.close())
    await alike(`https://127.0.0.1:${await portOf(server)}`)
  })

  test('that speaks no TLS', async (t) => {
    const server = http.createServer((_, response) => response.end())
    t.after(() => server.close())
    await alike(`https://127.0.0.1:${await portOf(server)}`)
  })

  test('that offers no cipher', async (t) => {
    const server = tls.createServer()
    server.on('tlsClientError', () => {})
    t.after(() => server.close())
    await alike(`https://127.0.0.1:${await portOf(server)}`)
  })
})

describe('by either sender an abort', () => {
  for (const [name, write] of /** @type {[string, string][]} */ ([
    ['before an answer', ''],
    ['amid the headers', 'HTTP/1.1 200 OK\r\ncontent-le'],
    ['amid the body', 'HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{'],
  ])) {
    test(`${name} rejects with its reason, and closes the connection`, async (t) => {
      /** @type {Promise<unknown>[]} */
      const closed = []
      const controllers = [new AbortController(), new AbortController()]
      let next = 0
      const server = net.createServer((socket) => {
        socket.on('error', () => {})
        closed.push(once(socket, 'close'))
        socket.on('data', () => {
          socket.write(write)
          setTimeout(() => controllers[next++]?.abort('enough'), 20)
        })
      })
      t.after(() => server.close())
      await once(server.listen(0, '127.0.0.1'), 'listening')
      const url = `http://127.0.0.1:${/** @type {net.AddressInfo} */ (server.address()).port}`
      let call = 0
      const [lean, global] = await both(url, (client) => {
        const signal = controllers[call++]?.signal
        const failed = client.queryDeviceStatus(DEVICE, { ...OWN, signal })
        return failed.catch((reason) => reason)
      })
      assert.deepEqual(lean, global)
      assert.equal(lean.value, 'enough')
      assert.equal(closed.length, 2)
      await Promise.all(closed)
    })
  }

  test('before the call sends nothing', async () => {
    const signal = AbortSignal.abort('enough')
    for (const fetch of [undefined, globalThis.fetch]) {
      const before = requests
      const call = (/** @type {Client} */ client) =>
        client.queryDeviceStatus(DEVICE, { ...OWN, signal }).catch((reason) => reason)
      const send = /** @type {FetchLike | undefined} */ (fetch)
      const { value, events } = await outcome('http://127.0.0.1:9', send, call, 1000)
      assert.equal(value, 'enough')
      assert.ok(!events.some((/** @type {ClientEvent} */ { type }) => type === 'request'))
      assert.equal(requests, before)
    }
  })
})
