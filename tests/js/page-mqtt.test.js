// The page's second place in a browser, against the simulator and its broker: ApsaraMQ for MQTT.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { launchChromium } from './support/chromium.js'
import { startSimulator } from './support/simulator.js'

const SCREENSHOTS = fileURLToPath(new URL('../../artifacts/screenshots/', import.meta.url))
const KEY = { id: 'LTAI5tSIMULATORONLY0001', secret: 'simulatorSecretNotReal0001' }
const STS = {
  id: 'STS.SIMULATORONLY0002',
  secret: 'simulatorStsSecret0002',
  token: 'CAISsimulator+token/with=special&chars==',
}
const INSTANCE = 'post-cn-simulator01'
const MASK = /^•+$/
const WIDTHS = [390, 1440]

/** @type {Awaited<ReturnType<typeof startSimulator>>} */
let sim
/** @type {import('puppeteer-core').Browser} */
let browser
/** @type {import('puppeteer-core').BrowserContext} */
let context
/** @type {import('puppeteer-core').Page} */
let page
/** What went over the wire, what the browser printed, and what must show in neither place. */
let seen = { urls: [''], sockets: [''], console: [''], errors: [''], secrets: [''] }
let devices = 0

before(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true })
  const mounts = ['/=www', '/northbound=pkg', '/mqtt=node_modules/mqtt/dist']
  sim = await startSimulator({ args: mounts.flatMap((mount) => ['--mount', mount]) })
  browser = await launchChromium()
})

after(async () => {
  await browser?.close()
  await sim?.stop()
})

beforeEach(async () => {
  await sim.control('DELETE', '/journal')
  const secrets = [KEY.secret, STS.secret, STS.token]
  seen = { urls: [], sockets: [], console: [], errors: [], secrets }
  context = await browser.createBrowserContext()
  page = await context.newPage()
  await page.setViewport({ width: 1440, height: 900 })
  await watch()
})

afterEach(async () => {
  await context?.close()
})

describe('the page for ApsaraMQ for MQTT', () => {
  test('registers a device, connects as it, publishes and receives', async () => {
    await open()
    await screenshot('mqtt-start')
    await takeKeys()
    const clientId = await chooseDevice()
    await click('ons-register')
    await shows('status', `Registered ${clientId}`)
    assert.equal(await text('ons-result-clientId'), clientId)
    const username = `DeviceCredential|${await text('ons-result-keyId')}|${INSTANCE}`
    assert.equal(await text('ons-login-username'), username)
    const { secret, password } = await credentialNumber(1)
    await isMasked('ons-result', secret)
    await isMasked('ons-login-password', password)

    await click('ons-connect')
    await shows('status', `Connected as ${clientId}`)
    assert.equal(await text('ons-mqtt-state'), 'connected')
    await click('ons-subscribe')
    await shows('status', 'Subscribed to northbound/demo/#')
    await fill('ons-publish-message', 'grüß Gott <b>')
    await click('ons-publish')
    await shows('ons-message', /northbound\/demo\/hello\s*grüß Gott <b>/)
    await nothingLeaked()
    await screenshot('mqtt-connected')

    const { connections } = await sim.control('GET', '/mqtt')
    assert.deepEqual(
      connections.map((/** @type {any} */ { clientId, username }) => [clientId, username]),
      [[clientId, username]],
    )
    await click('ons-disconnect')
    await shows('ons-mqtt-state', 'not connected')
    await until(async () => assert.deepEqual((await sim.control('GET', '/mqtt')).connections, []))
    assert.deepEqual(seen.sockets, [sim.mqttWs])

    const calls = await sim.journal()
    assert.deepEqual(
      calls.map((/** @type {any} */ { operation, status, signature, query }) => [
        operation,
        status,
        signature,
        query,
      ]),
      [['registerDeviceCredential', 200, 'HMAC-SHA1', '']],
    )
    assert.match(calls[0].headers['user-agent'], /Chrome/, 'sent by the browser')
    assert.match(calls[0].body, /SecurityToken=CAISsimulator%2Btoken/, 'with temporary keys')
  })

  test('explains a second registration, and gets the credential instead', async () => {
    await open()
    await takeKeys()
    const clientId = await chooseDevice()
    await click('ons-register')
    await shows('status', `Registered ${clientId}`)
    await click('ons-register')
    await shows('error-code', '[400 / DeviceCredentialExsit]')
    assert.match(await text('error-meaning'), /has a credential already/)
    assert.match(await text('error-remedy'), /GetDeviceCredential/)
    assert.equal(await text('error-kind'), 'platform')
    await screenshot('mqtt-error')
    await click('error-offer')
    await shows('status', `Read the credential of ${clientId}`)
    assert.equal(await page.$(id('error-card')), null)
    await isMasked('ons-result', (await credentialNumber(1)).secret)
    await nothingLeaked()
    assert.deepEqual(await operations(), [
      'registerDeviceCredential',
      'registerDeviceCredential',
      'getDeviceCredential',
    ])
  })

  test('says in words that the broker refuses a login that has ended', async () => {
    await open()
    await takeKeys()
    const clientId = await chooseDevice()
    await click('ons-register')
    await shows('status', `Registered ${clientId}`)
    await click('ons-unregister')
    assert.equal(await focused(), 'ons-unregister-no')
    await page.keyboard.press('Escape')
    assert.equal(await focused(), 'ons-unregister')
    await click('ons-unregister')
    await click('ons-unregister-yes')
    await shows('status', `Unregistered ${clientId}`)
    assert.equal(await text('ons-mqtt-state'), 'credential unregistered')

    await click('ons-connect')
    await shows('error-code', '[CONNACK 5]')
    assert.equal(await text('error-description'), 'Not authorised')
    assert.match(await text('error-meaning'), /unregistered/)
    assert.match(await text('error-remedy'), /register the client ID anew/)
    assert.equal(await text('ons-mqtt-state'), 'credential unregistered')
    await screenshot('mqtt-refused')
    await nothingLeaked()
  })

  test('refreshes a credential and lists the client IDs of a group', async () => {
    await open()
    await takeKeys()
    const clientId = await chooseDevice()
    await click('ons-register')
    await shows('status', `Registered ${clientId}`)
    await click('ons-refresh')
    await shows('status', `New credential for ${clientId}`)
    // Between the two answers that give one out stands that of a look at the present one.
    const former = await credentialNumber(1)
    await until(async () => assert.notEqual(former.secret, credentials.at(-1)?.secret))
    await isMasked('ons-login-password', credentials.at(-1)?.password)
    await click('ons-connect')
    await shows('ons-mqtt-state', 'connected')

    await fill('ons-groupId', '')
    await click('ons-list')
    await shows('status', /^GID_page: \d+ client IDs?$/)
    const found = await page.$$eval(id('ons-list-item'), (all) => all.map((it) => it.textContent))
    assert.ok(found.includes(clientId))
    await click('ons-list-item')
    const chosen = await page.$eval(id('ons-clientId'), (field) => 'value' in field && field.value)
    assert.equal(chosen, found[0])
    await nothingLeaked()
  })

  test('forgets everything on Forget', async () => {
    await open()
    await takeKeys()
    await chooseDevice()
    await click('ons-register')
    await shows('status', /^Registered/)
    await click('ons-connect')
    await shows('ons-mqtt-state', 'connected')
    await click('ons-forget')
    await shows('ons-access-state', 'no keys')
    assert.equal(await text('ons-mqtt-state'), 'no login')
    assert.equal(await text('ons-result'), '')
    assert.equal(await text('ons-login-username'), '')
    assert.ok(await page.$eval(id('ons-register'), (button) => button.matches(':disabled')))
    await nothingLeaked()
  })

  test('warns of an AccessKey in a page, and signs with it by the newer signature', async () => {
    await open()
    assert.ok(await page.$eval(id('ons-key-warning'), (note) => !note.checkVisibility()))
    await click('ons-kind-key')
    assert.match(await text('ons-key-warning'), /An AccessKey in a page is a leak\./)
    assert.ok(await page.$eval(id('ons-securityToken'), (field) => !field.checkVisibility()))
    await page.select(id('ons-signature'), 'ACS3-HMAC-SHA256')
    await takeKeys(KEY.id)
    await screenshot('mqtt-access-key')
    await chooseDevice()
    await click('ons-register')
    await shows('status', /^Registered/)
    await nothingLeaked()
    const [call] = await sim.journal()
    assert.equal(call.signature, 'ACS3-HMAC-SHA256')
    assert.ok(!('x-acs-security-token' in call.headers))
  })

  test('names the argument at the field, and sends nothing', async () => {
    await open()
    await click('ons-use')
    await shows('error-argument', 'config.credentials.accessKeyId')
    assert.equal(await focused(), 'ons-accessKeyId')
    await takeKeys()
    await fill('ons-clientId', 'device-1')
    await click('ons-register')
    await shows('error-argument', 'input.clientId')
    assert.equal(await focused(), 'ons-clientId')
    assert.deepEqual(await operations(), [])
  })

  test('says why a broker cannot be reached', async () => {
    await open()
    await takeKeys()
    await chooseDevice()
    await click('ons-register')
    await shows('status', /^Registered/)
    for (const [address, title] of /** @type {const} */ ([
      ['mqtt://127.0.0.1:1883', /no address of a broker/],
      ['ws://user:pass@127.0.0.1:1/mqtt', /no address of a broker/],
      ['ws://127.0.0.1:1/mqtt', /did not answer/],
      ['wss://broker.invalid/mqtt', /policy does not allow/],
    ])) {
      await fill('ons-broker', address)
      await click('ons-connect')
      await shows('error-description', title)
      assert.notEqual(await text('error-remedy'), '')
      await click('error-dismiss')
      assert.equal(await text('ons-mqtt-state'), 'not connected')
    }
  })

  test('says what to do when the MQTT client is not served', async () => {
    await page.setRequestInterception(true)
    page.on('request', (request) => {
      if (request.url().endsWith('/mqtt.esm.js')) void request.respond({ status: 404, body: '' })
      else void request.continue()
    })
    await open()
    await takeKeys()
    await chooseDevice()
    await click('ons-register')
    await shows('status', /^Registered/)
    await click('ons-connect')
    await shows('error-description', 'The MQTT client could not be loaded')
    assert.match(await text('error-remedy'), /npm install/)
  })

  test('changes between the platforms by keyboard, keeping both', async () => {
    await page.goto(`${sim.http}/`)
    await shows('status', 'Ready')
    assert.ok(await visible('place-huawei'))
    assert.ok(!(await visible('place-ons')))
    await page.focus(id('place-huawei-tab'))
    for (const key of /** @type {const} */ (['ArrowRight', 'ArrowRight', 'ArrowLeft', 'Home'])) {
      await page.keyboard.press(key)
      const place = (await focused()) ?? ''
      assert.equal(await attribute(place, 'aria-selected'), 'true')
      assert.ok(await visible(place.replace('-tab', '')))
    }
    assert.equal(await focused(), 'place-huawei-tab')
    await page.keyboard.press('End')
    await page.keyboard.press('Tab')
    assert.equal(await focused(), 'ons-endpoint')
    const nameless = await page.$$eval('input, select, button', (controls) =>
      controls
        .filter((control) => !control.labels?.length && !control.innerText && !control.hidden)
        .filter((control) => control.checkVisibility())
        .map((control) => control.outerHTML),
    )
    assert.deepEqual(nameless, [])
    const ids = await page.$$eval('[id]', (elements) => elements.map((element) => element.id))
    assert.equal(new Set(ids).size, ids.length, 'an id stands twice')
  })

  test('follows the colour scheme of the system', async () => {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }])
    await open()
    await takeKeys()
    await chooseDevice()
    await click('ons-register')
    await shows('status', /^Registered/)
    await screenshot('mqtt-dark')
  })
})

// ── Steps ──────────────────────────────────────────────────────────────────────────────────────

async function open() {
  credentials.length = 0
  await page.goto(`${sim.http}/#mqtt=${new URL(sim.mqttWs).port}`)
  await shows('status', 'Ready')
  await click('place-ons-tab')
}

async function takeKeys(keyId = STS.id) {
  await click('ons-preset')
  const broker = await page.$eval(id('ons-broker'), (field) => 'value' in field && field.value)
  assert.equal(broker, sim.mqttWs, 'the fragment told the broker')
  await click('ons-use')
  await shows('ons-access-state', `holds ${keyId}`)
  for (const name of ['ons-accessKeySecret', 'ons-securityToken']) {
    assert.equal(await page.$eval(id(name), (field) => 'value' in field && field.value), '')
  }
}

async function chooseDevice() {
  const clientId = `GID_page@@@device-${++devices}`
  await fill('ons-clientId', clientId)
  return clientId
}

/** Presses "Show", compares with the value, and lets go. @param {string} place */
async function isMasked(place, value = '(nothing came)') {
  const shown = `${id(place)} ${id('secret-value')}`
  const read = () => page.$eval(shown, (element) => element.textContent ?? '')
  assert.match(await read(), MASK)
  const button = await page.$(`${id(place)} ${id('secret-show')}`)
  await button?.scrollIntoView()
  await button?.hover()
  await page.mouse.down()
  assert.equal(await read(), value)
  await page.mouse.up()
  assert.match(await read(), MASK)
}

// ── Looking ────────────────────────────────────────────────────────────────────────────────────

/** @param {string} name */
function id(name) {
  return `[data-testid="${name}"]`
}

/** @param {string} name */
async function click(name) {
  const found = await page.waitForSelector(id(name), { visible: true })
  await found?.click()
}

/** Replaces what stands in a field. @param {string} name @param {string} value */
async function fill(name, value) {
  const field = await page.waitForSelector(id(name), { visible: true })
  await field?.click({ count: 3 })
  await page.keyboard.press('Backspace')
  await field?.type(value)
}

/** @param {string} name */
function text(name) {
  return page.$eval(id(name), (element) => (element.textContent ?? '').trim())
}

/** @param {string} name */
function visible(name) {
  return page.$eval(id(name), (element) => element.checkVisibility())
}

/** @param {string} name @param {string} attributeName */
function attribute(name, attributeName) {
  return page.$eval(id(name), (element, key) => element.getAttribute(key), attributeName)
}

function focused() {
  return page.evaluate(() => document.activeElement?.getAttribute('data-testid'))
}

/** @param {string} name @param {string | RegExp} expected */
function shows(name, expected) {
  return until(async () => {
    const found = await text(name)
    if (typeof expected === 'string') assert.equal(found, expected)
    else assert.match(found, expected)
  })
}

/** @param {() => void | Promise<void>} check Repeated until it throws no more */
async function until(check) {
  const end = Date.now() + 10_000
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

async function operations() {
  return (await sim.journal()).map((/** @type {any} */ { operation }) => operation)
}

/** A picture at each width, which the page must fit into. @param {string} name */
async function screenshot(name) {
  for (const width of WIDTHS) {
    await page.setViewport({ width, height: 900 })
    await page.evaluate(() => scrollTo(0, 0))
    const spare = await page.evaluate(() => {
      const { clientWidth, scrollWidth } = document.documentElement
      return clientWidth - scrollWidth
    })
    assert.ok(spare >= 0, `${name} is ${-spare} px too wide for ${width} px`)
    const file = path.join(SCREENSHOTS, `${name}-${width}.png`)
    await page.screenshot({ path: file, fullPage: true })
  }
}

// ── Secrets ────────────────────────────────────────────────────────────────────────────────────

/** The credentials that the platform gave out, with the password that follows from each. */
const credentials = [{ secret: '', password: '' }]

/**
 * The page may show a credential before this process has read the same answer.
 * @param {number} count
 */
async function credentialNumber(count) {
  await until(async () => assert.ok(credentials.length >= count, `${count} credentials`))
  return credentials[count - 1] ?? { secret: '', password: '' }
}

async function watch() {
  const session = await page.createCDPSession()
  await session.send('Network.enable')
  session.on('Network.webSocketCreated', ({ url }) => seen.sockets.push(url))
  page.on('request', (request) => seen.urls.push(request.url()))
  page.on('pageerror', (error) => seen.errors.push(String(error)))
  page.on('console', (message) => {
    seen.console.push(message.text())
    // The browser itself notes each answer of 400 and above.
    const refused = message.text().startsWith('Failed to load resource')
    const called = message.location().url?.includes('/aliyun/')
    if (message.type() === 'error' && !(refused && called)) seen.errors.push(message.text())
  })
  page.on('response', async (response) => {
    if (!response.url().includes('/aliyun/') || response.request().method() === 'OPTIONS') return
    const { DeviceCredential: found } = await response.json().catch(() => ({}))
    if (!found?.DeviceAccessKeySecret) return
    const secret = found.DeviceAccessKeySecret
    const password = createHmac('sha1', secret).update(found.ClientId).digest('base64')
    credentials.push({ secret, password })
    seen.secrets.push(secret, password)
  })
}

/** No secret in what the page holds, stores, asks for or prints; and no error printed. */
async function nothingLeaked() {
  const inPage = await page.evaluate(async () => ({
    document: document.documentElement.outerHTML,
    fields: [...document.querySelectorAll('input')].map(({ value }) => value).join('\n'),
    address: location.href,
    cookie: document.cookie,
    history: JSON.stringify(history.state),
    local: JSON.stringify(localStorage),
    session: JSON.stringify(sessionStorage),
    databases: JSON.stringify(await indexedDB.databases()),
    loaded: JSON.stringify(performance.getEntriesByType('resource').map(({ name }) => name)),
  }))
  const urls = [...seen.urls, ...seen.sockets].join('\n')
  const places = { ...inPage, urls, console: seen.console.join('\n') }
  assert.ok(seen.secrets.length > 3, 'the platform gave out a credential')
  for (const secret of seen.secrets) {
    for (const form of new Set([
      secret,
      encodeURIComponent(secret),
      secret.replaceAll('&', '&amp;'),
    ])) {
      for (const [place, content] of Object.entries(places)) {
        assert.ok(!content.includes(form), `a secret stands in ${place}`)
      }
    }
  }
  const { local, session, cookie, databases } = places
  assert.deepEqual([local, session, cookie, databases], ['{}', '{}', '', '[]'])
  assert.deepEqual(seen.errors, [])
}
