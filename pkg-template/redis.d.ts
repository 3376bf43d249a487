/**
 * `northbound/redis`: one token for many servers, by way of Redis 5 or newer (or what speaks its Lua).
 *
 * @packageDocumentation
 * @module northbound/redis
 */
import type { InvalidArgumentError, Sealing, TokenStore } from './index.js'

/**
 * Runs one Lua script on Redis: EVAL with these keys and arguments.
 *
 * @param script the Lua source.
 * @param keys the keys that it uses, all on one node of a cluster.
 * @param args its arguments, as text.
 * @returns what the script returned: a number, or a list of texts and numbers.
 */
export type RunScript = (script: string, keys: string[], args: string[]) => Promise<unknown>

/** Options of {@link redisTokenStore}. A member that is not listed here is refused by name. */
export interface RedisTokenStoreOptions {
  /**
   * What all keys in Redis begin with; no braces, which choose the node of a cluster. Default
   * `northbound:`.
   */
  prefix?: string
  /** Encrypts what is kept. Default: kept as it is, so that whoever reads Redis has the token. */
  sealing?: Sealing
}

/**
 * Shares a token, and with `take` the budget of calls, between all servers that use one Redis.
 *
 * - Time is Redis's own: the clocks of the servers do not matter.
 * - Every key ends by itself, 30 days after its last use at the latest. All keys of one application are
 *   on one node of a cluster.
 * - Rejects while Redis cannot be reached. The error has what the client's error was called and its
 *   code, but not its message, which may quote what was to be stored; `retryable: false` is passed on.
 *   Clients keep such calls waiting by default; NorthApiClient has a deadline of its own around every
 *   call.
 *
 * @param run runs a script; {@link nodeRedis} and {@link ioRedis} make it of a client.
 * @param options where and how it is kept. Default: as each option says.
 * @throws An {@link InvalidArgumentError} for arguments that cannot work.
 * @see [EVAL](https://redis.io/docs/latest/commands/eval/)
 *
 * @example
 * ```js
 * import { NorthApiClient } from 'northbound'
 * import { nodeRedis, redisTokenStore } from 'northbound/redis'
 * import { createClient } from 'redis'
 *
 * const redis = createClient({ url }).on('error', (error) => console.error(error.message))
 * await redis.connect()
 * const client = new NorthApiClient(info, { tokenStore: redisTokenStore(nodeRedis(redis)) })
 * ```
 */
export function redisTokenStore(run: RunScript, options?: RedisTokenStoreOptions): TokenStore

/** What {@link nodeRedis} needs of a client; those of node-redis 4, 5 and 6 have it. */
export interface NodeRedisLike {
  /**
   * Runs a Lua script.
   *
   * @param script the Lua source.
   * @param options its keys and arguments.
   */
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
}

/**
 * Runs scripts by a client, pool or cluster of the npm package `redis` (node-redis 4 or newer),
 * connected by its user.
 *
 * @param client the client; it stays its user's, who closes it.
 * @throws An {@link InvalidArgumentError} for what is no such client, one of ioredis included.
 *
 * @example
 * ```js
 * const tokenStore = redisTokenStore(nodeRedis(createClient()))
 * ```
 */
export function nodeRedis(client: NodeRedisLike): RunScript

/** What {@link ioRedis} needs of a client; those of ioredis 5 and 6 have it. */
export interface IoRedisLike {
  /**
   * Runs a Lua script.
   *
   * @param script the Lua source.
   * @param keyCount how many of the rest are keys.
   * @param keysAndArguments the keys, then the arguments.
   */
  eval(script: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>
}

/**
 * Runs scripts by a client or cluster of the npm package `ioredis` (5 or newer).
 *
 * @param client the client; it stays its user's, who closes it.
 * @throws An {@link InvalidArgumentError} for what is no such client, one of node-redis included.
 *
 * @example
 * ```js
 * import { ioRedis, redisTokenStore } from 'northbound/redis'
 * import { Redis } from 'ioredis'
 *
 * const tokenStore = redisTokenStore(ioRedis(new Redis(url)))
 * ```
 */
export function ioRedis(client: IoRedisLike): RunScript
