/**
 * `northbound/redis`: the token store of many servers. Each step is one script, which Redis runs
 * whole; time is Redis's own, so that the clocks of the servers do not matter.
 *
 * One key of a client is four keys of Redis: the token (its life is the key's), the lease (the same),
 * the last generation with its owner, and the stamps of calls. Each ends by itself.
 */
import { invalidArgument, readStoreOptions, showing, tokenStore } from './northbound.js'
import { SCRIPTS } from './redis-scripts.js'

/**
 * @typedef {import('./redis.js').RunScript} RunScript
 * @typedef {import('./token-record.js').StoredToken} StoredToken
 */

/**
 * @param {RunScript} run
 * @param {{ prefix?: string, sealing?: import('./index.js').Sealing }} [options]
 * @returns {import('./index.js').TokenStore}
 */
export function redisTokenStore(run, options) {
  if (typeof run !== 'function') {
    const problem = 'is not a function; make one by nodeRedis(client) or ioRedis(client)'
    throw invalidArgument('redisTokenStore', 'run', problem)
  }
  const { prefix, sealing } = readOptions(options)

  /**
   * @param {keyof typeof SCRIPTS} step
   * @param {string} key
   * @param {(string | number)[]} args
   */
  const ask = async (step, key, ...args) => {
    const { script, parts } = SCRIPTS[step]
    // What is in braces decides on which node of a cluster a key lives.
    const keys = parts.map((part) => `${prefix}{${key.replace(/[{}%]/g, escape)}}:${part}`)
    const texts = args.map(String)
    let answer
    try {
      answer = await run(script, keys, texts)
    } catch (error) {
      throw storeError(error)
    }
    return readAnswer(step, answer)
  }

  return tokenStore(
    {
      async read(key) {
        const answer = await ask('read', key)
        return answer.kind === 'token' ? answer.token : undefined
      },
      async acquire(key, owner, leaseMs, denied) {
        // A text is never equal to one that begins with another letter.
        const mark = denied === undefined ? '-' : `+${denied}`
        const answer = await ask('acquire', key, owner, Math.ceil(leaseMs), mark)
        if (answer.kind === 'token') return answer.token
        if (answer.kind === 'lease') return { generation: answer.number }
        return { retryAfterMs: answer.number }
      },
      async renew(key, owner, generation, leaseMs) {
        return (await ask('renew', key, owner, generation, Math.ceil(leaseMs))).number === 1
      },
      async commit(key, owner, { payload, lifeMs, refreshLifeMs, generation }) {
        const args = [owner, generation, Math.floor(lifeMs), Math.floor(refreshLifeMs), payload]
        return (await ask('commit', key, ...args)).number === 1
      },
      async release(key, owner, generation) {
        await ask('release', key, owner, generation)
      },
      async take(key, { calls, perMs, slackMs }) {
        return (await ask('take', key, calls, Math.ceil(perMs + slackMs))).number
      },
    },
    sealing,
  )
}

/** @param {string} letter */
const escape = (letter) => `%${letter.charCodeAt(0).toString(16)}`

/** @param {unknown} options */
function readOptions(options) {
  const { prefix = 'northbound:', sealing } = readStoreOptions('redisTokenStore', options, [
    'prefix',
    'sealing',
  ])
  if (typeof prefix !== 'string' || /[{}]/.test(prefix)) {
    const problem = 'is not a text without braces (those choose the node of a cluster)'
    throw invalidArgument('redisTokenStore', 'options.prefix', problem)
  }
  return { prefix, sealing }
}

/** What Redis itself begins its refusals with, and users can do something about. */
const REPLIES = new Set([
  ...['NOAUTH', 'NOPERM', 'WRONGPASS', 'DENIED', 'OOM', 'READONLY', 'MISCONF', 'NOREPLICAS'],
  ...['LOADING', 'BUSY', 'MASTERDOWN', 'CLUSTERDOWN', 'CROSSSLOT', 'MOVED', 'ASK', 'TRYAGAIN'],
])

/**
 * Clients hang the command and all that it carries on their errors, in the message as well: only what
 * the error is called is passed on, and what Redis calls it.
 *
 * @param {unknown} error
 */
function storeError(error) {
  const member = (/** @type {any} */ of, /** @type {string} */ name) => {
    try {
      return of[name]
    } catch {
      return undefined
    }
  }
  const text = (/** @type {unknown} */ value) => (typeof value === 'string' ? value : '')
  // node-redis names its classes alone, ioredis its errors too.
  const names = [member(member(error, 'constructor'), 'name'), member(error, 'name')].map(text)
  const name = names.find((each) => /^[A-Za-z]{1,40}Error$/.test(each))
  const code = text(member(error, 'code'))
  const shownCode = /^[A-Z][A-Z0-9_]{1,39}$/.test(code) ? code : ''
  const reply = text(member(error, 'message'))
    .split(' ', 1)
    .find((word) => REPLIES.has(word))
  const known = [name, shownCode, reply].filter(Boolean).join(' ')
  return Object.assign(
    told(`Redis could not be asked${known && ` (${known})`}`),
    shownCode && { code: shownCode },
    member(error, 'retryable') === false && { retryable: false },
  )
}

/** @param {string} reason */
const told = (reason) => showing(new Error(`redisTokenStore: ${reason}`), reason)

/**
 * @typedef {{ kind: 'token', token: StoredToken, number: 0 }} TokenAnswer
 * @typedef {{ kind: 'lease' | 'number', number: number }} NumberAnswer
 *
 * @param {string} step
 * @param {unknown} answer
 * @returns {TokenAnswer | NumberAnswer}
 */
function readAnswer(step, answer) {
  // So many and no more: an array may have an iterator of its own, without an end.
  const [kind, first, second, third, fourth] = Array.isArray(answer) ? answer : []
  if (kind === 'token' && typeof first === 'string') {
    const [lifeMs, refreshLifeMs, generation] = [second, third, fourth].map(Number)
    if (lifeMs && generation && refreshLifeMs !== undefined) {
      const token = { payload: first, lifeMs, refreshLifeMs, generation }
      return { kind, token, number: 0 }
    }
  }
  const number = Number(first)
  if ((kind === 'lease' || kind === 'number') && Number.isFinite(number)) return { kind, number }
  throw told(`the answer to the script of ${step} is not what it returned`)
}

/**
 * For node-redis 4 or newer: a client, a pool or a cluster.
 *
 * @param {import('./redis.js').NodeRedisLike} client
 * @returns {RunScript}
 */
export function nodeRedis(client) {
  requireEval('nodeRedis', client)
  if (isIoRedis(client)) {
    throw invalidArgument('nodeRedis', 'client', 'is a client of ioredis; use ioRedis(client)')
  }
  return async (script, keys, args) => client.eval(script, { keys, arguments: args })
}

/**
 * For ioredis: a client or a cluster.
 *
 * @param {import('./redis.js').IoRedisLike} client
 * @returns {RunScript}
 */
export function ioRedis(client) {
  requireEval('ioRedis', client)
  if (!isIoRedis(client) && isNodeRedis(client)) {
    throw invalidArgument('ioRedis', 'client', 'is a client of node-redis; use nodeRedis(client)')
  }
  return async (script, keys, args) => client.eval(script, keys.length, ...keys, ...args)
}

/** @param {any} client */
const isIoRedis = (client) => has(() => typeof client.defineCommand === 'function')

/** @param {any} client */
const isNodeRedis = (client) =>
  has(() => [client.isOpen, client.isReady].some((is) => typeof is === 'boolean'))

/**
 * @param {string} operation
 * @param {any} client
 */
function requireEval(operation, client) {
  if (has(() => typeof client.eval === 'function')) return
  throw invalidArgument(operation, 'client', 'is no client of Redis: it has no function eval')
}

/**
 * Whether a client has something; what throws when it is asked has not.
 * @param {() => boolean} ask
 */
function has(ask) {
  try {
    return ask()
  } catch {
    return false
  }
}
