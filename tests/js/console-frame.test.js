// The frame of the console in Chromium: its policy, where one is, languages, colors, keys, and a page that cannot load.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, test } from 'node:test'

import { policyOfPage } from '../../www/policy.js'
import { consoleInChromium, id, openTab, until } from './support/console.js'

const BUILT = new URL('../../www/dist/index.html', import.meta.url)
const PLACES = ['huawei', 'mqtt', 'errors']

const stage = consoleInChromium()
/** @type {import('puppeteer-core').BrowserContext} */
let context

beforeEach(async () => {
  context = await stage.browser.createBrowserContext()
})
afterEach(() => context?.close())

describe('the policy', () => {
  test('stands in the built page as policy.js has it, before anything is loaded', async () => {
    const html = readFileSync(BUILT, 'utf8')
    const { page } = await openTab(context, stage.sim.http)
    const first = await page.$eval('head > :first-child', (element) => element.outerHTML)
    assert.match(first, /^<meta http-equiv="Content-Security-Policy"/)
    const content = await page.$eval('head > meta', (element) => element.getAttribute('content'))
    assert.equal(content, policyOfPage())
    // Nothing of the page itself would get past it.
    assert.doesNotMatch(html, /<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|data:/)
  })

  test('refuses scripts, evaluation, markup from texts, frames and foreign files', async () => {
    const { page } = await openTab(context, stage.sim.http)
    const outcome = await page.evaluate(async () => {
      /** @type {string[]} */
      const violated = []
      // What is evaluated from outside may do what the page itself may not, until it waits.
      await new Promise((resolve) => setTimeout(resolve, 0))
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
        violated.push(effectiveDirective),
      )
      const thrown = (/** @type {() => void} */ act) => {
        try {
          act()
          return 'nothing'
        } catch (error) {
          return /** @type {Error} */ (error).name
        }
      }
      const script = document.createElement('script')
      script.append('window.ran = true')
      const image = new Image()
      image.src = 'https://elsewhere.example/x.png'
      const frame = document.createElement('iframe')
      frame.src = 'https://elsewhere.example/'
      document.body.append(script, image, frame)
      const errors = [
        thrown(() => (document.body.innerHTML = '<p>')),
        thrown(() => new Function('return 1')()),
        thrown(() => new Worker('/assets/x.js')),
        thrown(() => Object(window).trustedTypes.createPolicy('mine', {})),
      ]
      await new Promise((resolve) => setTimeout(resolve, 200))
      return { ran: 'ran' in window, errors, violated: [...new Set(violated)].sort() }
    })
    assert.equal(outcome.ran, false)
    assert.deepEqual(outcome.errors, ['TypeError', 'EvalError', 'TypeError', 'TypeError'])
    for (const directive of ['require-trusted-types-for', 'trusted-types', 'img-src', 'frame-src'])
      assert.ok(outcome.violated.includes(directive), `${directive} in ${outcome.violated}`)
  })
})

test('without a network everything comes from the page’s own origin', async () => {
  const tab = await openTab(context, stage.sim.http)
  for (const place of PLACES) await tab.click(`place-${place}-link`)
  await tab.choose('language', 'zh')
  await tab.choose('theme', 'dark')
  await tab.page.reload()
  await tab.page.waitForSelector('#app main')
  const foreign = tab.seen.urls.filter((url) => url && new URL(url).origin !== stage.sim.http)
  assert.deepEqual(foreign, [])
  assert.ok(tab.seen.urls.some((url) => url.endsWith('.wasm')))
  assert.deepEqual(tab.seen.errors, [])
})

describe('where one is', () => {
  test('stands in the fragment, the title and the links', async () => {
    const tab = await openTab(context, `${stage.sim.http}/#errors`)
    const { page } = tab
    const titles = new Set()
    for (const place of ['errors', 'mqtt', 'huawei']) {
      await tab.click(`place-${place}-link`)
      await until(async () => {
        assert.equal(await tab.attribute(`place-${place}-link`, 'aria-current'), 'page')
        const seen = await page.$$eval('main > div:not([hidden])', (found) =>
          found.map((element) => element.id),
        )
        assert.deepEqual(seen, [`place-${place}`])
      })
      assert.equal(new URL(page.url()).hash, `#${place}`)
      assert.equal((await page.$$('[aria-current]')).length, 1)
      titles.add(await page.title())
    }
    assert.equal(titles.size, 3)
    for (const title of titles) assert.match(title, /^\S.* · northbound$/)

    // What was typed in a place is there when one comes back.
    await page.$eval('#place-huawei', (place) => place.setAttribute('data-kept', ''))
    await page.goBack()
    await until(async () => assert.match(await page.title(), /^ApsaraMQ/))
    await page.goto(`${stage.sim.http}/#no-such-place`)
    await until(async () => assert.match(await page.title(), /^Huawei/))
    assert.ok(await page.$('#place-huawei[data-kept] section'))
    await page.reload()
    await page.waitForSelector('#place-huawei section')
    assert.equal(await page.$('#place-mqtt section'), null, 'a place is made when it is shown')
  })

  test('begins at its top', async () => {
    const tab = await openTab(context, stage.sim.http)
    await tab.page.evaluate(() => {
      const main = /** @type {HTMLElement} */ (document.querySelector('main'))
      main.style.minHeight = '300vh'
      scrollTo(0, 900)
    })
    await tab.page.evaluate(() => (location.hash = '#mqtt'))
    await until(async () => assert.equal(await tab.page.evaluate(() => scrollY), 0))
  })
})

describe('language', () => {
  test('follows the browser, is switched by the user, and is remembered', async () => {
    const chinese = await openTab(context, stage.sim.http, { language: 'zh-CN' })
    const lang = () => chinese.page.$eval('html', (element) => element.lang)
    assert.equal(await lang(), 'zh-CN')
    assert.match(await chinese.page.title(), /^华为北向接口 · /)
    assert.equal(await chinese.text('place-errors-link'), '错误')
    await chinese.screenshot('frame-zh')

    await chinese.choose('language', 'en')
    await until(async () => assert.equal(await lang(), 'en'))
    assert.match(await chinese.page.title(), /^Huawei northbound · /)
    assert.equal(await chinese.text('place-errors-link'), 'Errors')
    await chinese.page.reload()
    await chinese.page.waitForSelector('#app main')
    assert.equal(await lang(), 'en')
    assert.equal(await chinese.value('language'), 'en')
  })

  test('and colors are chosen also where the browser denies storage', async () => {
    const page = await context.newPage()
    await page.evaluateOnNewDocument(() => {
      const denied = () => {
        throw new DOMException('denied', 'SecurityError')
      }
      Object.defineProperty(window, 'localStorage', { get: denied })
    })
    await page.goto(stage.sim.http)
    await page.waitForSelector(id('language'))
    await page.select(id('language'), 'zh')
    await page.select(id('theme'), 'dark')
    assert.equal(await page.$eval('html', (element) => element.lang), 'zh-CN')
    assert.equal(await page.$eval('html', (element) => element.dataset['theme']), 'dark')
  })
})

describe('colors', () => {
  test('follow the system, are switched by the user, and are remembered', async () => {
    const tab = await openTab(context, stage.sim.http)
    const { page } = tab
    const background = () =>
      page.evaluate(() => {
        const color = getComputedStyle(document.documentElement).backgroundColor
        return Number(/\d+/.exec(color)?.[0])
      })
    const system = (/** @type {string} */ value) =>
      page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }])
    await system('light')
    assert.ok((await background()) > 200)
    await system('dark')
    assert.ok((await background()) < 60)
    await tab.choose('theme', 'light')
    assert.ok((await background()) > 200)
    await system('light')
    await tab.choose('theme', 'dark')
    assert.ok((await background()) < 60)
    await page.reload()
    await page.waitForSelector('#app main')
    assert.ok((await background()) < 60)
    assert.equal(await tab.value('theme'), 'dark')
  })
})

describe('by keys', () => {
  test('one goes through the header in its order, or past it', async () => {
    const tab = await openTab(context, `${stage.sim.http}/#errors`)
    const { keyboard } = tab.page
    const expected = ['skip', ...PLACES.map((name) => `place-${name}-link`), 'language', 'theme']
    for (const name of expected) {
      await keyboard.press('Tab')
      assert.equal(await tab.focused(), name)
    }
    await tab.page.reload()
    await tab.page.waitForSelector('#app main')
    await keyboard.press('Tab')
    const seen = await tab.page.$eval(id('skip'), (link) => link.getBoundingClientRect().top)
    assert.ok(seen >= 0, 'the link is in sight while it has the focus')
    await tab.page.screenshot({ path: 'artifacts/screenshots/skip-link.png' })
    await keyboard.press('Enter')
    assert.equal(await tab.page.evaluate(() => document.activeElement?.id), 'content')
    assert.equal(new URL(tab.page.url()).hash, '#errors')
  })
})

test('the header leaves a phone’s screen to the content, and every target is large enough', async () => {
  for (const language of ['en', 'zh']) {
    const tab = await openTab(context, stage.sim.http, { language, width: 390 })
    const height = await tab.page.$eval('.top', (header) => header.getBoundingClientRect().height)
    assert.ok(height <= 100, `${height} px of 844`)
    const small = await tab.page.$$eval('.top a, .top select', (targets) =>
      targets
        .map((target) => target.getBoundingClientRect())
        .filter(({ width, height }) => width < 24 || height < 24),
    )
    assert.deepEqual(small, [])
    await tab.page.close()
  }
})

describe('a page that cannot be loaded', () => {
  /** @type {import('puppeteer-core').Page} */
  let page
  /** What is asked for in vain. */
  let missing = /nothing/
  beforeEach(async () => {
    page = await context.newPage()
    await page.setViewport({ width: 1440, height: 900 })
    await page.setRequestInterception(true)
    page.on('request', (request) => {
      if (missing.test(request.url())) void request.respond({ status: 404, body: '' })
      else void request.continue()
    })
  })

  test('says so where the WebAssembly is missing, why, and tries again', async () => {
    missing = /\.wasm$/
    await page.goto(stage.sim.http)
    await page.waitForSelector(id('load-failure'))
    const text = (/** @type {string} */ name) =>
      page.$eval(id(name), ({ textContent }) => textContent)
    assert.match(String(await text('load-failure-title')), /could not be loaded/)
    assert.match(String(await text('load-failure-remedy')), /application\/wasm.*wasm-unsafe-eval/)
    assert.match(String(await text('load-failure-detail')), /\.wasm was answered with status 404/)
    await page.screenshot({ path: 'artifacts/screenshots/no-wasm.png' })

    missing = /nothing/
    await page.click(id('load-retry'))
    await page.waitForSelector(id('place-huawei'))
  })

  test('comes where the browser lets it store nothing, and shares no token there', async () => {
    /** @type {unknown[]} */
    const errors = []
    page.on('pageerror', (error) => errors.push(error))
    await page.evaluateOnNewDocument(() => {
      const get = () => {
        throw new DOMException('denied', 'SecurityError')
      }
      for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
        Object.defineProperty(window, name, { get })
    })
    missing = /nothing/
    await page.goto(stage.sim.http)
    const click = async (/** @type {string} */ name) =>
      (await page.waitForSelector(id(name)))?.click()
    const text = (/** @type {string} */ name) =>
      page.$eval(id(name), ({ textContent }) => textContent)
    await click('share')
    await click('preset-simulator')
    await click('login')
    await page.waitForSelector(id('error-card'))
    assert.equal(await text('error-description'), 'The token cannot be shared')
    await click('share')
    await until(async () => assert.match(String(await text('status')), /no longer shared; nothing/))
    await click('login')
    await until(async () => assert.equal(await text('connection-state'), 'logged in as app1'))
    assert.deepEqual(errors, [])
  })

  test('keeps no language that nobody has chosen', async () => {
    missing = /nothing/
    await page.goto(stage.sim.http)
    await page.waitForSelector(id('language'))
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), [])
    await page.select(id('language'), 'zh')
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), ['northbound.language'])
  })

  test('says so where the browser has no WebAssembly', async () => {
    await page.evaluateOnNewDocument(() => {
      Reflect.deleteProperty(window, 'WebAssembly')
    })
    await page.goto(stage.sim.http)
    const title = await page.waitForSelector(id('load-failure-title'))
    assert.match(String(await title?.evaluate((found) => found.textContent)), /no WebAssembly/)
  })

  test('says so after a while where its script is missing', async () => {
    missing = /\.js$/
    await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'no-preference' }])
    await page.goto(stage.sim.http)
    assert.equal(await page.$eval('.late', (text) => getComputedStyle(text).visibility), 'hidden')
    await page.waitForSelector('.late', { visible: true, timeout: 8000 })
    assert.match(await page.$eval('.late', (text) => text.textContent ?? ''), /assets/)
  })
})
