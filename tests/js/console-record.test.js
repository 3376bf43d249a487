// The timeline of requests and the gauge of the throttle, as one looks at them and works with them.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { readFile } from 'node:fs/promises'

import { launchChromium } from './support/chromium.js'
import { Tab, id, openTab, until } from './support/console.js'
import { serveRecordPage } from './support/record.js'
import { APP } from './support/simulator.js'

const DEVICE = '00000000-0000-4000-a000-000000000001'
const PATH = `/iocm/app/reg/v1.1.0/deviceCredentials/${DEVICE}`

/** @type {Awaited<ReturnType<typeof serveRecordPage>>} */
let simulator
/** @type {import('puppeteer-core').Browser} */
let browser
/** @type {Tab} */
let tab

before(async () => {
  simulator = await serveRecordPage(['--limit', 'off'])
  browser = await launchChromium()
})

after(async () => {
  await browser?.close()
  await simulator?.stop()
})

afterEach(async () => {
  await tab?.page.close()
})

beforeEach(async () => {
  await simulator.control('DELETE', '/faults')
  const context = await browser.createBrowserContext()
  await context.overridePermissions(simulator.http, [
    'clipboard-read',
    'clipboard-write',
    'clipboard-sanitized-write',
  ])
  tab = await openTab(context, `${simulator.http}/`, { secrets: [APP.secret] })
  await tab.page.waitForFunction(() => 'record' in globalThis)
  // Only the page in front has the clipboard.
  await tab.page.bringToFront()
})

/** Calls at once, by one client. */
async function query(count = 1, options = {}, deviceId = DEVICE) {
  await tab.page.evaluate(
    async (app, count, options, deviceId) => {
      const client = record.northApi(app, options)
      const calls = Array.from({ length: count }, () => client.queryDeviceStatus({ deviceId }))
      await Promise.allSettled(calls)
    },
    APP,
    count,
    /** @type {import('northbound').ClientOptions} */ (options),
    deviceId,
  )
}

/** @param {string} name */
const focusedCall = (name = 'data-call') =>
  tab.page.evaluate((key) => document.activeElement?.getAttribute(key), name)

async function findings() {
  await tab.page.evaluate(
    await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8'),
  )
  return tab.page.evaluate(async () => {
    // @ts-expect-error it has just been loaded
    const { violations } = await globalThis.axe.run()
    return violations.map((/** @type {any} */ { id, nodes }) => `${id}: ${nodes[0]?.html}`)
  })
}

describe('the timeline', () => {
  test('says what will be seen in it, and has a row for each call and for its login', async () => {
    assert.match(await tab.text('requests-empty'), /^Nothing has been sent yet/)
    await query()
    await tab.shows('requests-count', '2 of 2')
    assert.deepEqual(await tab.texts('call-operation'), ['getAuthToken', 'queryDeviceStatus'])
    await until(async () => assert.deepEqual(await tab.texts('call-outcome'), ['200', '200']))
    const [, summary = ''] = await tab.texts('call-summary')
    assert.ok(summary.startsWith(`GET ${PATH}: 200`), summary)
    assert.equal(await tab.isThere('requests-empty'), false)
    await tab.click('requests-clear')
    await tab.shows('requests-count', '0 of 0')
  })

  test('tells retries and their reason, and what the platform calls a refusal', async () => {
    const fault = { operation: 'queryDeviceStatus', kind: 'error', code: '1010009', status: 400 }
    await simulator.control('POST', '/faults', { ...fault, times: 1 })
    await query(1, { throttle: { calls: 10, perMs: 300, slackMs: 0 } })
    await query(1, {}, 'nobody')
    await until(async () => {
      const outcomes = await tab.texts('call-outcome')
      assert.deepEqual(outcomes, ['200', '200', '200', '404 · 100403'])
    })
    assert.match((await tab.texts('call-summary'))[1] ?? '', /200; retries: 1/)
    await tab.choose('requests-outcome', 'retried')
    await tab.shows('requests-count', '1 of 4')
    await tab.click('call')
    await tab.shows('requests-details-events', /Attempt 1 failed \(1010009\); again in/)
    assert.equal((await tab.texts('requests-details-attempt')).length, 2)
  })

  test('marks tokens and warnings in time, and tells them in words', async () => {
    await query()
    await simulator.control('POST', '/tokens/kill')
    await tab.page.evaluate(
      async (app, deviceId) => {
        const client = record.northApi(app, {})
        await client.getAuthToken()
        await fetch('/_sim/tokens/kill', { method: 'POST' })
        await client.queryDeviceStatus({ deviceId })
        await client.refreshAuthToken()
      },
      APP,
      DEVICE,
    )
    await tab.page.click(`${id('requests-markers')} summary`)
    await until(async () => {
      const told = (await tab.texts('marker')).map((text) => text.replace(/^\S+ /, ''))
      assert.match(told[0] ?? '', /^Token 3: renewed, lives for 60 min$/)
      assert.match(told[1] ?? '', /^Token 2: logged in/)
      assert.equal(told[2], 'Token 1: refused by the platform')
    })
    assert.equal((await tab.page.$$('.tl-flag')).length, 5)
  })

  test('waits at the throttle grow while they last, and the gauge tells of them', async () => {
    const done = query(5, { throttle: { calls: 3, perMs: 1500, slackMs: 0 } })
    await tab.shows('budget-waiting', 'waiting: 2')
    assert.equal(await tab.attribute('budget-meter', 'aria-valuenow'), '3')
    assert.match(await tab.text('budget-free'), /^Next call in /)
    const width = () =>
      tab.page.$eval('.tl-bar.throttle', (bar) => bar.getBoundingClientRect().width)
    const outcome = () => tab.texts('call-outcome')
    assert.ok((await outcome()).includes('waits its turn'))
    const before = await tab.texts('call-duration')
    await until(async () => assert.notDeepEqual(await tab.texts('call-duration'), before))
    assert.ok((await width()) > 20)
    await done
    await tab.shows('budget-waiting', 'nobody waits')
    assert.match((await tab.texts('call-summary')).at(-1) ?? '', /waited 1\.\d s for its turn/)
    await tab.choose('requests-outcome', 'waited')
    await tab.shows('requests-count', '2 of 6')
    await tab.shows('budget-free', 'The next call goes out at once')
  })

  test('draws only the rows in view, and follows the newest until one scrolls up', async () => {
    await query(120, { throttle: false })
    await tab.shows('requests-count', '121 of 121')
    const rows = () =>
      tab.page.$$eval(id('call'), (found) =>
        found.map((row) => Number(row.getAttribute('aria-rowindex'))),
      )
    await until(async () => assert.ok((await rows()).includes(122)))
    assert.ok((await rows()).length < 30)
    assert.equal(await tab.attribute('requests-rows', 'aria-rowcount'), '122')
    await tab.page.hover(id('requests-rows'))
    await tab.page.mouse.wheel({ deltaY: -1200 })
    await until(async () =>
      assert.equal(await tab.attribute('requests-follow', 'aria-pressed'), 'false'),
    )
    await until(async () => assert.ok(!(await rows()).includes(122)))
    const top = () => tab.page.$eval(id('requests-rows'), (list) => list.scrollTop)
    await until(async () => {
      const at = await top()
      await new Promise((resolve) => setTimeout(resolve, 150))
      assert.equal(await top(), at, 'it still scrolls')
    })
    const seen = await top()
    await query()
    await tab.shows('requests-count', '123 of 123')
    assert.equal(await top(), seen)
    await tab.click('requests-follow')
    await until(async () => assert.ok((await rows()).includes(124)))
  })

  test('finds by words and by operation', async () => {
    await query(2)
    await query(1, {}, 'nobody')
    await tab.shows('requests-count', '5 of 5')
    await tab.fill('requests-search', 'nobody 404')
    await tab.shows('requests-count', '1 of 5')
    await tab.fill('requests-search', 'nothing of the kind')
    await tab.shows('requests-empty', /^No call matches/)
    await tab.fill('requests-search', '#1')
    await tab.choose('requests-operation', 'getAuthToken')
    await tab.shows('requests-count', '2 of 5')
  })

  test('shows as much time as one wants', async () => {
    await query()
    await new Promise((resolve) => setTimeout(resolve, 600))
    await query()
    await tab.shows('requests-count', '4 of 4')
    const first = () => tab.page.$eval('.tl-bar.attempt', (bar) => bar.getBoundingClientRect().left)
    const zooms = []
    for (const zoom of ['seconds', 'minute', 'all']) {
      await tab.click(`requests-zoom-${zoom}`)
      assert.equal(await tab.attribute(`requests-zoom-${zoom}`, 'aria-pressed'), 'true')
      zooms.push(await first())
    }
    // All of it is less than ten seconds.
    assert.equal(new Set(zooms).size, 1)
    const ticks = await tab.page.$$eval('.tl-tick', (found) =>
      found.map(({ textContent }) => textContent),
    )
    assert.ok(ticks.length > 1 && ticks.every((tick) => /^(\d\d:\d\d:\d\d.*)?$/.test(tick ?? '')))
  })
})

describe('a call', () => {
  test('is found, opened and left by the keyboard alone', async () => {
    await query(30, { throttle: false })
    await tab.shows('requests-count', '31 of 31')
    await tab.page.focus(id('requests-outcome'))
    await tab.page.keyboard.press('Tab')
    assert.equal(await focusedCall('aria-rowindex'), '32', 'the newest row comes first')
    await tab.page.keyboard.press('ArrowUp')
    await until(async () => assert.equal(await focusedCall('aria-rowindex'), '31'))
    await tab.page.keyboard.press('Home')
    await until(async () => assert.equal(await focusedCall('aria-rowindex'), '2'))
    await tab.page.keyboard.press('PageDown')
    await until(async () => assert.ok(Number(await focusedCall('aria-rowindex')) > 8))
    const call = await focusedCall()
    await tab.page.keyboard.press('Enter')
    await until(async () => assert.equal(await tab.focused(), 'requests-details'))
    await tab.page.keyboard.press('Escape')
    await until(async () => assert.equal(await focusedCall(), call))
    assert.equal(await tab.isThere('requests-details'), false)
  })

  test('shows request and answer side by side without secrets, also as curl', async () => {
    await tab.page.evaluate(async (app) => {
      const client = record.northApi(app, {})
      await client.regDirectDevice({ nodeId: 'meter-9', psk: '00112233445566778899' })
    }, APP)
    tab.seen.secrets.push('00112233445566778899')
    await tab.shows('requests-count', '2 of 2')
    const [login, registration] = await tab.page.$$(id('call'))
    await registration?.click()
    await tab.shows('requests-details-answer', /"deviceId": "[\w-]+",\s+"verifyCode": "••••••"/)
    await tab.shows('requests-details-request', /"nodeId": "meter-9",\s+"psk": "••••••"/)
    await tab.shows('requests-details-request', /authorizationBearer ••••••/)
    await tab.click('requests-details-curl')
    await tab.shows('status', 'curl command copied')
    let command = ''
    await until(async () => {
      command = await tab.page.evaluate(() => navigator.clipboard.readText())
      assert.notEqual(command, '')
    })
    assert.match(command, /^curl --request POST 'http:\/\/127\.0\.0\.1:\d+\/iocm/)
    assert.ok(command.includes(`--header 'authorization: Bearer REDACTED'`), command)
    assert.ok(command.includes(`--data-raw '{"nodeId":"meter-9","psk":"REDACTED"}'`), command)
    await login?.click()
    await tab.shows('requests-details-request', /appIdapp1secret••••••/)
    await tab.shows('requests-details-answer', /"tokenType": "bearer"/)
    await tab.nothingLeaked()
  })

  test('says of an answer that is not kept why: too large, no text, broken off', async () => {
    const bodies = [
      [{ kind: 'answer', status: 200, body: `"${'x'.repeat(70_000)}"` }, /\d+ KB: too large/],
      [{ kind: 'answer', status: 200, bodyBase64: '//79AAEC' }, /6 B that are no text/],
      [{ kind: 'cut' }, /broke off after \d+ B|No answer was recorded/],
    ]
    for (const [fault, expected] of /** @type {[object, RegExp][]} */ (bodies)) {
      await simulator.control('POST', '/faults', {
        operation: 'queryDeviceStatus',
        times: 1,
        ...fault,
      })
      await query(1, { retry: false })
      await until(async () => assert.equal((await tab.texts('call-outcome')).length % 2, 0))
      const rows = await tab.page.$$(id('call'))
      await rows.at(-1)?.click()
      await tab.shows('requests-details-answer', expected)
      await tab.page.keyboard.press('Escape')
    }
  })
})

test('fits at both widths, in both themes and languages, without findings', async () => {
  await tab.screenshot('record-empty')
  const fault = { operation: 'queryDeviceStatus', kind: 'error', code: '1010009', status: 400 }
  await simulator.control('POST', '/faults', { ...fault, times: 2, skip: 4 })
  await query(14, { throttle: { calls: 6, perMs: 700, slackMs: 0 } })
  await query(1, {}, 'nobody')
  const rows = await tab.page.$$(id('call'))
  await rows.at(-1)?.click()
  await tab.page.waitForSelector(id('requests-details'))
  for (const theme of /** @type {const} */ (['light', 'dark'])) {
    for (const language of /** @type {const} */ (['en', 'zh'])) {
      await tab.page.evaluate(
        (chosen, said) => {
          record.chooseTheme(chosen)
          record.chooseLanguage(said)
        },
        theme,
        language,
      )
      await tab.screenshot(`record-${theme}-${language}`)
      assert.deepEqual(await findings(), [], `${theme} ${language}`)
    }
  }
})
