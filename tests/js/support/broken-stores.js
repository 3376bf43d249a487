// Token stores that break one promise each: what the conformance suite has to refuse.

import { sharedToken } from './stores.js'

/**
 * @typedef {import('northbound').TokenStore} TokenStore
 * @typedef {(store: TokenStore) => Partial<TokenStore>} Breaking
 */

/**
 * Follows who was given a lease last, for stores that are broken with knowledge.
 * @param {TokenStore} store
 */
function followed(store) {
  const last = /** @type {Map<string, { owner: string, generation: number, end: number }>} */ (
    new Map()
  )
  return {
    last: (/** @type {string} */ key) => last.get(key) ?? { owner: '', generation: 0, end: 0 },
    /** @type {TokenStore['acquire']} */
    async acquire(key, owner, leaseMs, rejected) {
      const answer = await store.acquire(key, owner, leaseMs, rejected)
      const end = performance.now() + leaseMs
      if ('generation' in answer) last.set(key, { owner, generation: answer.generation, end })
      return answer
    },
  }
}

/** @type {[what: string, promise: RegExp, breaking: Breaking][]} */
export const BROKEN = [
  ['that is never empty', /is empty/, () => ({ read: async () => sharedToken(1) })],
  [
    'that loses a part of the token',
    /comes back whole/,
    (store) => ({
      async read(key) {
        const token = await store.read(key)
        return token && { ...token, refreshToken: '' }
      },
    }),
  ],
  [
    'whose tokens do not age',
    /life shrinks.*lifeMs did not shrink/,
    (store) => ({
      async read(key) {
        const token = await store.read(key)
        return token && { ...token, lifeMs: 60_000 }
      },
    }),
  ],
  [
    'whose refresh tokens do not age',
    /refreshLifeMs did not shrink/,
    (store) => ({
      async read(key) {
        const token = await store.read(key)
        return token && { ...token, refreshLifeMs: 600_000 }
      },
    }),
  ],
  [
    'whose tokens age in seconds',
    /lifeMs lost more/,
    (store) => ({
      async read(key) {
        const token = await store.read(key)
        return token && { ...token, lifeMs: token.lifeMs / 1000 }
      },
    }),
  ],
  [
    'with one place for all keys',
    /keys do not mix/,
    (store) => {
      const one = (/** @type {string} */ key) => key.replace(/-2$/, '')
      return {
        read: (key) => store.read(one(key)),
        acquire: (key, ...args) => store.acquire(one(key), ...args),
      }
    },
  ],
  [
    'that gives everybody a lease',
    /exactly one may log in: 8 of them/,
    (store) => ({
      acquire: (key, _, leaseMs, rejected) => store.acquire(key, 'any', leaseMs, rejected),
      commit: (key, _, token) => store.commit(key, 'any', token),
    }),
  ],
  [
    'that says to wait for no time',
    /exactly one may log in: retryAfterMs is 0/,
    (store) => ({
      async acquire(...args) {
        const answer = await store.acquire(...args)
        return 'retryAfterMs' in answer ? { retryAfterMs: 0 } : answer
      },
    }),
  ],
  [
    'whose leases do not end',
    /passes on.*did not end/,
    (store) => ({
      acquire: (key, owner, _, rejected) => store.acquire(key, owner, 1e9, rejected),
    }),
  ],
  [
    'whose short leases end at once',
    /passes on.*before its end/,
    (store) => ({
      acquire: (key, owner, leaseMs, rejected) =>
        store.acquire(key, owner, leaseMs < 1000 ? 0 : leaseMs, rejected),
    }),
  ],
  [
    'without a fence',
    /late commit is refused: commit\(\) of a generation that has a successor gave true/,
    (store) => {
      const { last, acquire } = followed(store)
      return {
        acquire,
        commit(key, _, token) {
          const { owner, generation } = last(key)
          return store.commit(key, owner, { ...token, generation })
        },
      }
    },
  ],
  [
    'that refuses whoever is slow',
    /may be committed after the end of its lease/,
    (store) => {
      const { last, acquire } = followed(store)
      return {
        acquire,
        commit: async (key, owner, token) =>
          performance.now() < last(key).end && store.commit(key, owner, token),
      }
    },
  ],
  [
    'where anybody releases',
    /only the owner releases.*foreign release/,
    (store) => {
      const { last, acquire } = followed(store)
      return {
        acquire,
        release: (key) => store.release(key, last(key).owner, last(key).generation),
      }
    },
  ],
  [
    'that releases nothing',
    /only the owner releases.*after the release/,
    () => ({ release: async () => {} }),
  ],
  [
    'where anybody renews',
    /only the owner renews.*by another gave true/,
    (store) => {
      const { last, acquire } = followed(store)
      return {
        acquire,
        renew: (key, _, generation, leaseMs) =>
          store.renew(key, last(key).owner, generation, leaseMs),
      }
    },
  ],
  [
    'that renews in words only',
    /only the owner renews.*during a renewed lease/,
    (store) => {
      const { last, acquire } = followed(store)
      return {
        acquire,
        renew: async (key, owner, generation) =>
          owner === last(key).owner && generation === last(key).generation,
      }
    },
  ],
  [
    'that renews what is over',
    /only the owner renews.*after the commit gave true/,
    (store) => ({
      renew: async (key, owner, generation, leaseMs) =>
        (await store.renew(key, owner, generation, leaseMs)) ||
        (await store.read(key))?.generation === generation,
    }),
  ],
  [
    'that gives the rejected token again',
    /a rejected token leads to a lease/,
    (store) => ({ acquire: (key, owner, leaseMs) => store.acquire(key, owner, leaseMs) }),
  ],
  [
    'that lets log in though a newer token is there',
    /another one that is stored is used/,
    (store) => ({
      async acquire(key, owner, leaseMs, rejected) {
        const stored = rejected === undefined ? undefined : await store.read(key)
        return store.acquire(key, owner, leaseMs, stored?.accessToken ?? rejected)
      },
    }),
  ],
  [
    'whose tokens outlive themselves',
    /whose life is over counts as none/,
    (store) => ({
      commit: (key, owner, token) =>
        store.commit(key, owner, token.lifeMs < 1000 ? { ...token, lifeMs: 60_000 } : token),
    }),
  ],
  [
    'whose generations fall',
    /generations grow/,
    (store) => {
      const turn = (/** @type {number} */ generation) => 1000 - generation
      return {
        async acquire(...args) {
          const answer = await store.acquire(...args)
          return 'generation' in answer ? { generation: turn(answer.generation) } : answer
        },
        async read(key) {
          const token = await store.read(key)
          return token && { ...token, generation: turn(token.generation) }
        },
        renew: (key, owner, generation, leaseMs) =>
          store.renew(key, owner, turn(generation), leaseMs),
        commit: (key, owner, token) =>
          store.commit(key, owner, { ...token, generation: turn(token.generation) }),
        release: (key, owner, generation) => store.release(key, owner, turn(generation)),
      }
    },
  ],
  [
    'that counts no calls',
    /lets the budget through at once, and no more/,
    () => ({ take: async () => 0 }),
  ],
  [
    'with a smaller budget',
    /lets the budget through at once.*it let 4/,
    (store) => ({
      take: async (key, budget) =>
        (await store.take?.(key, { ...budget, calls: budget.calls - 1 })) ?? 0,
    }),
  ],
  [
    'with one budget for all keys',
    /another key has the same budget/,
    (store) => ({
      take: async (key, budget) => (await store.take?.(key.replace(/-2$/, ''), budget)) ?? 0,
    }),
  ],
  [
    'that says to ask again soon',
    /take\(\) says how long to wait: it said 1 ms/,
    (store) => ({
      take: async (key, budget) => Math.min(1, (await store.take?.(key, budget)) ?? 0),
    }),
  ],
  [
    'whose window does not slide',
    /in any window: it let 6 calls through/,
    () => {
      /** @type {Map<string, { start: number, used: number }>} */
      const windows = new Map()
      return {
        async take(key, { calls, perMs, slackMs }) {
          const now = performance.now()
          let window = windows.get(key) ?? { start: now, used: 0 }
          if (now - window.start >= perMs + slackMs) window = { start: now, used: 0 }
          windows.set(key, window)
          if (window.used >= calls) return window.start + perMs + slackMs - now
          window.used += 1
          return 0
        },
      }
    },
  ],
]
