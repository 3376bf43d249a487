// What of secrets lies in the memory of WebAssembly: what a client owns while it lives, nothing afterwards. All
// of it is searched, freed memory and the stack included, for pieces of 8 bytes in every form that a secret takes.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { MEMORY_FORMS, wholeMemory } from './support/wasm-memory.js'
import { until } from './support/expect.js'
import {
  ANSWERS,
  CREDENTIAL,
  DEVICE,
  DEVICE_CREDENTIAL,
  INFO,
  KEY,
  LONG,
  OWN,
  SECRETS,
  STS,
  mqttClient,
  northClient,
  passwordBy,
  search,
  settled,
} from './support/memory-secrets.js'
import { AFTER_BLOCK } from './support/midstates.js'
import { importPackage } from './support/package.js'

const northbound = await importPackage()

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')

describe('the search', () => {
  test('knows what hashes are after one block', () => {
    for (const [hash, after] of Object.entries(AFTER_BLOCK)) {
      const block = Buffer.alloc(64)
      block.write('abc\x80', 'latin1')
      block.writeUInt8(24, 63)
      assert.deepEqual(after(block), createHash(hash).update('abc').digest())
    }
  })

  test('finds every form of every secret that is planted in memory, a piece of it alone as well', () => {
    const nowhere = wholeMemory().subarray(-4096)
    const before = Buffer.from(nowhere)
    for (const [name, secret] of Object.entries(SECRETS)) {
      for (const [form, made] of Object.entries(MEMORY_FORMS)) {
        for (const bytes of made(secret)) {
          for (const piece of [
            bytes,
            bytes.subarray(0, 8),
            bytes.subarray(-8),
            bytes.subarray(3, 11),
          ]) {
            piece.copy(nowhere, 1001)
            const found = search.names(nowhere)
            before.copy(nowhere)
            assert.deepEqual(found, [name], form)
          }
        }
      }
    }
    assert.deepEqual(search.names(), [])
  })
})

describe('the memory of a client', () => {
  test('holds its secret and its tokens while it lives, and nothing of what calls carried', async () => {
    const client = northClient()
    assert.deepEqual(search.names(), ['appSecret'])
    await client.refreshDeviceKey({ deviceId: 'd', verifyCode: SECRETS.sentCode })
    await client.regDirectDevice({ nodeId: 'n', verifyCode: SECRETS.sentCode, psk: SECRETS.psk })
    await client.refreshDeviceKey({ deviceId: 'd' }, { accessToken: SECRETS.ownToken })
    await settled()
    assert.deepEqual(search.labels(wholeMemory()), [
      'accessToken: text',
      'appSecret: text',
      'refreshToken: text',
    ])

    await client.refreshAuthToken()
    await settled()
    // Of the tokens that the platform has ended it remembers a few, since a store may give them out again.
    const dead = 'accessToken'
    assert.deepEqual(search.names(), [dead, 'appSecret', 'renewedRefreshToken', 'renewedToken'])
    client.free()
    assert.deepEqual(search.labels(wholeMemory()), [])
  })

  for (const signature of /** @type {const} */ (['ACS3-HMAC-SHA256', 'HMAC-SHA1'])) {
    test(`holds its key alone while it lives: ${signature}`, async () => {
      for (const [credentials, held] of /** @type {const} */ ([
        [KEY, ['accessKeySecret: text']],
        [STS, ['accessKeySecret: text', 'securityToken: text']],
        [LONG, ['longKeySecret: text']],
      ])) {
        const client = mqttClient(credentials, { signature })
        const { deviceCredential } = await client.registerDeviceCredential(DEVICE)
        assert.equal(deviceCredential.deviceAccessKeySecret, SECRETS.deviceSecret)
        await settled()
        assert.deepEqual(search.labels(wholeMemory()), held)
        client.free()
        assert.deepEqual(search.labels(wholeMemory()), [])
      }
    })
  }

  test('holds no key that a function gives', async () => {
    const client = mqttClient(async () => STS)
    await client.registerDeviceCredential(DEVICE)
    await settled()
    assert.deepEqual(search.labels(wholeMemory()), [])
    client.free()
  })

  test('holds no token that a store keeps once it is freed', async () => {
    const tokenStore = northbound.memoryTokenStore()
    const [first, second] = [northClient({ tokenStore }), northClient({ tokenStore })]
    for (const client of [first, second]) await client.refreshDeviceKey({ deviceId: 'd' })
    await settled()
    assert.deepEqual(search.names(), ['accessToken', 'appSecret', 'refreshToken'])
    for (const client of [first, second]) client.free()
    await settled()
    assert.deepEqual(search.labels(wholeMemory()), [])
  })

  test('is wiped when a client is dropped and collected', async () => {
    await northClient().getAuthToken()
    assert.notDeepEqual(search.names(), [])
    await until(async () => {
      collectGarbage()
      await settled()
      assert.deepEqual(search.labels(wholeMemory()), [])
    })
  })
})

describe('what is computed without a client leaves nothing behind', () => {
  test('requests of the northbound API, and the readers of their answers', () => {
    const requests = new northbound.NorthApiRequests(INFO)
    for (const [prepared, answer] of /** @type {[any, unknown][]} */ ([
      [requests.getAuthToken(), ANSWERS.getAuthToken],
      [requests.refreshAuthToken({ refreshToken: SECRETS.refreshToken }), ANSWERS.refreshAuthToken],
      [
        requests.refreshDeviceKey({ deviceId: 'd', verifyCode: SECRETS.sentCode }, OWN),
        ANSWERS.refreshDeviceKey,
      ],
      [requests.regDirectDevice({ nodeId: 'n', psk: SECRETS.psk }, OWN), ANSWERS.regDirectDevice],
    ])) {
      prepared.decode(200, JSON.stringify(answer))
      prepared.decode(200, Buffer.from(JSON.stringify(answer)))
      const refused = { error_code: '1010005', error_desc: JSON.stringify(answer) }
      assert.throws(() => prepared.decode(403, JSON.stringify(refused)))
      assert.throws(() => prepared.decode(200, `<html>${JSON.stringify(answer)}`))
      assert.deepEqual(search.labels(wholeMemory()), ['appSecret: text'])
    }
    requests.free()
    assert.deepEqual(search.labels(wholeMemory()), [])
  })

  test('signed requests, and the readers of their answers', () => {
    for (const signature of /** @type {const} */ (['ACS3-HMAC-SHA256', 'HMAC-SHA1'])) {
      for (const credentials of [KEY, STS, LONG]) {
        const config = { regionId: 'cn-hangzhou', credentials, signature }
        const requests = new northbound.OnsMqttRequests(config)
        const prepared = requests.registerDeviceCredential(DEVICE)
        prepared.decode(200, JSON.stringify(DEVICE_CREDENTIAL))
        const { instanceId } = DEVICE
        requests
          .revokeToken({ instanceId, token: SECRETS.mqttToken })
          .decode(200, '{"RequestId":"R"}')
        requests.free()
        assert.deepEqual(search.labels(wholeMemory()), [])
      }
    }
  })

  test('logins of MQTT', () => {
    const { password } = northbound.mqttDeviceLogin(CREDENTIAL)
    assert.equal(password, passwordBy(SECRETS.deviceSecret))
    assert.deepEqual(search.labels(wholeMemory()), [])
    northbound.mqttSignatureLogin({ ...DEVICE, ...KEY })
    northbound.mqttSignatureLogin({ ...DEVICE, ...LONG })
    assert.deepEqual(search.labels(wholeMemory()), [])
    const tokens = [{ actions: /** @type {const} */ ('RW'), token: SECRETS.mqttToken }]
    northbound.mqttTokenLogin({ ...DEVICE, accessKeyId: KEY.accessKeyId, tokens })
    assert.deepEqual(search.labels(wholeMemory()), [])
  })

  test('arguments that are refused, with the secret in the wrong place', () => {
    for (const secret of Object.values(SECRETS)) {
      assert.throws(() => new northbound.NorthApiClient({ ...INFO, secret: `${secret}\n` }))
      assert.throws(
        () => new northbound.NorthApiClient(/** @type {any} */ ({ ...INFO, [secret]: 1 })),
      )
      assert.throws(() => northbound.mqttDeviceLogin(/** @type {any} */ ({ clientId: secret })))
      assert.throws(() => mqttClient({ ...KEY, accessKeyId: secret.repeat(40) }))
    }
    assert.deepEqual(search.labels(wholeMemory()), [])
  })
})

test('the stack keeps nothing of a call but the frames of its entrance', async () => {
  const deep = JSON.parse(`${'{"a":['.repeat(7)}1${']}'.repeat(7)}`)
  const client = northClient({ tokenStore: northbound.memoryTokenStore() })
  await client.regDirectDevice({ nodeId: 'n', deviceInfo: deep })
  new northbound.NorthApiRequests(INFO)
    .getAuthToken()
    .decode(200, JSON.stringify(ANSWERS.getAuthToken))
  await mqttClient(LONG).registerDeviceCredential(DEVICE)
  client.free()
  await settled()
  // It begins at 1 MiB and grows downwards.
  const used = [...wholeMemory().subarray(0, 2 ** 20 - 256)].filter((byte) => byte !== 0)
  assert.ok(used.length <= 16, `${used.length} bytes`)
})
