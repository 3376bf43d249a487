// The place of Huawei's northbound API by axe-core: English and Chinese, light and dark, narrow and wide.
import { judgeViews } from './support/axe.js'
import { id } from './support/console.js'
import { APP } from './support/simulator.js'

/** @typedef {import('./support/console.js').Tab} Tab */

judgeViews('huawei', [
  ['nobody logged in', () => Promise.resolve()],
  ['a value that cannot be sent', (tab) => tab.click('login')],
  ['a wrong secret', wrongSecret],
  ['the devices, and a form for a new key', (tab) => withDevices(tab, 'device-refresh')],
  ['the question before a device is deleted', (tab) => withDevices(tab, 'device-delete')],
  ['a new device with its code', register],
  ['one request in detail', openRequest],
])

// ── Ways to the views ──────────────────────────────────────────────────────────────────────────

/** @param {Tab} tab */
async function wrongSecret(tab) {
  await tab.fill('connection-appId', APP.appId)
  await tab.fill('connection-secret', 'wrong')
  await tab.click('login')
  await tab.shows('error-code', '[401 / 100208]')
}

/** @param {Tab} tab @param {string} button of the first device */
async function withDevices(tab, button) {
  await tab.logIn()
  await tab.click('devices-load')
  await tab.click(button)
}

/** @param {Tab} tab */
async function register(tab) {
  await tab.logIn()
  await tab.fill('register-nodeId', `axe-${Date.now()}`)
  await tab.click('register-submit')
  await tab.shows('status', /^Registered/)
}

/** @param {Tab} tab */
async function openRequest(tab) {
  await tab.logIn()
  await tab.click('token-refresh')
  await tab.shows('status', 'Token refreshed')
  await tab.click('call')
  await tab.page.waitForSelector(id('huawei-requests-details'), { visible: true })
}
