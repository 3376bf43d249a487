// One token for many tabs, processes and machines.
import type { ThrottleOptions } from './types-options.js'

/** A token as sharers see it. Durations, not dates: clocks of different machines disagree. */
export interface SharedToken {
  /** What calls carry. */
  accessToken: string
  /** What obtains the next pair; empty if there is none. */
  refreshToken: string
  /** Always "bearer". */
  tokenType: string
  /** Always "default". */
  scope: string
  /** Life left, in milliseconds. */
  lifeMs: number
  /** Life left of the refresh token, in milliseconds. */
  refreshLifeMs: number
  /** Grows by one with every right to log in that is given out. */
  generation: number
}

/**
 * Shares one token between all that use one appId, and gives the right to log in to one of them at a
 * time. Keys hold no secret. Every method may reject; the client then goes on with its own memory and
 * says so in an event. An error with `retryable: false` says that asking again is useless.
 *
 * Ready ones: {@link memoryTokenStore}, {@link webTokenStore}, `fileTokenStore` of `northbound/node`,
 * `redisTokenStore` of `northbound/redis`. `checkTokenStore` of `northbound/testing` proves a store of
 * your own.
 */
export interface TokenStore {
  /**
   * The token, if one is stored that lives. What is foreign or damaged counts as none.
   *
   * @param key one application at one address.
   */
  read(key: string): Promise<SharedToken | undefined>

  /**
   * Asks for the right to log in. A lease ends by itself after `leaseMs`.
   *
   * @param key one application at one address.
   * @param owner a random text, one per holder.
   * @param leaseMs how long the lease is good for, in milliseconds.
   * @param rejected the newest token that the caller knows, one that the platform refused. Absent: the
   *   caller knows none.
   * @returns the token if the store has another one that lives; else a lease if nobody holds one; else
   *   how long to wait.
   */
  acquire(
    key: string,
    owner: string,
    leaseMs: number,
    rejected?: string,
  ): Promise<
    | {
        /** The token that the caller does not know. */
        token: SharedToken
      }
    | {
        /** The lease's number: one more than the last. */
        generation: number
      }
    | {
        /** Milliseconds to wait before asking again. */
        retryAfterMs: number
      }
  >

  /**
   * Lengthens the lease.
   *
   * @param key one application at one address.
   * @param owner the holder.
   * @param generation the lease's number.
   * @param leaseMs how long it is good for from now, in milliseconds.
   * @returns false if it is no longer the owner's.
   */
  renew(key: string, owner: string, generation: number, leaseMs: number): Promise<boolean>

  /**
   * Stores the token if no later generation was given out meanwhile, and ends the lease.
   *
   * @param key one application at one address.
   * @param owner the holder.
   * @param token the token; its `generation` is the lease's.
   * @returns false if it was refused.
   */
  commit(key: string, owner: string, token: SharedToken): Promise<boolean>

  /**
   * Ends the lease if it is still the owner's.
   *
   * @param key one application at one address.
   * @param owner the holder.
   * @param generation the lease's number.
   */
  release(key: string, owner: string, generation: number): Promise<void>

  /**
   * Takes one call from the application's shared budget. Absent: each client counts for itself.
   *
   * @param key one application at one address.
   * @param budget the limit, the same for all sharers.
   * @returns 0, or how many milliseconds to wait.
   */
  take?(key: string, budget: Required<ThrottleOptions>): Promise<number>
}

/**
 * Encrypts what a store keeps; the default keeps it as it is. What `open` throws on or does not give
 * back as it was sealed counts as empty, and so leads to a new login.
 */
export interface Sealing {
  /**
   * Encrypts. The text differs with every call, if it is any good.
   *
   * @param plain what is to be kept; it holds the token.
   */
  seal(plain: string): string | Promise<string>
  /**
   * Decrypts.
   *
   * @param sealed what `seal` gave, or what else was found in its place.
   * @throws anything, for what it cannot decrypt.
   */
  open(sealed: string): string | Promise<string>
}

/**
 * Shares a token between the clients of one process. Each client has one of its own by default; give
 * several clients the same one to have them share.
 *
 * @example
 * ```js
 * import { NorthApiClient, memoryTokenStore } from 'northbound'
 *
 * const tokenStore = memoryTokenStore()
 * const patient = new NorthApiClient(info, { tokenStore, timeoutMs: 60_000 })
 * const quick = new NorthApiClient(info, { tokenStore, timeoutMs: 1000 }) // no login of its own
 * ```
 */
export function memoryTokenStore(): TokenStore

/**
 * Shares a token between the tabs and workers of one origin, by leases in IndexedDB; works on plain
 * http too. Storage denied: falls back to memory with a warning event.
 *
 * @param options `name` is that of the database, default `northbound`. `sealing` encrypts what is kept;
 *   without it every script of the origin can read the token.
 * @throws An {@link InvalidArgumentError} for options that cannot work.
 *
 * @example
 * ```js
 * import { NorthApiClient, webTokenStore } from 'northbound'
 *
 * const client = new NorthApiClient({ appId, secret, baseUrl: '/iot' }, { tokenStore: webTokenStore() })
 * ```
 */
export function webTokenStore(options?: { name?: string; sealing?: Sealing }): TokenStore
