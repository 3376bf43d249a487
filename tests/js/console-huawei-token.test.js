// The token in the console: how it ages before the eyes, and what becomes of it.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { consoleInChromium, id, openTab, until } from './support/console.js'
import { APP } from './support/simulator.js'

/** So short a token passes through all its states in a test: it is renewed in its last third. */
const LIFE_S = 9

const stage = consoleInChromium()

test('a ring empties as the token ages, with the renewal marked', async (t) => {
  const tab = await freshTab(t)
  assert.equal(await tab.text('token-state'), 'none')
  assert.equal(await disabled(tab, 'token-refresh'), true)
  await stage.sim.control('PATCH', '/settings', { tokenLifeS: LIFE_S })
  await tab.logIn()
  await tab.shows('token-state', 'live')
  const early = await left(tab)
  assert.ok(early > 0.7 && early <= 1, `${early}`)
  // A third of the life: the mark stands at 120 of 360 degrees.
  const mark = await tab.attribute('token-ring-mark', 'transform')
  assert.equal(Math.round(Number(/rotate\(([\d.]+)/.exec(mark ?? '')?.[1]) / 5) * 5, 120)
  assert.match(await tab.text('token-renewal'), /^From about \d\d:\d\d:\d\d the next call/)

  await tab.shows('token-state', 'ending')
  const late = await left(tab)
  assert.ok(late < 0.4 && late > 0, `${late}`)
  await tab.screenshot('huawei-token-ending')
  await tab.shows('token-state', 'expired')
  assert.equal(await left(tab), 0)
  assert.equal(await tab.text('token-life'), '00:00')
  await tab.screenshot('huawei-token-expired')

  await tab.click('token-refresh')
  await tab.shows('status', 'Token refreshed')
  await tab.shows('token-state', 'live')
  assert.equal(await tab.text('token-cause'), 'refresh')
  assert.equal(await tab.text('token-generation'), '2')
  await tab.nothingLeaked()
})

test('a token that the platform refused is told as such', async (t) => {
  const tab = await freshTab(t)
  await tab.logIn()
  await stage.sim.control('POST', '/tokens/kill')
  await stage.sim.control('POST', '/faults', {
    operation: 'login',
    times: -1,
    kind: 'error',
    status: 401,
    code: '100208',
  })
  await tab.fill('device-add-id', 'any')
  await tab.click('device-add-submit')
  await tab.shows('token-state', 'refused')
  assert.equal(await tab.text('token-cause'), 'rejected')
  await tab.shows('error-code', '[401 / 100208]')
  await tab.screenshot('huawei-token-refused')

  await stage.sim.control('DELETE', '/faults')
  await tab.click('token-force')
  await tab.shows('token-state', 'live')
  assert.equal(await tab.text('token-cause'), 'login')
  await tab.nothingLeaked()
})

test('the token is renewed by both ways, and copied without being shown', async (t) => {
  const tab = await freshTab(t)
  await tab.page
    .browserContext()
    .overridePermissions(stage.sim.http, [
      'clipboard-read',
      'clipboard-write',
      'clipboard-sanitized-write',
    ])
  await tab.logIn()
  await tab.click('token-refresh')
  await tab.shows('status', 'Token refreshed')
  await tab.click('token-force')
  await tab.shows('status', 'Logged in again; the former token has ended')
  assert.deepEqual(await operations(), ['login', 'refreshToken', 'login'])
  assert.equal(await tab.text('token-generation'), '3')

  await tab.page.bringToFront()
  await tab.click('token-copy')
  await tab.shows('status', 'Access token copied')
  const copied = await tab.page.evaluate(() => navigator.clipboard.readText())
  assert.equal(copied, tab.seen.tokens.at(-1))
  await tab.nothingLeaked()
  assert.equal((await operations()).length, 3, 'a live token is copied without a call')
})

test('the ring moves in steps where motion is not wanted', async (t) => {
  const tab = await freshTab(t)
  await tab.page.waitForSelector(id('token-ring'))
  const duration = () =>
    tab.page.$eval('.ring-left', (circle) => getComputedStyle(circle).transitionDuration)
  assert.match(await duration(), /^1s/)
  await tab.page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }])
  await until(async () => assert.match(await duration(), /^0s/))
})

// ── Steps ──────────────────────────────────────────────────────────────────────────────────────

/** In a context of its own, against a platform that nobody has used. @param {import('node:test').TestContext} t */
async function freshTab(t) {
  await stage.sim.control('POST', '/reset', { settings: true })
  await stage.sim.control('DELETE', '/journal')
  const context = await stage.browser.createBrowserContext()
  t.after(() => context.close())
  return openTab(context, `${stage.sim.http}/`, { secrets: [APP.secret] })
}

/** @typedef {Awaited<ReturnType<typeof openTab>>} Tab */

/** How much of the ring is drawn, from 1 to 0. @param {Tab} tab */
async function left(tab) {
  return tab.page.$eval('.ring-left', (circle) => {
    const round = Number(circle.getAttribute('stroke-dasharray'))
    return 1 - Number(circle.getAttribute('stroke-dashoffset')) / round
  })
}

async function operations() {
  return (await stage.sim.journal()).map((/** @type {any} */ call) => call.operation)
}

/** @param {Tab} tab @param {string} name */
function disabled(tab, name) {
  return tab.page.$eval(id(name), (element) => element.matches(':disabled'))
}
