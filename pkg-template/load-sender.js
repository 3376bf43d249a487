// For entries whose clients send by node-sender.js. The first call loads it: who only prepares requests needs none of it.

import { setSender } from './northbound.js'

/** @typedef {import('./node-exchange.js').Send} Send */

/**
 * Makes it the sender of clients without a `fetch`.
 *
 * @param {() => Promise<{ leanSender: () => Send }>} load imports it
 */
export function sendBy(load) {
  /** @type {Promise<Send> | undefined} */
  let sending
  setSender(async (url, init, ending) => {
    // Where a bundler has lost it, the global fetch does as well.
    sending ??= load().then(
      ({ leanSender }) => leanSender(),
      () => byFetch,
    )
    return (await sending)(url, init, ending)
  })
}

/** @type {Send} */
const byFetch = (url, init) => globalThis.fetch(url, /** @type {RequestInit} */ (init))
