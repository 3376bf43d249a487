// How a request is sent and how sending fails: redirects, fetches of the user's own, time, sockets.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'

import { lacks, rejection, shown, until } from './support/expect.js'
import { importPackage, installPackage } from './support/package.js'
import { APP, startSimulator } from './support/simulator.js'

/**
 * @typedef {import('node:test').TestContext} TestContext
 * @typedef {import('northbound').FetchLike} FetchLike
 * @typedef {import('northbound').NorthApiOptions} NorthApiOptions
 * @typedef {import('northbound').SendInit} SendInit
 */

const { DecodeError, NetworkError, NorthApiClient, NorthboundError, PlatformError, TimeoutError } =
  await importPackage()

const INFO = { appId: 'app1', secret: APP.secret, baseUrl: 'http://127.0.0.1:9' }
const DEVICE = { deviceId: 'dev-1' }
/** A call with it needs no login. */
const OWN = { accessToken: 'at-7f3c9d21e8b64a50' }
const STATUS = { deviceId: 'dev-1', activated: true, name: null }
const LIMITLESS = { retry: /** @type {const} */ (false), throttle: /** @type {const} */ (false) }

const ORIGINAL_FETCH = globalThis.fetch

/** @param {NorthApiOptions} [options] */
const connect = (options = {}, baseUrl = INFO.baseUrl) =>
  new NorthApiClient({ ...INFO, baseUrl }, { ...LIMITLESS, ...options })

/**
 * An answer by shape alone: no stream, and of headers nothing but `get`.
 *
 * @param {unknown} body
 * @param {object} [more]
 */
const duck = (body, more = {}) => ({
  status: 200,
  headers: { get: () => null },
  arrayBuffer: async () => {
    const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
    return bytes.buffer
  },
  ...more,
})

/**
 * A server on loopback that ends with the test.
 *
 * @param {TestContext} t
 * @param {http.RequestListener} handler
 */
async function serve(t, handler) {
  const seen = { requests: 0 }
  const server = http.createServer((request, response) => {
    seen.requests += 1
    request.on('error', () => {})
    handler(request, response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = /** @type {net.AddressInfo} */ (server.address())
  return { seen, url: `http://127.0.0.1:${port}` }
}

/**
 * @param {TestContext} t
 * @param {any} replacement
 */
function replaceFetch(t, replacement) {
  globalThis.fetch = replacement
  t.after(() => (globalThis.fetch = ORIGINAL_FETCH))
}

/** @type {[string, FetchLike | undefined][]} */
const SENDERS = [
  ['the sender of Node', undefined],
  [
    'a fetch of the user’s own, here the global one',
    (url, init) => fetch(url, /** @type {RequestInit} */ (init)),
  ],
]

describe('a redirect is never followed and is a DecodeError', () => {
  for (const [name, fetch] of SENDERS) {
    for (const status of [301, 302, 303, 307, 308]) {
      test(`through ${name}, with ${status}`, async (t) => {
        const elsewhere = await serve(t, (_, response) => response.end(JSON.stringify(STATUS)))
        const platform = await serve(t, (request, response) => {
          request.resume()
          const location = `${elsewhere.url}/elsewhere?token=x`
          response.writeHead(status, { location }).end('<html>moved</html>')
        })
        const client = connect({ fetch }, platform.url)
        const calls = [
          client.getAuthToken(),
          client.queryDeviceStatus(DEVICE, OWN),
          client.refreshDeviceKey(DEVICE, OWN),
          client.regDirectDevice({ nodeId: 'n' }, OWN),
          client.deleteDirectDevice(DEVICE, OWN),
        ].map(rejection)
        for (const call of calls) {
          const error = await call
          assert.ok(error instanceof DecodeError, inspect(error))
          assert.equal(error.status, status)
          assert.equal(error.retryable, false)
          assert.equal(error.attempts, 1)
          assert.match(error.message, /redirect/)
        }
        assert.equal(platform.seen.requests, calls.length)
        assert.equal(elsewhere.seen.requests, 0)
      })
    }
  }

  test('also where it says that it is the answer', async () => {
    for (const status of [300, 301, 302, 304, 307]) {
      const client = connect({ fetch: async () => duck(STATUS, { status }) })
      const error = await rejection(client.queryDeviceStatus(DEVICE, OWN))
      assert.ok(error instanceof DecodeError)
      assert.equal(error.status, status)
    }
    // What a browser shows of it.
    const hidden = { type: 'opaqueredirect', status: 0, body: null }
    const client = connect({ fetch: async () => duck('', hidden) })
    const error = await rejection(client.deleteDirectDevice(DEVICE, OWN))
    assert.ok(error instanceof DecodeError)
    assert.equal(error.status, 0)
  })
})

describe('a fetch of the user’s own', () => {
  /** Sends one of each. */
  async function sentByAll() {
    /** @type {{ self: unknown, args: any[] }[]} */
    const sent = []
    const client = connect({
      /** @this {unknown} @param {any[]} args */
      async fetch(...args) {
        sent.push({ self: this, args })
        return duck('<html>')
      },
    })
    await rejection(client.getAuthToken())
    await rejection(client.refreshDeviceKey({ ...DEVICE, verifyCode: 'é' }, OWN))
    await rejection(client.regDirectDevice({ nodeId: 'n' }, OWN))
    await rejection(client.queryDeviceStatus(DEVICE, { ...OWN, appId: 'app2' }))
    await rejection(client.deleteDirectDevice(DEVICE, OWN))
    return sent
  }

  test('is called without `this`, with a URL as text and one plain object', async () => {
    const sent = await sentByAll()
    assert.equal(sent.length, 5)
    for (const { self, args } of sent) {
      assert.equal(self, undefined)
      assert.equal(args.length, 2)
      const [url, init] = args
      assert.equal(typeof url, 'string')
      assert.equal(Object.getPrototypeOf(init), Object.prototype)
      assert.equal(Object.getOwnPropertySymbols(init).length, 0)
    }
  })

  test('is given exactly the members of SendInit, and a body only where there is one', async () => {
    const members = 'body cache credentials headers method redirect referrerPolicy signal'.split(
      ' ',
    )
    const sent = await sentByAll()
    assert.deepEqual(
      sent.map(({ args: [, init] }) => init.method),
      ['POST', 'PUT', 'POST', 'GET', 'DELETE'],
    )
    for (const {
      args: [, init],
    } of sent) {
      const bodiless = ['GET', 'DELETE'].includes(init.method)
      const expected = members.filter((member) => member !== 'body' || !bodiless)
      assert.deepEqual(Object.keys(init).sort(), expected)
      assert.equal('body' in init, !bodiless)
      assert.equal(typeof init.body, bodiless ? 'undefined' : 'string')
      const { redirect, cache, credentials, referrerPolicy, signal } = init
      assert.deepEqual(
        [redirect, cache, credentials, referrerPolicy],
        ['manual', 'no-store', 'same-origin', 'no-referrer'],
      )
      assert.ok(signal instanceof AbortSignal)
    }
    const signals = new Set(sent.map(({ args: [, init] }) => init.signal))
    assert.equal(signals.size, sent.length, 'one signal a request')
  })

  test('is given headers as a plain object with lower-case names', async () => {
    const [login, ...others] = (await sentByAll()).map(({ args: [, init] }) => init)
    for (const { headers } of [login, ...others]) {
      assert.equal(Object.getPrototypeOf(headers), Object.prototype)
      assert.deepEqual(Reflect.ownKeys(headers), Object.keys(headers))
      for (const [name, value] of Object.entries(headers)) {
        assert.equal(name, name.toLowerCase())
        assert.equal(typeof value, 'string')
      }
      new Headers(headers)
    }
    assert.deepEqual(login.headers, { 'content-type': 'application/x-www-form-urlencoded' })
    for (const { headers, body } of others) {
      const type = body === undefined ? {} : { 'content-type': 'application/json' }
      const authorization = `Bearer ${OWN.accessToken}`
      assert.deepEqual(headers, { app_key: 'app1', authorization, ...type })
    }
  })

  test('is given the whole URL, the query included', async () => {
    const [, , , { args }] = await sentByAll()
    const credentials = '/iocm/app/reg/v1.1.0/deviceCredentials'
    assert.equal(args[0], `${INFO.baseUrl}${credentials}/dev-1?appId=app2`)
  })

  test('may answer with any shape that has status, headers and arrayBuffer', async () => {
    const text = JSON.stringify(STATUS)
    const bytes = new TextEncoder().encode(text)
    /** @type {[string, () => any][]} */
    const answers = [
      ['no body stream', () => duck(STATUS)],
      ['a body that is null', () => duck(STATUS, { body: null })],
      ['a body that is no stream', () => duck(STATUS, { body: text })],
      ['an arrayBuffer that is no promise', () => duck('', { arrayBuffer: () => bytes.buffer })],
      ['a Response', () => new Response(text)],
      ['a Response in pieces', () => new Response(inPieces(bytes, 3))],
      [
        'getters on a prototype',
        () =>
          new (class {
            get status() {
              return 200
            }
            get headers() {
              return new Headers()
            }
            async arrayBuffer() {
              return bytes.buffer
            }
          })(),
      ],
    ]
    for (const [what, answer] of answers) {
      for (const fetch of [async () => answer(), answer, () => ({ then: thenWith(answer()) })]) {
        const client = connect({ fetch: /** @type {any} */ (fetch) })
        assert.deepEqual(await client.queryDeviceStatus(DEVICE, OWN), STATUS, what)
      }
    }
  })

  test('is read no further than 1 MiB', async () => {
    let pulled = 0
    let cancelled = false
    const body = new ReadableStream(
      {
        pull(controller) {
          pulled += 1
          controller.enqueue(new Uint8Array(64 * 1024).fill(0x20))
        },
        cancel() {
          cancelled = true
        },
      },
      { highWaterMark: 0 },
    )
    const client = connect({ fetch: async () => new Response(body) })
    const error = await rejection(client.queryDeviceStatus(DEVICE, OWN))
    assert.ok(error instanceof DecodeError)
    assert.match(error.message, /1 MiB/)
    assert.ok(pulled <= 18, `${pulled} pieces of 64 KiB`)
    await until(() => assert.ok(cancelled))
    const huge = connect({ fetch: async () => duck(' '.repeat(1024 * 1024 + 1)) })
    assert.match((await rejection(huge.queryDeviceStatus(DEVICE, OWN))).message, /1 MiB/)
  })

  test('is used for the login too', async () => {
    /** @type {string[]} */
    const urls = []
    const client = connect({
      fetch: async (url) => {
        urls.push(new URL(url).pathname.split('/').at(-1) ?? '')
        const pair = { scope: 's', tokenType: 'bearer', expiresIn: 60, accessToken: 'a' }
        return duck(url.endsWith('/login') ? { ...pair, refreshToken: 'r' } : STATUS)
      },
    })
    await client.queryDeviceStatus(DEVICE)
    await client.queryDeviceStatus(DEVICE)
    assert.deepEqual(urls, ['login', 'dev-1', 'dev-1'])
  })
})

/** @param {Uint8Array} bytes @param {number} size */
function inPieces(bytes, size) {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.slice(at, at + size))
      at += size
    },
  })
}

/** @param {unknown} value */
const thenWith = (value) => (/** @type {(value: unknown) => void} */ resolve) => resolve(value)

describe('the global fetch', () => {
  test('is looked up for each call', async (t) => {
    const client = connect()
    /** @type {string[]} */
    const used = []
    const fake = (/** @type {string} */ name) => async () => {
      used.push(name)
      return duck(STATUS)
    }
    replaceFetch(t, fake('first'))
    assert.deepEqual(await client.queryDeviceStatus(DEVICE, OWN), STATUS)
    replaceFetch(t, fake('second'))
    assert.deepEqual(await client.queryDeviceStatus(DEVICE, OWN), STATUS)
    assert.deepEqual(used, ['first', 'second'])
  })

  test('is not touched where the client has its own', async (t) => {
    replaceFetch(t, () => assert.fail('the global fetch was called'))
    const client = connect({ fetch: async () => duck(STATUS) })
    assert.deepEqual(await client.queryDeviceStatus(DEVICE, OWN), STATUS)
  })
})

describe('a fetch that fails', () => {
  const boom = new Error('boom')
  const odd = {
    toString() {
      throw new Error('toString')
    },
    get message() {
      return 5
    },
  }
  /** @param {unknown} value */
  const throws = (value) => () => {
    throw value
  }
  const symbol = Symbol('s')
  const coded = Object.assign(new TypeError('fetch failed'), { code: 'ECONNRESET', cause: boom })

  /** With the cause that has to be there. @type {[string, () => any, unknown][]} */
  const identical = [
    ['throws an Error at once', throws(boom), boom],
    ['throws a text at once', throws('text'), 'text'],
    ['throws nothing at once', throws(undefined), undefined],
    ['rejects with an Error', async () => throws(boom)(), boom],
    ['rejects with an Error that has code and cause', async () => throws(coded)(), coded],
    ['rejects with a text', () => Promise.reject('text'), 'text'],
    ['rejects with an empty text', () => Promise.reject(''), ''],
    ['rejects with undefined', () => Promise.reject(undefined), undefined],
    ['rejects with null', () => Promise.reject(null), null],
    ['rejects with a number', () => Promise.reject(0), 0],
    ['rejects with a symbol', () => Promise.reject(symbol), symbol],
    ['rejects with an object whose toString throws', () => Promise.reject(odd), odd],
    [
      'yields an answer whose status throws',
      () => ({
        get status() {
          throw boom
        },
      }),
      boom,
    ],
    [
      'yields an answer whose headers throw',
      () => duck(STATUS, { headers: { get: throws(boom) } }),
      boom,
    ],
    [
      'yields an answer whose body rejects',
      () => duck(STATUS, { arrayBuffer: () => Promise.reject(boom) }),
      boom,
    ],
    [
      'yields an answer whose body throws',
      () => duck(STATUS, { arrayBuffer: throws('text') }),
      'text',
    ],
    [
      'yields a stream that breaks',
      () => new Response(new ReadableStream({ pull: (controller) => controller.error(boom) })),
      boom,
    ],
    ['yields something whose then throws', () => ({ then: throws(boom) }), boom],
  ]
  for (const [what, fetch, cause] of identical) {
    test(`and ${what} is a NetworkError with that very cause`, async () => {
      const error = await rejection(connect({ fetch }).queryDeviceStatus(DEVICE, OWN))
      isNetworkError(error)
      assert.equal(error.cause, cause)
      assert.equal('cause' in error, cause !== undefined)
    })
  }

  const used = new Response('{}')
  /** @type {[string, () => any][]} */
  const strange = [
    ['yields nothing', () => undefined],
    ['yields null', async () => null],
    ['yields a number', async () => 5],
    ['yields a text', async () => '{}'],
    ['yields a function', async () => () => {}],
    ['yields an empty object', async () => ({})],
    ['yields an array', async () => []],
    ['yields a status that is a text', async () => duck(STATUS, { status: '200' })],
    ['yields a status that is none', async () => duck(STATUS, { status: NaN })],
    ['yields a status out of range', async () => duck(STATUS, { status: 70000 })],
    ['yields an answer without a body to read', async () => duck('', { arrayBuffer: undefined })],
    ['yields an answer that was read already', async () => used.text().then(() => used)],
    [
      'yields an answer whose body is locked',
      async () => {
        const response = new Response('{}')
        response.body?.getReader()
        return response
      },
    ],
    ['rejects with a revoked proxy', () => Promise.reject(revoked())],
    [
      'rejects with an object that throws whatever is asked',
      () =>
        Promise.reject(
          new Proxy(
            {},
            {
              get: throws(boom),
              has: throws(boom),
              ownKeys: throws(boom),
              getPrototypeOf: throws(boom),
              getOwnPropertyDescriptor: throws(boom),
            },
          ),
        ),
    ],
  ]
  before(() => used.text())
  for (const [what, fetch] of strange) {
    test(`and ${what} is a NetworkError that tells a cause`, async () => {
      const error = await rejection(connect({ fetch }).queryDeviceStatus(DEVICE, OWN))
      isNetworkError(error)
      assert.ok(error.cause instanceof Error, inspect(error.cause))
    })
  }

  test('does no harm to the client, nor to calls at the same time', async () => {
    let calls = 0
    const client = connect({
      fetch: () => {
        calls += 1
        if (calls % 2) throw boom
        return Promise.resolve(duck(STATUS))
      },
    })
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => client.queryDeviceStatus(DEVICE, OWN)),
    )
    const answered = outcomes.filter(({ status }) => status === 'fulfilled')
    assert.equal(answered.length, 10)
  })

  test('in the login is the error of getAuthToken', async () => {
    const error = await rejection(connect({ fetch: throws(boom) }).queryDeviceStatus(DEVICE))
    isNetworkError(error, 'getAuthToken')
    assert.equal(error.cause, boom)
  })
})

function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

/** @param {any} error */
function isNetworkError(error, operation = 'queryDeviceStatus') {
  assert.ok(error instanceof NetworkError, inspect(error))
  assert.ok(error instanceof NorthboundError)
  assert.equal(error.name, 'NetworkError')
  assert.equal(error.kind, 'network')
  assert.equal(error.operation, operation)
  assert.equal(error.retryable, true)
  assert.equal(error.attempts, 1)
  assert.match(error.message, /^no answer/)
}

describe('what a fetch’s error quotes of the request is not shown:', () => {
  const TOKEN = OWN.accessToken
  const CODE = 'c0de/of+the=test'

  /**
   * The ways in which an error can carry a text.
   *
   * @type {[string, (text: string, init: SendInit, url: string) => unknown][]}
   */
  const carriers = [
    ['its message', (text) => new Error(`failed with ${text}!`)],
    ['a text alone', (text) => `failed with ${text}!`],
    [
      'its stack',
      (text) => {
        const error = new Error('failed')
        error.stack = `Error: failed\n    at send (${text})`
        return error
      },
    ],
    ['its cause', (text) => new Error('failed', { cause: new Error(text) })],
    ['a cause that is a text', (text) => new Error('failed', { cause: text })],
    [
      'a cause of its cause',
      (text) => new Error('failed', { cause: new Error('x', { cause: { deep: [text] } }) }),
    ],
    [
      'a configuration, as axios keeps it',
      (text) =>
        Object.assign(new Error('failed'), {
          config: { headers: { authorization: `Bearer ${text}` }, data: text },
        }),
    ],
    ['the name of a member', (text) => Object.assign(new Error('failed'), { [text]: 1 })],
    ['one of several errors', (text) => new AggregateError([new Error(text)], 'failed')],
    ['a Map', (text) => Object.assign(new Error('failed'), { config: new Map([['a', text]]) })],
    ['a Set', (text) => Object.assign(new Error('failed'), { config: new Set([text]) })],
    [
      'Headers',
      (text) =>
        Object.assign(new Error('failed'), {
          config: { headers: new Headers({ authorization: encodeURI(text) }) },
        }),
    ],
    [
      'URLSearchParams',
      (text) => Object.assign(new Error('failed'), { data: new URLSearchParams({ a: text }) }),
    ],
    ['a member under a symbol', (text) => Object.assign(new Error('x'), { [Symbol('o')]: text })],
    [
      'a member of a function',
      (text) => Object.assign(new Error('x'), { request: Object.assign(() => {}, { text }) }),
    ],
    [
      'a member that is not enumerable',
      (text) => Object.defineProperty(new Error('x'), 'hidden', { value: { text } }),
    ],
    [
      'a member ten levels deep',
      (text) => {
        /** @type {any} */
        let deep = { text }
        for (let level = 0; level < 10; level += 1) deep = { deep }
        return Object.assign(new Error('failed'), { deep })
      },
    ],
    [
      'an error that refers to itself',
      (text) => {
        const error = new Error('failed')
        return Object.assign(error, { self: error, list: [error, { text }] })
      },
    ],
    [
      'what it was given, as it is',
      (_, init, url) => Object.assign(new Error('failed'), { config: { ...init, url } }),
    ],
  ]

  /** @type {Record<string, (secret: string) => string>} */
  const forms = {
    'as it is': (secret) => secret,
    'percent-encoded': encodeURIComponent,
    'percent-encoded in lower case': (secret) =>
      encodeURIComponent(secret).replace(/%../g, (escape) => escape.toLowerCase()),
    'in base64': (secret) => Buffer.from(secret).toString('base64'),
    'as JSON with slashes escaped': (secret) => JSON.stringify({ secret }).replaceAll('/', '\\/'),
  }

  /**
   * The secrets that an error shows.
   *
   * @param {(typeof carriers)[number][1]} carry
   * @param {(secret: string) => string} write
   */
  async function leaking(carry, write) {
    const leaks = []
    for (const secret of [TOKEN, APP.secret, CODE]) {
      const client = connect({
        fetch: async (url, init) => {
          throw carry(write(secret), init, url)
        },
      })
      const login = secret === APP.secret
      const input = { ...DEVICE, verifyCode: CODE }
      const call = login ? client.getAuthToken() : client.refreshDeviceKey(input, OWN)
      const error = await rejection(call)
      isNetworkError(error, login ? 'getAuthToken' : 'refreshDeviceKey')
      assert.notEqual(error.cause, undefined)
      try {
        lacks([shown(error), shown(error.cause)].join('\n'), [secret])
      } catch {
        leaks.push(secret)
      }
    }
    return leaks
  }

  for (const [place, carry] of carriers) {
    test(`in ${place}`, async () => {
      assert.deepEqual(await leaking(carry, forms['as it is']), [])
      assert.deepEqual(await leaking(carry, forms['percent-encoded']), [], 'percent-encoded')
    })
  }
  for (const [form, write] of Object.entries(forms)) {
    test(`${form}, in message, stack, cause and configuration`, async () => {
      for (const [place, carry] of carriers.slice(0, 7)) {
        assert.deepEqual(await leaking(carry, write), [], place)
      }
    })
  }

  test('and what is left still says what happened', async () => {
    const cause = Object.assign(new TypeError(`connect to ${TOKEN} failed`), { code: 'ECONNRESET' })
    const client = connect({ fetch: () => Promise.reject(cause) })
    const error = await rejection(client.queryDeviceStatus(DEVICE, OWN))
    assert.ok(error.cause instanceof Error)
    assert.equal(error.cause.name, 'TypeError')
    assert.equal(error.cause.message, 'connect to ••• failed')
    assert.equal(/** @type {any} */ (error.cause).code, 'ECONNRESET')
  })

  test('in no time, although the error holds the request that it failed in', async () => {
    // As senders over node:http attach it: it refers to socket, agent and itself.
    const client = connect({
      fetch: () =>
        new Promise((_, reject) => {
          const request = http.get('http://127.0.0.1:1/')
          request.on('error', (error) => reject(Object.assign(error, { request })))
        }),
    })
    const start = performance.now()
    const error = await rejection(client.queryDeviceStatus(DEVICE, OWN))
    isNetworkError(error)
    const took = performance.now() - start
    assert.ok(took < 1000, `took ${took} ms`)
  })

  test('in no time, although the error’s members refer to each other', async () => {
    const wide = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`m${at}`, {}]))
    for (const member of Object.values(wide)) Object.assign(member, wide)
    const tangled = Object.assign(new Error('tangled'), wide)
    const client = connect({ fetch: () => Promise.reject(tangled) })
    const start = performance.now()
    isNetworkError(await rejection(client.queryDeviceStatus(DEVICE, OWN)))
    const took = performance.now() - start
    assert.ok(took < 500, `took ${took} ms`)
  })
})

describe('time:', () => {
  /** @param {any} error @param {number} timeoutMs */
  function isTimeoutError(error, timeoutMs, operation = 'queryDeviceStatus') {
    assert.ok(error instanceof TimeoutError, inspect(error))
    assert.ok(error instanceof NorthboundError)
    assert.equal(error.name, 'TimeoutError')
    assert.equal(error.kind, 'timeout')
    assert.equal(error.operation, operation)
    assert.equal(error.timeoutMs, timeoutMs)
    assert.equal(error.retryable, true)
    assert.equal(error.attempts, 1)
    assert.match(error.message, new RegExp(`\\b${timeoutMs} ms`))
  }

  /** @param {number} ms @param {Promise<unknown>} call */
  async function within(ms, call) {
    const start = performance.now()
    const error = await rejection(call)
    const took = performance.now() - start
    assert.ok(took < ms, `took ${took} ms`)
    return error
  }

  /** @type {[string, http.RequestListener][]} */
  const slow = [
    ['headers that do not come are', (request) => request.resume()],
    [
      'a body that does not come is',
      (request, response) => {
        request.resume()
        response.writeHead(200, { 'content-type': 'application/json' }).write('{"deviceId":')
      },
    ],
  ]
  for (const [what, handler] of slow) {
    for (const [name, fetch] of SENDERS) {
      test(`${what} given up, through ${name}`, async (t) => {
        let closed = 0
        const server = await serve(t, (request, response) => {
          response.on('close', () => (closed += 1))
          handler(request, response)
        })
        const client = connect({ fetch, timeoutMs: 80 }, server.url)
        isTimeoutError(await within(1500, client.queryDeviceStatus(DEVICE, OWN)), 80)
        isTimeoutError(await within(1500, client.getAuthToken()), 80, 'getAuthToken')
        await until(() => assert.equal(closed, 2, 'the connections are closed'))
        const patient = connect({ fetch }, server.url)
        const call = patient.queryDeviceStatus(DEVICE, { ...OWN, timeoutMs: 60 })
        isTimeoutError(await within(1500, call), 60)
      })
    }
  }

  test('a fetch that never settles is given up, and its signal aborted', async () => {
    /** @type {SendInit[]} */
    const inits = []
    const client = connect({
      fetch: (_, init) => {
        inits.push(init)
        return new Promise(() => {})
      },
    })
    const call = client.queryDeviceStatus(DEVICE, { ...OWN, timeoutMs: 40 })
    await until(() => assert.equal(inits.length, 1))
    assert.equal(inits[0].signal.aborted, false)
    isTimeoutError(await within(1000, call), 40)
    assert.equal(inits[0].signal.aborted, true)
  })

  test('a body that never comes is given up, and the signal aborted', async () => {
    /** @type {SendInit[]} */
    const inits = []
    for (const answer of [
      duck('', { arrayBuffer: () => new Promise(() => {}) }),
      new Response(new ReadableStream({ pull: () => new Promise(() => {}) })),
    ]) {
      const client = connect({
        fetch: async (_, init) => {
          inits.push(init)
          return /** @type {any} */ (answer)
        },
      })
      const call = client.queryDeviceStatus(DEVICE, { ...OWN, timeoutMs: 40 })
      isTimeoutError(await within(1000, call), 40)
      assert.equal(inits.at(-1)?.signal.aborted, true)
    }
  })

  test('a fetch that fails after it was given up does no harm', async () => {
    const client = connect({
      timeoutMs: 10,
      fetch: async () => {
        await sleep(40)
        throw new Error('late')
      },
    })
    isTimeoutError(await rejection(client.queryDeviceStatus(DEVICE, OWN)), 10)
    await sleep(60)
  })

  test('an answer in time leaves the signal alone', async () => {
    /** @type {SendInit[]} */
    const inits = []
    const client = connect({
      timeoutMs: 50,
      fetch: async (_, init) => {
        inits.push(init)
        return duck(STATUS)
      },
    })
    await client.queryDeviceStatus(DEVICE, OWN)
    await sleep(80)
    assert.equal(inits[0].signal.aborted, false)
  })

  test('a fetch may put a signal of its own in the place of ours', async () => {
    const caller = new AbortController()
    const client = connect({
      timeoutMs: 20,
      fetch: async (_, init) => {
        init.signal = caller.signal
        assert.equal(init.signal, caller.signal)
        return duck(STATUS)
      },
    })
    assert.deepEqual(await client.queryDeviceStatus(DEVICE, OWN), STATUS)
  })

  test('none is no limit, and the longest is long', async () => {
    const client = connect({
      timeoutMs: 20,
      fetch: async () => {
        await sleep(120)
        return duck(STATUS)
      },
    })
    isTimeoutError(await rejection(client.queryDeviceStatus(DEVICE, OWN)), 20)
    for (const timeoutMs of [0, 2147483647]) {
      const options = { ...OWN, timeoutMs }
      assert.deepEqual(await client.queryDeviceStatus(DEVICE, options), STATUS)
    }
    for (const timeoutMs of [0, 2147483647]) {
      const unlimited = connect({
        timeoutMs,
        fetch: async () => sleep(60).then(() => duck(STATUS)),
      })
      assert.deepEqual(await unlimited.queryDeviceStatus(DEVICE, OWN), STATUS)
      const call = unlimited.queryDeviceStatus(DEVICE, { ...OWN, timeoutMs: 10 })
      isTimeoutError(await rejection(call), 10)
    }
  })

  test('a login given up is a TimeoutError of getAuthToken for all who wait', async () => {
    const client = connect({ timeoutMs: 50, fetch: () => new Promise(() => {}) })
    const calls = [1, 2, 3].map(() => rejection(client.queryDeviceStatus(DEVICE)))
    for (const error of await Promise.all(calls)) isTimeoutError(error, 50, 'getAuthToken')
  })
})

describe('a connection that fails,', () => {
  /** @type {Awaited<ReturnType<typeof startSimulator>>} */
  let sim
  before(async () => {
    sim = await startSimulator({ args: ['--limit', 'off'] })
  })
  after(() => sim?.stop())
  beforeEach(async () => {
    await sim.control('POST', '/reset', { settings: true })
    await sim.control('POST', '/devices', { ...DEVICE, nodeId: 'n1', state: 'offline' })
  })
  /** @param {object} fault */
  const order = (fault) =>
    sim.control('POST', '/faults', { operation: 'refreshDeviceKey', ...fault })

  for (const [name, fetch] of SENDERS) {
    const client = () => connect({ fetch }, sim.http)

    test(`refused, is a NetworkError whose cause says so, through ${name}`, async (t) => {
      const server = await serve(t, () => {})
      const free = net.createServer()
      await once(free.listen(0, '127.0.0.1'), 'listening')
      const { port } = /** @type {net.AddressInfo} */ (free.address())
      await new Promise((resolve) => free.close(resolve))
      assert.equal(server.seen.requests, 0)
      const refused = connect({ fetch }, `http://127.0.0.1:${port}`)
      const error = await rejection(refused.queryDeviceStatus(DEVICE))
      isNetworkError(error, 'getAuthToken')
      assert.match(inspect(error), /ECONNREFUSED/)
      lacks(shown(error), [APP.secret])
    })

    test(`reset before anything was done, is a NetworkError, through ${name}`, async () => {
      for (const kind of ['reset', 'lostBefore']) {
        await order({ kind })
        const error = await rejection(client().refreshDeviceKey({ ...DEVICE, verifyCode: 'v' }))
        isNetworkError(error, 'refreshDeviceKey')
        assert.ok(error.cause instanceof Error)
      }
      const { devices } = await sim.control('GET', '/devices')
      assert.ok(!JSON.stringify(devices).includes('"v"'))
      assert.equal((await sim.journal('refreshDeviceKey')).length, 2, 'one send a call')
    })

    test(`lost after the platform acted, is a NetworkError, through ${name}`, async () => {
      await order({ kind: 'lostAfter' })
      const one = client()
      isNetworkError(
        await rejection(one.refreshDeviceKey({ ...DEVICE, verifyCode: 'v-lost' })),
        'refreshDeviceKey',
      )
      const { devices } = await sim.control('GET', '/devices')
      assert.ok(JSON.stringify(devices).includes('v-lost'), 'it was done all the same')
      assert.equal((await sim.journal('refreshDeviceKey')).length, 1)
      await one.queryDeviceStatus(DEVICE)
    })

    test(`cut in the middle of a body, is a NetworkError, through ${name}`, async () => {
      await order({ kind: 'cut' })
      const error = await rejection(client().refreshDeviceKey(DEVICE))
      isNetworkError(error, 'refreshDeviceKey')
      assert.ok(error.cause instanceof Error)
    })

    test(`silent for longer than is allowed, is a TimeoutError, through ${name}`, async () => {
      for (const fault of [
        { kind: 'silence', ms: 3000 },
        { kind: 'delay', ms: 3000 },
        { kind: 'slowBody', ms: 3000 },
      ]) {
        await order(fault)
        const error = await rejection(client().refreshDeviceKey(DEVICE, { timeoutMs: 80 }))
        assert.ok(error instanceof TimeoutError, fault.kind)
        assert.equal(error.timeoutMs, 80)
      }
      await order({ kind: 'slowBody', ms: 150 })
      const { timeout } = await client().refreshDeviceKey({ ...DEVICE, timeout: 9 })
      assert.equal(timeout, 9)
    })

    test(`failed once, is followed by one that works, through ${name}`, async () => {
      const one = client()
      await order({ kind: 'reset', operation: 'login' })
      isNetworkError(await rejection(one.queryDeviceStatus(DEVICE)), 'getAuthToken')
      assert.equal((await one.queryDeviceStatus(DEVICE)).activated, true)
      await order({ kind: 'error', code: '50252', status: 500 })
      assert.ok((await rejection(one.refreshDeviceKey(DEVICE))) instanceof PlatformError)
    })
  }

  describe('nothing keeps the process alive', () => {
    const folder = installPackage()
    let scripts = 0

    /**
     * Runs a script beside the package and tells how long it lived after its last word.
     *
     * @param {string} code
     */
    async function run(code) {
      scripts += 1
      const script = path.join(folder, `ends-${process.pid}-${scripts}.mjs`)
      const options = JSON.stringify({ ...LIMITLESS, timeoutMs: 10_000 })
      const info = JSON.stringify({ ...INFO, baseUrl: sim.http })
      const start = `import { NorthApiClient } from 'northbound'
        const client = new NorthApiClient(${info}, ${options})
        const device = { deviceId: 'dev-1' }
        ${code}
        console.log('over')`
      writeFileSync(script, start)
      try {
        const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
        let output = ''
        let said = 0
        child.stdout.on('data', (chunk) => {
          output += chunk
          said = performance.now()
        })
        const [exit] = await once(child, 'close')
        assert.equal(exit, 0)
        assert.equal(output, 'over\n')
        return performance.now() - said
      } finally {
        rmSync(script)
      }
    }

    test('after a call with a time limit', async () => {
      const lived = await run('await client.queryDeviceStatus(device)')
      assert.ok(lived < 1500, `it lived on for ${lived} ms`)
    })

    test('after a call that was given up or aborted', async () => {
      await sim.control('POST', '/faults', {
        operation: '*',
        kind: 'silence',
        times: 3,
        ms: 20_000,
      })
      const lived = await run(`
        await client.queryDeviceStatus(device, { timeoutMs: 50, accessToken: 'x' }).catch(() => {})
        const signal = AbortSignal.timeout(50)
        await client.queryDeviceStatus(device, { signal }).catch(() => {})
        await client.refreshDeviceKey(device, { signal: AbortSignal.timeout(50) }).catch(() => {})
        client.free()`)
      assert.ok(lived < 1500, `it lived on for ${lived} ms`)
    })
  })
})
