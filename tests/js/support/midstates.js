// What SHA-256 and SHA-1 are after the first block of HMAC, which is made of the key alone: Node's hashes do
// not tell it.

/** @param {number} word @param {number} by */
const left = (word, by) => (word << by) | (word >>> (32 - by))
/** @param {number} word @param {number} by */
const right = (word, by) => (word >>> by) | (word << (32 - by))

const SHA1 = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]

/** The first 32 bits of what stands behind the point in a root of a prime. @param {number} root */
const fraction = (root) => Math.floor((root - Math.floor(root)) * 2 ** 32)
const PRIMES = Array.from({ length: 312 }, (_, number) => number).filter(
  (number) =>
    number > 1 && ![2, 3, 5, 7, 11, 13, 17].some((by) => by < number && number % by === 0),
)
const SHA256 = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)))
const ROUNDS = PRIMES.slice(0, 64).map((prime) => fraction(Math.cbrt(prime)))

/** @param {Buffer} block */
const wordsOf = (block) => Array.from({ length: 16 }, (_, index) => block.readInt32BE(4 * index))

/** @param {Buffer} block */
function sha1(block) {
  const words = wordsOf(block)
  for (let at = 16; at < 80; at += 1) {
    const [p, q, r, s] = [3, 8, 14, 16].map((back) => words[at - back] ?? 0)
    words.push(left(p ^ q ^ r ^ s, 1))
  }
  let [a, b, c, d, e] = SHA1.map((word) => word | 0)
  for (const [at, word] of words.entries()) {
    const [mixed, constant] = [
      [(b & c) | (~b & d), 0x5a827999],
      [b ^ c ^ d, 0x6ed9eba1],
      [(b & c) | (b & d) | (c & d), 0x8f1bbcdc],
      [b ^ c ^ d, 0xca62c1d6],
    ][Math.floor(at / 20)]
    const next = (left(a, 5) + mixed + e + constant + word) | 0
    ;[a, b, c, d, e] = [next, a, left(b, 30), c, d]
  }
  return added(SHA1, [a, b, c, d, e])
}

/** @param {Buffer} block */
function sha256(block) {
  const words = wordsOf(block)
  for (let at = 16; at < 64; at += 1) {
    const [p, q, r, s] = [15, 2, 16, 7].map((back) => words[at - back] ?? 0)
    const small = right(p, 7) ^ right(p, 18) ^ (p >>> 3)
    const large = right(q, 17) ^ right(q, 19) ^ (q >>> 10)
    words.push((r + small + s + large) | 0)
  }
  let [a, b, c, d, e, f, g, h] = SHA256.map((word) => word | 0)
  for (const [at, word] of words.entries()) {
    const chosen = (e & f) ^ (~e & g)
    const one = (h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + chosen + ROUNDS[at] + word) | 0
    const most = (a & b) ^ (a & c) ^ (b & c)
    const two = ((right(a, 2) ^ right(a, 13) ^ right(a, 22)) + most) | 0
    ;[a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g]
  }
  return added(SHA256, [a, b, c, d, e, f, g, h])
}

/** @param {number[]} start @param {number[]} end */
const added = (start, end) => start.map((word, index) => (word + (end[index] ?? 0)) >>> 0)

/**
 * The state after one block of 64 bytes, as a digest is written.
 * @type {Record<'sha1' | 'sha256', (block: Buffer) => Buffer>}
 */
export const AFTER_BLOCK = {
  sha1: (block) => bytesOf(sha1(block)),
  sha256: (block) => bytesOf(sha256(block)),
}

/** @param {number[]} words */
function bytesOf(words) {
  const bytes = Buffer.alloc(4 * words.length)
  for (const [index, word] of words.entries()) bytes.writeUInt32BE(word, 4 * index)
  return bytes
}

/**
 * Both hashes after both pads, as a digest is written and as memory holds its words.
 * @param {Buffer} key of at most 64 bytes
 * @returns {Buffer[]}
 */
export function midstates(key) {
  return [0x36, 0x5c].flatMap((mask) => {
    const block = Buffer.alloc(64, mask)
    for (const [index, byte] of key.entries()) block[index] = byte ^ mask
    return Object.values(AFTER_BLOCK).flatMap((after) => {
      const bytes = after(block)
      return [bytes, Buffer.from(bytes).swap32()]
    })
  })
}
