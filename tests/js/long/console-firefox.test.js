// The console in Firefox: the flows of both platforms, and one token shared by two tabs.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { openTab, serveConsole, until } from '../support/console.js'
import { APP } from '../support/simulator.js'
import { firefox } from '../support/tabs.js'

/** @type {Awaited<ReturnType<typeof serveConsole>>} */
let sim
/** @type {import('puppeteer-core').Browser} */
let browser

before(async () => {
  sim = await serveConsole(['--cors'])
  browser = await firefox()
})

after(async () => {
  await browser?.close()
  await sim?.stop()
})

/** @param {import('node:test').TestContext} t */
async function freshContext(t) {
  await sim.control('DELETE', '/journal')
  const context = await browser.createBrowserContext()
  t.after(() => context.close())
  return (fragment = '') => openTab(context, `${sim.http}/${fragment}`, { secrets: [APP.secret] })
}

test('logs in, registers a device and refreshes its key, and draws it', async (t) => {
  const open = await freshContext(t)
  const tab = await open()
  await tab.logIn()
  await tab.fill('register-nodeId', 'firefox-node')
  await tab.click('register-submit')
  await tab.shows('status', 'Registered firefox-node')
  await tab.click('device-refresh')
  await tab.fill('refresh-timeout', '60')
  await tab.click('refresh-submit')
  // A device that never connected has no key to be refreshed.
  await tab.shows('error-code', /^\[4\d\d \/ \d+\]$/)
  await tab.choose('simulator-device', await tab.text('device-id'))
  await tab.click('simulator-activate')
  await tab.shows('status', 'firefox-node is offline')
  await tab.click('refresh-submit')
  await tab.shows('status', 'The device has a new verification code')
  assert.match(await tab.text('huawei-requests'), /refreshDeviceKey/)
  await tab.screenshot('firefox-huawei')
  await tab.nothingLeaked()
})

test('two tabs share one login', async (t) => {
  const open = await freshContext(t)
  const first = await open()
  await first.click('share')
  await first.logIn()
  const second = await open()
  await until(async () => assert.match(await second.text('connection-card'), /Share/))
  await second.logIn()
  await second.shows('token-cause', 'shared')
  const calls = await sim.journal('login')
  assert.equal(calls.length, 1)
  await second.nothingLeaked()
})

test('registers a credential, connects as the device and hears itself', async (t) => {
  const open = await freshContext(t)
  const tab = await open(`#mqtt?broker=${new URL(sim.mqttWs).port}`)
  await tab.click('ons-preset')
  await tab.click('ons-use')
  await tab.fill('ons-clientId', `GID_firefox@@@device-${Date.now()}`)
  await tab.click('ons-register')
  await tab.shows('status', /^Registered/)
  await tab.click('ons-connect')
  await tab.shows('ons-mqtt-state', 'connected')
  await tab.click('ons-subscribe')
  await tab.shows('status', /^Subscribed/)
  await tab.click('ons-publish')
  await until(async () => assert.equal((await tab.texts('ons-message')).length, 1))
  await tab.nothingLeaked()
})
