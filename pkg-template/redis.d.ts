/**
 * `northbound/redis`: one token for many servers, by way of Redis 5 or newer (or what speaks its Lua).
 */
import type { Sealing, TokenStore } from './index.js'

/** Runs one Lua script on Redis: EVAL with these keys and arguments. Answers what the script returned. */
export type RunScript = (script: string, keys: string[], args: string[]) => Promise<unknown>

export interface RedisTokenStoreOptions {
  /** What all keys in Redis begin with; no braces, which choose the node of a cluster. Default `northbound:`. */
  prefix?: string
  /** Encrypts what is kept. Default: kept as it is, so that whoever reads Redis has the token. */
  sealing?: Sealing
}

/**
 * Shares a token, and with `take` the budget of calls, between all servers that use one Redis. Throws an
 * InvalidArgumentError for arguments that cannot work.
 *
 * - Time is Redis's own: the clocks of the servers do not matter.
 * - Every key ends by itself, 30 days after its last use at the latest. All keys of one application are
 *   on one node of a cluster.
 * - Rejects while Redis cannot be reached. The error has what the client's error was called and its code,
 *   but not its message, which may quote what was to be stored; `retryable: false` is passed on. Clients
 *   keep such calls waiting by default; NorthApiClient has a deadline of its own around every call.
 */
export function redisTokenStore(run: RunScript, options?: RedisTokenStoreOptions): TokenStore

/** What `nodeRedis` needs of a client. */
export interface NodeRedisLike {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
}

/** Runs scripts by a client, pool or cluster of the npm package `redis` (node-redis 4 or newer), connected by its user. */
export function nodeRedis(client: NodeRedisLike): RunScript

/** What `ioRedis` needs of a client. */
export interface IoRedisLike {
  eval(script: string, keyCount: number, ...keysAndArguments: string[]): Promise<unknown>
}

/** Runs scripts by a client or cluster of the npm package `ioredis`. */
export function ioRedis(client: IoRedisLike): RunScript
