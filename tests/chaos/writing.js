// What faults write: whole answers, heads, floods, pages and bombs.

import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'

import { bytesOf } from './proxy.js'

/**
 * @typedef {import('./proxy.js').Exchange} Exchange
 * @typedef {import('./proxy.js').Answer} Answer
 */

/** @param {Exchange} exchange */
export const json = ({ answer }) => (answer.body.length === 0 ? Buffer.from('{}') : answer.body)

/**
 * @param {Exchange} exchange
 * @param {Partial<Answer>} [other]
 */
export const say = ({ socket, answer }, other) => socket.write(bytesOf({ ...answer, ...other }))

/**
 * The head of an answer, with the lines that are given.
 * @param {Answer} answer
 * @param {string[]} lines
 */
export function head({ status, headers }, ...lines) {
  const kept = headers.map(([name, value]) => `${name}: ${value}`)
  return `HTTP/1.1 ${status === 204 ? 200 : status} OK\r\n${[...kept, ...lines].join('\r\n')}\r\n\r\n`
}

/**
 * Writes without an end, as fast as it is read.
 * @param {Exchange} exchange
 * @param {string | Buffer} chunk
 */
export async function flood({ socket, signal }, chunk) {
  try {
    while (!signal.aborted) {
      if (!socket.write(chunk)) await once(socket, 'drain', { signal })
      // The client runs in the same process: it needs its turn.
      await new Promise(setImmediate)
    }
  } catch {
    // The connection is over.
  }
}

/** Waits, but not longer than the connection lives. @param {number} ms @param {Exchange} exchange */
export const pause = (ms, { signal }) => sleep(ms, undefined, { signal }).catch(() => {})

export const PAGE = Buffer.from(
  `<!DOCTYPE html><title>Sign in</title><p>${'Welcome. '.repeat(200)}</p>`,
)
export const HTML = /** @type {[string, string][]} */ ([['content-type', 'text/html']])

/** Thirty million bytes in thirty thousand. */
export const BOMB = gzipSync(Buffer.alloc(3e7), { level: 9 })

/** Every bit of every fourth byte turned, from the first on. @param {Buffer} bytes */
export function flipped(bytes) {
  return Buffer.from(bytes.map((byte, index) => (index % 4 === 0 ? byte ^ 0xff : byte)))
}
