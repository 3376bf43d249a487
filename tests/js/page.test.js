// The page in a browser, against the simulator: what a user sees, and what the platform received.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { launchChromium } from './support/chromium.js'
import { startSimulator } from './support/simulator.js'

const SCREENSHOTS = fileURLToPath(new URL('../../artifacts/screenshots/', import.meta.url))
const SECRET = 's+e/c=r&t%1'
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
let seen = { urls: [''], console: [''], errors: [''], secrets: [''], tokens: [''] }

before(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true })
  sim = await startSimulator({
    args: ['--demo-devices', '--mount', '/=www', '--mount', '/northbound=pkg'],
  })
  browser = await launchChromium()
})

after(async () => {
  await browser?.close()
  await sim?.stop()
})

beforeEach(async () => {
  await sim.control('DELETE', '/journal')
  seen = { urls: [], console: [], errors: [], secrets: [SECRET], tokens: [] }
  context = await browser.createBrowserContext()
  page = await context.newPage()
  await page.setViewport({ width: 1440, height: 900 })
  watch(page)
})

afterEach(async () => {
  await context?.close()
})

describe('the page', () => {
  test('obtains a token, registers a device and refreshes its key', async () => {
    await open()
    await screenshot('start')
    await logIn()
    assert.equal(await text('token-scope'), 'default')
    assert.match(await text('token-life'), /^\d+:\d\d$/)
    assert.equal(await text('token-state'), 'live')

    await fill('register-nodeId', 'page-node-1')
    await fill('register-name', 'Pump 7')
    await fill('register-timeout', '3600')
    await click('register-submit')
    await shows('status', 'Registered page-node-1')
    assert.equal(await text('device-title'), 'Pump 7')
    const deviceId = await text('device-id')
    await codeIsMasked()

    await page.select(id('simulator-device'), deviceId)
    await click('simulator-activate')
    await shows('status', 'page-node-1 is offline')
    await click('device-query')
    await shows('device-activated', 'activated')

    await click('device-refresh')
    await fill('refresh-timeout', '60')
    await screenshot('refresh-form')
    await click('refresh-submit')
    await shows('status', 'The device has a new verification code')
    assert.match(await text('secret-life'), /^expires in (01:00|00:5\d)$/)
    await codeIsMasked()
    await screenshot('refreshed')
    await nothingLeaked()

    const calls = await journal()
    const credentials = '/iocm/app/reg/v1.1.0/deviceCredentials'
    assert.deepEqual(
      calls.map(({ operation, method, path, status }) => [operation, method, path, status]),
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
    const logged = await page.$$eval(id('event'), (rows) =>
      rows.map((row) => row.textContent ?? ''),
    )
    assert.ok(logged.some((row) => row.includes('PUT') && row.includes(`${credentials}/`)))
  })

  test('explains the refusal to refresh the key of an online device, and mends it', async () => {
    await open()
    await logIn()
    await click('devices-load')
    await shows('status', /^Loaded \d+ devices$/)
    const { devices } = await sim.control('GET', '/devices')
    const online = devices.find(isOnline)
    const row = `[data-device="${online.deviceId}"] `

    await press(`${row}${id('device-refresh')}`)
    await press(`${row}${id('refresh-submit')}`)
    await shows('error-code', '[400 / 100611]')
    assert.match(await text('error-description'), /online/i)
    assert.match(await text('error-meaning'), /offline/)
    assert.match(await text('error-remedy'), /offline/)
    assert.equal(await text('error-action'), 'take-device-offline')
    assert.equal(await text('error-kind'), 'platform')
    assert.equal(await text('error-attempts'), '1')
    assert.equal(await text('error-retryable'), 'no')
    assert.equal(await attribute('error-card', 'role'), 'alert')
    await screenshot('error')

    await click('error-offer')
    await shows('status', /is offline$/)
    await press(`${row}${id('refresh-submit')}`)
    await shows('status', 'The device has a new verification code')
    assert.equal(await page.$(id('error-card')), null)
    await nothingLeaked()
    assert.deepEqual(
      (await journal()).map(({ operation, status, code }) => [operation, status, code ?? null]),
      [
        ['login', 200, null],
        ['refreshDeviceKey', 400, '100611'],
        ['refreshDeviceKey', 200, null],
      ],
    )
  })

  test('explains a wrong secret and shows it nowhere', async () => {
    seen.secrets.push('wrong-s+cret')
    await open()
    await fill('connection-appId', 'app1')
    await fill('connection-secret', 'wrong-s+cret')
    await page.keyboard.press('Enter')
    await shows('error-code', '[401 / 100208]')
    assert.notEqual(await text('error-meaning'), '')
    assert.notEqual(await text('error-remedy'), '')
    assert.equal(await text('connection-state'), 'not logged in')
    await screenshot('wrong-secret')
    await nothingLeaked()
  })

  test('names the argument at the field for an empty application ID', async () => {
    await open()
    await fill('connection-secret', SECRET)
    await click('login')
    const field = `.field:has(${id('connection-appId')}) ${id('field-error')}`
    await until(async () => {
      const error = await page.$eval(field, (element) => element.textContent ?? '')
      assert.match(error, /clientInfo\.appId/)
    })
    assert.equal(await text('error-argument'), 'clientInfo.appId')
    assert.equal(await text('error-kind'), 'invalid-argument')
    assert.equal(await text('error-attempts'), '0')
    assert.equal(await attribute('connection-appId', 'aria-invalid'), 'true')
    assert.equal(await focused(), 'connection-appId')
    await screenshot('field-error')
    await nothingLeaked()
    assert.deepEqual(await journal(), [], 'nothing was sent')
  })

  test('leaves the judgement of a timeout to the package', async () => {
    await open()
    await logIn()
    await fill('register-nodeId', 'page-node-2')
    for (const wrong of ['soon', '-1', '1.5']) {
      await fill('register-timeout', wrong)
      await click('register-submit')
      await shows('error-argument', 'input.timeout')
      assert.equal(await focused(), 'register-timeout')
      await click('error-dismiss')
    }
    assert.deepEqual(await operations(), ['login'])
  })

  test('cancels a call under way', async () => {
    await open()
    await logIn()
    const held = []
    await page.setRequestInterception(true)
    page.on('request', (request) => {
      if (request.url().includes('/refreshToken')) held.push(request)
      else void request.continue()
    })
    await click('token-refresh')
    await until(() => assert.equal(held.length, 1))
    assert.equal(await attribute('token-refresh', 'aria-busy'), 'true')
    assert.equal(await attribute('token-refresh', 'aria-disabled'), 'true')
    await screenshot('busy')
    await click('token-refresh')
    await click('cancel')
    await shows('status', 'Cancelled')
    assert.equal(await attribute('token-refresh', 'aria-busy'), null)
    assert.equal(await page.$(id('cancel')), null)
    assert.equal(await page.$(id('error-card')), null)
    assert.equal(held.length, 1, 'a press on a busy button sends nothing')
  })

  test('renews the token by both ways and copies it without showing it', async () => {
    await context.overridePermissions(sim.http, [
      'clipboard-read',
      'clipboard-write',
      'clipboard-sanitized-write',
    ])
    await open()
    await logIn()
    await click('token-refresh')
    await shows('status', 'Token refreshed')
    await click('token-force')
    await shows('status', 'Logged in again; the former token has ended')
    assert.deepEqual(await operations(), ['login', 'refreshToken', 'login'])

    await page.bringToFront()
    await click('token-copy')
    await shows('status', 'Access token copied')
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), seen.tokens.at(-1))
    await nothingLeaked()
    assert.equal((await operations()).length, 3, 'a live token is copied without a call')
  })

  test('adds a device by its ID and deletes it after a confirmation in the page', async () => {
    const { deviceId } = await sim.control('POST', '/devices', { nodeId: 'page-node-3' })
    await open()
    await logIn()
    await click('device-add-submit')
    await shows('error-argument', 'input.deviceId')
    await fill('device-add-id', deviceId)
    await page.keyboard.press('Enter')
    await shows('device-id', deviceId)

    await click('device-delete')
    assert.equal(await focused(), 'delete-no')
    await page.keyboard.press('Escape')
    assert.equal(await focused(), 'device-delete')
    await click('device-delete')
    await screenshot('delete')
    await click('delete-yes')
    await shows('status', 'Device deleted')
    assert.equal(await page.$(id('device')), null)
    const last = (await journal()).at(-1)
    assert.deepEqual(
      [last?.operation, last?.method, last?.status],
      ['deleteDirectDevice', 'DELETE', 204],
    )
  })

  test('forgets token and devices on Disconnect', async () => {
    await open()
    await logIn()
    await click('devices-load')
    await page.waitForSelector(id('device'))
    await click('disconnect')
    await shows('connection-state', 'not logged in')
    assert.equal(await text('token-state'), 'none')
    assert.equal(await page.$(id('device')), null)
    assert.ok(await page.$eval(id('register-submit'), (button) => button.matches(':disabled')))
    await nothingLeaked()
  })

  test('says what to do when the package cannot be loaded', async () => {
    for (const [blocked, title] of /** @type {const} */ ([
      ['/northbound/browser.js', /package northbound/],
      ['.wasm', /WebAssembly module/],
    ])) {
      const broken = await context.newPage()
      await broken.setViewport({ width: 1440, height: 900 })
      await broken.setRequestInterception(true)
      broken.on('request', (request) => {
        // The text that stands in for the file is blocked with it.
        const stands = blocked === '.wasm' && request.url().endsWith('/inline-wasm.js')
        if (stands || request.url().endsWith(blocked))
          void request.respond({ status: 404, body: '' })
        else void request.continue()
      })
      await broken.goto(`${sim.http}/`)
      await shows('load-failure-title', title, broken)
      assert.match(await text('load-failure-remedy', broken), /served?/)
      assert.equal(await broken.$eval(id('login'), (button) => button.matches(':disabled')), true)
      await screenshot(blocked === '.wasm' ? 'no-wasm' : 'no-package', broken)
      await broken.close()
    }
  })

  test('is usable without a mouse and names every control', async () => {
    await open()
    await page.focus(id('connection-appId'))
    await page.keyboard.type('app1')
    await page.keyboard.press('Tab')
    await page.keyboard.type(SECRET)
    await page.keyboard.press('Enter')
    await shows('connection-state', 'logged in as app1')
    await click('devices-load')
    await page.waitForSelector(id('device'))
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
    await logIn()
    await click('devices-load')
    await page.waitForSelector(id('device'))
    const colours = await page.evaluate(() => {
      const { backgroundColor, color } = getComputedStyle(document.body)
      return [backgroundColor, color].map((rgb) => Number(rgb.match(/\d+/)?.[0]))
    })
    assert.ok(colours[0] < 60 && colours[1] > 200, `background and text are ${colours}`)
    await screenshot('dark')
  })

  test('allows its inline import map by the right hash', () => {
    const file = new URL('../../www/index.html', import.meta.url)
    const html = readFileSync(file, 'utf8')
    const [, map = ''] = /<script type="importmap">(.*?)<\/script>/s.exec(html) ?? []
    const hash = createHash('sha256').update(map).digest('base64')
    assert.ok(html.includes(`'sha256-${hash}'`), `the policy needs 'sha256-${hash}'`)
  })
})

// ── Steps ──────────────────────────────────────────────────────────────────────────────────────

async function open() {
  await page.goto(`${sim.http}/`)
  await shows('status', 'Ready')
  await page.waitForSelector(id('simulator-card'), { visible: true })
}

async function logIn() {
  await click('preset-simulator')
  await click('login')
  await shows('connection-state', 'logged in as app1')
  assert.equal(
    await page.$eval(id('connection-secret'), (input) => 'value' in input && input.value),
    '',
  )
}

/** Presses "Show", compares with what the platform answered, and lets go. */
async function codeIsMasked() {
  const code = seen.secrets.at(-1)
  assert.match(await text('secret-value'), MASK)
  const button = await page.$(id('secret-show'))
  await button?.scrollIntoView()
  await button?.hover()
  await page.mouse.down()
  assert.equal(await text('secret-value'), code)
  await page.mouse.up()
  assert.match(await text('secret-value'), MASK)
  await button?.focus()
  await page.keyboard.down('Space')
  assert.equal(await text('secret-value'), code)
  await page.keyboard.up('Space')
  assert.match(await text('secret-value'), MASK)
}

// ── Looking ────────────────────────────────────────────────────────────────────────────────────

/** @param {string} name */
function id(name) {
  return `[data-testid="${name}"]`
}

/** @param {string} name */
function click(name) {
  return press(id(name))
}

/** @param {string} selector */
async function press(selector) {
  const found = await page.waitForSelector(selector, { visible: true })
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
function text(name, from = page) {
  return from.$eval(id(name), (element) => (element.textContent ?? '').trim())
}

/** @param {string} name @param {string} attributeName */
function attribute(name, attributeName) {
  return page.$eval(id(name), (element, key) => element.getAttribute(key), attributeName)
}

function focused() {
  return page.evaluate(() => document.activeElement?.getAttribute('data-testid'))
}

/** @param {string} name @param {string | RegExp} expected */
function shows(name, expected, from = page) {
  return until(async () => {
    const found = await text(name, from)
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

/**
 * @typedef {{
 *   operation: string
 *   method: string
 *   path: string
 *   status: number
 *   code: string | null
 *   headers: Record<string, string>
 * }} Call
 *   `operation` by the simulator's own names
 */

/** @returns {Promise<Call[]>} What the platform was asked, the oldest first */
async function journal() {
  return (await sim.control('GET', '/journal')).calls
}

/** @param {{ state: string }} device */
function isOnline({ state }) {
  return state.toLowerCase() === 'online'
}

async function operations() {
  return (await journal()).map((call) => call.operation)
}

/** A picture at each width, which the page must fit into. @param {string} name */
async function screenshot(name, from = page) {
  for (const width of WIDTHS) {
    await from.setViewport({ width, height: 900 })
    await from.evaluate(() => scrollTo(0, 0))
    const spare = await from.evaluate(() => {
      const { clientWidth, scrollWidth } = document.documentElement
      return clientWidth - scrollWidth
    })
    assert.ok(spare >= 0, `${name} is ${-spare} px too wide for ${width} px`)
    const file = path.join(SCREENSHOTS, `${name}-${width}.png`)
    await from.screenshot({ path: file, fullPage: true })
  }
}

// ── Secrets ────────────────────────────────────────────────────────────────────────────────────

/** @param {import('puppeteer-core').Page} from */
function watch(from) {
  from.on('request', (request) => seen.urls.push(request.url()))
  from.on('pageerror', (error) => seen.errors.push(String(error)))
  from.on('console', (message) => {
    seen.console.push(message.text())
    // The browser itself notes each answer of 400 and above.
    const refused = message.text().startsWith('Failed to load resource')
    const called = message.location().url?.includes('/iocm/')
    if (message.type() === 'error' && !(refused && called)) seen.errors.push(message.text())
  })
  from.on('response', async (response) => {
    if (!response.url().includes('/iocm/') || response.request().method() === 'OPTIONS') return
    const answer = await response.json().catch(() => ({}))
    if (answer.accessToken) seen.tokens.push(answer.accessToken)
    for (const name of ['accessToken', 'refreshToken', 'psk', 'verifyCode']) {
      if (answer[name]) seen.secrets.push(answer[name])
    }
  })
}

/** No secret in what the page holds, stores, asks for or prints; and no error printed. */
async function nothingLeaked() {
  const inPage = await page.evaluate(async () => ({
    document: document.documentElement.outerHTML,
    title: document.title,
    cookie: document.cookie,
    history: JSON.stringify(history.state),
    local: JSON.stringify(localStorage),
    session: JSON.stringify(sessionStorage),
    databases: JSON.stringify(await indexedDB.databases()),
    loaded: JSON.stringify(performance.getEntriesByType('resource').map(({ name }) => name)),
  }))
  const places = { ...inPage, urls: seen.urls.join('\n'), console: seen.console.join('\n') }
  assert.ok(seen.secrets.length > 0)
  for (const secret of seen.secrets) {
    for (const form of new Set([
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
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
