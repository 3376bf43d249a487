// What a server may send that is no HTTP, or too much of it: in Node every call ends in its time, as a failure of the
// network or of time, and none of it is taken for an answer.
import assert from 'node:assert/strict'
import net from 'node:net'
import path from 'node:path'
import { describe, test } from 'node:test'

import { rejection } from './support/expect.js'
import { importPackage, installPackage } from './support/package.js'

const { NorthApiClient } = await importPackage()
/** @type {typeof import('../../pkg-template/node-only.js')} */
const { nodeFetch } = await import(
  path.join(installPackage(), 'node_modules/northbound/node-only.js')
)

/** Writes without an end, as fast as it is read. @param {net.Socket} socket @param {string} piece */
function flood(socket, piece) {
  if (socket.writable) socket.write(piece, () => setImmediate(flood, socket, piece))
}

const CHUNKED = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'

/** @type {Record<string, [start: string, endless?: string]>} */
const ANSWERS = {
  'early hints without an end': ['', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1000)],
  'go-aheads without an end': ['', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(1000)],
  'one header without an end': ['HTTP/1.1 200 OK\r\nx: ', 'a'.repeat(65536)],
  'headers without an end': ['HTTP/1.1 200 OK\r\n', 'a: b\r\n'.repeat(1000)],
  'a chunk whose extension has no end': [`${CHUNKED}1;`, 'a'.repeat(65536)],
  'trailers without an end': [`${CHUNKED}0\r\n`, 'a: b\r\n'.repeat(1000)],
  'a body that drips': ['HTTP/1.1 200 OK\r\n\r\n', ''],
  'two lengths': ['HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}x'],
  'a length and chunks': [
    `${CHUNKED.replace('\r\n\r\n', '\r\ncontent-length: 2\r\n\r\n')}0\r\n\r\n`,
  ],
  'lines without a carriage return': ['HTTP/1.1 200 OK\ncontent-length: 2\n\n{}'],
  'a body alone': ['{}'],
}

const CLIENT = /** @type {const} */ ({ throttle: false, retry: false, timeoutMs: 500 })

/** @param {(socket: net.Socket) => void} respond */
async function serve(respond) {
  /** @type {Set<net.Socket>} */
  const sockets = new Set()
  const server = net.createServer((socket) => {
    sockets.add(socket.on('error', () => {}))
    socket.once('data', () => respond(socket))
  })
  await new Promise((listening) => server.listen(0, '127.0.0.1', () => listening(undefined)))
  const { port } = /** @type {net.AddressInfo} */ (server.address())
  const stop = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return { baseUrl: `http://127.0.0.1:${port}`, stop }
}

for (const [name, fetch] of Object.entries({ default: undefined, nodeFetch: nodeFetch() })) {
  describe(`a call by the sender ${name} ends at`, () => {
    for (const [what, [start, endless]] of Object.entries(ANSWERS)) {
      test(what, async (t) => {
        const { baseUrl, stop } = await serve((socket) => {
          if (endless === undefined) socket.end(start)
          else if (endless === '') socket.write(start, () => drip(socket))
          else socket.write(start, () => flood(socket, endless))
        })
        t.after(stop)
        const options = fetch === undefined ? CLIENT : { ...CLIENT, fetch }
        const client = new NorthApiClient({ appId: 'a', secret: 'secret', baseUrl }, options)
        const started = performance.now()
        const { kind } = await rejection(client.getAuthToken())
        assert.ok(['network', 'timeout'].includes(kind), kind)
        assert.ok(performance.now() - started < 5000)
      })
    }
  })
}

/** @param {net.Socket} socket */
function drip(socket) {
  const timer = setInterval(() => (socket.writable ? socket.write(' ') : clearInterval(timer)), 20)
  socket.once('close', () => clearInterval(timer))
}
