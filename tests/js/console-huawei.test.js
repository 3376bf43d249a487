// The console's place of Huawei's northbound API: what a user sees, and what the platform received.
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'

import { consoleInChromium, id, openTab, until } from './support/console.js'
import { APP } from './support/simulator.js'

const MASK = /^•+$/

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

describe('the place of the northbound API', () => {
  test('obtains a token, registers a device and refreshes its key', async () => {
    await tab.screenshot('huawei-start')
    await logIn()
    assert.equal(await tab.text('token-scope'), 'default')
    assert.equal(await tab.text('token-generation'), '1')
    assert.match(await tab.text('token-life'), /^(59:5\d|1:00:00)$/)

    await tab.fill('register-nodeId', 'page-node-1')
    await tab.fill('register-name', 'Pump 7')
    await tab.fill('register-timeout', '3600')
    await tab.click('register-submit')
    await tab.shows('status', 'Registered page-node-1')
    assert.equal(await tab.text('device-title'), 'Pump 7')
    const deviceId = await tab.text('device-id')
    await codeIsMasked()

    await tab.choose('simulator-device', deviceId)
    await tab.click('simulator-activate')
    await tab.shows('status', 'page-node-1 is offline')
    await tab.click('device-query')
    await tab.shows('device-activated', 'activated')

    await tab.click('device-refresh')
    assert.equal(await tab.focused(), 'refresh-verifyCode')
    await tab.fill('refresh-timeout', '60')
    await tab.screenshot('huawei-refresh-form')
    await tab.click('refresh-submit')
    await tab.shows('status', 'The device has a new verification code')
    assert.equal(await tab.focused(), 'device-refresh')
    assert.match(await tab.text('secret-life'), /^expires in (01:00|00:5\d)$/)
    await codeIsMasked()
    await tab.screenshot('huawei-refreshed')
    await tab.nothingLeaked()

    const calls = await stage.sim.journal()
    const credentials = '/iocm/app/reg/v1.1.0/deviceCredentials'
    assert.deepEqual(
      calls.map((/** @type {any} */ call) => [call.operation, call.method, call.path, call.status]),
      [
        ['login', 'POST', '/iocm/app/sec/v1.1.0/login', 200],
        ['regDirectDevice', 'POST', credentials, 200],
        ['queryDeviceStatus', 'GET', `${credentials}/${deviceId}`, 200],
        ['refreshDeviceKey', 'PUT', `${credentials}/${deviceId}`, 200],
      ],
    )
    for (const { headers, operation } of calls) {
      assert.match(headers['user-agent'], /Chrome/, `${operation} was sent by the browser`)
    }
  })

  test('lets a code run out before the eyes, and forgets it', async () => {
    await logIn()
    await tab.fill('register-nodeId', 'page-node-short')
    await tab.fill('register-timeout', '3')
    await tab.click('register-submit')
    await tab.shows('status', 'Registered page-node-short')
    const share = () =>
      tab.page.$eval(id('secret-bar'), (bar) =>
        Number(/[\d.]+/.exec(bar.getAttribute('style') ?? '')?.[0]),
      )
    const early = await share()
    assert.ok(early > 0.3, `${early}`)
    await tab.shows('secret-life', 'expired')
    assert.equal(await share(), 0)
    await tab.screenshot('huawei-code-expired')
    assert.match(await tab.text('secret-value'), MASK)
    assert.equal(await disabled('secret-show'), true)
    assert.equal(await disabled('secret-copy'), true)
  })

  test('explains the refusal to refresh the key of an online device, and mends it', async () => {
    await logIn()
    await tab.click('devices-load')
    await tab.shows('status', /^Loaded \d+ devices$/)
    const { devices } = await stage.sim.control('GET', '/devices')
    const online = devices.find((/** @type {any} */ { state }) => state.toLowerCase() === 'online')
    const row = `[data-device="${online.deviceId}"]`

    await tab.click('device-refresh', row)
    await tab.click('refresh-submit', row)
    await tab.shows('error-code', '[400 / 100611]')
    assert.match(await tab.text('error-description'), /online/i)
    assert.match(await tab.text('error-meaning'), /offline/)
    assert.match(await tab.text('error-remedy'), /offline/)
    assert.equal(await tab.text('error-action'), 'take-device-offline')
    assert.equal(await tab.attribute('error-card', 'role'), 'alert')
    await tab.screenshot('huawei-error')

    await tab.click('error-offer')
    await tab.shows('status', /is offline$/)
    await tab.click('refresh-submit', row)
    await tab.shows('status', 'The device has a new verification code')
    assert.equal(await tab.isThere('error-card'), false)
    await tab.nothingLeaked()
    assert.deepEqual(
      (await stage.sim.journal()).map((/** @type {any} */ { operation, status, code }) => [
        operation,
        status,
        code ?? null,
      ]),
      [
        ['login', 200, null],
        ['refreshDeviceKey', 400, '100611'],
        ['refreshDeviceKey', 200, null],
      ],
    )
  })

  test('cancels a call under way', async () => {
    await logIn()
    const held = await hold('/refreshToken')
    await tab.click('token-refresh')
    await until(() => assert.equal(held.length, 1))
    await tab.shows('token-refresh', 'Cancel')
    await tab.screenshot('huawei-busy')
    await tab.click('token-refresh')
    await tab.shows('status', 'Cancelled')
    await tab.shows('token-refresh', 'Refresh token')
    assert.equal(await tab.isThere('error-card'), false)
    assert.equal(held.length, 1, 'a press on a busy button sends nothing')
  })

  test('adds a device by its ID and deletes it after a confirmation in the page', async () => {
    const { deviceId } = await stage.sim.control('POST', '/devices', { nodeId: 'page-node-3' })
    await logIn()
    await tab.click('device-add-submit')
    await tab.shows('device-add-id-error', /input\.deviceId/)
    await tab.fill('device-add-id', deviceId)
    await tab.page.keyboard.press('Enter')
    await tab.shows('device-id', deviceId)

    await tab.click('device-delete')
    await until(async () => assert.equal(await tab.focused(), 'delete-no'))
    await tab.page.keyboard.press('Escape')
    assert.equal(await tab.focused(), 'device-delete')
    await tab.click('device-delete')
    await tab.screenshot('huawei-delete')
    await tab.click('delete-yes')
    await tab.shows('status', 'Device deleted')
    assert.equal(await tab.isThere('device'), false)
    assert.equal(await tab.focused(), 'devices')
    const last = (await stage.sim.journal()).at(-1)
    assert.deepEqual(
      [last?.operation, last?.method, last?.status],
      ['deleteDirectDevice', 'DELETE', 204],
    )
  })

  test('forgets token and devices on Disconnect', async () => {
    await logIn()
    await tab.click('devices-load')
    await tab.page.waitForSelector(id('device'))
    await tab.click('disconnect')
    await tab.shows('connection-state', 'not logged in')
    assert.equal(await tab.text('token-state'), 'none')
    assert.equal(await tab.isThere('device'), false)
    assert.ok(await disabled('register-submit'))
    await tab.nothingLeaked()
  })

  test('is usable without a mouse and names every control', async () => {
    await tab.page.focus(id('connection-appId'))
    await tab.page.keyboard.type('app1')
    await tab.page.keyboard.press('Tab')
    await tab.page.keyboard.type(APP.secret)
    await tab.page.keyboard.press('Enter')
    await tab.shows('connection-state', 'logged in as app1')
    await until(async () => assert.equal(await tab.focused(), 'connection-change'))
    await tab.click('devices-load')
    await tab.page.waitForSelector(id('device'))
    const nameless = await tab.page.$$eval('input, select, button, textarea', (controls) =>
      controls
        .filter((control) => !control.labels?.length && !control.ariaLabel && !control.innerText)
        .filter((control) => control.checkVisibility())
        .map((control) => control.outerHTML),
    )
    assert.deepEqual(nameless, [])
    const ids = await tab.page.$$eval('[id]', (elements) => elements.map((element) => element.id))
    assert.equal(new Set(ids).size, ids.length, 'an id stands twice')
  })
})

// ── Steps ──────────────────────────────────────────────────────────────────────────────────────

async function logIn() {
  await tab.logIn()
  await tab.shows('token-state', 'live')
  assert.equal(await tab.value('connection-secret'), '')
}

/** Shows the code by pointer and by key, and compares with what the platform answered. */
async function codeIsMasked() {
  const code = await tab.reveal()
  assert.ok(tab.seen.secrets.includes(code), 'what is shown is what the platform gave')
  await tab.page.focus(id('secret-show'))
  await tab.page.keyboard.down('Space')
  await tab.shows('secret-value', code)
  await tab.page.keyboard.up('Space')
  await tab.shows('secret-value', MASK)
}

/** Requests whose address has this text get no answer; these they are. @param {string} text */
async function hold(text) {
  /** @type {import('puppeteer-core').HTTPRequest[]} */
  const held = []
  await tab.page.setRequestInterception(true)
  tab.page.on('request', (request) => {
    if (request.url().includes(text)) held.push(request)
    else void request.continue()
  })
  return held
}

/** @param {string} name */
function disabled(name) {
  return tab.page.$eval(id(name), (element) => element.matches(':disabled'))
}
