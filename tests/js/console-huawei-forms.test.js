// The forms of the console's northbound place: what is judged while it is typed, and what is sent at all.
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'

import { consoleInChromium, openTab, until } from './support/console.js'
import { APP } from './support/simulator.js'

const stage = consoleInChromium()
/** @type {import('puppeteer-core').BrowserContext} */
let context
/** @type {Awaited<ReturnType<typeof openTab>>} */
let tab

beforeEach(async () => {
  await stage.sim.control('DELETE', '/journal')
  context = await stage.browser.createBrowserContext()
  tab = await openTab(context, `${stage.sim.http}/`, { secrets: [APP.secret] })
})

afterEach(async () => {
  await context?.close()
})

describe('the forms of the northbound API', () => {
  test('explains a wrong secret and shows it nowhere', async () => {
    tab.seen.secrets.push('wrong-s+cret')
    await tab.fill('connection-appId', 'app1')
    await tab.fill('connection-secret', 'wrong-s+cret')
    await tab.page.keyboard.press('Enter')
    await tab.shows('error-code', '[401 / 100208]')
    assert.notEqual(await tab.text('error-meaning'), '')
    assert.notEqual(await tab.text('error-remedy'), '')
    assert.equal(await tab.text('connection-state'), 'not logged in')
    await tab.screenshot('huawei-wrong-secret')
    await tab.nothingLeaked()
  })

  test('names the argument at the field for an empty application ID', async () => {
    await tab.fill('connection-secret', APP.secret)
    await tab.click('login')
    await tab.shows('connection-appId-error', /clientInfo\.appId/)
    assert.equal(await tab.attribute('connection-appId', 'aria-invalid'), 'true')
    await until(async () => assert.equal(await tab.focused(), 'connection-appId'))
    await tab.screenshot('huawei-field-error')
    await tab.nothingLeaked()
    assert.deepEqual(await operations(), [], 'nothing was sent')
  })

  test('judges an address while it is typed, of either kind', async () => {
    await tab.fill('connection-baseUrl', 'http://192.0.2.1/iot')
    await tab.shows('connection-baseUrl-error', /clientInfo\.baseUrl.*http/)
    await tab.click('connection-allowInsecureHttp')
    await until(async () => assert.equal(await tab.isThere('connection-baseUrl-error'), false))

    await tab.click('connection-mode-platform')
    await tab.fill('connection-platformIp', 'iot example')
    await tab.shows('connection-platformIp-error', /clientInfo\.platformIp/)
    await tab.fill('connection-platformIp', '10.0.0.1')
    await tab.fill('connection-platformPort', '87430')
    await tab.shows('connection-platformPort-error', /clientInfo\.platformPort/)
    await tab.screenshot('huawei-address')
    await tab.fill('connection-platformPort', '8743')
    await until(async () => assert.equal(await tab.isThere('connection-platformPort-error'), false))
    assert.deepEqual(await operations(), [], 'nothing was sent')
  })

  test('leaves the judgement of a timeout to the package', async () => {
    await tab.logIn()
    await tab.fill('register-nodeId', 'page-node-2')
    for (const wrong of ['soon', '-1', '1.5']) {
      await tab.fill('register-timeout', wrong)
      await tab.shows('register-timeout-error', /input\.timeout/)
      await tab.click('register-submit')
      await until(async () => assert.equal(await tab.focused(), 'register-timeout'))
    }
    assert.deepEqual(await operations(), ['login'])
  })
})

// ── Steps ──────────────────────────────────────────────────────────────────────────────────────

async function operations() {
  return (await stage.sim.journal()).map((/** @type {any} */ call) => call.operation)
}
