// Tabs of one Chromium as sharers, the first of them with workers.

import { launchChromium } from '../js/support/chromium.js'
import { APP } from '../js/support/simulator.js'

/**
 * @param {{ address: string, tabs: number, workers: number, shared: boolean }} options `address`
 *   serves this folder below /sessions, the package below /northbound, and the platform
 */
export async function openTabs({ address, tabs, workers, shared }) {
  const opening = { baseUrl: address, app: APP, shared }
  const browser = await launchChromium()
  try {
    const pages = await Promise.all(
      Array.from({ length: tabs }, async () => {
        const page = await browser.newPage()
        await page.goto(`${address}/sessions/page.html`)
        await page.waitForFunction('globalThis.sharer !== undefined')
        await page.evaluate((given) => /** @type {any} */ (globalThis).sharer.open(given), opening)
        return page
      }),
    )
    const hosts = pages.slice(0, workers)
    for (const page of hosts) {
      await page.evaluate(
        (given) => /** @type {any} */ (globalThis).sharer.openWorker(given),
        opening,
      )
    }
    return {
      sharers: tabs + workers,
      /**
       * @param {import('./load.js').Load} load
       * @returns {Promise<import('./load.js').Outcome[]>}
       */
      load: (load) =>
        Promise.all([
          ...pages.map((page) =>
            page.evaluate((given) => /** @type {any} */ (globalThis).sharer.load(given), load),
          ),
          ...hosts.map((page) =>
            page.evaluate(
              (given) => /** @type {any} */ (globalThis).sharer.loadWorker(given),
              load,
            ),
          ),
        ]),
      close: () => browser.close(),
    }
  } catch (error) {
    await browser.close()
    throw error
  }
}
