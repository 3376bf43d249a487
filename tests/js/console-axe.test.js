// The frame of the console and the place of errors by axe-core: English and Chinese, light and dark, narrow and wide.
import { judgeViews } from './support/axe.js'
import { id } from './support/console.js'

/** @typedef {import('./support/console.js').Tab} Tab */

// A few of the errors: all of them are rows of one kind.
judgeViews('errors?search=10061', [
  ['some errors', () => Promise.resolve()],
  ['the link past the header', (tab) => tab.page.keyboard.press('Tab')],
  ['a package that could not be loaded', withoutWasm],
])

/** @param {Tab} tab */
async function withoutWasm({ page }) {
  await page.setRequestInterception(true)
  page.on('request', (request) => {
    if (request.url().endsWith('.wasm')) void request.respond({ status: 404, body: '' })
    else void request.continue()
  })
  await page.reload()
  await page.waitForSelector(id('load-failure'))
}
