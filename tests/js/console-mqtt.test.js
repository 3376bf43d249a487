// The console's place of ApsaraMQ for MQTT in a browser, against the simulator and its broker.
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'

import { consoleInChromium, id, until } from './support/console.js'
import { INSTANCE, KEY, STS, openMqtt } from './support/console-mqtt.js'

const stage = consoleInChromium()
/** @type {import('puppeteer-core').BrowserContext} */
let context
/** @type {Awaited<ReturnType<typeof openMqtt>>} */
let place
/** @type {import('./support/console.js').Tab} */
let tab

beforeEach(async () => {
  await stage.sim.control('DELETE', '/journal')
  context = await stage.browser.createBrowserContext()
  place = await openMqtt(context, stage.sim)
  tab = place.tab
})

afterEach(async () => {
  await context?.close()
})

describe('the place of ApsaraMQ for MQTT', () => {
  test('registers a device, connects as it, publishes and receives', async () => {
    await tab.screenshot('mqtt-start')
    await place.takeKeys()
    const clientId = await place.chooseDevice()
    await tab.click('ons-register')
    await tab.shows('status', `Registered ${clientId}`)
    assert.equal(await tab.text('ons-result-clientId'), clientId)
    const username = `DeviceCredential|${await tab.text('ons-result-keyId')}|${INSTANCE}`
    assert.equal(await tab.text('ons-login-username'), username)
    const { secret, password } = await place.credentialNumber(1)
    assert.equal(await tab.reveal('secret', id('ons-result')), secret)
    assert.equal(await tab.reveal('secret', id('ons-login-password')), password)
    await tab.screenshot('mqtt-registered')

    await tab.click('ons-connect')
    await tab.shows('status', `Connected as ${clientId}`)
    assert.equal(await tab.text('ons-mqtt-state'), 'connected')
    await tab.click('ons-subscribe')
    await tab.shows('status', 'Subscribed to northbound/demo/#')
    await tab.fill('ons-publish-message', 'grüß Gott <b>')
    await tab.click('ons-publish')
    await tab.shows('ons-message-payload', 'grüß Gott <b>')
    assert.equal(await tab.text('ons-message-topic'), 'northbound/demo/hello')
    await tab.nothingLeaked()
    await tab.screenshot('mqtt-connected')

    const { connections } = await stage.sim.control('GET', '/mqtt')
    assert.deepEqual(
      connections.map((/** @type {any} */ each) => [each.clientId, each.username]),
      [[clientId, username]],
    )
    await tab.click('ons-disconnect')
    await tab.shows('ons-mqtt-state', 'not connected')
    await until(async () =>
      assert.deepEqual((await stage.sim.control('GET', '/mqtt')).connections, []),
    )
    assert.deepEqual(place.sockets, [stage.sim.mqttWs])

    const calls = await stage.sim.journal()
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
    await place.takeKeys()
    const clientId = await place.chooseDevice()
    await tab.click('ons-register')
    await tab.shows('status', `Registered ${clientId}`)
    await tab.click('ons-register')
    await tab.shows('error-code', '[400 / DeviceCredentialExsit]')
    assert.match(await tab.text('error-meaning'), /has a credential already/)
    assert.match(await tab.text('error-remedy'), /GetDeviceCredential/)
    assert.equal(await tab.text('error-kind'), 'platform')
    await tab.screenshot('mqtt-error')
    await tab.click('error-offer')
    await tab.shows('status', `Read the credential of ${clientId}`)
    assert.equal(await tab.isThere('error-card'), false)
    const { secret } = await place.credentialNumber(1)
    assert.equal(await tab.reveal('secret', id('ons-result')), secret)
    await tab.nothingLeaked()
    assert.deepEqual(await operations(), [
      'registerDeviceCredential',
      'registerDeviceCredential',
      'getDeviceCredential',
    ])
  })

  test('says in words that the broker refuses a login that has ended', async () => {
    await place.takeKeys()
    const clientId = await place.chooseDevice()
    await tab.click('ons-register')
    await tab.shows('status', `Registered ${clientId}`)
    await tab.click('ons-unregister')
    await place.focuses('ons-unregister-no')
    await tab.page.keyboard.press('Escape')
    await place.focuses('ons-unregister')
    await tab.click('ons-unregister')
    await tab.screenshot('mqtt-unregister')
    await tab.click('ons-unregister-yes')
    await tab.shows('status', `Unregistered ${clientId}`)
    assert.equal(await tab.text('ons-mqtt-state'), 'credential unregistered')

    await tab.click('ons-connect')
    await tab.shows('error-code', '[CONNACK 5]')
    assert.equal(await tab.text('error-description'), 'Not authorised')
    assert.match(await tab.text('error-meaning'), /unregistered/)
    assert.match(await tab.text('error-remedy'), /register the client ID anew/)
    assert.equal(await tab.text('ons-mqtt-state'), 'credential unregistered')
    await tab.screenshot('mqtt-refused')
    await tab.nothingLeaked()
  })

  test('refreshes a credential and lists the client IDs of a group', async () => {
    await place.takeKeys()
    const clientId = await place.chooseDevice()
    await tab.click('ons-register')
    await tab.shows('status', `Registered ${clientId}`)
    await tab.click('ons-refresh')
    await tab.shows('status', `New credential for ${clientId}`)
    // Between the two answers that give one out stands that of a look at the present one.
    const former = await place.credentialNumber(1)
    await until(async () => assert.notEqual(former.secret, place.credentials.at(-1)?.secret))
    const shown = await tab.reveal('secret', id('ons-login-password'))
    assert.equal(shown, place.credentials.at(-1)?.password)
    await tab.click('ons-connect')
    await tab.shows('ons-mqtt-state', 'connected')

    await tab.fill('ons-groupId', '')
    await tab.click('ons-list')
    await tab.shows('status', /^GID_page: \d+ client IDs?$/)
    const found = await tab.texts('ons-list-item')
    assert.ok(found.includes(clientId))
    await tab.screenshot('mqtt-group')
    await tab.click('ons-list-item')
    assert.equal(await tab.value('ons-clientId'), found[0])
    await tab.nothingLeaked()
  })

  test('tells a wrong secret in a few words, and what the platform echoed in the details', async () => {
    await tab.click('ons-preset')
    await tab.fill('ons-accessKeySecret', 'not-the-secret')
    await tab.click('ons-use')
    await place.chooseDevice()
    await tab.click('ons-get')
    await tab.shows('error-code', '[400 / SignatureDoesNotMatch]')
    assert.ok((await tab.text('error-description')).length <= 101)
    assert.match(await tab.text('error-message'), /string to sign is:POST.*Version/)
  })

  test('forgets everything on Forget', async () => {
    await place.takeKeys()
    await place.chooseDevice()
    await tab.click('ons-register')
    await tab.shows('status', /^Registered/)
    await tab.click('ons-connect')
    await tab.shows('ons-mqtt-state', 'connected')
    await tab.click('ons-token-apply')
    await tab.shows('ons-token-state', 'good')
    await tab.click('ons-forget')
    await tab.shows('ons-access-state', 'no keys')
    await place.focuses('ons-accessKeyId')
    assert.equal(await tab.text('ons-mqtt-state'), 'no login')
    assert.equal(await tab.text('ons-result'), '')
    for (const gone of ['ons-login', 'ons-token-state', 'ons-talk']) {
      assert.equal(await tab.isThere(gone), false, gone)
    }
    const matches = (/** @type {Element} */ button) => button.matches(':disabled')
    assert.ok(await tab.page.$eval(id('ons-register'), matches))
    await until(async () =>
      assert.deepEqual((await stage.sim.control('GET', '/mqtt')).connections, []),
    )
    await tab.nothingLeaked()
  })

  test('warns of an AccessKey in a page, and signs with it by the newer signature', async () => {
    assert.equal(await tab.isThere('ons-key-warning'), false)
    await tab.click('ons-kind-key')
    assert.match(await tab.text('ons-key-warning'), /An AccessKey in a page is a leak\./)
    assert.equal(await tab.isThere('ons-securityToken'), false)
    await tab.choose('ons-signature', 'ACS3-HMAC-SHA256')
    await place.takeKeys(KEY.id)
    assert.match(await tab.text('ons-key-warning'), /An AccessKey in a page is a leak\./)
    await tab.screenshot('mqtt-access-key')
    await place.chooseDevice()
    await tab.click('ons-register')
    await tab.shows('status', /^Registered/)
    await tab.nothingLeaked()
    const [call] = await stage.sim.journal()
    assert.equal(call.signature, 'ACS3-HMAC-SHA256')
    assert.ok(!('x-acs-security-token' in call.headers))
  })

  test('names the argument at the field while one types, and sends nothing', async () => {
    await tab.fill('ons-regionId', 'no region')
    await tab.shows('ons-regionId-error', /no region/)
    await tab.fill('ons-regionId', 'cn-shanghai')
    assert.equal(await tab.isThere('ons-regionId-error'), false)
    await tab.choose('ons-network', 'vpc')
    assert.equal(await hint('ons-endpoint'), 'Calls https://onsmqtt-vpc.cn-shanghai.aliyuncs.com')
    await tab.fill('ons-endpoint', 'http://platform.example')
    await tab.shows('ons-endpoint-error', /plain http/)
    await tab.click('ons-insecure')
    assert.equal(await tab.isThere('ons-endpoint-error'), false)

    await tab.click('ons-use')
    await tab.shows('ons-accessKeyId-error', /config\.credentials\.accessKeyId/)
    await place.focuses('ons-accessKeyId')
    await tab.screenshot('mqtt-fields')
    await place.takeKeys()
    await tab.fill('ons-clientId', 'device-1')
    await tab.shows('ons-clientId-error', /no client ID/)
    await tab.click('ons-register')
    await place.focuses('ons-clientId')
    assert.deepEqual(await operations(), [])
  })

  test('changes the keys, or keeps them', async () => {
    await place.takeKeys()
    await tab.click('ons-change')
    assert.equal(await tab.value('ons-accessKeyId'), STS.id)
    assert.equal(await tab.value('ons-accessKeySecret'), '')
    assert.equal(await tab.value('ons-securityToken'), '')
    await tab.click('ons-keep')
    await place.focuses('ons-change')
    await tab.click('ons-change')
    await tab.click('ons-kind-key')
    await tab.click('ons-preset')
    await tab.click('ons-use')
    await tab.shows('ons-access-state', `holds ${KEY.id}`)
    await tab.nothingLeaked()
  })

  test('reads keys from the text of a file, and clears it', async () => {
    const { secret, token } = STS
    await tab.click('ons-env-open')
    const text = [
      `export ALIBABA_CLOUD_ACCESS_KEY_ID=${STS.id}`,
      `ALIBABA_CLOUD_ACCESS_KEY_SECRET='${secret}'`,
      `ALIBABA_CLOUD_SECURITY_TOKEN="${token}" # ends soon`,
      `ONSMQTT_ENDPOINT=${stage.sim.http}/aliyun/`,
      'ONSMQTT_SIGNATURE=acs3-hmac-sha256',
      'SOMETHING_ELSE=1',
    ]
    await tab.page.$eval(
      id('ons-env-text'),
      (field, content) => {
        if (field instanceof HTMLTextAreaElement) field.value = content
      },
      text.join('\n'),
    )
    await tab.click('ons-env-read')
    await tab.shows('ons-env-outcome', /SOMETHING_ELSE/)
    assert.equal(await tab.value('ons-env-text'), '')
    assert.equal(await tab.value('ons-endpoint'), `${stage.sim.http}/aliyun/`)
    assert.equal(await tab.value('ons-signature'), 'ACS3-HMAC-SHA256')
    await tab.click('ons-use')
    await tab.shows('ons-access-state', `holds ${STS.id}`)
    await place.chooseDevice()
    await tab.fill('ons-instanceId', INSTANCE)
    await tab.click('ons-register')
    await tab.shows('status', /^Registered/)
    await tab.nothingLeaked()
  })
})

async function operations() {
  return (await stage.sim.journal()).map((/** @type {any} */ { operation }) => operation)
}

/** @param {string} field @returns {Promise<string>} */
function hint(field) {
  return tab.page.$eval(`#${field}-hint`, (found) => found.textContent ?? '')
}
