// What a browser asks before a call to the second platform on another origin: nothing, or a preflight.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'

import { ACCESS_KEY, INSTANCE, STS, arrived, deviceRef } from './support/aliyun.js'
import { launchChromium } from './support/chromium.js'
import { startSimulator } from './support/simulator.js'

const ENTRY = '/northbound/browser.js'

/** @typedef {Awaited<ReturnType<typeof startSimulator>>} Simulator */

/** @type {Simulator} */
let pages
/** @type {Simulator} */
let platform
/** @type {import('puppeteer-core').Browser} */
let browser
/** @type {import('puppeteer-core').Page} */
let page

before(async () => {
  pages = await startSimulator({ args: ['--mount', '/=www', '--mount', '/northbound=pkg'] })
  platform = await startSimulator({ args: ['--preflight', 'permissive'] })
  browser = await launchChromium()
  page = await browser.newPage()
  await page.goto(`${pages.http}/`)
})

after(async () => {
  await browser?.close()
  await platform?.stop()
  await pages?.stop()
})

beforeEach(async () => {
  await platform.control('PATCH', '/settings', { preflight: 'permissive' })
  await platform.control('DELETE', '/credentials')
  await platform.control('DELETE', '/journal')
})

/**
 * Makes calls in the page.
 * @param {'ACS3-HMAC-SHA256' | 'HMAC-SHA1'} signature
 * @param {import('northbound').AliyunCredentials} [credentials]
 * @returns {Promise<any>}
 */
const calls = (signature, credentials = ACCESS_KEY) =>
  page.evaluate(
    async (entry, endpoint, signature, credentials, ref) => {
      const { OnsMqttClient, init } = await import(entry)
      await init()
      const client = new OnsMqttClient({ endpoint, credentials, signature }, { retry: false })
      const { instanceId } = ref
      const expireTime = Date.now() + 3_600_000
      try {
        const { deviceCredential } = await client.registerDeviceCredential(ref)
        const got = await client.getDeviceCredential(ref)
        const ids = []
        for await (const id of client.clientIds({ groupId: 'GID_tests', instanceId })) ids.push(id)
        const topics = { resources: ['a/#'], actions: 'R', expireTime: new Date(expireTime) }
        const { token } = await client.applyToken({ instanceId, ...topics })
        const { tokenStatus } = await client.queryToken({ instanceId, token })
        await client.revokeToken({ instanceId, token })
        await client.refreshDeviceCredential(ref)
        await client.unRegisterDeviceCredential(ref)
        return { registered: deviceCredential, got: got.deviceCredential, ids, tokenStatus }
      } catch (error) {
        const { name, kind, code, message } = /** @type {any} */ (error)
        return { name, kind, code, message }
      }
    },
    pages.http + ENTRY,
    platform.http,
    signature,
    credentials,
    deviceRef('中/in a+page'),
  )

const OPERATIONS = [
  'registerDeviceCredential',
  'getDeviceCredential',
  'listDeviceCredentialClientId',
  'applyToken',
  'queryToken',
  'revokeToken',
  'refreshDeviceCredential',
  'unRegisterDeviceCredential',
]

/** @param {any} outcome */
function answered({ registered, got, ids, tokenStatus, ...error }) {
  assert.deepEqual(error, {})
  assert.deepEqual(got, registered)
  assert.equal(registered.clientId, deviceRef('中/in a+page').clientId)
  assert.deepEqual(ids, [registered.clientId])
  assert.equal(tokenStatus, true)
}

describe('from a page of another origin', () => {
  test('the platform is of another origin', () => {
    assert.notEqual(new URL(pages.http).origin, new URL(platform.http).origin)
  })

  for (const preflight of ['permissive', '2022', 'none']) {
    for (const [kind, credentials] of Object.entries({ permanent: ACCESS_KEY, temporary: STS })) {
      test(`HMAC-SHA1 needs no preflight (${kind} key, platform ${preflight})`, async () => {
        await platform.control('PATCH', '/settings', { preflight })
        answered(await calls('HMAC-SHA1', credentials))
        const rows = await arrived(platform)
        assert.deepEqual(
          rows.map(({ operation }) => operation),
          OPERATIONS,
        )
        for (const row of rows) {
          assert.equal(row.status, 200)
          assert.equal(row.method, 'POST')
          assert.equal(row.headers.origin, new URL(pages.http).origin)
          assert.equal(row.query, '')
        }
      })
    }
  }

  test('ACS3-HMAC-SHA256 does, and is answered where it is allowed', async () => {
    answered(await calls('ACS3-HMAC-SHA256'))
    const operations = (await arrived(platform)).map(({ operation }) => operation)
    const asked = operations.filter((operation) => operation === 'preflight')
    assert.ok(asked.length > 0)
    assert.equal(operations[0], 'preflight')
    assert.deepEqual(
      operations.filter((operation) => operation !== 'preflight'),
      OPERATIONS,
    )
  })

  test('ACS3-HMAC-SHA256 is a NetworkError where the preflight does not allow it', async () => {
    await platform.control('PATCH', '/settings', { preflight: 'none' })
    const error = await calls('ACS3-HMAC-SHA256', STS)
    assert.deepEqual([error.name, error.kind], ['NetworkError', 'network'])
    const operations = (await arrived(platform)).map(({ operation }) => operation)
    assert.ok(operations.length > 0)
    for (const operation of operations) assert.equal(operation, 'preflight')
  })

  test('a refusal is read as it is in Node', async () => {
    const credentials = { ...ACCESS_KEY, accessKeyId: 'LTAInobody' }
    const error = await calls('HMAC-SHA1', credentials)
    assert.equal(error.name, 'PlatformError')
    assert.equal(error.code, 'InvalidAccessKeyId.NotFound')
    assert.ok(!error.message.includes(INSTANCE))
  })
})
