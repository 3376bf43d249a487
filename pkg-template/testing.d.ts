/**
 * `northbound/testing`: proves token stores.
 */
import type { TokenStore } from './index.js'

export interface CheckTokenStoreOptions {
  /**
   * True: every holder gets a store of its own from `make`, and all that `make` gives have to share one
   * state, as those of several processes do. Default false: one store for all holders.
   */
  separate?: boolean
}

/**
 * The conformance suite of token stores: proves one promise of `TokenStore` after the other, each on a
 * new key, in about 4 s. Rejects at the first that is broken, with an Error that names it, or what the
 * store rejected with as its `cause`. A store without `take` passes.
 *
 * @example
 * test('our store keeps the promises', () => checkTokenStore(() => ourTokenStore()))
 */
export function checkTokenStore(
  make: () => TokenStore | Promise<TokenStore>,
  options?: CheckTokenStoreOptions,
): Promise<void>
