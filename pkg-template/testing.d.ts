/**
 * `northbound/testing`: proves token stores.
 *
 * @packageDocumentation
 * @module northbound/testing
 */
import type { InvalidArgumentError, TokenStore } from './index.js'

/** Options of {@link checkTokenStore}. */
export interface CheckTokenStoreOptions {
  /**
   * True: every holder gets a store of its own from `make`, and all that `make` gives have to share one
   * state, as those of several processes do. Default false: one store for all holders.
   */
  separate?: boolean
}

/**
 * The conformance suite of token stores: proves one promise of {@link TokenStore} after the other, each
 * on a new key, in about 4 s. A store without `take` passes.
 *
 * @param make gives a store; called once, or with `separate` once for each of 8 holders.
 * @param options how the stores are made. Default: one store for all holders.
 * @returns resolves when every promise is kept.
 * @throws Rejects at the first promise that is broken, with an `Error` that names it; its `cause` is
 *   what the store rejected with, if it did. Rejects with an {@link InvalidArgumentError} for arguments
 *   that cannot work.
 *
 * @example
 * ```js
 * import { test } from 'node:test'
 * import { checkTokenStore } from 'northbound/testing'
 *
 * test('our store keeps the promises', () => checkTokenStore(() => ourTokenStore()))
 * ```
 */
export function checkTokenStore(
  make: () => TokenStore | Promise<TokenStore>,
  options?: CheckTokenStoreOptions,
): Promise<void>
