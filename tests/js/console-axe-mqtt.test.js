// The place of ApsaraMQ for MQTT by axe-core: English and Chinese, light and dark, narrow and wide.
import { judgeViews } from './support/axe.js'
import { id } from './support/console.js'

/** @typedef {import('./support/console.js').Tab} Tab */

judgeViews('mqtt?broker=BROKER', [
  ['no keys', () => Promise.resolve()],
  ['keys held', holdKeys],
  ['a credential, and the refusal of a second one', refusedCredential],
  ['connected, with a message', connectDevice],
])

// ── Ways to the views ──────────────────────────────────────────────────────────────────────────

/** @param {Tab} tab */
async function holdKeys(tab) {
  await tab.click('ons-preset')
  await tab.click('ons-use')
  await tab.shows('ons-access-state', /^holds/)
}

/** @param {Tab} tab */
async function refusedCredential(tab) {
  await holdKeys(tab)
  await tab.fill('ons-clientId', `GID_axe@@@device-${Date.now()}`)
  await tab.click('ons-register')
  await tab.shows('status', /^Registered/)
  await tab.click('ons-register')
  await tab.page.waitForSelector(id('error-card'))
}

/** @param {Tab} tab */
async function connectDevice(tab) {
  await holdKeys(tab)
  await tab.fill('ons-clientId', `GID_axe@@@device-${Date.now()}`)
  await tab.click('ons-register')
  await tab.shows('status', /^Registered/)
  await tab.click('ons-connect')
  await tab.shows('ons-mqtt-state', 'connected')
  await tab.click('ons-subscribe')
  await tab.click('ons-publish')
  await tab.page.waitForSelector(id('ons-message'))
}
