// A worker of a page as one sharer: told by messages what the page is told by calls.

import { open } from './sharer.js'

/** @type {Awaited<ReturnType<typeof open>>} */
let client

/** @param {MessageEvent} event */
globalThis.onmessage = async (event) => {
  const { opening, load } = event.data
  try {
    if (opening) client = await open(opening)
    globalThis.postMessage({ result: load ? await client(load) : null })
  } catch (error) {
    globalThis.postMessage({ error: String(/** @type {any} */ (error)?.stack ?? error) })
  }
}
