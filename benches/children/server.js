// Answers every call with the same bytes, as cheaply as node:http can, so that the client is what is measured.
// It tells its address, and ends with its input.

import http from 'node:http'

import { ANSWER } from '../subject.js'

const BYTES = Buffer.from(ANSWER)
const HEADERS = ['content-type', 'application/json', 'content-length', String(BYTES.length)]

const server = http.createServer((request, response) => {
  request.resume()
  response.writeHead(200, HEADERS)
  response.end(BYTES)
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  process.stdout.write(`http://127.0.0.1:${port}\n`)
})
process.stdin.resume().on('close', () => process.exit())
