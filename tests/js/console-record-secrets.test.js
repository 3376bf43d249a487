// What the console keeps and shows of requests holds no secret, whatever was sent and answered.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { ACCESS_KEY, INSTANCE, STS, deviceRef } from './support/aliyun.js'
import { launchChromium } from './support/chromium.js'
import { Tab, openTab, until } from './support/console.js'
import { serveRecordPage } from './support/record.js'
import { APP } from './support/simulator.js'

const PSK = '0123456789abcdef0123'

/** @type {Awaited<ReturnType<typeof serveRecordPage>>} */
let simulator
/** @type {import('puppeteer-core').Browser} */
let browser
/** @type {Tab} */
let tab
/** Signatures and tokens as they were sent. @type {Set<string>} */
const sent = new Set()

before(async () => {
  simulator = await serveRecordPage()
  browser = await launchChromium()
  const context = await browser.createBrowserContext()
  const known = [
    ...[APP.secret, PSK, ACCESS_KEY.accessKeyId, ACCESS_KEY.accessKeySecret],
    ...[STS.accessKeyId, STS.accessKeySecret, String(STS.securityToken)],
  ]
  tab = await openTab(context, `${simulator.http}/`, { secrets: known })
  await tab.page.waitForFunction(() => 'record' in globalThis)
  tab.page.on('request', (request) => {
    const { authorization = '' } = request.headers()
    for (const form of [authorization, request.postData() ?? '', request.url()]) {
      for (const [, found = ''] of form.matchAll(/(?:Bearer |Signature=|Token=)([^&\s]+)/g)) {
        sent.add(decodeURIComponent(found))
      }
    }
  })
})

after(async () => {
  await browser?.close()
  await simulator?.stop()
})

/** Everything of both platforms that carries a secret either way. */
async function wholeFlow() {
  await tab.page.evaluate(
    async (app, psk) => {
      const client = record.northApi(app, { retry: false })
      const named = { nodeId: 'meter-1', verifyCode: 'code-of-the-caller', timeout: 0 }
      const { deviceId } = await client.regDirectDevice({ ...named, isSecure: true, psk })
      await client.regDirectDevice({ nodeId: 'meter-2' })
      await client.queryDeviceStatus({ deviceId })
      await client.refreshDeviceKey({ deviceId, verifyCode: 'another-code-of-his' }).catch(() => {})
      await client.refreshAuthToken()
      await client.getAuthToken({ force: true })
      const wrong = record.northApi({ ...app, secret: `${app.secret}wrong` }, { retry: false })
      await wrong.getAuthToken().catch(() => {})
      await fetch('/_sim/tokens/kill', { method: 'POST' })
      await client.queryDeviceStatus({ deviceId })
      await client.deleteDirectDevice({ deviceId })
    },
    APP,
    PSK,
  )
  for (const credentials of [ACCESS_KEY, STS]) {
    for (const signature of /** @type {const} */ (['ACS3-HMAC-SHA256', 'HMAC-SHA1'])) {
      const name = `${signature}-${credentials.accessKeyId.slice(0, 3)}`
      await tab.page.evaluate(
        async (config, ref, instanceId) => {
          const client = record.onsMqtt(config, { retry: false })
          await client.registerDeviceCredential(ref)
          await client.getDeviceCredential(ref)
          await client.refreshDeviceCredential(ref)
          const expireTime = Date.now() + 3_600_000
          const asked = { instanceId, resources: ['a/#'], expireTime }
          const { token } = await client.applyToken({ ...asked, actions: 'R' })
          await client.queryToken({ instanceId, token })
          await client.revokeToken({ instanceId, token })
          await client.unRegisterDeviceCredential(ref)
        },
        { credentials, signature },
        deviceRef(name),
        INSTANCE,
      )
    }
  }
}

/** All that the recorder keeps. */
const kept = () =>
  tab.page.evaluate(() => {
    const { calls, markers, budget } = record.recorder
    return JSON.stringify([calls.value, markers.value, budget.value])
  })

/** The page with the details of each call in turn, all of it unfolded. */
async function shown() {
  await until(async () => {
    const answers = await tab.page.evaluate(() =>
      record.recorder.calls.value.every(({ segments }) =>
        segments.every((each) => each.kind !== 'attempt' || each.exchange?.answer),
      ),
    )
    assert.ok(answers, 'an answer is still being read')
  })
  const { length } = await tab.page.evaluate(() => record.recorder.calls.value)
  const rows = await tab.page.$$('[data-testid="call"]')
  await rows.at(-1)?.click()
  await tab.page.keyboard.press('Escape')
  await tab.page.keyboard.press('Home')
  const pages = []
  for (let index = 0; index < length; index += 1) {
    await tab.page.keyboard.press('Enter')
    await tab.page.waitForSelector('[data-testid="requests-details"]')
    pages.push(
      await tab.page.evaluate(() => {
        for (const part of document.querySelectorAll('details')) part.open = true
        return document.documentElement.outerHTML
      }),
    )
    await tab.page.keyboard.press('Escape')
    await tab.page.keyboard.press('ArrowDown')
  }
  assert.equal(new Set(pages).size, length, 'each call is shown once')
  return pages.join('\n')
}

/** @param {string} content @param {Iterable<string>} secrets */
function leaksIn(content, secrets) {
  const found = []
  for (const secret of secrets) {
    const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]
    const html = secret.replaceAll('&', '&amp;')
    if ([...forms, html].some((form) => content.includes(form))) found.push(secret)
  }
  return found
}

test('after all operations of both platforms no secret is kept or shown', async (t) => {
  await wholeFlow()
  const [page, data] = [await shown(), await kept()]
  const secrets = [...tab.seen.secrets, ...sent, 'code-of-the-caller', 'another-code-of-his']
  t.diagnostic(`${new Set(secrets).size} secrets, ${data.length} characters kept`)
  assert.ok(sent.size > 20, `${sent.size} signatures and tokens were sent`)
  for (const operation of ['regDirectDevice', 'refreshAuthToken', 'applyToken', 'revokeToken']) {
    assert.ok(data.includes(operation), `${operation} was recorded`)
  }
  assert.ok(page.includes('GID_tests@@@ACS3-HMAC-SHA256-STS'), 'requests are shown')
  assert.deepEqual(leaksIn(data, secrets), [])
  assert.deepEqual(leaksIn(page, secrets), [])
  await tab.nothingLeaked()
})

test('a secret that goes under an innocent name would be found', async () => {
  await tab.page.evaluate(async (app) => {
    const client = record.northApi(app, { retry: false })
    await client.regDirectDevice({ nodeId: 'leak', deviceInfo: { model: app.secret } })
  }, APP)
  const [page, data] = [await shown(), await kept()]
  assert.deepEqual(leaksIn(data, [APP.secret]), [APP.secret])
  assert.deepEqual(leaksIn(page, [APP.secret]), [APP.secret])
})
