// The console's place of all documented errors, in a browser.
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'

import { consoleInChromium, id, openTab, until } from './support/console.js'
import { importPackage } from './support/package.js'

const { errorCatalogue } = await importPackage()
/** @typedef {import('northbound').CatalogueEntry} Entry */

/** @type {readonly Entry[]} */
const ALL = errorCatalogue()

const stage = consoleInChromium()
/** @type {import('puppeteer-core').BrowserContext} */
let context
/** @type {import('./support/console.js').Tab} */
let tab

beforeEach(async () => {
  context = await stage.browser.createBrowserContext()
})

afterEach(async () => {
  assert.deepEqual(tab.seen.errors, [])
  await context?.close()
})

describe('the place of all documented errors', () => {
  test('shows every error of the catalogue, and says how many there are', async () => {
    await open()
    await tab.shows('errors-count', `${ALL.length} errors`)
    assert.equal(await tab.attribute('errors-count', 'role'), 'status')
    await until(async () =>
      assert.deepEqual(
        await tab.texts('errors-code'),
        ALL.map(({ code }) => code),
      ),
    )
    assert.deepEqual(
      await tab.texts('errors-remedy'),
      ALL.map(({ remedy }) => remedy),
    )
    await tab.screenshot('errors-all')
  })

  test('finds a code first, then words, and marks them', async () => {
    await open()
    await tab.fill('errors-search', '100611')
    await shown(
      ALL.filter(({ code }) => code === '100611'),
      'an exact code',
    )
    assert.equal(await address(), '#errors?search=100611')
    const marked = await tab.page.$$eval(`${id('errors-code')} mark`, (marks) =>
      marks.map((mark) => mark.textContent),
    )
    assert.deepEqual([...new Set(marked)], ['100611'])
    await tab.screenshot('errors-code')

    // What only begins so comes behind; what merely speaks of it comes last.
    await tab.fill('errors-search', 'throttling')
    await until(async () => assert.equal((await tab.texts('errors-code'))[0], 'Throttling'))
    const codes = await tab.texts('errors-code')
    const later = codes.findIndex((code) => !code.startsWith('Throttling'))
    assert.ok(later === -1 || codes.slice(later).every((code) => !code.startsWith('Throttling')))

    await tab.fill('errors-search', 'OFFLINE device key')
    const text = (/** @type {Entry} */ entry) =>
      [entry.message, entry.meaning, entry.remedy, ...entry.operations].join(' ').toLowerCase()
    const expected = ALL.filter((entry) =>
      ['offline', 'device', 'key'].every((word) => text(entry).includes(word)),
    )
    assert.ok(expected.length > 0 && expected.length < 20)
    await shown(expected, 'words in any order')
    await tab.screenshot('errors-words')
  })

  test('finds the entry of a code with a name in it', async () => {
    await open('search=InvalidParameter.ClientId')
    const found = await shownCodes()
    assert.ok(found.length > 0)
    assert.deepEqual([...new Set(found)], ['InvalidParameter.%s'])
  })

  test('narrows down by platform, operation, action and chance', async () => {
    await open()
    await tab.choose('errors-operation', 'applyToken')
    await shown(ALL.filter(({ operations }) => operations.includes('applyToken')))
    // The operation is none of the other platform's, so it goes.
    await tab.choose('errors-platform', 'huawei-northbound')
    await shown(ALL.filter(({ platform }) => platform === 'huawei-northbound'))
    assert.equal(await tab.value('errors-operation'), '')
    await tab.choose('errors-operation', 'refreshDeviceKey')
    await tab.choose('errors-action', 'contact-platform')
    await tab.choose('errors-retryable', 'yes')
    await shown(
      ALL.filter(
        (entry) =>
          entry.operations.includes('refreshDeviceKey') &&
          entry.action === 'contact-platform' &&
          entry.retryable,
      ),
    )
    assert.equal(
      await address(),
      '#errors?platform=huawei-northbound&operation=refreshDeviceKey&action=contact-platform&retryable=yes',
    )
    await tab.screenshot('errors-filters')
  })

  test('advises where nothing matches, and shows all again', async () => {
    await open()
    await tab.fill('errors-search', 'no such words')
    await tab.shows('errors-count', 'No documented error matches')
    assert.match(await tab.text('errors-empty'), /fewer words/)
    await tab.screenshot('errors-empty')
    await tab.click('errors-all')
    await tab.shows('errors-count', `${ALL.length} errors`)
    assert.equal(await tab.focused(), 'errors-search')
    assert.equal(await tab.value('errors-search'), '')
    assert.equal(await address(), '#errors')
  })

  test('keeps the search in the address, not in the history', async () => {
    await open('search=100217')
    await shown(ALL.filter(({ code }) => code === '100217'))
    const steps = await tab.page.evaluate(() => history.length)
    await tab.fill('errors-search', 'quota')
    await until(async () => assert.equal(await address(), '#errors?search=quota'))
    assert.equal(await tab.page.evaluate(() => history.length), steps)
    await tab.page.reload()
    await until(async () => assert.equal(await tab.value('errors-search'), 'quota'))

    await tab.click('place-mqtt-link')
    await until(async () => assert.equal(await address(), '#mqtt'))
    await tab.click('place-errors-link')
    await until(async () => assert.equal(await address(), '#errors?search=quota'))
    assert.equal(await tab.value('errors-search'), 'quota')
  })

  test('leads to one entry by its link', async () => {
    await open('search=100208')
    const twins = ALL.filter(({ code }) => code === '100208')
    assert.ok(twins.length > 1, 'there are several of them')
    await shown(twins)
    const meanings = await tab.texts('errors-meaning')
    const links = await tab.page.$$(id('errors-code'))
    await links[1]?.click()
    await tab.shows('errors-count', 'One error, from a link')
    assert.deepEqual(await tab.texts('errors-meaning'), meanings.slice(1, 2))
    assert.match(await address(), /^#errors\?entry=/)
    await tab.page.reload()
    await tab.shows('errors-count', 'One error, from a link')
    assert.deepEqual(await tab.texts('errors-meaning'), meanings.slice(1, 2))
    await tab.screenshot('errors-entry')
    await tab.page.goBack()
    await shown(twins)
  })

  test('is where the link of an error leads', async () => {
    tab = await openTab(context, `${stage.sim.http}/#mqtt`, { secrets: ['simulatorStsSecret0002'] })
    await tab.click('ons-preset')
    await tab.click('ons-use')
    await tab.fill('ons-clientId', 'GID_errors@@@none')
    await tab.click('ons-get')
    await tab.shows('error-code', '[400 / DeviceCredentialNotFound]')
    await tab.click('error-look-up')
    await shown(ALL.filter(({ code }) => code === 'DeviceCredentialNotFound'))
    assert.equal(await tab.value('errors-search'), 'DeviceCredentialNotFound')
    await tab.nothingLeaked()
  })

  test('explains the actions in plain words, in Chinese too, and follows the colors', async () => {
    await open('search=1010005')
    await tab.click('errors-legend')
    assert.match(await tab.text('errors-legend'), /Take the device offline take-device-offline/)
    assert.match(await tab.text('errors-legend'), /May succeed later retryable/)
    assert.equal(await tab.text('errors-todo'), 'Log in again')
    assert.equal(await tab.text('errors-chance'), 'may succeed later')
    await tab.choose('theme', 'dark')
    await tab.screenshot('errors-dark')
    await tab.choose('language', 'zh')
    await tab.shows('errors-todo', '重新登录')
    await tab.screenshot('errors-chinese')
  })

  test('answers each letter at once', async () => {
    await open()
    const session = await tab.page.createCDPSession()
    // What the page's thread works, whatever else this machine has to do.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    const worked = async () => {
      const { metrics } = await session.send('Performance.getMetrics')
      return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN)
    }
    const times = []
    for (let round = 0; round < 5; round += 1) {
      // From none to all is the most that a letter can change.
      await type('no such words')
      const before = await worked()
      await type('')
      times.push((await worked()) - before)
      await until(async () => assert.equal((await tab.texts('errors-code')).length, ALL.length))
    }
    times.sort((one, other) => one - other)
    console.log(`work for a letter in ms: ${times.map(Math.round).join(' ')}`)
    assert.ok(Number(times[1]) < 50, `${times[1]} ms`)
  })
})

// ── Steps ──────────────────────────────────────────────────────────────────────────────────────

async function open(search = '') {
  tab = await openTab(context, `${stage.sim.http}/#errors${search && `?${search}`}`)
  await until(async () => assert.ok(await tab.isThere('errors-count')))
}

/** Types into the search box, and waits until the answer is drawn. @param {string} text */
function type(text) {
  return tab.page.$eval(
    id('errors-search'),
    async (field, typed) => {
      if (field instanceof HTMLInputElement) field.value = typed
      field.dispatchEvent(new Event('input', { bubbles: true }))
      await new Promise((resolve) => setTimeout(resolve))
      document.body.getBoundingClientRect()
    },
    text,
  )
}

function address() {
  return tab.page.evaluate(() => location.hash)
}

async function shownCodes() {
  await until(async () => assert.ok(await tab.isThere('errors-list')))
  return tab.texts('errors-code')
}

/** @param {readonly Entry[]} expected @param {string} [why] */
async function shown(expected, why) {
  assert.ok(expected.length > 0, 'there is nothing to expect')
  await tab.shows('errors-count', `${expected.length} of ${ALL.length} errors`)
  const described = (/** @type {string[]} */ codes, /** @type {string[]} */ meanings) =>
    codes.map((code, at) => `${code} ${meanings[at]}`).sort()
  // The first of them are drawn at once, the others in steps.
  await until(async () =>
    assert.deepEqual(
      described(await tab.texts('errors-code'), await tab.texts('errors-meaning')),
      described(
        expected.map(({ code }) => code),
        expected.map(({ meaning }) => meaning),
      ),
      why,
    ),
  )
}
