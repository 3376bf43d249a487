// Leaving the console's place of Huawei's northbound API while calls run, and buttons that are pressed too often.
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'

import { consoleInChromium, id, openTab, until } from './support/console.js'
import { APP } from './support/simulator.js'

/** Long enough to press something meanwhile. */
const DELAY_MS = 700

const stage = consoleInChromium()
/** @type {import('puppeteer-core').BrowserContext} */
let context
/** @type {Awaited<ReturnType<typeof openTab>>} */
let tab

beforeEach(async () => {
  context = await stage.browser.createBrowserContext()
  tab = await openTab(context, `${stage.sim.http}/`, { secrets: [APP.secret] })
  await tab.click('preset-simulator')
  await tab.click('login')
  await tab.shows('status', 'Logged in as app1')
})

afterEach(async () => {
  await stage.sim.control('DELETE', '/faults')
  await stage.sim.control('DELETE', '/journal')
  await context?.close()
})

test('a registration that is answered after Disconnect is not listed', async () => {
  await delay('regDirectDevice')
  await tab.fill('register-nodeId', 'late-1')
  await tab.fill('register-verifyCode', 'typed-code')
  await tab.click('register-submit')
  await tab.shows('register-submit', 'Cancel')
  await tab.click('disconnect')
  await settled('regDirectDevice')
  assert.deepEqual(await tab.texts('device-id'), [])
  assert.equal(await tab.text('status'), 'Disconnected; the page has forgotten token and devices')
  assert.equal(await tab.value('register-verifyCode'), '')
})

test('a login that is answered after Disconnect logs nobody in', async () => {
  await delay('login')
  await tab.click('connection-change')
  await tab.fill('connection-secret', APP.secret)
  await tab.click('login')
  await tab.shows('login', 'Cancel')
  await tab.click('disconnect')
  await settled('login')
  assert.equal(await tab.text('connection-state'), 'not logged in')
  assert.equal(await tab.value('connection-secret'), '')
})

test('a secret that was typed and not used goes with Back', async () => {
  await tab.click('connection-change')
  await tab.fill('connection-secret', APP.secret)
  await tab.click('connection-change')
  assert.equal(await tab.value('connection-secret'), '')
})

test('a code that was typed for a new key goes with its form', async () => {
  await tab.click('devices-load')
  await tab.click('device-refresh')
  await tab.fill('refresh-verifyCode', 'typed-code')
  await tab.click('refresh-close')
  await tab.click('device-refresh')
  assert.equal(await tab.value('refresh-verifyCode'), '')
})

test('a double click sends one call and does not cancel it', async () => {
  await delay('regDirectDevice')
  await tab.fill('register-nodeId', 'double-1')
  const button = await tab.page.waitForSelector(id('register-submit'))
  const { x = 0, y = 0 } = (await button?.clickablePoint()) ?? {}
  await tab.page.mouse.click(x, y)
  await tab.shows('register-submit', 'Cancel')
  await tab.page.mouse.down({ clickCount: 2 })
  await tab.page.mouse.up({ clickCount: 2 })
  await tab.shows('status', 'Registered double-1')
  assert.equal((await stage.sim.journal('regDirectDevice')).length, 1)
})

test('a key that is held down sends one call', async () => {
  await delay('regDirectDevice')
  await tab.fill('register-nodeId', 'held-1')
  await tab.page.focus(id('register-submit'))
  await tab.page.keyboard.down('Enter')
  await tab.shows('register-submit', 'Cancel')
  for (let pressed = 0; pressed < 4; pressed += 1) await tab.page.keyboard.down('Enter')
  await tab.page.keyboard.up('Enter')
  await tab.shows('status', 'Registered held-1')
  assert.equal((await stage.sim.journal('regDirectDevice')).length, 1)
})

/** @param {string} operation */
function delay(operation) {
  return stage.sim.control('POST', '/faults', { operation, kind: 'delay', ms: DELAY_MS, times: 1 })
}

/** Waits until the platform has answered, and a little longer. @param {string} operation */
async function settled(operation) {
  await until(async () => {
    const calls = await stage.sim.journal(operation)
    assert.ok(calls.length > 0, `no ${operation} came`)
  })
  await new Promise((resolve) => setTimeout(resolve, DELAY_MS + 300))
}
