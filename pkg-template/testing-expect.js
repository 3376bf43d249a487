// What the checks of token stores have in common.

/**
 * @typedef {import('./index.js').TokenStore} TokenStore
 * @typedef {import('./index.js').SharedToken} SharedToken
 * @typedef {Awaited<ReturnType<TokenStore['acquire']>>} Acquired
 * @typedef {(index: number) => TokenStore} Holders the store of each holder
 * @typedef {{ promise: string, check: (holders: Holders, key: string) => Promise<void> }} Check
 */

/** A promise is broken; the message says how. */
export class Broken extends Error {}

/** A life that does not end during a check. */
export const LONG_MS = 60_000

/** A life whose end a check waits for. */
export const SHORT_MS = 300

/**
 * @param {unknown} holds
 * @param {string} otherwise what is wrong then
 * @returns {asserts holds}
 */
export function expect(holds, otherwise) {
  if (!holds) throw new Broken(otherwise)
}

/** @param {number} ms */
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * @param {string} name told apart by it
 * @param {number} generation
 * @param {Partial<SharedToken>} [other]
 * @returns {SharedToken}
 */
export const tokenOf = (name, generation, other = {}) => ({
  accessToken: `access-${name}`,
  refreshToken: `refresh-${name}`,
  tokenType: 'bearer',
  scope: 'default',
  lifeMs: LONG_MS,
  refreshLifeMs: 10 * LONG_MS,
  generation,
  ...other,
})

/**
 * Asks for a lease and refuses every answer but one.
 *
 * @param {TokenStore} store
 * @param {string} key
 * @param {string} owner
 * @param {{ leaseMs?: number, rejected?: string | undefined, when: string }} how
 * @returns {Promise<number>} the generation
 */
export async function leaseOf(store, key, owner, { leaseMs = LONG_MS, rejected, when }) {
  const answer = await store.acquire(key, owner, leaseMs, rejected)
  expect(kindOf(answer) === 'generation', `acquire() gave ${described(answer)} ${when}`)
  return /** @type {{ generation: number }} */ (answer).generation
}

/**
 * Puts a token into the store by a lease of its own.
 *
 * @param {TokenStore} store
 * @param {string} key
 * @param {string} name
 * @param {Partial<SharedToken>} [other]
 * @returns {Promise<SharedToken>}
 */
export async function stored(store, key, name, other = {}) {
  const generation = await leaseOf(store, key, 'first', { when: 'on a key without a lease' })
  const token = tokenOf(name, generation, other)
  const kept = await store.commit(key, 'first', token)
  expect(kept === true, `commit() of the generation that was just given out gave ${kept}`)
  return token
}

/**
 * @param {Acquired} answer
 * @returns {'token' | 'generation' | 'retryAfterMs'}
 */
export function kindOf(answer) {
  const names = Object.keys(answer ?? {})
  const [name] = names
  const known = name === 'token' || name === 'generation' || name === 'retryAfterMs'
  expect(known && names.length === 1, 'acquire() gave something else than it may')
  return name
}

/**
 * What an answer is, in words; never the token itself, which may be a real one.
 * @param {Acquired} answer
 */
export function described(answer) {
  const kind = kindOf(answer)
  if (kind === 'token') return 'a token'
  return kind === 'generation' ? 'a lease' : 'a time to wait'
}

/**
 * Asks again and again until the lease of another has ended.
 *
 * @param {TokenStore} store
 * @param {string} key
 * @param {string} owner
 * @param {string} [rejected]
 * @returns {Promise<number>}
 */
export async function leaseAtLast(store, key, owner, rejected) {
  await sleep(SHORT_MS)
  const end = performance.now() + 2000
  for (;;) {
    const answer = await store.acquire(key, owner, LONG_MS, rejected)
    if ('generation' in answer) return answer.generation
    expect(kindOf(answer) === 'retryAfterMs', 'acquire() gave a token that nobody committed')
    expect(performance.now() < end, 'a lease did not end by itself')
    await sleep(20)
  }
}
