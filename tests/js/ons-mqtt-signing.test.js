// Signatures of the second platform, verified by an implementation that shares no code with ours.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { generated } from './support/aliyun-inputs.js'
import { pairsOf, verified } from './support/aliyun-verify.js'
import { ACS3_VECTORS, LOGIN_VECTORS, RPC_VECTORS } from './support/aliyun.js'
import { thrown } from './support/expect.js'
import { importPackage } from './support/package.js'

const { OnsMqttRequests, mqttDeviceLogin, mqttSignatureLogin, mqttTokenLogin } =
  await importPackage()

const ENDPOINT = 'http://127.0.0.1:18080'

/**
 * The one key that a request may use.
 * @param {{ accessKeyId: string, accessKeySecret: string, securityToken?: string }} credentials
 */
const only = (credentials) => (/** @type {string} */ id) =>
  id === credentials.accessKeyId
    ? { secret: credentials.accessKeySecret, token: credentials.securityToken }
    : undefined

/** @param {string} text */
const lowerFirst = (text) => text.replace(/^./, (first) => first.toLowerCase())

/**
 * The same request with one letter or digit changed.
 * @param {string} text
 * @param {number} from where to look for it
 */
function spoilt(text, from) {
  const at = text.slice(from).search(/[A-Za-z0-9]/) + from
  assert.ok(at >= from, 'there is a letter or a digit')
  const other = String.fromCharCode(text.charCodeAt(at) + 1)
  return text.slice(0, at) + other + text.slice(at + 1)
}

for (const [signature, vectors] of /** @type {const} */ ([
  ['ACS3-HMAC-SHA256', ACS3_VECTORS],
  ['HMAC-SHA1', RPC_VECTORS],
])) {
  describe(`the vectors of ${signature}:`, () => {
    test('there are six', () => assert.equal(vectors.length, 6))

    for (const { id, input, request } of vectors) {
      const { action, params, credential, nonce, date } = input

      test(`${id} as the vendor’s SDK sent it passes the verifier`, () => {
        const headers = request.headers.map(([name, value]) => [name.toLowerCase(), value])
        const { host: _, ...rest } = Object.fromEntries(headers)
        const wire = { ...request, url: `${ENDPOINT}${request.target}`, headers: rest }
        const seen = verified(wire, only(credential))
        assert.equal(seen.nonce, nonce)
        assert.throws(() => verified({ ...wire, method: 'GET' }, only(credential)))
      })

      test(`${id} as prepared by the package passes it too`, () => {
        const config = { endpoint: ENDPOINT, credentials: credential, signature }
        const requests = new OnsMqttRequests(config)
        const numbers = Object.entries(params).map(([name, value]) =>
          name.startsWith('page') ? [name, Number(value)] : [name, value],
        )
        const method = /** @type {'getDeviceCredential'} */ (lowerFirst(action))
        const signing = { nonce, date: new Date(date) }
        const made = requests[method](Object.fromEntries(numbers), signing)
        assert.equal(made.operation, method)
        assert.equal(made.method, 'POST')
        assert.ok(made.url.startsWith(`${ENDPOINT}/`))
        const seen = verified(made, only(credential))
        const wire = Object.entries(params).map(([name, value]) => [
          name.replace(/^./, (first) => first.toUpperCase()),
          value,
        ])
        assert.deepEqual(
          { ...seen.parameters },
          { ...Object.fromEntries(wire), Action: action, Version: '2020-04-20' },
        )
        assert.deepEqual([seen.nonce, seen.date], [nonce, date])
        assert.equal(seen.scheme, signature === 'HMAC-SHA1' ? 'rpc' : 'acs3')
        requests.free()
      })
    }
  })
}

describe('an MQTT login is the vector’s:', () => {
  for (const { name, mode, id, instanceId, clientId, secret, username, password } of [
    ...LOGIN_VECTORS.hmac,
  ]) {
    test(name, () => {
      const made =
        mode === 'Signature'
          ? mqttSignatureLogin({ clientId, instanceId, accessKeyId: id, accessKeySecret: secret })
          : mqttDeviceLogin({
              clientId,
              instanceId,
              deviceAccessKeyId: id,
              deviceAccessKeySecret: secret,
            })
      assert.deepEqual({ ...made }, { clientId, username, password })
    })
  }
  for (const { name, username, clientId, tokens, password } of LOGIN_VECTORS.token) {
    test(name, () => {
      const [, accessKeyId = '', instanceId = ''] = username.split('|')
      const given = tokens.map(([actions, token]) => ({ actions, token }))
      const made = mqttTokenLogin({ clientId, instanceId, accessKeyId, tokens: given })
      assert.deepEqual({ ...made }, { clientId, username, password })
    })
  }

  test('further members of a credential are ignored', () => {
    const [first] = LOGIN_VECTORS.hmac.filter(({ mode }) => mode === 'DeviceCredential')
    assert.ok(first)
    const { clientId, instanceId, id, secret, password } = first
    const whole = { createTime: 1, updateTime: 2, deviceAccessKeyId: id, clientId, instanceId }
    const credential = { ...whole, deviceAccessKeySecret: secret, somethingNew: {} }
    assert.equal(mqttDeviceLogin(credential).password, password)
  })

  test('tokens keep their order', () => {
    const tokens = /** @type {const} */ ([
      { actions: 'W', token: 'second' },
      { actions: 'RW', token: 'third' },
      { actions: 'R', token: 'first' },
    ])
    const ref = { clientId: 'GID_Test@@@0001', instanceId: 'mqtt-xxxxx', accessKeyId: 'id' }
    const { password, username } = mqttTokenLogin({ ...ref, tokens: [...tokens] })
    assert.equal(password, 'W|second|RW|third|R|first')
    assert.equal(username, 'Token|id|mqtt-xxxxx')
  })
})

test('10,000 generated requests are signed right, and a changed one is refused', (t) => {
  const counts = { acs3: 0, rpc: 0, temporary: 0, refused: 0 }
  /** @type {Set<string>} */
  const operations = new Set()
  let index = 0
  for (const { operation, config, input, signing, parameters, host } of generated(
    10_000,
    20200420,
  )) {
    const label = `input ${(index += 1)}: ${operation}`
    const requests = /** @type {any} */ (new OnsMqttRequests(config))
    const made = requests[operation](input, signing)
    requests.free()
    const keys = only(config.credentials)
    const seen = verified(made, keys)
    assert.deepEqual({ ...seen.parameters }, parameters, label)
    assert.equal(seen.nonce, signing.nonce, label)
    const second = new Date(Math.floor(signing.date / 1000) * 1000)
    assert.equal(seen.date, second.toISOString().replace('.000Z', 'Z'), label)
    assert.equal(seen.scheme, config.signature === 'HMAC-SHA1' ? 'rpc' : 'acs3', label)
    assert.equal(new URL(made.url).host, host, label)
    assert.equal(
      new URL(made.url).protocol,
      host.endsWith('.com') ? 'https:' : new URL(config.endpoint).protocol,
    )
    counts[seen.scheme] += 1
    operations.add(operation)
    if (config.credentials.securityToken !== undefined) counts.temporary += 1

    // One byte of the body, else of the query, is another one.
    const changed =
      made.body === undefined
        ? { ...made, url: spoilt(made.url, made.url.indexOf('=') + 1) }
        : { ...made, body: spoilt(made.body, made.body.indexOf('&') + 1) }
    thrown(() => verified(changed, keys))
    const { authorization, ...headers } = made.headers
    if (authorization !== undefined) {
      const date = spoilt(headers['x-acs-date'], index % 4)
      thrown(() => verified({ ...made, headers: { ...made.headers, 'x-acs-date': date } }, keys))
    }
    counts.refused += 1
  }
  t.diagnostic(`requests verified: ${JSON.stringify(counts)}`)
  assert.equal(counts.acs3 + counts.rpc, 10_000)
  assert.ok(counts.acs3 > 2500 && counts.rpc > 2500 && counts.temporary > 2500)
  assert.equal(counts.refused, 10_000)
  assert.equal(operations.size, 8)
})

describe('where what stands:', () => {
  const credentials = {
    accessKeyId: 'LTAI-an-id',
    accessKeySecret: 'a-key',
    securityToken: 'a-sts',
  }
  const token = 'an-mqtt-token'
  const secrets = [...Object.values(credentials), token]
  for (const signature of /** @type {const} */ (['ACS3-HMAC-SHA256', 'HMAC-SHA1'])) {
    const requests = new OnsMqttRequests({ regionId: 'cn-hangzhou', credentials, signature })

    test(`no secret and no signature is in an address of ${signature}`, () => {
      for (const made of [
        requests.queryToken({ instanceId: 'i', token }),
        requests.revokeToken({ instanceId: 'i', token }),
        requests.getDeviceCredential({ instanceId: 'i', clientId: 'GID_test@@@d' }),
      ]) {
        const address = decodeURIComponent(made.url)
        for (const secret of secrets) assert.ok(!address.includes(secret))
        assert.doesNotMatch(address, /Signature/)
      }
    })

    test(`nonce and date of ${signature} are new and of now where none are given`, () => {
      const ref = { instanceId: 'i', clientId: 'GID_test@@@d' }
      const before = Math.floor(Date.now() / 1000) * 1000
      const seen = Array.from({ length: 200 }, () =>
        verified(requests.getDeviceCredential(ref), only(credentials)),
      )
      assert.equal(new Set(seen.map(({ nonce }) => nonce)).size, 200)
      for (const { date } of seen) {
        assert.match(date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
        assert.ok(Date.parse(date) >= before && Date.parse(date) <= Date.now())
      }
    })
  }

  test('HMAC-SHA1 has only headers that need no preflight, and a form', () => {
    const requests = new OnsMqttRequests({
      regionId: 'cn-hangzhou',
      credentials,
      signature: 'HMAC-SHA1',
    })
    const made = requests.queryToken({ instanceId: 'i', token })
    const simple = ['accept', 'accept-language', 'content-language', 'content-type']
    for (const name of Object.keys(made.headers)) assert.ok(simple.includes(name), name)
    assert.match(String(made.headers['content-type']), /^application\/x-www-form-urlencoded\b/)
    const names = pairsOf(made.body ?? '').map(([name]) => name)
    assert.ok(names.includes('Token') && names.includes('SecurityToken'))
  })
})
