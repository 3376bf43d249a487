// What a server may write on the wire, and how it may fail to, for comparing senders.

import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'

/** @typedef {(socket: import('node:net').Socket) => void} Reply what a server does once a request is there */

/** What `queryDeviceStatus` reads. */
const BODY = '{"deviceId":"dev-1","activated":true,"name":null}'

/** An answer of the platform that is an error. */
const ERROR = '{"error_code":"100403","error_desc":"The device is not existed."}'

/**
 * @param {string} head status and headers
 * @param {string | Buffer} [body]
 * @returns {Buffer}
 */
const wire = (head, body = '') =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 ${head.replaceAll('\n', '\r\n')}\r\n\r\n`, 'latin1'),
    Buffer.from(body),
  ])

/**
 * An answer with its length.
 *
 * @param {string} head
 * @param {string | Buffer} [body]
 */
const whole = (head, body = BODY) =>
  wire(`${head}\ncontent-length: ${Buffer.byteLength(body)}`, body)

/**
 * @param {string | Buffer} bytes
 * @returns {Reply}
 */
const keeps = (bytes) => (socket) => void socket.write(bytes)

/**
 * @param {string | Buffer} bytes
 * @returns {Reply}
 */
const ends = (bytes) => (socket) => void socket.end(bytes)

/**
 * Writes and then breaks the connection off.
 *
 * @param {string | Buffer} bytes
 * @returns {Reply}
 */
const breaks = (bytes) => (socket) => void socket.write(bytes, () => socket.resetAndDestroy())

const STATUSES = [
  200, 201, 202, 203, 204, 205, 206, 226, 299, 300, 301, 302, 303, 304, 305, 307, 308, 400, 401,
  402, 403, 404, 405, 408, 409, 410, 411, 412, 413, 415, 418, 421, 422, 425, 429, 431, 451, 499,
  500, 501, 502, 503, 504, 505, 511, 520, 529, 599, 600, 999,
]

/** @type {[string, Reply][]} */
export const WIRE = [
  ...STATUSES.map(
    (status) =>
      /** @type {[string, Reply]} */ ([
        `status ${status}`,
        // Where there must be no body, nothing else is on the connection afterwards.
        [204, 304].includes(status)
          ? ends(wire(`${status} x`))
          : keeps(whole(`${status} x`, ERROR)),
      ]),
  ),
  ['status 200 without a reason', keeps(whole('200'))],
  ['an error of the platform with status 200', keeps(whole('200 OK', ERROR))],
  ['header retry-after twice', keeps(whole('503 x\nretry-after: 1\nretry-after: 2', ERROR))],
  [
    'header date twice',
    keeps(whole(`200 OK\n${'date: Sun, 22 Nov 2026 08:00:00 GMT\n'.repeat(2)}a: b`)),
  ],
  [
    'header x-ratelimit-user twice',
    keeps(whole('200 OK\nx-ratelimit-user: a\nX-RateLimit-User: b')),
  ],
  ['header set-cookie twice', keeps(whole('200 OK\nset-cookie: a=1\nset-cookie: b=2'))],
  ['no header but the length', keeps(whole('200 OK'))],
  ['no header at all', ends(wire('200 OK', BODY))],
  ['HTTP/1.0', ends(`HTTP/1.0 200 OK\r\n\r\n${BODY}`)],
  ['connection: close', ends(whole('200 OK\nconnection: close'))],
  ['a header of other than ASCII', keeps(whole('200 OK\nx-note: Z\u00e4hler'))],
  ['a folded header', keeps(whole('200 OK\nx-note: a\n b'))],
  ['100 kB of headers', keeps(whole(`200 OK\nx-note: ${'a'.repeat(100_000)}`))],
  ['an empty body with its length', keeps(whole('200 OK', ''))],
  ['an empty body in chunks', keeps(wire('200 OK\ntransfer-encoding: chunked', '0\r\n\r\n'))],
  ['an empty body until the end', ends(wire('200 OK'))],
  [
    'chunks and trailers',
    keeps(
      wire(
        '200 OK\ntransfer-encoding: chunked',
        `${BODY.length.toString(16)};ext=1\r\n${BODY}\r\n0\r\nx-late: 1\r\n\r\n`,
      ),
    ),
  ],
  ['100 first', keeps(Buffer.concat([wire('100 Continue'), whole('200 OK')]))],
  ['102 first', keeps(Buffer.concat([wire('102 Processing'), whole('200 OK')]))],
  ['103 first', keeps(Buffer.concat([wire('103 Early Hints\nlink: </a>'), whole('200 OK')]))],
  ['102 and nothing more', ends(wire('102 Processing'))],
  ['101', ends(wire('101 Switching Protocols\nconnection: upgrade\nupgrade: websocket'))],
  ['a body cut of its length', ends(wire('200 OK\ncontent-length: 99', BODY))],
  ['a body cut amid its chunks', ends(wire('200 OK\ntransfer-encoding: chunked', '40\r\n{"de'))],
  [
    'a body without its last chunk',
    ends(wire('200 OK\ntransfer-encoding: chunked', '2\r\n{}\r\n')),
  ],
  ['a wrong chunk', keeps(wire('200 OK\ntransfer-encoding: chunked', 'zz\r\n{}\r\n0\r\n\r\n'))],
  ['a body of more than 1 MiB', keeps(whole('200 OK', 'a'.repeat(1024 * 1024 + 1)))],
  ['JSON after a byte order mark', keeps(whole('200 OK', `\ufeff${BODY}`))],
  ['a page', keeps(whole('200 OK\ncontent-type: text/html', '<html>Sign in</html>'))],
  ['bytes that are no text', keeps(whole('200 OK', Buffer.from([0xff, 0xfe, 0, 1])))],
  ['gzip', keeps(whole('200 OK\ncontent-encoding: gzip', gzipSync(BODY)))],
  ['x-gzip', keeps(whole('200 OK\ncontent-encoding: X-GZIP', gzipSync(BODY)))],
  ['deflate', keeps(whole('200 OK\ncontent-encoding: deflate', deflateSync(BODY)))],
  ['br', keeps(whole('200 OK\ncontent-encoding: br', brotliCompressSync(BODY)))],
  [
    'gzip in br',
    keeps(whole('200 OK\ncontent-encoding: gzip, br', brotliCompressSync(gzipSync(BODY)))),
  ],
  ['identity', keeps(whole('200 OK\ncontent-encoding: identity'))],
  ['an unknown coding', keeps(whole('200 OK\ncontent-encoding: odd'))],
  ['damaged gzip', keeps(whole('200 OK\ncontent-encoding: gzip', BODY))],
  [
    'gzip that ends too early',
    keeps(whole('200 OK\ncontent-encoding: gzip', gzipSync(BODY).subarray(0, 30))),
  ],
  [
    'br that ends too early',
    keeps(whole('200 OK\ncontent-encoding: br', brotliCompressSync(BODY).subarray(0, 20))),
  ],
  ['empty gzip with its length', keeps(whole('200 OK\ncontent-encoding: gzip', ''))],
  [
    'empty gzip in chunks',
    keeps(wire('200 OK\ncontent-encoding: gzip\ntransfer-encoding: chunked', '0\r\n\r\n')),
  ],
  ['204 with gzip', ends(wire('204 x\ncontent-encoding: gzip'))],
  ['a bomb', keeps(whole('200 OK\ncontent-encoding: gzip', gzipSync(Buffer.alloc(8 << 20))))],
  ['no HTTP', ends('SSH-2.0-OpenSSH_9.2\r\n')],
  ['an unknown version', ends('HTTP/9.9 200 OK\r\n\r\n')],
  ['a status of words', ends('HTTP/1.1 fine OK\r\n\r\n')],
  [
    'lines that end in LF alone',
    ends(`HTTP/1.1 200 OK\ncontent-length: ${BODY.length}\n\n${BODY}`),
  ],
  [
    'a length and chunks',
    ends(wire('200 OK\ncontent-length: 5\ntransfer-encoding: chunked', '0\r\n\r\n')),
  ],
  ['two lengths', ends(wire('200 OK\ncontent-length: 5\ncontent-length: 6', 'abcdef'))],
  ['a length that is no number', ends(wire('200 OK\ncontent-length: five', 'abcde'))],
  ['a header with a blank in its name', keeps(whole('200 OK\nx note: 1'))],
  ['an end instead of an answer', ends('')],
  ['an end amid the headers', ends('HTTP/1.1 200 OK\r\ncontent-le')],
  ['a reset instead of an answer', (socket) => socket.resetAndDestroy()],
  ['a reset amid the headers', breaks('HTTP/1.1 200 OK\r\ncontent-le')],
  ['a reset amid the body', breaks(wire('200 OK\ncontent-length: 99', BODY))],
  ['silence', () => {}],
  ['headers and silence', keeps(wire('200 OK\ncontent-length: 99'))],
  ['half a body and silence', keeps(wire('200 OK\ncontent-length: 99', BODY))],
]
