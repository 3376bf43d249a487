// What `nodeFetch` promises, against small servers of its own; TLS against the simulator.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'

import { refusedBy } from './support/refused.js'
import { startSimulator } from './support/simulator.js'

/**
 * @typedef {import('node:test').TestContext} TestContext
 * @typedef {import('northbound').AbortSignalLike} AbortSignalLike
 * @typedef {import('northbound').FetchLike} FetchLike
 * @typedef {import('northbound').ResponseLike} ResponseLike
 * @typedef {import('northbound').SendInit} SendInit
 */

const MODULE = new URL('../../pkg/node-fetch.js', import.meta.url)
/** @type {import('northbound/node')} */
const { nodeFetch } = await import(MODULE.href).catch((cause) => {
  throw new Error('pkg/node-fetch.js cannot be loaded: build the package first (make pkg)', {
    cause,
  })
})
const refused = refusedBy(nodeFetch)

const MIB = 1024 * 1024

/**
 * A server on loopback that counts its connections and ends with the test.
 *
 * @param {TestContext} t
 * @param {net.Server} server
 */
async function serve(t, server, host = '127.0.0.1') {
  /** @type {Set<net.Socket>} */
  const sockets = new Set()
  const seen = { connections: 0, open: 0, peak: 0 }
  server.on('connection', (socket) => {
    seen.connections += 1
    seen.open += 1
    seen.peak = Math.max(seen.peak, seen.open)
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => (seen.open -= 1))
  })
  await once(server.listen(0, host), 'listening')
  t.after(() => {
    sockets.forEach((socket) => socket.destroy())
    server.close()
  })
  const { port } = /** @type {net.AddressInfo} */ (server.address())
  return { seen, port, url: `http://${host.includes(':') ? `[${host}]` : host}:${port}` }
}

/** @param {http.RequestListener} handler */
const answering = (handler) => http.createServer({ keepAliveTimeout: 60_000 }, handler)

/**
 * Each request on a raw connection, counted over all connections.
 *
 * @param {(socket: net.Socket, request: number) => void} reply
 */
function raw(reply) {
  let requests = 0
  const server = net.createServer((socket) => {
    socket.on('data', () => reply(socket, ++requests))
  })
  return { server, requests: () => requests }
}

const plain = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

/**
 * As the package's core calls its sender.
 *
 * @param {string} method
 * @param {Partial<SendInit>} [more]
 * @returns {SendInit}
 */
const init = (method, more = {}) => ({
  method,
  headers: {},
  redirect: 'manual',
  cache: 'no-store',
  credentials: 'same-origin',
  referrerPolicy: 'no-referrer',
  ...more,
})

/** @param {ResponseLike} answer */
const text = async (answer) => Buffer.from(await answer.arrayBuffer()).toString()

/** A signal by shape alone, which counts its listeners. */
function handSignal() {
  /** @type {Set<() => void>} */
  const listeners = new Set()
  return {
    aborted: false,
    /** @type {unknown} */
    reason: undefined,
    listeners,
    /** @type {AbortSignalLike['addEventListener']} */
    addEventListener: (_type, listener) => void listeners.add(listener),
    /** @type {AbortSignalLike['removeEventListener']} */
    removeEventListener: (_type, listener) => void listeners.delete(listener),
    /** @param {unknown} reason */
    abort(reason) {
      this.aborted = true
      this.reason = reason
      for (const listener of [...listeners]) listener()
    },
  }
}

/** @param {() => boolean} condition */
async function until(condition) {
  for (let waited = 0; !condition(); waited += 5) {
    assert.ok(waited < 3000, `still not true after 3 s: ${condition}`)
    await sleep(5)
  }
}

/**
 * Runs a module text in a Node of its own.
 *
 * @param {string} source
 * @param {NodeJS.ProcessEnv} [env]
 */
async function run(source, env = {}) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

describe('a request', () => {
  test('carries method, path, query, headers and body, and its answer is read by name', async (t) => {
    const { url } = await serve(
      t,
      answering(async (request, response) => {
        let body = ''
        for await (const chunk of request) body += chunk
        response.writeHead(201, { 'X-Request-Id': 'r-1', 'Set-Cookie': ['a=1', 'b=2'] })
        const { method, url, headers } = request
        response.end(JSON.stringify({ method, url, headers, body }))
      }),
    )
    const headers = { app_key: 'app1', 'content-type': 'application/json' }
    const answer = await nodeFetch()(
      `${url}/a%2Fb/c?x=%20&y`,
      init('PUT', { headers, body: '{"name":"Zähler"}' }),
    )
    assert.equal(answer.status, 201)
    assert.equal(answer.headers.get('x-request-id'), 'r-1')
    assert.equal(answer.headers.get('X-REQUEST-ID'), 'r-1')
    assert.equal(answer.headers.get('set-cookie'), 'a=1, b=2')
    assert.equal(answer.headers.get('absent'), null)
    assert.equal(answer.headers.get('constructor'), null)
    const sent = JSON.parse(await text(answer))
    assert.equal(sent.method, 'PUT')
    assert.equal(sent.url, '/a%2Fb/c?x=%20&y')
    assert.equal(sent.body, '{"name":"Zähler"}')
    assert.equal(sent.headers.app_key, 'app1')
    assert.equal(sent.headers['content-length'], '18')
    assert.equal(sent.headers.host, new URL(url).host)
    assert.equal(sent.headers['accept-encoding'], undefined)
  })

  test('is never chunked, and has no content-length without a body', async (t) => {
    const { url } = await serve(
      t,
      answering((request, response) => {
        request.resume()
        response.end(JSON.stringify(request.headers))
      }),
    )
    const send = nodeFetch()
    const cases = /** @type {const} */ ([
      ['GET', undefined, undefined],
      ['DELETE', undefined, undefined],
      ['DELETE', '{}', '2'],
      ['POST', 'a=1', '3'],
      ['PUT', '', '0'],
    ])
    for (const [method, body, length] of cases) {
      const headers = JSON.parse(await text(await send(url, init(method, { body }))))
      assert.equal(headers['content-length'], length, method)
      assert.equal(headers['transfer-encoding'], undefined, method)
    }
  })

  test('goes to an IPv6 address in brackets', async (t) => {
    const server = await serve(
      t,
      answering((request, response) => response.end(request.headers.host)),
      '::1',
    )
    assert.equal(await text(await nodeFetch()(server.url, init('GET'))), `[::1]:${server.port}`)
  })

  test('to what is no http address is refused without showing the address', async () => {
    for (const url of ['/iot', 'ftp://h/s3cret', 'http://u:s3cret@h/', 'http://h:99999/s3cret']) {
      await assert.rejects(nodeFetch()(url, init('GET')), (error) => {
        assert.ok(error instanceof TypeError)
        assert.doesNotMatch(JSON.stringify(error, Object.getOwnPropertyNames(error)), /s3cret/)
        return true
      })
    }
  })

  test('with a body that is no string is refused', async () => {
    await assert.rejects(
      nodeFetch()('http://127.0.0.1:1', init('PUT', /** @type {any} */ ({ body: {} }))),
      TypeError,
    )
  })
})

describe('an answer', () => {
  test('that redirects is an answer, and its target is not visited', async (t) => {
    const target = await serve(
      t,
      answering((_request, response) => response.end()),
    )
    const { url } = await serve(
      t,
      answering((_request, response) => {
        response.writeHead(307, { location: target.url }).end('elsewhere')
      }),
    )
    const answer = await nodeFetch()(url, init('POST', { body: '{}' }))
    assert.equal(answer.status, 307)
    assert.equal(answer.headers.get('location'), target.url)
    assert.equal(await text(answer), 'elsewhere')
    assert.equal(target.seen.connections, 0)
  })

  test('of exactly 1 MiB is whole and leaves the connection for the next call', async (t) => {
    const { url, seen } = await serve(
      t,
      answering((_request, response) => response.end(Buffer.alloc(MIB, 'a'))),
    )
    const send = nodeFetch()
    for (let call = 0; call < 2; call += 1) {
      const bytes = await (await send(url, init('GET'))).arrayBuffer()
      assert.equal(bytes.byteLength, MIB)
    }
    assert.equal(seen.connections, 1)
  })

  test('of more than 1 MiB ends with one byte more, and the connection with it', async (t) => {
    const { url, seen } = await serve(
      t,
      answering((_request, response) => {
        const more = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65536)));
        }
        response.on('drain', more)
        more()
      }),
    )
    const bytes = await (await nodeFetch()(url, init('GET'))).arrayBuffer()
    assert.ok(bytes instanceof ArrayBuffer)
    assert.equal(bytes.byteLength, MIB + 1)
    await until(() => seen.open === 0)
  })

  test('that is cut rejects with ECONNRESET, whatever framed it', async (t) => {
    for (const head of ['content-length: 100', 'transfer-encoding: chunked']) {
      const { server } = raw((socket) => {
        socket.end(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n5\r\nhello`)
      })
      const { url } = await serve(t, server)
      const answer = await nodeFetch()(url, init('GET'))
      assert.equal(answer.status, 200)
      await assert.rejects(answer.arrayBuffer(), { code: 'ECONNRESET' })
    }
  })

  test('that is preceded by 100, 102 and 103 is the one that counts', async (t) => {
    const { server } = raw((socket) => {
      socket.write('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n')
      socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${plain}`)
    })
    const { url } = await serve(t, server)
    const answer = await nodeFetch()(url, init('GET'))
    assert.equal(answer.status, 200)
    assert.equal(await text(answer), 'ok')
  })

  test('without a body gives no bytes', async (t) => {
    for (const coding of ['identity', 'gzip', 'deflate', 'br']) {
      const { url, seen } = await serve(
        t,
        answering((request, response) => {
          const head = { 'content-encoding': coding, 'content-length': 0 }
          if (request.url === '/204') response.writeHead(204, { 'content-encoding': coding }).end()
          else response.writeHead(200, head).end()
        }),
      )
      const send = nodeFetch()
      for (const path of ['/204', '/200']) {
        const answer = await send(url + path, init('DELETE'))
        assert.equal((await answer.arrayBuffer()).byteLength, 0)
      }
      assert.equal(seen.connections, 1, coding)
    }
  })

  test('that is no HTTP rejects, and the error holds none of its bytes', async (t) => {
    const { server } = raw((socket) => socket.end('s3cret\r\n\r\n'))
    const { url } = await serve(t, server)
    await assert.rejects(nodeFetch()(url, init('GET')), (/** @type {any} */ error) => {
      assert.match(error.code, /^HPE_/)
      assert.equal(error.rawPacket, undefined)
      return true
    })
  })

  test('whose body nobody asks for holds no connection and raises nothing', async (t) => {
    const { server } = raw((socket, request) => {
      if (request === 1) socket.write(plain)
      else socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\ncut')
    })
    const { url, seen } = await serve(t, server)
    const send = nodeFetch()
    /** @type {unknown[]} */
    const unhandled = []
    const note = (/** @type {unknown} */ reason) => unhandled.push(reason)
    process.on('unhandledRejection', note)
    await send(url, init('GET'))
    await sleep(20)
    await send(url, init('GET'))
    await sleep(20)
    process.off('unhandledRejection', note)
    assert.deepEqual(unhandled, [])
    assert.equal(seen.connections, 1)
  })
})

describe('an encoded answer', () => {
  /**
   * @param {TestContext} t
   * @param {string} coding
   * @param {string | Uint8Array} bytes
   */
  const encoded = (t, coding, bytes) =>
    serve(
      t,
      answering((_request, response) => {
        response.writeHead(200, { 'content-encoding': coding }).end(bytes)
      }),
    )

  test('in gzip, deflate or br is decoded, and the connection is used again', async (t) => {
    const cases = /** @type {const} */ ([
      ['gzip', gzipSync('{"a":1}')],
      ['x-gzip', gzipSync('{"a":1}')],
      ['GZIP', gzipSync('{"a":1}')],
      ['deflate', deflateSync('{"a":1}')],
      ['br', brotliCompressSync('{"a":1}')],
      ['identity', Buffer.from('{"a":1}')],
      ['constructor', Buffer.from('{"a":1}')],
    ])
    for (const [coding, bytes] of cases) {
      const { url, seen } = await encoded(t, coding, bytes)
      const send = nodeFetch()
      assert.equal(await text(await send(url, init('GET'))), '{"a":1}', coding)
      assert.equal(await text(await send(url, init('GET'))), '{"a":1}', coding)
      assert.equal(seen.connections, 1, coding)
    }
  })

  test('that swells is cut at 1 MiB and one byte', async (t) => {
    const { url } = await encoded(t, 'gzip', gzipSync(Buffer.alloc(64 * MIB)))
    const bytes = await (await nodeFetch()(url, init('GET'))).arrayBuffer()
    assert.equal(bytes.byteLength, MIB + 1)
  })

  test('in two codings loses both, and with one that is not known neither', async (t) => {
    const twice = brotliCompressSync(gzipSync('{"a":1}'))
    const both = await encoded(t, 'gzip, br', twice)
    assert.equal(await text(await nodeFetch()(both.url, init('GET'))), '{"a":1}')
    const odd = await encoded(t, 'gzip, odd', 'as it is')
    assert.equal(await text(await nodeFetch()(odd.url, init('GET'))), 'as it is')
  })

  test('that ends too early gives what has come, as with the global fetch', async (t) => {
    const whole = gzipSync('{"a":1}')
    for (const [bytes, read] of /** @type {[string | Buffer, string][]} */ ([
      ['', ''],
      [whole.subarray(0, 14), '{"a'],
    ])) {
      const short = await serve(
        t,
        answering((_request, response) => {
          response.writeHead(200, { 'content-encoding': 'gzip' })
          response.flushHeaders()
          response.end(bytes)
        }),
      )
      assert.equal(await text(await nodeFetch()(short.url, init('GET'))), read)
    }
  })

  test('that is damaged, or cut by its connection, rejects', async (t) => {
    const damaged = await encoded(t, 'gzip', 'no gzip at all')
    const answer = await nodeFetch()(damaged.url, init('GET'))
    await assert.rejects(answer.arrayBuffer(), { code: 'Z_DATA_ERROR' })

    const { server } = raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 99\r\n\r\n')
      socket.end(gzipSync('{"a":1}').subarray(0, 12))
    })
    const cut = await nodeFetch()((await serve(t, server)).url, init('GET'))
    await assert.rejects(cut.arrayBuffer(), { code: 'ECONNRESET' })
  })
})

describe('an abort', () => {
  const reason = { why: 'any value' }
  const same = (/** @type {unknown} */ error) => error === reason

  test('before the call sends nothing', async (t) => {
    const { url, seen } = await serve(
      t,
      answering((_request, response) => response.end()),
    )
    const signal = handSignal()
    signal.abort(reason)
    await assert.rejects(nodeFetch()(url, init('GET', { signal })), same)
    await sleep(20)
    assert.equal(seen.connections, 0)
    assert.equal(signal.listeners.size, 0)
  })

  test('before the headers closes the connection', async (t) => {
    const { url, seen } = await serve(
      t,
      answering(() => {}),
    )
    const signal = handSignal()
    const call = nodeFetch()(url, init('GET', { signal }))
    await until(() => seen.open === 1)
    assert.equal(signal.listeners.size, 1)
    signal.abort(reason)
    await assert.rejects(call, same)
    await until(() => seen.open === 0)
    assert.equal(seen.connections, 1)
    assert.equal(signal.listeners.size, 0)
  })

  test('between headers and body, and amid the body, rejects the body', async (t) => {
    const cases = /** @type {const} */ ([
      ['identity', ''],
      ['identity', 'half'],
      ['gzip', gzipSync('x'.repeat(9999)).subarray(0, 20)],
    ])
    for (const [coding, start] of cases) {
      const { url, seen } = await serve(
        t,
        answering((_request, response) => {
          response.writeHead(200, { 'content-encoding': coding }).flushHeaders()
          if (start.length) response.write(start)
        }),
      )
      const signal = handSignal()
      const answer = await nodeFetch()(url, init('GET', { signal }))
      const body = answer.arrayBuffer()
      await sleep(20)
      assert.equal(signal.listeners.size, 1)
      signal.abort(reason)
      await assert.rejects(body, same)
      await until(() => seen.open === 0)
      assert.equal(signal.listeners.size, 0)
    }
  })

  test('after the body changes nothing', async (t) => {
    const { url, seen } = await serve(
      t,
      answering((_request, response) => response.end('ok')),
    )
    const send = nodeFetch()
    const signal = handSignal()
    const answer = await send(url, init('GET', { signal }))
    assert.equal(await text(answer), 'ok')
    assert.equal(signal.listeners.size, 0)
    signal.abort(reason)
    assert.equal(await text(answer), 'ok')
    assert.equal(await text(await send(url, init('GET'))), 'ok')
    assert.equal(seen.connections, 1)
  })

  test('on a connection that was used before sends nothing again', async (t) => {
    const { server, requests } = raw((socket, request) => request === 1 && socket.write(plain))
    const { url, seen } = await serve(t, server)
    const send = nodeFetch()
    await text(await send(url, init('GET')))
    const signal = handSignal()
    const call = send(url, init('GET', { signal }))
    await until(() => requests() === 2)
    signal.abort(reason)
    await assert.rejects(call, same)
    await sleep(50)
    assert.equal(requests(), 2)
    assert.equal(seen.connections, 1)
    assert.equal(signal.listeners.size, 0)
  })

  test('of a call that waits for a connection leaves the others alone', async (t) => {
    /** @type {http.ServerResponse[]} */
    const waiting = []
    const { url, seen } = await serve(
      t,
      answering((_request, response) => waiting.push(response)),
    )
    const send = nodeFetch({ maxSockets: 1 })
    const signal = handSignal()
    const first = send(url, init('GET'))
    const second = send(url, init('GET', { signal }))
    const third = send(url, init('GET'))
    await until(() => waiting.length === 1)
    signal.abort(reason)
    await assert.rejects(second, same)
    assert.equal(signal.listeners.size, 0)
    waiting[0]?.end('first')
    assert.equal(await text(await first), 'first')
    await until(() => waiting.length === 2)
    waiting[1]?.end('third')
    assert.equal(await text(await third), 'third')
    assert.equal(seen.peak, 1)
  })

  test('by a signal that is none rejects the call, and nothing fails later', async (t) => {
    const { url } = await serve(
      t,
      answering((_request, response) => response.end('ok')),
    )
    const call = nodeFetch()(url, init('GET', { signal: { aborted: false } }))
    await assert.rejects(call, TypeError)
    const deaf = { aborted: false, addEventListener() {} }
    assert.equal(await text(await nodeFetch()(url, init('GET', { signal: deaf }))), 'ok')
    const refused = nodeFetch()('http://127.0.0.1:9/', init('GET', { signal: { aborted: false } }))
    await assert.rejects(refused, TypeError)
    await sleep(50)
  })

  test('listener does not outlive a failed call', async (t) => {
    const { server } = raw((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n'))
    const { url } = await serve(t, server)
    const signal = handSignal()
    const answer = await nodeFetch()(url, init('GET', { signal }))
    await assert.rejects(answer.arrayBuffer())
    await assert.rejects(nodeFetch()('http://127.0.0.1:1', init('GET', { signal })), {
      code: 'ECONNREFUSED',
    })
    assert.equal(signal.listeners.size, 0)
  })
})

describe('connections', { concurrency: 16 }, () => {
  test('are shared by calls that follow each other', async (t) => {
    const { url, seen } = await serve(
      t,
      answering((_request, response) => response.end('ok')),
    )
    const send = nodeFetch()
    for (let call = 0; call < 20; call += 1) await text(await send(url, init('GET')))
    assert.equal(seen.connections, 1)
  })

  test('are no more than maxSockets', async (t) => {
    const { url, seen } = await serve(
      t,
      answering((request, response) => setTimeout(() => response.end(request.url), 2)),
    )
    const send = nodeFetch({ maxSockets: 3 })
    const calls = Array.from({ length: 100 }, (_, call) => send(`${url}/${call}`, init('GET')))
    const bodies = await Promise.all((await Promise.all(calls)).map(text))
    assert.deepEqual(
      bodies,
      calls.map((_, call) => `/${call}`),
    )
    assert.equal(seen.peak, 3)
  })

  test('that the server closes while idle cost a GET one new try, others an error', async (t) => {
    const cases = /** @type {const} */ ([
      ['GET', true, 3],
      ['PUT', false, 2],
      ['POST', false, 2],
      ['DELETE', false, 2],
    ])
    for (const [method, answers, requests] of cases) {
      const server = raw((socket, request) => {
        if (request === 2) socket.destroy()
        else socket.write(plain)
      })
      const { url } = await serve(t, server.server)
      const send = nodeFetch()
      await text(await send(url, init('GET')))
      const call = send(url, init(method))
      if (answers) assert.equal(await text(await call), 'ok', method)
      else await assert.rejects(call, { code: 'ECONNRESET' })
      assert.equal(server.requests(), requests, method)
    }
  })

  test('on which the server speaks unasked are not used again', async (t) => {
    const server = net.createServer((socket) => {
      socket.on('data', (request) => {
        const path = /^GET (\S+)/.exec(String(request))?.[1] ?? ''
        const answer = `HTTP/1.1 200 OK\r\ncontent-length: ${path.length}\r\n\r\n${path}`
        socket.write(answer)
        setTimeout(() => socket.writable && socket.write(answer), 10)
      })
    })
    const { url, seen } = await serve(t, server)
    const send = nodeFetch()
    for (const path of ['/first', '/second', '/third']) {
      assert.equal(await text(await send(url + path, init('GET'))), path)
      await until(() => seen.open === 0)
    }
    assert.equal(seen.connections, 3)
  })

  test('that fail when they are new are not tried again', async (t) => {
    const server = raw((socket) => socket.destroy())
    const { url } = await serve(t, server.server)
    await assert.rejects(nodeFetch()(url, init('GET')), { code: 'ECONNRESET' })
    assert.equal(server.requests(), 1)
  })

  test('end after 4 s of idleness', async (t) => {
    const { url, seen } = await serve(
      t,
      answering((_request, response) => response.end('ok')),
    )
    assert.equal(await text(await nodeFetch()(url, init('GET'))), 'ok')
    await sleep(4500)
    assert.equal(seen.open, 0)
  })

  test('wait longer than that for an answer', async (t) => {
    const { url } = await serve(
      t,
      answering((_request, response) => setTimeout(() => response.end('late'), 4500)),
    )
    assert.equal(await text(await nodeFetch()(url, init('PUT'))), 'late')
  })

  test('end earlier where the server announces it', async (t) => {
    const { server } = raw((socket) => {
      socket.write(plain.replace('\r\n', '\r\nkeep-alive: timeout=2\r\n'))
    })
    const { url, seen } = await serve(t, server)
    assert.equal(await text(await nodeFetch()(url, init('GET'))), 'ok')
    await sleep(2500)
    assert.equal(seen.open, 0)
  })

  test('that are idle do not keep a process', async (t) => {
    const { url } = await serve(
      t,
      answering((_request, response) => response.end('ok')),
    )
    const { code, stdout } = await run(`
      import { nodeFetch } from ${JSON.stringify(MODULE.href)}
      const answer = await nodeFetch()(${JSON.stringify(url)}, { method: 'GET', headers: {} })
      await answer.arrayBuffer()
      const done = performance.now()
      process.on('exit', () => console.log(performance.now() - done))
    `)
    assert.equal(code, 0)
    assert.ok(Number(stdout) < 500, `ended ${stdout.trim()} ms after its work`)
  })
})

describe('options', () => {
  test('are refused by name when they are unknown or of the wrong type', () => {
    refused(null, 'options', /not an object/)
    refused([], 'options', /not an object/)
    refused('pem', 'options', /not an object/)
    refused({ checkServerIdentity: () => {} }, 'options.checkServerIdentity', /not known/)
    refused({ rejectUnauthorized: false }, 'options.rejectUnauthorized', /not known/)
    refused({ maxSockets: 0 }, 'options.maxSockets', /integer of 1 or more/)
    refused({ maxSockets: '4' }, 'options.maxSockets', /integer of 1 or more/)
    refused({ passphrase: 1 }, 'options.passphrase', /not a string/)
    refused({ ca: 1 }, 'options.ca', /not a PEM text/)
    refused({ ca: null }, 'options.ca', /not a PEM text/)
    refused({ ca: [] }, 'options.ca', /not a PEM text/)
    refused({ key: [{ pem: 's3cret' }] }, 'options.key', /not a PEM text/)
    const thrower = {
      get ca() {
        throw new Error('s3cret')
      },
    }
    refused(thrower, 'options', /throws/)
    const revoked = Proxy.revocable([], {})
    revoked.revoke()
    refused({ ca: revoked.proxy }, 'options.ca', /not a PEM text/)
  })

  test('that are undefined count as absent', () => {
    const absent = { ca: undefined, pfx: undefined, maxSockets: undefined }
    nodeFetch(absent)
  })

  test('must hold certificates in PEM form, not file names', () => {
    refused({ ca: 'ca.pem' }, 'options.ca', /not its name/)
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
    refused({ ca: Buffer.from(broken) }, 'options.ca', /cannot be read/)
    refused({ ca: [broken] }, 'options.ca', /cannot be read/)
  })
})

describe('over TLS', () => {
  /** @type {Awaited<ReturnType<typeof startSimulator>>} */
  let sim
  /** @param {string} name */
  const pem = (name) => readFileSync(path.join(sim.certificates, name), 'utf8')
  const right = () => ({ ca: pem('ca.pem'), cert: pem('client.pem'), key: pem('client.key') })
  /** @param {FetchLike} send */
  const login = (send) =>
    send(
      `${sim.tls}/iocm/app/sec/v1.1.0/login`,
      init('POST', {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'appId=app1&secret=s%2Be%2Fc%3Dr%26t%251',
      }),
    )

  before(async () => {
    sim = await startSimulator({ args: [] })
  })
  after(() => sim.stop())

  test('a call with CA and client certificate succeeds, as text, bytes or array', async () => {
    const { ca, cert, key } = right()
    for (const options of [
      { ca, cert, key },
      { ca: Buffer.from(ca), cert: Buffer.from(cert), key: Buffer.from(key) },
      { ca: [pem('foreign-client.pem'), ca], cert: [cert], key: [key] },
    ]) {
      const send = nodeFetch(options)
      for (let call = 0; call < 3; call += 1) {
        const answer = await login(send)
        assert.equal(answer.status, 200)
        assert.ok(JSON.parse(await text(answer)).accessToken)
      }
    }
  })

  test('a server of a foreign CA is refused', async () => {
    const { cert, key } = right()
    const certificate = /CERT|ISSUER|SIGNATURE/
    await assert.rejects(login(nodeFetch({ cert, key })), { code: certificate })
    const ca = pem('foreign-client.pem')
    await assert.rejects(login(nodeFetch({ ca, cert, key })), { code: certificate })
  })

  test('NODE_TLS_REJECT_UNAUTHORIZED=0 does not weaken it', async () => {
    const { code, stdout } = await run(
      `
      import { readFileSync } from 'node:fs'
      import https from 'node:https'
      import { nodeFetch } from ${JSON.stringify(MODULE.href)}
      const pem = (name) => readFileSync(${JSON.stringify(sim.certificates)} + '/' + name)
      const url = ${JSON.stringify(sim.tls)}
      const own = { cert: pem('client.pem'), key: pem('client.key') }
      const bare = () => new Promise((resolve) => {
        const request = https.get(url, own, (answer) => {
          resolve('bare ' + typeof answer.statusCode)
          request.destroy()
        })
        request.on('error', (error) => resolve('bare ' + error.code))
      })
      console.log(await bare())
      for (const options of [undefined, own]) {
        await nodeFetch(options)(url, { method: 'GET', headers: {} }).then(
          () => console.log('nodeFetch answered'),
          (error) => console.log('nodeFetch', error.code),
        )
      }
    `,
      { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    )
    assert.equal(code, 0)
    const [bare, ...ours] = stdout.trim().split('\n')
    assert.equal(bare, 'bare number', 'the variable works for Node itself')
    assert.equal(ours.length, 2)
    for (const line of ours) assert.match(line, /^nodeFetch .*(CERT|ISSUER|SIGNATURE)/)
  })

  test('a client without a certificate, or with a foreign one, is refused', async () => {
    const { ca } = right()
    await assert.rejects(
      login(nodeFetch({ ca })),
      (/** @type {any} */ error) => typeof error.code === 'string',
    )
    const foreign = { ca, cert: pem('foreign-client.pem'), key: pem('foreign-client.key') }
    await assert.rejects(
      login(nodeFetch(foreign)),
      (/** @type {any} */ error) => typeof error.code === 'string',
    )
  })

  test('an encrypted key is opened by its passphrase alone', async () => {
    const { ca, cert, key } = right()
    const { createPrivateKey } = await import('node:crypto')
    const locked = createPrivateKey(key).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 's3cret',
    })
    const answer = await login(nodeFetch({ ca, cert, key: locked, passphrase: 's3cret' }))
    assert.equal(answer.status, 200)
    refused({ cert, key: locked }, 'options.key', /give `options.passphrase`/)
    refused({ cert, key: locked, passphrase: 'wr0ng' }, 'options.key', /cannot be opened/)
    refused({ passphrase: 's3cret' }, 'options.key', /missing/)
  })

  test('certificate and key are refused unless they are one pair', () => {
    const { cert, key } = right()
    refused({ cert }, 'options.key', /missing/)
    refused({ key }, 'options.cert', /missing/)
    refused({ cert, key: cert }, 'options.key', /not a private key in PEM form/)
    refused({ cert, key: 'client.key' }, 'options.key', /not its name/)
    refused({ cert, key: key.replace(/\n.{20}/, '\n') }, 'options.key', /damaged/)
    refused({ cert, key: pem('foreign-client.key') }, 'options.key', /does not belong/)
    refused({ cert, key: [key, pem('foreign-client.key')] }, 'options.key', /does not belong/)
    refused({ cert: [cert, pem('foreign-client.pem')], key }, 'options.key', /does not belong/)
    for (const { privateKey } of [
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    ]) {
      const other = privateKey.export({ type: 'pkcs8', format: 'pem' })
      refused({ cert, key: other }, 'options.key', /does not belong/)
    }
  })

  test('sockets that are idle do not keep a process', async () => {
    const { code, stdout } = await run(`
      import { readFileSync } from 'node:fs'
      import { nodeFetch } from ${JSON.stringify(MODULE.href)}
      const pem = (name) => readFileSync(${JSON.stringify(sim.certificates)} + '/' + name)
      const send = nodeFetch({ ca: pem('ca.pem'), cert: pem('client.pem'), key: pem('client.key') })
      const answer = await send(${JSON.stringify(sim.tls)}, { method: 'GET', headers: {} })
      await answer.arrayBuffer()
      const done = performance.now()
      process.on('exit', () => console.log(performance.now() - done))
    `)
    assert.equal(code, 0)
    assert.ok(Number(stdout) < 500, `ended ${stdout.trim()} ms after its work`)
  })
})
