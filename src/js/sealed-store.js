/**
 * Makes a token store out of a backend: atomic steps on a text that the backend does not look into.
 * Here is decided what that text is, and only here it is sealed and opened, outside of any lock or
 * transaction of the backend's.
 */

/**
 * @typedef {import('./index.js').TokenStore} TokenStore
 * @typedef {import('./index.js').SharedToken} SharedToken
 * @typedef {{ seal(plain: string): string | Promise<string>, open(sealed: string): string | Promise<string> }} Sealing
 * @typedef {import('./token-record.js').StoredToken} StoredToken
 * @typedef {import('./token-record.js').Acquired} Acquired
 *
 * @typedef {{ calls: number, perMs: number, slackMs: number }} Budget
 *
 * @typedef {{
 *   read(key: string): Promise<StoredToken | undefined>
 *   acquire(key: string, owner: string, leaseMs: number, denied?: string): Promise<Acquired>
 *   renew(key: string, owner: string, generation: number, leaseMs: number): Promise<boolean>
 *   commit(key: string, owner: string, token: StoredToken): Promise<boolean>
 *   release(key: string, owner: string, generation: number): Promise<void>
 *   take(key: string, budget: Budget): Promise<number>
 * }} Backend `denied` is a payload that counts as none
 */

/** Another one may commit between two rounds; more often than this nobody does. */
const ROUNDS = 4

/**
 * @param {Backend} backend
 * @param {Sealing} [sealing] by default the text is kept as it is
 * @returns {TokenStore}
 */
export function tokenStore(backend, sealing) {
  /** What was opened last, by key: a waiter asks for the same again and again. */
  const opened = /** @type {Map<string, { payload: string, accessToken: string }>} */ (new Map())

  /**
   * Whatever cannot be opened or is no token counts as none.
   * @param {string} key
   * @param {StoredToken} stored
   * @returns {Promise<SharedToken | undefined>}
   */
  async function open(key, { payload, lifeMs, refreshLifeMs, generation }) {
    const started = sealing ? performance.now() : 0
    const token = sealing ? parse(await attempt(() => sealing.open(payload)), key) : parse(payload)
    if (!token) return undefined
    opened.set(key, { payload, accessToken: token.accessToken })
    const spent = Math.ceil(sealing ? performance.now() - started : 0)
    const left = Math.max(0, refreshLifeMs - spent)
    return { ...token, lifeMs: lifeMs - spent, refreshLifeMs: left, generation }
  }

  return {
    async read(key) {
      const stored = await backend.read(key)
      const token = stored && (await open(key, stored))
      return token && token.lifeMs > 0 ? token : undefined
    },

    async acquire(key, owner, leaseMs, rejected) {
      const last = opened.get(key)
      let denied = last && last.accessToken === rejected ? last.payload : undefined
      let unreadable = false
      for (let round = 0; round < ROUNDS; round += 1) {
        const answer = await backend.acquire(key, owner, leaseMs, denied)
        // The client warns of it: sharers with different keys would end each other's tokens in silence.
        if (!('payload' in answer)) return unreadable ? { ...answer, unreadable } : answer
        const token = await open(key, answer)
        unreadable ||= token === undefined
        if (token && token.lifeMs > 0 && token.accessToken !== rejected) return { token }
        denied = answer.payload
      }
      return { retryAfterMs: 50 }
    },

    renew: (key, owner, generation, leaseMs) => backend.renew(key, owner, generation, leaseMs),

    async commit(key, owner, token) {
      const { accessToken, refreshToken, tokenType, scope, generation } = token
      const started = sealing ? performance.now() : 0
      // With its key: what is sealed for one application opens for no other.
      const own = sealing && { key }
      const plain = JSON.stringify({ accessToken, refreshToken, tokenType, scope, ...own })
      const payload = sealing ? await seal(sealing, plain) : plain
      const spent = Math.ceil(sealing ? performance.now() - started : 0)
      const lifeMs = Math.max(0, token.lifeMs - spent)
      const refreshLifeMs = Math.max(0, token.refreshLifeMs - spent)
      return backend.commit(key, owner, { payload, lifeMs, refreshLifeMs, generation })
    },

    release: (key, owner, generation) => backend.release(key, owner, generation),

    take: (key, budget) => backend.take(key, budget),
  }
}

/** Where an error of a store of ours says what of it may be shown, as `src/js/host.js` reads it. */
const STORE_MESSAGE = Symbol.for('northbound.storeMessage')

/**
 * Marks an error with a text that may be shown to anybody. Errors of users' functions and of clients
 * may quote a token, so only what a store says in its own words is told.
 *
 * @template {Error} T
 * @param {T} error
 * @param {string} reason a clause of at most 200 characters without a full stop: our words, a path or
 * the name of a database, names of methods and codes of the system
 * @returns {T}
 */
export function showing(error, reason) {
  return Object.defineProperty(error, STORE_MESSAGE, { value: reason })
}

/** The most of a path or a name that is shown; its end tells more than its beginning. */
const SHOWN = 100

/**
 * A path or the name of a database as a reason may have it.
 *
 * @param {string} name
 */
export function shownName(name) {
  const end = name.length > SHOWN ? `…${name.slice(1 - SHOWN)}` : name
  return end.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '?')
}

/**
 * The error of the user's function is not passed on: it may show what it was given.
 *
 * @param {Sealing} sealing
 * @param {string} plain
 */
async function seal(sealing, plain) {
  const sealed = await attempt(() => sealing.seal(plain))
  if (typeof sealed === 'string') return sealed
  const reason = 'sealing.seal failed or returned no text'
  throw showing(new Error(reason), reason)
}

/**
 * @param {() => string | Promise<string>} ask
 * @returns {Promise<unknown>} undefined where it fails
 */
async function attempt(ask) {
  try {
    return await ask()
  } catch {
    return undefined
  }
}

/**
 * @param {unknown} text
 * @param {string} [key] whose it has to be
 */
function parse(text, key) {
  if (typeof text !== 'string') return undefined
  let value
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const { accessToken, refreshToken, tokenType, scope } = value ?? {}
  if (key !== undefined && value?.key !== key) return undefined
  const all = [accessToken, refreshToken, tokenType, scope]
  if (!all.every((each) => typeof each === 'string') || accessToken === '') return undefined
  return { accessToken, refreshToken, tokenType, scope }
}
