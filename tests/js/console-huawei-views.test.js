// The console's northbound place as it is looked at: dark, in Chinese, and by axe.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { findings } from './support/axe.js'
import { consoleInChromium, id, openTab } from './support/console.js'
import { APP } from './support/simulator.js'

/** @typedef {Awaited<ReturnType<typeof openTab>>} Tab */

const stage = consoleInChromium()

for (const theme of ['light', 'dark']) {
  test(`every part stands open without a finding: ${theme}`, async (t) => {
    const tab = await open(t, 'en')
    await tab.choose('theme', theme)
    await tab.click('connection-import-open')
    await tab.click('connection-mode-platform')
    await tab.fill('connection-platformPort', 'none')
    await tab.click('register-more')
    await tab.screenshot(`huawei-open-${theme}`)
    await noFindings(tab, 390)
    await tab.click('connection-mode-base')
    await fillDevices(tab)
    await tab.screenshot(`huawei-devices-${theme}`)
    await noFindings(tab, 1440)
    await tab.click('device-delete')
    await noFindings(tab, 390)
  })
}

test('everything is said in Chinese', async (t) => {
  const tab = await open(t, 'zh-CN')
  await fillDevices(tab)
  await tab.screenshot('huawei-devices-zh')
  await tab.click('connection-change')
  await tab.click('connection-import-open')
  await tab.click('register-more')
  await tab.screenshot('huawei-open-zh')
  const place = id('place-huawei')
  const labels = await tab.page.$$eval(
    `${place} :is(h2, label, button, summary, dt, legend)`,
    (found) => found.map((element) => (element.textContent ?? '').trim()),
  )
  const foreign = labels.filter((label) => label && !/\p{Script=Han}/u.test(label))
  assert.deepEqual(foreign, ['IMSI'])
})

// ── Steps ──────────────────────────────────────────────────────────────────────────────────────

/** @param {import('node:test').TestContext} t @param {string} language */
async function open(t, language) {
  await stage.sim.control('POST', '/reset')
  const context = await stage.browser.createBrowserContext()
  t.after(() => context.close())
  return openTab(context, `${stage.sim.http}/`, { language, secrets: [APP.secret] })
}

/** A device with codes, one with its key form open and an error, and the simulator's. @param {Tab} tab */
async function fillDevices(tab) {
  await tab.click('share')
  await tab.click('preset-simulator')
  await tab.click('login')
  await tab.page.waitForSelector(id('disconnect'))
  await tab.click('devices-load')
  await tab.page.waitForSelector(id('device'))
  await tab.fill('register-nodeId', 'urn:imei:490154203237518')
  await tab.fill('register-name', 'Pump 7')
  await tab.click('register-submit')
  await tab.page.waitForSelector(id('secret'))
  await tab.click('device-query')
  await tab.page.waitForSelector(id('device-activated'))
  const { devices } = await stage.sim.control('GET', '/devices')
  const online = devices.find((/** @type {any} */ { state }) => state.toLowerCase() === 'online')
  const row = `[data-device="${online.deviceId}"]`
  await tab.click('device-refresh', row)
  await tab.click('refresh-submit', row)
  await tab.page.waitForSelector(id('error-card'))
}

/** @param {Tab} tab @param {number} width */
async function noFindings(tab, width) {
  await tab.page.setViewport({ width, height: 900 })
  assert.deepEqual(await findings(tab), [])
}
