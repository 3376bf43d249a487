// Drives the console in a browser, against the simulator, and keeps what must show nowhere.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { after, before } from 'node:test'
import { fileURLToPath } from 'node:url'

import { launchChromium } from './chromium.js'
import { startSimulator } from './simulator.js'

const SCREENSHOTS = fileURLToPath(new URL('../../../artifacts/screenshots/', import.meta.url))
const BUILT = fileURLToPath(new URL('../../../www/dist/index.html', import.meta.url))

/** Widths that every view has to fit into: a phone and a desk. */
export const WIDTHS = [390, 1440]

/** Members of answers that no page may show, store or send elsewhere. */
const SECRET_MEMBERS = [
  'accessToken',
  'refreshToken',
  'psk',
  'verifyCode',
  'DeviceAccessKeySecret',
  'Token',
]

/** A simulator that serves the built console; `args` are further ones. @param {string[]} [args] */
export function serveConsole(args = []) {
  assert.ok(existsSync(BUILT), `the console is not built: scripts/console`)
  return startSimulator({ args: ['--demo-devices', '--mount', '/=www/dist', ...args] })
}

/**
 * The console, and a Chromium to look at it, for all tests of a file or a group: both are there once these run.
 *
 * @param {Parameters<typeof launchChromium>[0]} [options]
 */
export function consoleInChromium(options) {
  /** @type {{ sim: Awaited<ReturnType<typeof serveConsole>>, browser: import('puppeteer-core').Browser }} */
  const stage = /** @type {any} */ ({})
  before(async () => {
    stage.sim = await serveConsole()
    stage.browser = await launchChromium(options)
  })
  after(async () => {
    await stage.browser?.close()
    await stage.sim?.stop()
  })
  return stage
}

/**
 * One tab of the console.
 *
 * @param {import('puppeteer-core').BrowserContext} context tabs of one context share their storage
 * @param {string} address
 * @param {{ secrets?: string[], language?: string, width?: number }} [options] `secrets` are known beforehand
 */
export async function openTab(context, address, options = {}) {
  const { secrets = [], language = 'en', width = 1440 } = options
  const page = await context.newPage()
  await page.setViewport({ width, height: 900 })
  await page.evaluateOnNewDocument((tag) => {
    Object.defineProperty(navigator, 'languages', { get: () => [tag] })
  }, language)
  const seen = watch(page, secrets)
  await page.goto(address)
  await page.waitForSelector('#app main')
  return new Tab(page, seen)
}

/** @param {import('puppeteer-core').Page} page @param {string[]} known */
function watch(page, known) {
  const seen = {
    urls: [''],
    console: [''],
    /** Faults that the browser told. @type {string[]} */
    errors: [],
    secrets: [...known],
    /** Access tokens, the oldest first. @type {string[]} */
    tokens: [],
  }
  page.on('request', (request) => seen.urls.push(request.url()))
  page.on('pageerror', (error) => seen.errors.push(String(error)))
  page.on('console', (message) => {
    seen.console.push(message.text())
    // The browser itself notes each answer of 400 and above.
    const noted = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !noted) seen.errors.push(message.text())
  })
  page.on('response', async (response) => {
    if (response.request().method() === 'OPTIONS') return
    const answer = await response.json().catch(() => undefined)
    if (answer?.accessToken) seen.tokens.push(answer.accessToken)
    collect(answer, seen.secrets)
  })
  return seen
}

/** @param {unknown} answer @param {string[]} secrets */
function collect(answer, secrets) {
  if (typeof answer !== 'object' || answer === null) return
  for (const [name, value] of Object.entries(answer)) {
    if (typeof value === 'object') collect(value, secrets)
    else if (SECRET_MEMBERS.includes(name) && value) secrets.push(String(value))
  }
}

/** What a user does and sees in one tab; elements are named by `data-testid`. */
export class Tab {
  /** @param {import('puppeteer-core').Page} page @param {ReturnType<typeof watch>} seen */
  constructor(page, seen) {
    this.page = page
    this.seen = seen
  }

  // ── Doing ────────────────────────────────────────────────────────────────────────────────────

  /** @param {string} name @param {string} [within] a selector that the element stands in */
  async click(name, within = '') {
    const found = await this.page.waitForSelector(`${within} ${id(name)}`, { visible: true })
    await found?.click()
  }

  /** Replaces what stands in a field. @param {string} name @param {string} value */
  async fill(name, value, within = '') {
    const field = await this.page.waitForSelector(`${within} ${id(name)}`, { visible: true })
    await field?.click({ count: 3 })
    await this.page.keyboard.press('Backspace')
    await field?.type(value)
  }

  /** @param {string} name @param {string} value */
  async choose(name, value) {
    await this.page.waitForSelector(id(name), { visible: true })
    await this.page.select(id(name), value)
  }

  /** Logs in to the simulator's application, in the place of the northbound API. */
  async logIn() {
    await this.click('preset-simulator')
    await this.click('login')
    await this.shows('connection-state', 'logged in as app1')
  }

  // ── Looking ──────────────────────────────────────────────────────────────────────────────────

  /** @param {string} name */
  text(name, within = '') {
    return this.page.$eval(`${within} ${id(name)}`, (element) => (element.textContent ?? '').trim())
  }

  /** @param {string} name @returns {Promise<string[]>} */
  texts(name) {
    return this.page.$$eval(id(name), (found) =>
      found.map((element) => (element.textContent ?? '').trim()),
    )
  }

  /** @param {string} name @returns {Promise<string>} what stands in a field */
  value(name) {
    return this.page.$eval(id(name), (element) => ('value' in element ? String(element.value) : ''))
  }

  /** @param {string} name @param {string} attribute */
  attribute(name, attribute) {
    return this.page.$eval(id(name), (element, key) => element.getAttribute(key), attribute)
  }

  /** @param {string} name */
  isThere(name) {
    return this.page.$eval(id(name), () => true).catch(() => false)
  }

  focused() {
    return this.page.evaluate(() => document.activeElement?.getAttribute('data-testid'))
  }

  /** Waits until an element says what is expected. @param {string} name @param {string | RegExp} expected */
  shows(name, expected, within = '') {
    return until(async () => {
      const found = await this.text(name, within)
      if (typeof expected === 'string') assert.equal(found, expected)
      else assert.match(found, expected)
    })
  }

  /** Presses what shows a secret, gives what it shows, and lets go. @param {string} [secret] the id of the secret */
  async reveal(secret = 'secret', within = '') {
    const button = await this.page.waitForSelector(`${within} ${id(`${secret}-show`)}`)
    await button?.scrollIntoView()
    await button?.hover()
    await this.page.mouse.down()
    let shown = ''
    await until(async () => {
      shown = await this.text(`${secret}-value`, within)
      assert.doesNotMatch(shown, /^•+$/)
    })
    await this.page.mouse.up()
    await this.shows(`${secret}-value`, /^•+$/, within)
    return shown
  }

  /** A picture at each width, which the page must fit into; `artifacts/screenshots/`. @param {string} name */
  async screenshot(name) {
    mkdirSync(SCREENSHOTS, { recursive: true })
    for (const width of WIDTHS) {
      await this.page.setViewport({ width, height: 900 })
      await this.page.evaluate(() => scrollTo(0, 0))
      const spare = await this.page.evaluate(() => {
        const { clientWidth, scrollWidth } = document.documentElement
        return clientWidth - scrollWidth
      })
      assert.ok(spare >= 0, `${name} is ${-spare} px too wide for ${width} px`)
      const file = path.join(SCREENSHOTS, `${name}-${width}.png`)
      await this.page.screenshot({ path: file, fullPage: true })
    }
  }

  // ── Secrets ──────────────────────────────────────────────────────────────────────────────────

  /**
   * No secret in what the page holds, asks for or prints, and none in storage in the clear; and no fault
   * told by the browser.
   */
  async nothingLeaked() {
    const inPage = await this.page.evaluate(async () => {
      /** @param {IDBRequest} request @returns {Promise<any>} */
      const done = (request) =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result)
          request.onerror = () => reject(request.error)
        })
      const records = []
      for (const { name } of await indexedDB.databases()) {
        const database = await done(indexedDB.open(String(name)))
        for (const store of database.objectStoreNames) {
          const content = database.transaction(store).objectStore(store)
          records.push(await done(content.getAllKeys()), await done(content.getAll()))
        }
        database.close()
      }
      return {
        document: document.documentElement.outerHTML,
        title: document.title,
        address: location.href,
        cookie: document.cookie,
        history: JSON.stringify(history.state),
        local: JSON.stringify(localStorage),
        session: JSON.stringify(sessionStorage),
        databases: JSON.stringify(records),
        loaded: JSON.stringify(performance.getEntriesByType('resource').map(({ name }) => name)),
      }
    })
    const { seen } = this
    const places = { ...inPage, urls: seen.urls.join('\n'), console: seen.console.join('\n') }
    assert.ok(seen.secrets.length > 0, 'there is no secret to look for')
    for (const secret of seen.secrets) {
      const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]
      for (const form of new Set(forms)) {
        for (const [place, content] of Object.entries(places)) {
          assert.ok(!content.includes(form), `a secret stands in ${place}`)
        }
      }
    }
    assert.deepEqual(seen.errors, [])
  }
}

/** The selector of an element. @param {string} name */
export function id(name) {
  return `[data-testid="${name}"]`
}

/** @param {() => void | Promise<void>} check repeated until it throws no more */
export async function until(check, patienceMs = 10_000) {
  const end = Date.now() + patienceMs
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
