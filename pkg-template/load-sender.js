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
  let loading
  /** @type {Send | undefined} */
  let send
  const loaded = async () => {
    // Where a bundler has lost it, the global fetch does as well.
    loading ??= load().then(
      ({ leanSender }) => leanSender(),
      () => byFetch,
    )
    return (send = await loading)
  }
  setSender((url, init, ending) =>
    send ? send(url, init, ending) : loaded().then((it) => it(url, init, ending)),
  )
}

/** @type {Send} */
const byFetch = (url, init) => globalThis.fetch(url, /** @type {RequestInit} */ (init))
