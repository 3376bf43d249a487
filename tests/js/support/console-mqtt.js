// What an operator does in the console's place of ApsaraMQ for MQTT, and what the platform gives out.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'

import { openTab, until } from './console.js'

/** What the simulator knows from its start. */
export const KEY = { id: 'LTAI5tSIMULATORONLY0001', secret: 'simulatorSecretNotReal0001' }
export const STS = {
  id: 'STS.SIMULATORONLY0002',
  secret: 'simulatorStsSecret0002',
  token: 'CAISsimulator+token/with=special&chars==',
}
export const INSTANCE = 'post-cn-simulator01'

let devices = 0

/**
 * @param {import('puppeteer-core').BrowserContext} context
 * @param {{ http: string, mqttWs: string }} sim
 */
export async function openMqtt(context, sim) {
  const broker = new URL(sim.mqttWs).port
  const tab = await openTab(context, `${sim.http}/#mqtt?broker=${broker}`, {
    secrets: [KEY.secret, STS.secret, STS.token],
  })
  /** Addresses that the page opened a WebSocket to. @type {string[]} */
  const sockets = []
  /** What the platform gave out, with the password that follows from each. */
  const credentials = /** @type {{ secret: string, password: string }[]} */ ([])

  const session = await tab.page.createCDPSession()
  await session.send('Network.enable')
  session.on('Network.webSocketCreated', ({ url }) => {
    sockets.push(url)
    tab.seen.urls.push(url)
  })
  tab.page.on('response', async (response) => {
    if (!response.url().includes('/aliyun/') || response.request().method() === 'OPTIONS') return
    const { DeviceCredential: found } = await response.json().catch(() => ({}))
    if (!found?.DeviceAccessKeySecret) return
    const secret = found.DeviceAccessKeySecret
    const password = createHmac('sha1', secret).update(found.ClientId).digest('base64')
    credentials.push({ secret, password })
    tab.seen.secrets.push(password)
  })

  /** @param {string} name */
  const focuses = (name) => until(async () => assert.equal(await tab.focused(), name))

  const chooseDevice = async () => {
    const clientId = `GID_page@@@device-${++devices}`
    await tab.fill('ons-clientId', clientId)
    return clientId
  }

  return {
    tab,
    sockets,
    credentials,
    focuses,
    chooseDevice,

    async takeKeys(keyId = STS.id) {
      await tab.click('ons-preset')
      assert.equal(await tab.value('ons-broker'), sim.mqttWs, 'the address told the broker')
      await tab.click('ons-use')
      await tab.shows('ons-access-state', `holds ${keyId}`)
      await focuses('ons-clientId')
    },

    async connectDevice() {
      const clientId = await chooseDevice()
      await tab.click('ons-register')
      await tab.shows('status', `Registered ${clientId}`)
      await tab.click('ons-connect')
      await tab.shows('ons-mqtt-state', 'connected')
      return clientId
    },

    /** The page may show a credential before this process has read the same answer. @param {number} count */
    async credentialNumber(count) {
      await until(async () => assert.ok(credentials.length >= count, `${count} credentials`))
      return credentials[count - 1] ?? { secret: '', password: '' }
    },
  }
}
