// The client of a tab or of its worker. The simulator serves the package beside this folder.

import { runLoad } from './load.js'

/** Where the package is served; not the folder of the sources, so no checker can follow it. */
const PACKAGE = new URL('../northbound/browser.js', import.meta.url).href

/** @param {import('./page.js').Opening} opening */
export async function open({ baseUrl, app, shared }) {
  const { NorthApiClient, init, webTokenStore } = await import(PACKAGE)
  await init()
  const tokenStore = shared ? { tokenStore: webTokenStore() } : {}
  const client = new NorthApiClient({ ...app, baseUrl }, { throttle: false, ...tokenStore })
  return (/** @type {import('./load.js').Load} */ load) => runLoad([client], load)
}
