// The console's live side of ApsaraMQ for MQTT in a browser: the connection, its messages, tokens.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, test } from 'node:test'

import { connectAsync } from 'mqtt'

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

describe('the live side of ApsaraMQ for MQTT', () => {
  test('shows messages as they come, as text and as bytes, filtered, held still', async () => {
    await place.takeKeys()
    await place.connectDevice()
    await tab.click('ons-subscribe')
    await tab.shows('status', /^Subscribed/)
    const other = await anotherDevice()
    await other.publishAsync('northbound/demo/meter-1', '{"volts":231.4}', { qos: 1 })
    await other.publishAsync('northbound/demo/meter-2', Buffer.from([0x00, 0xff, 0x10]), { qos: 0 })
    await tab.shows('ons-messages-count', '2 received')
    assert.deepEqual(await tab.texts('ons-message-topic'), [
      'northbound/demo/meter-2',
      'northbound/demo/meter-1',
    ])
    assert.deepEqual(await tab.texts('ons-message-payload'), ['00 FF 10', '{"volts":231.4}'])
    assert.deepEqual(await tab.texts('ons-message-marks'), ['not textQoS 03 B', 'QoS 115 B'])
    await tab.screenshot('mqtt-messages')

    await tab.click('ons-messages-hex')
    await tab.shows('ons-messages', /7B 22 76 6F 6C 74 73/)
    await tab.click('ons-messages-text')
    await tab.fill('ons-messages-filter', 'VOLTS meter-1')
    await until(async () => assert.equal((await tab.texts('ons-message')).length, 1))
    await tab.fill('ons-messages-filter', 'ampere')
    await tab.shows('ons-messages-empty', 'None of the messages matches.')
    await tab.fill('ons-messages-filter', ' ')

    await tab.click('ons-messages-pause')
    await other.publishAsync('northbound/demo/meter-1', 'unseen', { qos: 1 })
    await tab.shows('ons-messages-pause', 'Resume, 1 new')
    assert.equal((await tab.texts('ons-message')).length, 2)
    await tab.click('ons-messages-pause')
    await tab.shows('ons-message-payload', 'unseen')
    await tab.shows('ons-messages-pause', 'Pause')

    await tab.click('ons-messages-clear')
    await tab.shows('ons-messages-empty', /^No message came yet/)
    assert.equal(await tab.text('ons-messages-count'), '0 received')
    await tab.click('ons-unsubscribe')
    await tab.shows('status', 'Unsubscribed from northbound/demo/#')
    assert.equal(await tab.isThere('ons-subscription'), false)
    await other.publishAsync('northbound/demo/meter-1', 'unheard', { qos: 1 })
    await tab.choose('ons-publish-qos', '0')
    await tab.click('ons-publish')
    await tab.shows('status', 'Published to northbound/demo/hello')
    assert.equal(await tab.text('ons-messages-count'), '0 received')
    await other.endAsync()
    await tab.nothingLeaked()
  })

  test('keeps the latest messages of a busy topic, and no more', async () => {
    await place.takeKeys()
    await place.connectDevice()
    await tab.fill('ons-subscribe-topic', ' northbound/demo/# ')
    await tab.click('ons-subscribe')
    await tab.shows('status', 'Subscribed to northbound/demo/#')
    const other = await anotherDevice()
    const sent = 1200
    for (let count = 1; count <= sent; count += 1) {
      other.publish('northbound/demo/busy', `number ${count}`, { qos: 0 })
    }
    await tab.shows('ons-messages-count', `${sent} received`)
    const payloads = await tab.texts('ons-message-payload')
    assert.equal(payloads.length, 500)
    assert.deepEqual([payloads[0], payloads.at(-1)], [`number ${sent}`, `number ${sent - 499}`])
    await other.endAsync()
  })

  test('says why a broker cannot be reached', async () => {
    await place.takeKeys()
    await place.chooseDevice()
    await tab.click('ons-register')
    await tab.shows('status', /^Registered/)
    for (const [address, title] of /** @type {const} */ ([
      ['mqtt://127.0.0.1:1883', /no address of a broker/],
      ['ws://user:pass@127.0.0.1:1/mqtt', /no address of a broker/],
      ['ws://127.0.0.1:1/mqtt#fragment', /no address of a broker/],
      ['ws://127.0.0.1:1/mqtt', /did not answer/],
      ['wss://broker.invalid/mqtt', /policy does not allow/],
    ])) {
      await tab.fill('ons-broker', address)
      await tab.click('ons-connect')
      await tab.shows('error-description', title)
      assert.notEqual(await tab.text('error-remedy'), '')
      await tab.click('error-dismiss')
      assert.equal(await tab.text('ons-mqtt-state'), 'not connected')
    }
    await tab.fill('ons-broker', '')
    assert.match(await hint('ons-broker'), /wss:\/\/post-cn-simulator01\.mqtt\.aliyuncs/)
  })

  test('tells when the broker ends the connection, and of topics that cannot be', async () => {
    await place.takeKeys()
    await place.connectDevice()
    for (const [field, button, topic, meaning] of /** @type {const} */ ([
      ['ons-subscribe-topic', 'ons-subscribe', 'a/#/b', /# stands at the end/],
      ['ons-subscribe-topic', 'ons-subscribe', 'a/b+/c', /whole level/],
      ['ons-publish-topic', 'ons-publish', 'a/+', /for subscribing only/],
    ])) {
      await tab.fill(field, topic)
      await tab.click(button)
      await tab.shows('error-meaning', meaning)
      await tab.click('error-dismiss')
      assert.equal(await tab.text('ons-mqtt-state'), 'connected')
    }
    await stage.sim.control('DELETE', '/mqtt')
    await tab.shows('error-description', 'The broker ended the connection')
    assert.match(await tab.text('error-remedy'), /the same client ID/)
    assert.equal(await tab.text('ons-mqtt-state'), 'not connected')
    assert.equal(await tab.isThere('ons-talk'), false)
    await tab.screenshot('mqtt-ended')
    await tab.click('ons-connect')
    await tab.shows('ons-mqtt-state', 'connected')
    assert.equal(await tab.isThere('error-card'), false)
    await tab.nothingLeaked()
  })

  test('applies for a token, logs in with it, and revokes it', async () => {
    await place.takeKeys()
    const clientId = await place.chooseDevice()
    const former = (await stage.sim.journal('applyToken')).length
    await tab.fill('ons-clientId', ' ')
    await tab.click('ons-token-apply')
    await tab.shows('ons-clientId-error', /no characters/)
    await place.focuses('ons-clientId')
    const applied = (await stage.sim.journal('applyToken')).length - former
    assert.equal(applied, 0, 'nobody could log in with a token without a client ID')
    await tab.fill('ons-clientId', clientId)
    await tab.fill('ons-token-resources', 'a,b')
    await tab.shows('ons-token-resources-error', /without commas/)
    await tab.fill('ons-token-resources', 'northbound/demo/#')
    await tab.click('ons-token-apply')
    await tab.shows('ons-token-state', 'good')
    assert.equal(await tab.text('ons-login-username'), `Token|${STS.id}|${INSTANCE}`)
    const token = await tab.reveal('ons-token')
    assert.equal(await tab.reveal('secret', id('ons-login-password')), `RW|${token}`)
    assert.match(await tab.text('ons-token-life'), /expires in (59:|1:00:00)/)
    await tab.click('ons-connect')
    await tab.shows('status', `Connected as ${clientId}`)
    await tab.click('ons-disconnect')
    await tab.click('ons-token-query')
    await tab.shows('status', 'The token is good')
    await tab.screenshot('mqtt-token')
    await tab.click('ons-token-revoke')
    await tab.shows('status', 'Token revoked')
    assert.equal(await tab.text('ons-token-state'), 'not good')
    assert.equal(await tab.text('ons-mqtt-state'), 'token revoked')
    await tab.click('ons-connect')
    await tab.shows('error-code', '[CONNACK 5]')
    assert.match(await tab.text('error-remedy'), /new token/)
    await tab.nothingLeaked()
    assert.deepEqual(await operations(), ['applyToken', 'queryToken', 'revokeToken'])
  })

  test('follows the color scheme, and speaks Chinese', async () => {
    await tab.choose('theme', 'dark')
    await place.takeKeys()
    await place.connectDevice()
    await tab.click('ons-subscribe')
    await tab.shows('status', /^Subscribed/)
    await tab.click('ons-publish')
    await tab.shows('ons-message-payload', 'hello')
    await tab.screenshot('mqtt-dark')
    await tab.choose('language', 'zh')
    await tab.shows('ons-mqtt-state', '已连接')
    await tab.screenshot('mqtt-chinese')
  })

  test('names every control, and uses each id once', async () => {
    await place.takeKeys()
    await place.connectDevice()
    const nameless = await tab.page.$$eval(
      '#place-mqtt :is(input, select, button, textarea)',
      (all) =>
        all
          .filter((control) => !control.labels?.length && !control.innerText && !control.ariaLabel)
          .filter((control) => control.checkVisibility())
          .map((control) => control.outerHTML),
    )
    assert.deepEqual(nameless, [])
    const ids = await tab.page.$$eval('[id]', (elements) => elements.map((element) => element.id))
    assert.equal(new Set(ids).size, ids.length, 'an id stands twice')
  })
})

// ── Steps ──────────────────────────────────────────────────────────────────────────────────────

/** A device outside of the browser, which logs in with the account's own key. */
function anotherDevice() {
  const clientId = 'GID_page@@@sender'
  return connectAsync(`mqtt://${stage.sim.mqtt}`, {
    clientId,
    username: `Signature|${KEY.id}|${INSTANCE}`,
    password: createHmac('sha1', KEY.secret).update(clientId).digest('base64'),
    reconnectPeriod: 0,
  })
}

async function operations() {
  return (await stage.sim.journal()).map((/** @type {any} */ { operation }) => operation)
}

/** @param {string} field @returns {Promise<string>} */
function hint(field) {
  return tab.page.$eval(`#${field}-hint`, (found) => found.textContent ?? '')
}
