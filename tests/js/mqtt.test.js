// MQTT clients of others connect with the logins of this package, for as long as the platform lets
// them.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'

import { importPackage } from './support/package.js'
import { startSimulator } from './support/simulator.js'

/**
 * @typedef {import('northbound').MqttLogin} MqttLogin
 * @typedef {{ name: string, url: () => string, protocolVersion: 4 | 5, refused: number }} Way
 */

// The client obeys one, and the broker is on this machine.
for (const name of Object.keys(process.env).filter((each) => /proxy$/i.test(each)))
  delete process.env[name]

const { OnsMqttClient, mqttDeviceLogin, mqttSignatureLogin, mqttTokenLogin } = await importPackage()
/** @type {any} its types do not hold under strict settings */
const mqtt = await import(/** @type {string} */ ('mqtt')).then(
  (module) => module.default,
  (cause) => {
    throw new Error('npm mqtt cannot be loaded; run `scripts/setup test`', { cause })
  },
)

const INSTANCE = 'post-cn-simulator01'
const ACCOUNT = {
  accessKeyId: 'LTAI5tSIMULATORONLY0001',
  accessKeySecret: 'simulatorSecretNotReal0001',
}
const PLAIN = { clientId: 'GID_test@@@device-1', instanceId: INSTANCE }
const SPECIAL = { clientId: "GID_test@@@dev ice/+*~!'()&=%:,中文é", instanceId: INSTANCE }
const PUBLISHER = { clientId: 'GID_test@@@publisher', instanceId: INSTANCE }
const TOPIC = 'orders/device-1'
const PAYLOAD = 'größer als 21 °C, 中文'
/** MQTT 3.1.1: not authorized. MQTT 5.0: Not authorized. */
const REFUSED_3 = 5
const REFUSED_5 = 0x87

/** @type {Awaited<ReturnType<typeof startSimulator>>} */
let sim
/** @type {InstanceType<typeof OnsMqttClient>} */
let platform
/** @type {any[]} */
let connections = []

before(async () => {
  sim = await startSimulator()
  platform = new OnsMqttClient({ endpoint: sim.http, credentials: ACCOUNT }, { retry: false })
})
after(() => platform?.free())
after(() => sim?.stop())
beforeEach(() => sim.control('POST', '/reset', { settings: true }))
afterEach(async () => {
  await Promise.all(connections.map((connection) => connection.endAsync(true)))
  connections = []
})

const tcp = () => `mqtt://${sim.mqtt}`
const webSocket = () => sim.mqttWs

/** @type {Way[]} */
const WAYS = [
  { name: 'MQTT 3.1.1 over TCP', url: tcp, protocolVersion: 4, refused: REFUSED_3 },
  { name: 'MQTT 3.1.1 over WebSocket', url: webSocket, protocolVersion: 4, refused: REFUSED_3 },
  { name: 'MQTT 5.0 over TCP', url: tcp, protocolVersion: 5, refused: REFUSED_5 },
  { name: 'MQTT 5.0 over WebSocket', url: webSocket, protocolVersion: 5, refused: REFUSED_5 },
]
const [OVER_TCP] = /** @type {[Way, ...Way[]]} */ (WAYS)

for (const way of WAYS) {
  describe(way.name, () => {
    for (const device of [PLAIN, SPECIAL]) {
      test(`a registered device connects and hears itself as ${device.clientId}`, async () => {
        const login = mqttDeviceLogin(await register(device))
        const connection = await connect(way, login)
        assert.deepEqual(await attempts(), [{ ...known(login), ...version(way), code: 0 }])
        const { connections: up } = await sim.control('GET', '/mqtt')
        assert.deepEqual(
          up.map((/** @type {any} */ each) => [each.instanceId, each.clientId]),
          [[INSTANCE, device.clientId]],
        )
        const { heard } = await subscribe(connection)
        await assertHearsItself(connection, heard)
      })
    }

    test('a device hears what mosquitto_pub sends', async () => {
      const { heard } = await subscribe(await connect(way, mqttDeviceLogin(await register(PLAIN))))
      const { code, stderr } = await mosquittoPub(way, mqttDeviceLogin(await register(PUBLISHER)))
      assert.equal(code, 0, stderr)
      assert.deepEqual(await heard, [TOPIC, PAYLOAD])
    })

    test('a wrong password is refused', async () => {
      const login = mqttDeviceLogin(await register(PLAIN))
      await assertRefused(way, { ...login, password: `x${login.password.slice(1)}` })
      await assertRefused(way, { ...login, password: '' })
      await connect(way, login)
    })

    test('a good login with another ClientId is refused', async () => {
      const login = mqttDeviceLogin(await register(PLAIN))
      await register(PUBLISHER)
      await assertRefused(way, { ...login, clientId: PUBLISHER.clientId })
      await assertRefused(way, { ...login, clientId: 'GID_test@@@unknown' })
    })

    test('after a refresh the old login is refused and the new one connects', async () => {
      const former = mqttDeviceLogin(await register(PLAIN))
      const { deviceCredential } = await platform.refreshDeviceCredential(PLAIN)
      const renewed = mqttDeviceLogin(deviceCredential)
      assert.notEqual(renewed.password, former.password)
      await assertRefused(way, former)
      await assertRefused(way, { ...renewed, password: former.password })
      await connect(way, renewed)
    })

    test('after unregistering the login is refused', async () => {
      const login = mqttDeviceLogin(await register(PLAIN))
      await platform.unRegisterDeviceCredential(PLAIN)
      await assertRefused(way, login)
    })

    test('a connection that is up survives unregistering', async () => {
      const login = mqttDeviceLogin(await register(PLAIN))
      const connection = await connect(way, login)
      const { heard } = await subscribe(connection)
      await platform.unRegisterDeviceCredential(PLAIN)
      await assertRefused(way, login)
      await assertHearsItself(connection, heard)
      assert.ok(connection.connected)
    })

    test('the key of the account connects any ClientId, a wrong one none', async () => {
      for (const device of [PLAIN, SPECIAL])
        await connect(way, mqttSignatureLogin({ ...device, ...ACCOUNT }))
      const accessKeySecret = `${ACCOUNT.accessKeySecret}x`
      await assertRefused(way, mqttSignatureLogin({ ...PLAIN, ...ACCOUNT, accessKeySecret }))
    })

    test('a token to read and a token to write connect until one is revoked', async () => {
      const [read, write] = [await token('R'), await token('W')]
      const login = mqttTokenLogin({
        ...SPECIAL,
        accessKeyId: ACCOUNT.accessKeyId,
        tokens: [
          { actions: 'R', token: read },
          { actions: 'W', token: write },
        ],
      })
      const connection = await connect(way, login)
      const { heard } = await subscribe(connection)
      await assertHearsItself(connection, heard)
      await connection.endAsync(true)

      await platform.revokeToken({ instanceId: INSTANCE, token: write })
      assert.equal(
        (await platform.queryToken({ instanceId: INSTANCE, token: write })).tokenStatus,
        false,
      )
      await assertRefused(way, login)
      const tokens = [{ actions: /** @type {const} */ ('R'), token: read }]
      await connect(way, mqttTokenLogin({ ...PLAIN, accessKeyId: ACCOUNT.accessKeyId, tokens }))
    })

    test('a token for both connects until it is revoked', async () => {
      const both = await token('R,W')
      const tokens = [{ actions: /** @type {const} */ ('RW'), token: both }]
      const login = mqttTokenLogin({ ...PLAIN, accessKeyId: ACCOUNT.accessKeyId, tokens })
      await connect(way, login)
      await platform.revokeToken({ instanceId: INSTANCE, token: both })
      await assertRefused(way, login)
    })
  })
}

describe('mosquitto_pub', () => {
  for (const way of WAYS.filter(({ url }) => url === tcp)) {
    test(`${way.name}: it is refused with a wrong password`, async () => {
      const login = mqttDeviceLogin(await register(SPECIAL))
      assert.equal((await mosquittoPub(way, login)).code, 0)
      const { code, stderr } = await mosquittoPub(way, { ...login, password: 'wrong' })
      assert.notEqual(code, 0)
      assert.match(stderr, /not authori[sz]ed/i)
      assert.equal((await attempts()).at(-1).code, way.refused)
    })
  }
})

test('two connections with one login: the later one takes over', async () => {
  const login = mqttDeviceLogin(await register(PLAIN))
  const former = await connect(OVER_TCP, login)
  const closed = new Promise((resolve) => former.once('close', resolve))
  const later = await connect(OVER_TCP, login)
  await closed
  assert.deepEqual([former.connected, later.connected], [false, true])
})

/** @param {import('northbound').DeviceRef} device */
async function register(device) {
  return (await platform.registerDeviceCredential(device)).deviceCredential
}

/** @param {'R' | 'W' | 'R,W'} actions */
async function token(actions) {
  const expireTime = Date.now() + 3_600_000
  const input = { instanceId: INSTANCE, resources: ['orders/#'], actions, expireTime }
  return (await platform.applyToken(input)).token
}

/**
 * @param {Way} way
 * @param {MqttLogin} login
 */
async function connect({ url, protocolVersion }, login) {
  const options = { ...login, protocolVersion, clean: true, reconnectPeriod: 0 }
  const connection = await mqtt.connectAsync(url(), { ...options, connectTimeout: 10_000 }, false)
  connections.push(connection)
  // What comes later, such as the end of the simulator, is no test's business.
  connection.on('error', () => {})
  return connection
}

/**
 * @param {Way} way
 * @param {MqttLogin} login
 */
async function assertRefused(way, login) {
  await assert.rejects(connect(way, login), { code: way.refused })
  const last = (await attempts()).at(-1)
  assert.deepEqual(last, { ...known(login), ...version(way), code: way.refused })
}

/** What the broker saw of those who wanted to connect. @returns {Promise<any[]>} */
async function attempts() {
  const seen = (await sim.control('GET', '/mqtt')).attempts
  return seen.map((/** @type {any} */ each) => {
    const { trace, ...rest } = each
    assert.equal(typeof trace, 'string')
    return rest
  })
}

/** @param {MqttLogin} login */
const known = ({ clientId, username }) => ({ clientId, username })

/** @param {Way} way */
const version = ({ protocolVersion }) => ({ version: protocolVersion === 5 ? '5.0' : '3.1.1' })

/**
 * The first message after the subscription, whose confirmation is awaited.
 *
 * @param {any} connection
 * @returns {Promise<{ heard: Promise<[string, string]> }>} in an object, so that it is not awaited too
 */
async function subscribe(connection) {
  const granted = await connection.subscribeAsync('orders/#', { qos: 1 })
  assert.deepEqual(
    granted.map((/** @type {any} */ each) => [each.topic, each.qos]),
    [['orders/#', 1]],
  )
  /** @type {Promise<[string, string]>} */
  const heard = new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no message came')), 10_000)
    connection.once('message', (/** @type {string} */ topic, /** @type {Buffer} */ payload) => {
      clearTimeout(late)
      resolve([topic, payload.toString('utf8')])
    })
    connection.once('close', () => {
      clearTimeout(late)
      reject(new Error('the connection closed before a message came'))
    })
  })
  // A test may fail before it awaits this.
  heard.catch(() => {})
  return { heard }
}

/**
 * @param {any} connection
 * @param {Promise<[string, string]>} heard
 */
async function assertHearsItself(connection, heard) {
  const published = connection.publishAsync(TOPIC, PAYLOAD, { qos: 1 })
  // What is published to a closed connection waits for ever.
  const [message] = await Promise.all([heard, published])
  assert.deepEqual(message, [TOPIC, PAYLOAD])
}

/**
 * Sends the message with Mosquitto's client, over TCP whatever the way.
 *
 * @param {Way} way
 * @param {MqttLogin} login
 * @returns {Promise<{ code: number, stderr: string }>}
 */
function mosquittoPub({ protocolVersion }, { clientId, username, password }) {
  const [host, port] = sim.mqtt.split(':')
  const place = ['-h', host, '-p', port, '-V', protocolVersion === 5 ? 'mqttv5' : 'mqttv311']
  const who = ['-i', clientId, '-u', username, '-P', password]
  const what = ['-q', '1', '-t', TOPIC, '-m', PAYLOAD]
  const args = /** @type {string[]} */ ([...place, ...who, ...what])
  return new Promise((resolve, reject) => {
    execFile('mosquitto_pub', args, { timeout: 10_000 }, (error, _, stderr) => {
      const code = error?.code ?? 0
      if (typeof code === 'number') return resolve({ code, stderr })
      reject(new Error('mosquitto_pub cannot be run; run `scripts/setup test`', { cause: error }))
    })
  })
}
