// The faults: what becomes of one answer. Each says which outcomes fit it, for the judge in `judge.js`.

import { randomBytes } from 'node:crypto'

import { bytesOf } from './proxy.js'
import { BOMB, flipped, flood, head, HTML, json, PAGE, pause, say } from './writing.js'

/**
 * @typedef {import('northbound').ErrorKind} Kind
 */

/**
 * A fault, and what may come of the attempt that meets it: kinds of errors, or `ok` for the right result.
 * `lasts`: something is still on its way once the call is over.
 * @typedef {import('./proxy.js').Fault & { fits: (Kind | 'ok')[], refuses?: true, closes?: true, lasts?: true }} ChaosFault
 */

/** How long the shortest time limit of the calls is, in milliseconds. */
export const TIMEOUT_MS = 500

/** @type {ChaosFault[]} */
export const FAULTS = [
  { name: 'connection refused', acts: false, refuses: true, fits: ['network'], play() {} },
  {
    name: 'reset unread',
    acts: false,
    fits: ['network'],
    play: ({ socket }) => socket.resetAndDestroy(),
  },
  {
    name: 'reset before the answer',
    acts: true,
    fits: ['network'],
    play: ({ socket }) => socket.resetAndDestroy(),
  },
  {
    name: 'closed before the answer',
    acts: true,
    fits: ['network'],
    play: ({ socket }) => socket.end(),
  },
  {
    name: 'reset within the head',
    acts: true,
    fits: ['network'],
    play: ({ socket }) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-le', () => socket.resetAndDestroy()),
  },
  {
    name: 'reset within the body',
    acts: true,
    fits: ['network'],
    async play(exchange) {
      const body = json(exchange)
      const begun = head(exchange.answer, `content-length: ${body.length}`)
      exchange.socket.write(Buffer.concat([Buffer.from(begun), body.subarray(0, body.length >> 1)]))
      await pause(20, exchange)
      exchange.socket.resetAndDestroy()
    },
  },
  { name: 'stall, unread', acts: false, fits: ['timeout'], play() {} },
  { name: 'stall before the head', acts: true, fits: ['timeout'], play() {} },
  {
    name: 'stall within the body',
    acts: true,
    fits: ['timeout'],
    play(exchange) {
      const body = json(exchange)
      exchange.socket.write(head(exchange.answer, `content-length: ${body.length}`))
      exchange.socket.write(body.subarray(0, body.length >> 1))
    },
  },
  {
    name: 'a byte at a time',
    acts: true,
    fits: ['timeout'],
    async play(exchange) {
      const body = json(exchange)
      exchange.socket.write(head(exchange.answer, `content-length: ${body.length + 1000}`))
      for (const byte of Buffer.concat([body, Buffer.alloc(1000, ' ')])) {
        if (exchange.signal.aborted) return
        exchange.socket.write(Buffer.of(byte))
        await pause(40, exchange)
      }
    },
  },
  {
    name: 'cut body',
    acts: true,
    fits: ['network'],
    play(exchange) {
      const body = json(exchange)
      exchange.socket.end(
        Buffer.concat([
          Buffer.from(head(exchange.answer, `content-length: ${body.length + 9}`)),
          body,
        ]),
      )
    },
  },
  {
    name: 'content-length too small',
    acts: true,
    fits: ['decode', 'network'],
    play(exchange) {
      const body = json(exchange)
      const told = head(exchange.answer, `content-length: ${body.length >> 1}`)
      exchange.socket.write(Buffer.concat([Buffer.from(told), body]))
    },
  },
  {
    name: 'broken chunk',
    acts: true,
    fits: ['network'],
    play: ({ socket, answer }) =>
      socket.write(`${head(answer, 'transfer-encoding: chunked')}zz\r\n{}\r\n0\r\n\r\n`),
  },
  {
    name: 'delay',
    acts: true,
    fits: ['ok'],
    async play(exchange) {
      await pause(60, exchange)
      say(exchange)
    },
  },
  {
    name: 'answered twice',
    acts: true,
    fits: ['ok', 'network'],
    play({ socket, answer }) {
      socket.write(Buffer.concat([bytesOf(answer), bytesOf(answer)]))
    },
  },
  {
    name: 'answered again while idle',
    lasts: true,
    acts: true,
    fits: ['ok'],
    // After the next request nobody could tell it from that one's answer.
    async play(exchange) {
      let idle = true
      exchange.socket.once('data', () => (idle = false))
      say(exchange)
      await pause(10, exchange)
      // A next request that is written already is read first.
      for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate)
      if (idle && !exchange.signal.aborted) say(exchange)
    },
  },
  {
    name: 'closed after the answer',
    closes: true,
    acts: true,
    fits: ['ok'],
    play: ({ socket, answer }) => socket.end(bytesOf(answer)),
  },
  {
    name: 'corrupted body',
    acts: true,
    fits: ['decode'],
    play: (exchange) => say(exchange, { status: 200, body: flipped(json(exchange)) }),
  },
  {
    name: 'corrupted head',
    acts: true,
    fits: ['network'],
    play: ({ socket, answer }) => socket.write(flipped(bytesOf(answer))),
  },
  {
    name: 'garbage',
    acts: true,
    fits: ['network'],
    play: ({ socket }) => socket.end(randomBytes(4096)),
  },
  {
    name: 'invalid status line',
    acts: true,
    fits: ['network'],
    play: ({ socket }) => socket.end('HTTP/1.1 2OO OK\r\ncontent-length: 2\r\n\r\n{}'),
  },
  {
    name: 'status 999',
    acts: true,
    fits: ['decode', 'network'],
    play: (exchange) => say(exchange, { status: 999, body: Buffer.from('{}') }),
  },
  {
    name: 'a page with 200',
    acts: false,
    fits: ['decode'],
    play: (exchange) => say(exchange, { status: 200, headers: HTML, body: PAGE }),
  },
  {
    name: 'a page with 502',
    acts: true,
    fits: ['decode'],
    play: (exchange) => say(exchange, { status: 502, headers: HTML, body: PAGE }),
  },
  {
    name: 'a redirect',
    acts: false,
    fits: ['decode'],
    play: (exchange) => say(exchange, { status: 302, headers: [['location', '/elsewhere']] }),
  },
  {
    name: '200 interim answers first',
    acts: true,
    fits: ['ok', 'network'],
    play({ socket, answer }) {
      socket.write('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(200))
      socket.write(bytesOf(answer))
    },
  },
  {
    name: 'interim answers for ever',
    acts: true,
    fits: ['timeout', 'network'],
    play: (exchange) => flood(exchange, 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(20)),
  },
  {
    name: 'headers for ever',
    acts: true,
    fits: ['network', 'timeout'],
    play(exchange) {
      exchange.socket.write('HTTP/1.1 200 OK\r\n')
      return flood(exchange, `x-more: ${'a'.repeat(500)}\r\n`)
    },
  },
  {
    name: 'a body for ever',
    acts: true,
    fits: ['decode', 'timeout'],
    play(exchange) {
      exchange.socket.write(head(exchange.answer, 'transfer-encoding: chunked'))
      return flood(exchange, `10000\r\n${' '.repeat(0x10000)}\r\n`)
    },
  },
  {
    name: 'a gzip bomb',
    acts: true,
    fits: ['decode', 'timeout'],
    play: (exchange) =>
      say(exchange, { status: 200, headers: [['content-encoding', 'gzip']], body: BOMB }),
  },
  {
    name: 'no gzip, said to be',
    acts: true,
    fits: ['network'],
    play: (exchange) =>
      say(exchange, { status: 200, headers: [['content-encoding', 'gzip']], body: json(exchange) }),
  },
  {
    name: "another operation's answer",
    acts: true,
    fits: ['decode', 'ok'],
    // A refusal stays one: that it was none is a lie that nobody could see through.
    play: (exchange) => say(exchange, exchange.answer.status < 300 ? exchange.other : {}),
  },
  {
    name: '204 with a body',
    acts: true,
    fits: ['decode', 'network', 'ok'],
    play(exchange) {
      const { status } = exchange.answer
      say(exchange, status < 300 ? { status: 204, body: json(exchange) } : {})
    },
  },
]
