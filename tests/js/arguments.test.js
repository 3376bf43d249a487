// What is checked before anything is sent: the error names the member, and nothing goes out.
import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { before, describe, test } from 'node:test'
import { inspect } from 'node:util'

import { runModule, valueOf } from './support/child.js'
import { importPackage } from './support/package.js'
import { ADDRESS, ANSWERS, stubPlatform } from './support/stub.js'

const APP = { appId: 'app1', secret: 'a-secret' }
const INFO = { ...APP, ...ADDRESS }
const TOKEN = { accessToken: 'a-token' }
const DEVICE = { deviceId: 'device-1' }
const MAX = 2147483647

/** @type {typeof import('northbound')} */
let northbound

before(async () => {
  northbound = await importPackage()
})

/** Integers of 0 to 2147483647 and nothing else. @type {[unknown, boolean][]} */
const TIMES = [
  [0, true],
  [-0, true],
  [1, true],
  [MAX, true],
  [-1, false],
  [MAX + 1, false],
  [1.5, false],
  [NaN, false],
  [Infinity, false],
  ['10', false],
  [true, false],
  [{}, false],
  [[], false],
  [10n, false],
]

/**
 * @param {unknown} error
 * @param {string} operation
 * @param {string} argument
 */
function assertInvalid(error, operation, argument, label = '') {
  assert.ok(northbound.isNorthboundError(error), `${label} ${String(error)}`)
  const { name, kind, attempts, retryable } = error
  const found = /** @type {any} */ (error).argument
  assert.deepEqual(
    { name, kind, attempts, retryable, operation: error.operation, argument: found },
    {
      name: 'InvalidArgumentError',
      kind: 'invalid-argument',
      attempts: 0,
      retryable: false,
      operation,
      argument,
    },
    label,
  )
  assert.ok(error.message.startsWith(`\`${argument}\` `), error.message)
}

/**
 * The error that a call ends in, which must be one of ours.
 * @param {() => unknown} call
 * @returns {unknown}
 */
function thrownBy(call) {
  try {
    call()
  } catch (error) {
    return error
  }
  return assert.fail('it was accepted')
}

/** @param {unknown} value */
function shown(value) {
  const text = inspect(value, { depth: 4, maxStringLength: 40, breakLength: Infinity })
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

/**
 * Both classes refuse a clientInfo in the same words.
 * @param {any} clientInfo
 * @param {string} argument
 */
function refusesInfo(clientInfo, argument) {
  for (const name of /** @type {const} */ (['NorthApiClient', 'NorthApiRequests'])) {
    const error = thrownBy(() => new northbound[name](clientInfo))
    assertInvalid(error, name, argument, shown(clientInfo))
  }
}

/**
 * The address that requests of an application go to.
 * @param {any} clientInfo
 * @param {any} [options]
 */
function addressOf(clientInfo, options) {
  const { url } = new northbound.NorthApiRequests(clientInfo, options).getAuthToken()
  new northbound.NorthApiClient(clientInfo, options).free()
  const path = '/iocm/app/sec/v1.1.0/login'
  assert.ok(url.endsWith(path), url)
  return url.slice(0, -path.length)
}

describe('clientInfo', () => {
  test('has to be an object', () => {
    for (const wrong of [undefined, null, 'app1', 5, true, [], () => {}, Symbol('s'), 1n]) {
      refusesInfo(wrong, 'clientInfo')
    }
  })

  for (const member of /** @type {const} */ (['appId', 'secret'])) {
    describe(`${member}`, () => {
      const argument = `clientInfo.${member}`

      test('has to be a text', () => {
        for (const wrong of [undefined, null, 5, true, {}, ['x'], NaN, 1n, Symbol('s')]) {
          refusesInfo({ ...INFO, [member]: wrong }, argument)
        }
        const { [member]: _, ...without } = INFO
        refusesInfo(without, argument)
      })

      test('has 1 to 256 characters', () => {
        addressOf({ ...INFO, [member]: 'x' })
        addressOf({ ...INFO, [member]: 'x'.repeat(256) })
        refusesInfo({ ...INFO, [member]: '' }, argument)
        refusesInfo({ ...INFO, [member]: 'x'.repeat(257) }, argument)
      })

      test('has no blank and no line break anywhere', () => {
        for (const blank of [' ', '\t', '\n', '\r\n', '\u00a0', '\u3000', '\u2028', '\ufeff']) {
          for (const text of [`${blank}x`, `x${blank}`, `x${blank}y`, blank]) {
            refusesInfo({ ...INFO, [member]: text }, argument)
          }
        }
      })

      test('has no half of a surrogate pair', () => {
        refusesInfo({ ...INFO, [member]: 'x\ud800' }, argument)
      })
    })
  }

  test('appId is what a header can carry: visible ASCII', () => {
    addressOf({ ...INFO, appId: `!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~` })
    for (const odd of ['é', '中', '\0', '\x01', '\x7f', '\u200b', '😀']) {
      refusesInfo({ ...INFO, appId: `app${odd}1` }, 'clientInfo.appId')
    }
  })

  test('secret may have any script, and is sent as percent-encoded UTF-8', () => {
    const secret = 's+e/c=r&t%é中😀*'
    const { body } = new northbound.NorthApiRequests({ ...INFO, secret }).getAuthToken()
    assert.equal(body, 'appId=app1&secret=s%2Be%2Fc%3Dr%26t%25%C3%A9%E4%B8%AD%F0%9F%98%80%2A')
    assert.equal(new URLSearchParams(body).get('secret'), secret)
    addressOf({ ...INFO, secret: '中'.repeat(256) })
    refusesInfo({ ...INFO, secret: '中'.repeat(257) }, 'clientInfo.secret')
  })

  test('platformPort is a port, as number or text', () => {
    for (const right of [1, 8743, 65535, '1', '8743', '65535']) {
      assert.equal(addressOf({ ...INFO, platformPort: right }), `https://platform.example:${right}`)
    }
    const wrong = [0, 65536, 1.5, -1, NaN, Infinity, 1e21, '0', '65536', '1.5', '-1', '08743']
    const odd = [' 8743', '8743 ', '+8743', '0x10', '1e3', 'x', '', '８７４３', true, null, {}, [1]]
    for (const port of [...wrong, ...odd, undefined, 8743n]) {
      refusesInfo({ ...INFO, platformPort: port }, 'clientInfo.platformPort')
    }
  })

  test('platformIp is an IP address or a host name alone', () => {
    for (const [host, expected] of [
      ['10.0.0.1', '10.0.0.1'],
      ['Platform.Example', 'platform.example'],
      ['xn--fiq228c.example', 'xn--fiq228c.example'],
      ['localhost', 'localhost'],
      ['::1', '[::1]'],
      ['[::1]', '[::1]'],
      ['2001:DB8::1', '[2001:db8::1]'],
    ]) {
      assert.equal(addressOf({ ...INFO, platformIp: host }), `https://${expected}:8743`)
    }
    const schemes = ['https://platform.example', 'http://10.0.0.1', '//platform.example']
    const parts = ['h/x', 'h:1', 'h?x', 'h#x', 'user@h', 'h\\x', '[::1', '::1]', '[h]', '[::1]:1']
    const numbers = ['12345', '1.2.3', '256.1.1.1', '0x7f.1', '1.2.3.4.5', '010.0.0.1']
    const others = [
      '',
      ' ',
      ' h',
      'h ',
      'a b',
      'a\nb',
      'a..b',
      '.a',
      '-a',
      '中',
      'h%2e',
      '::1%eth0',
    ]
    for (const host of [...schemes, ...parts, ...numbers, ...others, 'x'.repeat(257)]) {
      refusesInfo({ ...INFO, platformIp: host }, 'clientInfo.platformIp')
    }
    for (const host of [undefined, null, 5, {}]) {
      refusesInfo({ ...INFO, platformIp: host }, 'clientInfo.platformIp')
    }
  })

  test('a member that is not known is refused by name, with the names that are', () => {
    for (const name of ['appid', 'AppId', 'Secret', 'url', 'port', 'baseURL', '']) {
      const info = { ...INFO, [name]: 'x' }
      refusesInfo(info, `clientInfo.${name}`)
      const { message } = /** @type {Error} */ (
        thrownBy(() => new northbound.NorthApiClient(/** @type {any} */ (info)))
      )
      for (const known of ['appId', 'secret', 'platformIp', 'platformPort', 'baseUrl']) {
        assert.ok(message.includes(known), message)
      }
    }
  })

  test('undefined counts as absent', () => {
    const more = { baseUrl: undefined, unheardOf: undefined }
    assert.equal(addressOf({ ...INFO, ...more }), 'https://platform.example:8743')
    const less = { platformIp: undefined, platformPort: undefined }
    assert.equal(addressOf({ ...APP, baseUrl: 'https://h', ...less }), 'https://h')
  })
})

describe('clientInfo.baseUrl', () => {
  /** @param {any} baseUrl @param {any} [options] */
  const parsed = (baseUrl, options) => addressOf({ ...APP, baseUrl }, options)
  /** @param {any} baseUrl */
  const refused = (baseUrl) => refusesInfo({ ...APP, baseUrl }, 'clientInfo.baseUrl')

  test('is an absolute URL, whose path is a prefix and whose trailing slash is ignored', () => {
    for (const [text, expected] of [
      ['https://platform.example', 'https://platform.example'],
      ['https://platform.example/', 'https://platform.example'],
      ['https://platform.example:8743/iot/v1/', 'https://platform.example:8743/iot/v1'],
      ['HTTPS://Platform.Example/IoT', 'https://platform.example/IoT'],
      ['https://[2001:DB8::1]:8743/', 'https://[2001:db8::1]:8743'],
      ['https://h/a%20b', 'https://h/a%20b'],
    ]) {
      assert.equal(parsed(text), expected)
    }
  })

  test('takes the place of platformIp and platformPort, which are then not checked', () => {
    for (const more of [ADDRESS, { platformIp: 'a b', platformPort: 0 }, { platformIp: 5 }]) {
      assert.equal(addressOf({ ...APP, baseUrl: 'https://h', ...more }), 'https://h')
    }
  })

  test('is plain http only to this machine, or where that is allowed', () => {
    for (const host of ['localhost', 'a.localhost', '127.0.0.1', '127.9.9.9', '[::1]']) {
      assert.equal(parsed(`http://${host}:8080/x`), `http://${host}:8080/x`)
    }
    for (const host of ['10.0.0.1', 'platform.example', 'localhost.example', '[::2]', '0.0.0.0']) {
      refused(`http://${host}:8080`)
      const { message } = /** @type {Error} */ (
        thrownBy(() => new northbound.NorthApiRequests({ ...APP, baseUrl: `http://${host}` }))
      )
      assert.match(message, /allowInsecureHttp/)
      assert.equal(parsed(`http://${host}`, { allowInsecureHttp: true }), `http://${host}`)
    }
    assert.match(
      String(
        thrownBy(
          () =>
            new northbound.NorthApiRequests(
              { ...APP, baseUrl: 'http://10.0.0.1' },
              { allowInsecureHttp: false },
            ),
        ),
      ),
      /allowInsecureHttp/,
    )
  })

  test('has no query, fragment, user, dots or empty segment', () => {
    const parts = ['?x=1', '/?', '#a', '/a?x', '/a#b', '/a//b', '/a/../b', '/a/./b', '/..']
    const encoded = ['/%2e%2e/a', '/%2E/a', '/.%2e/a', '/a b', '/a\\b', '/é', '/a\nb', '/a"b']
    for (const part of [...parts, ...encoded]) refused(`https://h${part}`)
    for (const host of ['user@h', 'user:word@h', '@h', 'h:', 'h:0', 'h:65536', 'h:x', 'a\\b']) {
      refused(`https://${host}`)
    }
  })

  test('is no path in Node, where there is no page', () => {
    for (const path of ['/', '/iot', '//platform.example', '/iot/']) refused(path)
  })

  test('is nothing else', () => {
    const texts = ['', 'h', 'h:8743', 'ftp://h', 'file:///x', 'https:h', 'https:/h', 'https://']
    const odd = ['javascript:x', ' https://h', 'https://h ', 'https:///x', 'wss://h', '\0']
    for (const text of [...texts, ...odd]) refused(text)
    for (const value of [null, 5, true, {}, ['https://h'], `https://h/${'x'.repeat(2048)}`]) {
      refused(value)
    }
    refused(new URL('https://h'))
  })
})

describe('the options of a client', () => {
  /** @param {any} options @param {string} argument */
  const refused = (options, argument) => {
    const stub = stubPlatform()
    const given =
      typeof options === 'object' && options && !Array.isArray(options) && !('fetch' in options)
        ? { fetch: stub.fetch, ...options }
        : options
    const error = thrownBy(() => new northbound.NorthApiClient(INFO, given))
    assertInvalid(error, 'NorthApiClient', argument, shown(options))
    assert.deepEqual(stub.sent, [])
    return /** @type {Error} */ (error).message
  }
  /** @param {any} options */
  const accepted = (options) => new northbound.NorthApiClient(INFO, options).free()

  test('are an object or absent', () => {
    for (const wrong of [null, 5, 'x', true, [], () => {}, Symbol('s'), 1n]) {
      refused(wrong, 'options')
    }
    accepted(undefined)
    accepted({})
  })

  for (const name of ['timeoutMs', 'refreshTokenLifetimeMs']) {
    test(`${name} is an integer of 0 to ${MAX}`, () => {
      for (const [time, right] of TIMES) {
        if (right) accepted({ [name]: time })
        else refused({ [name]: time }, `options.${name}`)
      }
      refused({ [name]: null }, `options.${name}`)
    })
  }

  test('fetch and onEvent are functions', () => {
    for (const name of ['fetch', 'onEvent']) {
      for (const wrong of [null, 5, 'x', true, {}, [], Symbol('s'), 1n]) {
        refused({ [name]: wrong }, `options.${name}`)
      }
      accepted({ [name]: () => {} })
    }
  })

  test('tokenStore has the methods of one', () => {
    const store = { read() {}, acquire() {}, renew() {}, commit() {}, release() {} }
    accepted({ tokenStore: store })
    class Store {
      read() {}
      acquire() {}
      renew() {}
      commit() {}
      release() {}
    }
    accepted({ tokenStore: new Store() })
    for (const name of Object.keys(store)) {
      const message = refused({ tokenStore: { ...store, [name]: 5 } }, 'options.tokenStore')
      assert.ok(message.includes(name), message)
    }
    for (const [wrong, problem] of /** @type {[unknown, string][]} */ ([
      [null, 'is null, expected a token store'],
      [5, 'is a number, expected a token store'],
      ['x', 'is a string, expected a token store'],
      [true, 'is a boolean, expected a token store'],
      [[], 'is an array, expected a token store'],
      [{}, 'has no method read'],
      [northbound.memoryTokenStore, 'is a function: call it, as in memoryTokenStore()'],
      [Promise.resolve(store), 'is a promise; await it first'],
      [{ ...store, take: 5 }, 'has a `take` that is no function'],
      [{ ...store, take: null }, 'has a `take` that is no function'],
    ])) {
      const message = refused({ tokenStore: wrong }, 'options.tokenStore')
      assert.equal(message, `\`options.tokenStore\` ${problem}`)
    }
    accepted({ tokenStore: { ...store, take: undefined } })
  })

  test('a member with functions that is misspelt is refused by its own name', async () => {
    const store = northbound.memoryTokenStore()
    const problem = 'is not known here, or may not hold a function; expected'
    const names = 'one of fetch, onEvent, tokenStore'
    class Store {
      read() {}
    }
    for (const [name, value] of /** @type {[string, unknown][]} */ ([
      ['tokenstore', store],
      ['store', new Store()],
      ['onEvents', () => {}],
      ['timeoutMs', () => 5],
    ])) {
      const message = refused({ [name]: value }, `options.${name}`)
      assert.equal(message, `\`options.${name}\` ${problem} ${names}`)
    }
    // Where the place is an object of data, what is wrong in it is named.
    refused({ retry: { attempts: () => 3 } }, 'options.retry.attempts')
    const { OnsMqttClient, NorthApiClient } = northbound
    const config = { accessKeyId: 'a', accessKeySecret: 'b', instanceId: 'c', regionId: 'd' }
    const mqtt = thrownBy(
      () =>
        new OnsMqttClient(/** @type {any} */ (config), /** @type {any} */ ({ tokenStore: store })),
    )
    assertInvalid(mqtt, 'OnsMqttClient', 'options.tokenStore')
    assert.match(String(mqtt), /expected one of fetch, onEvent$/)
    const client = new NorthApiClient(INFO, { fetch: stubPlatform().fetch })
    const call = client.queryDeviceStatus(DEVICE, /** @type {any} */ ({ onAbort() {} }))
    const error = await call.catch((each) => each)
    assertInvalid(error, 'queryDeviceStatus', 'options.onAbort')
    assert.match(String(error), /expected signal$/)
  })

  test('retry is false or a policy', () => {
    for (const right of [
      false,
      {},
      { attempts: 1 },
      { attempts: MAX, baseDelayMs: 0, maxDelayMs: MAX, totalMs: 0 },
      { attempts: undefined, unheardOf: undefined },
    ]) {
      accepted({ retry: right })
    }
    for (const wrong of [true, null, 5, 'x', []]) refused({ retry: wrong }, 'options.retry')
    refused({ retry: { attempts: 0 } }, 'options.retry.attempts')
    for (const name of ['attempts', 'baseDelayMs', 'maxDelayMs', 'totalMs']) {
      for (const wrong of [-1, 1.5, MAX + 1, '1', null, true, NaN]) {
        refused({ retry: { [name]: wrong } }, `options.retry.${name}`)
      }
    }
    assert.match(refused({ retry: { tries: 3 } }, 'options.retry.tries'), /attempts.*totalMs/)
  })

  test('throttle is false or a limit', () => {
    const right = { calls: 100, perMs: 60_000 }
    for (const limit of [false, right, { ...right, slackMs: 0 }, { calls: 1, perMs: 1 }]) {
      accepted({ throttle: limit })
    }
    for (const wrong of [true, null, 5, 'x', []]) refused({ throttle: wrong }, 'options.throttle')
    refused({ throttle: {} }, 'options.throttle.calls')
    refused({ throttle: { calls: 1 } }, 'options.throttle.perMs')
    for (const name of ['calls', 'perMs', 'slackMs']) {
      for (const wrong of [-1, 1.5, MAX + 1, '1', null, true]) {
        refused({ throttle: { ...right, [name]: wrong } }, `options.throttle.${name}`)
      }
    }
    for (const name of ['calls', 'perMs']) {
      refused({ throttle: { ...right, [name]: 0 } }, `options.throttle.${name}`)
    }
    const message = refused({ throttle: { ...right, per: 1 } }, 'options.throttle.per')
    assert.match(message, /calls.*perMs.*slackMs/)
  })

  test('allowInsecureHttp is true or false', () => {
    for (const wrong of [null, 1, 'true', {}]) {
      refused({ allowInsecureHttp: wrong }, 'options.allowInsecureHttp')
      const { NorthApiRequests } = northbound
      const options = /** @type {any} */ ({ allowInsecureHttp: wrong })
      const error = thrownBy(() => new NorthApiRequests(INFO, options))
      assertInvalid(error, 'NorthApiRequests', 'options.allowInsecureHttp')
    }
  })

  test('a member that is not known is refused by name, with the names that are', () => {
    const known = [
      'fetch',
      'timeoutMs',
      'retry',
      'throttle',
      'onEvent',
      'allowInsecureHttp',
      'tokenStore',
      'refreshTokenLifetimeMs',
    ]
    for (const name of ['timeout', 'timeoutms', 'signal', 'retries', 'accessToken', '']) {
      const message = refused({ [name]: 1 }, `options.${name}`)
      for (const each of known) assert.ok(message.includes(each), message)
    }
    const options = /** @type {any} */ ({ timeoutMs: 1 })
    const error = thrownBy(() => new northbound.NorthApiRequests(INFO, options))
    assertInvalid(error, 'NorthApiRequests', 'options.timeoutMs')
    assert.match(String(error), /known are: allowInsecureHttp/)
  })

  test('undefined counts as absent', () => {
    const names = ['fetch', 'timeoutMs', 'retry', 'throttle', 'onEvent', 'allowInsecureHttp']
    const more = ['tokenStore', 'refreshTokenLifetimeMs', 'unheardOf']
    accepted(Object.fromEntries([...names, ...more].map((name) => [name, undefined])))
    const throttle = { calls: 1, perMs: 1, slackMs: undefined, x: undefined }
    accepted({ throttle, retry: { attempts: undefined } })
  })
})

/** Inputs that are right, by operation. @type {Record<string, Record<string, unknown>>} */
const INPUTS = {
  refreshDeviceKey: { ...DEVICE },
  regDirectDevice: { nodeId: 'node-1' },
  queryDeviceStatus: { ...DEVICE },
  deleteDirectDevice: { ...DEVICE },
}
const OPERATIONS = /** @type {const} */ ([
  'refreshDeviceKey',
  'regDirectDevice',
  'queryDeviceStatus',
  'deleteDirectDevice',
])
/** @typedef {typeof OPERATIONS[number]} Operation */

/**
 * The client and the maker refuse an input in the same words, and the client sends nothing.
 * @param {Operation} operation
 * @param {any} input
 * @param {string} argument
 * @param {any} [more] options of the call
 */
async function refuses(operation, input, argument, more = {}) {
  const { fetch, sent } = stubPlatform()
  const client = new northbound.NorthApiClient(INFO, { fetch })
  const requests = new northbound.NorthApiRequests(INFO)
  const options = more?.constructor === Object ? { ...TOKEN, ...more } : more
  const rejected = await client[operation](input, options).then(
    () => assert.fail(`${operation} accepted ${shown(input)} ${shown(more)}`),
    (error) => error,
  )
  const label = `${operation} ${shown(input)} ${shown(more)}`
  assertInvalid(rejected, operation, argument, label)
  const thrown = thrownBy(() => requests[operation](input, options))
  assertInvalid(thrown, operation, argument, label)
  assert.equal(/** @type {Error} */ (thrown).message.split(';')[0], rejected.message.split(';')[0])
  assert.deepEqual(sent, [])
  client.free()
  requests.free()
  return /** @type {string} */ (rejected.message)
}

/**
 * What is sent of an input that is right; the maker prepares the same.
 * @param {Operation} operation
 * @param {any} input
 * @param {any} [more] options of the call
 */
async function sends(operation, input, more = {}) {
  const { fetch, sent } = stubPlatform()
  const client = new northbound.NorthApiClient(INFO, { fetch })
  await client[operation](input, { ...TOKEN, ...more })
  const prepared = new northbound.NorthApiRequests(INFO)[operation](input, { ...TOKEN, ...more })
  assert.equal(sent.length, 1)
  const { url, init } = /** @type {typeof sent[number]} */ (sent[0])
  assert.equal(url, prepared.url)
  assert.equal(init.body, prepared.body)
  assert.deepEqual({ ...init.headers }, { ...prepared.headers })
  client.free()
  return { url, body: init.body === undefined ? undefined : JSON.parse(init.body) }
}

/**
 * @param {Operation} operation
 * @param {Record<string, unknown>} members
 */
const withInput = (operation, members) => ({ ...INPUTS[operation], ...members })

describe('the input of a call', () => {
  for (const operation of OPERATIONS) {
    test(`of ${operation} is an object`, async () => {
      for (const wrong of [undefined, null, 5, 'x', true, [], () => {}, Symbol('s')]) {
        await refuses(operation, wrong, 'input')
      }
    })
  }

  test('is refused by name where a member is misspelt, with the names that are known', async () => {
    const key = ['deviceId', 'verifyCode', 'nodeId', 'timeout']
    const registration = ['endUserId', 'productId', 'imsi', 'isSecure', 'psk', 'deviceInfo']
    const knownOf = {
      refreshDeviceKey: key,
      regDirectDevice: [...key.slice(1), ...registration],
      queryDeviceStatus: ['deviceId'],
      deleteDirectDevice: ['deviceId', 'cascade'],
    }
    for (const operation of OPERATIONS) {
      for (const name of ['verifycode', 'deviceID', 'nodeid', 'accessToken', '']) {
        const input = withInput(operation, { [name]: 'x' })
        const message = await refuses(operation, input, `input.${name}`)
        for (const known of knownOf[operation]) assert.ok(message.includes(known), message)
      }
    }
  })

  for (const operation of OPERATIONS.filter((name) => name !== 'regDirectDevice')) {
    test(`of ${operation} has a deviceId of 1 to 256 characters`, async () => {
      for (const wrong of [undefined, null, 5, {}, '', 'x'.repeat(257), '.', '..', '\ud800']) {
        await refuses(operation, { deviceId: wrong }, 'input.deviceId')
      }
      await sends(operation, { deviceId: 'x'.repeat(256) })
      await sends(operation, { deviceId: '中'.repeat(256) })
    })

    test(`of ${operation} reaches no other path, whatever the deviceId`, async () => {
      const prefix = operation === 'deleteDirectDevice' ? 'devices' : 'deviceCredentials'
      const odd = ['a/../b', '../x', 'a/b', '%2e%2e', '%2E', 'a?b#c', 'a\\..\\b', '...', 'a;b', '~']
      for (const deviceId of [...odd, 'a b', '中', 'a\r\nb', '..%2f', './', '. ', '.\t.']) {
        const { pathname, search, hash } = new URL((await sends(operation, { deviceId })).url)
        const segments = pathname.split('/')
        assert.equal(segments.at(-2), prefix, pathname)
        assert.equal(segments.length, 7, pathname)
        assert.equal(decodeURIComponent(String(segments.at(-1))), deviceId)
        assert.deepEqual([search, hash], ['', ''])
      }
    })
  }

  test('has a nodeId of 1 to 256 characters where it registers', async () => {
    for (const wrong of [undefined, null, 5, '', 'x'.repeat(257)]) {
      await refuses('regDirectDevice', { nodeId: wrong }, 'input.nodeId')
    }
    await sends('regDirectDevice', { nodeId: 'x'.repeat(256) })
  })

  test('has texts of bounded length', async () => {
    /** @type {[Operation, string, number, string?][]} */
    const table = [
      ['refreshDeviceKey', 'verifyCode', 256],
      ['refreshDeviceKey', 'nodeId', 256],
      ['regDirectDevice', 'verifyCode', 256],
      ['regDirectDevice', 'endUserId', 256],
      ['regDirectDevice', 'productId', 256],
      ['regDirectDevice', 'imsi', 64],
    ]
    for (const [operation, name, most] of table) {
      for (const right of ['x', 'x'.repeat(most), '中'.repeat(most)]) {
        const { body } = await sends(operation, withInput(operation, { [name]: right }))
        assert.equal(body[name], right)
      }
      for (const wrong of ['', 'x'.repeat(most + 1), 5, true, {}, ['x'], '\ud800', 1n]) {
        await refuses(operation, withInput(operation, { [name]: wrong }), `input.${name}`)
      }
    }
  })

  test('has a psk of 8 to 32 hexadecimal digits', async () => {
    for (const right of ['12345678', 'abcdefAB', '0'.repeat(32)]) {
      const { body } = await sends('regDirectDevice', { nodeId: 'n', psk: right })
      assert.equal(body.psk, right)
    }
    const wrong = [
      '',
      '1234567',
      '0'.repeat(33),
      '1234567g',
      '12345678 ',
      '0x123456',
      '１２３４５６７８',
    ]
    for (const psk of [...wrong, 12345678, true]) {
      await refuses('regDirectDevice', { nodeId: 'n', psk }, 'input.psk')
    }
  })

  test('has true or false where a flag is meant', async () => {
    for (const flag of [true, false]) {
      const { body } = await sends('regDirectDevice', { nodeId: 'n', isSecure: flag })
      assert.equal(body.isSecure, flag)
      const { url } = await sends('deleteDirectDevice', { ...DEVICE, cascade: flag })
      assert.equal(new URL(url).search, `?cascade=${flag}`)
    }
    for (const wrong of ['true', 1, 0, {}]) {
      await refuses('regDirectDevice', { nodeId: 'n', isSecure: wrong }, 'input.isSecure')
      await refuses('deleteDirectDevice', { ...DEVICE, cascade: wrong }, 'input.cascade')
    }
  })

  test(`has a timeout in seconds of 0 to ${MAX}`, async () => {
    for (const operation of /** @type {const} */ (['refreshDeviceKey', 'regDirectDevice'])) {
      for (const [timeout, right] of TIMES) {
        const input = withInput(operation, { timeout })
        if (!right) await refuses(operation, input, 'input.timeout')
        else assert.equal((await sends(operation, input)).body.timeout, Number(timeout) + 0)
      }
    }
  })

  test('may be null exactly where the contract says so, and null is then absent', async () => {
    const key = ['verifyCode', 'nodeId', 'timeout']
    const more = ['endUserId', 'productId', 'imsi', 'isSecure', 'psk', 'deviceInfo']
    for (const name of key) {
      const { body } = await sends('refreshDeviceKey', { ...DEVICE, [name]: null })
      assert.deepEqual(body, {})
    }
    for (const name of ['verifyCode', 'timeout', ...more]) {
      const { body } = await sends('regDirectDevice', { nodeId: 'n', [name]: null })
      assert.deepEqual(body, { nodeId: 'n' })
    }
    const { url } = await sends('queryDeviceStatus', DEVICE, { appId: null })
    assert.equal(new URL(url).search, '')
    await refuses('deleteDirectDevice', { ...DEVICE, cascade: null }, 'input.cascade')
    for (const operation of OPERATIONS) {
      const [name] = Object.keys(INPUTS[operation] ?? {})
      await refuses(operation, { [String(name)]: null }, `input.${name}`)
    }
  })

  test('may be undefined in every member, which is then absent', async () => {
    const names = ['verifyCode', 'timeout', 'endUserId', 'productId', 'imsi', 'isSecure', 'psk']
    const absent = Object.fromEntries(
      [...names, 'deviceInfo', 'x'].map((name) => [name, undefined]),
    )
    const { body } = await sends('regDirectDevice', { nodeId: 'n', ...absent })
    assert.deepEqual(body, { nodeId: 'n' })
    const { url } = await sends('deleteDirectDevice', { ...DEVICE, cascade: undefined })
    assert.equal(new URL(url).search, '')
  })

  test('is read once, when the call is made', async () => {
    /** @type {Record<string, number>} */
    const reads = {}
    /** @param {Record<string, any>} members */
    const counting = (members) =>
      Object.defineProperties(
        {},
        Object.fromEntries(
          Object.entries(members).map(([name, value]) => {
            const get = () => ((reads[name] = (reads[name] ?? 0) + 1), value)
            return [name, { get, enumerable: true }]
          }),
        ),
      )
    const { fetch, sent } = stubPlatform()
    const info = { ...INFO }
    const options = counting({ fetch, timeoutMs: 9 })
    const client = new northbound.NorthApiClient(/** @type {any} */ (counting(info)), options)
    const input = { nodeId: 'n', deviceInfo: { name: 'before' } }
    const called = client.regDirectDevice(
      /** @type {any} */ (counting(input)),
      /** @type {any} */ (counting({ accessToken: 'a-token', appId: 'other' })),
    )
    input.deviceInfo.name = 'after'
    info.secret = 'after'
    await called
    assert.equal(JSON.parse(String(sent[0]?.init.body)).deviceInfo.name, 'before')
    assert.deepEqual(
      reads,
      Object.fromEntries([...Object.keys(reads)].map((name) => [name, name === 'appId' ? 2 : 1])),
    )
    assert.equal(Object.keys(reads).length, 9)
  })
})

describe('deviceInfo', () => {
  test('is passed through unchanged', async () => {
    const deviceInfo = {
      manufacturerId: 'm',
      name: '水泵 7 号 😀 \u2028 "quoted" \\ \n\t\u0001',
      unknown: { deeper: { list: [1, [2, [3, []]], {}], nothing: null } },
      numbers: [0, 1.5, -1.5, 1e21, 1e-7, 5e-324, 2 ** 53, -(2 ** 60), 1.7976931348623157e308],
      flags: [true, false],
      '': 'without a name',
      中: '中',
      __proto__: undefined,
    }
    const { body } = await sends('regDirectDevice', { nodeId: 'n', deviceInfo })
    assert.deepEqual(body.deviceInfo, JSON.parse(JSON.stringify(deviceInfo)))
    assert.equal(JSON.stringify(body.deviceInfo), JSON.stringify(deviceInfo))
  })

  test('keeps a member that is called __proto__ a member', async () => {
    const deviceInfo = JSON.parse('{"__proto__":{"a":1},"constructor":{"b":2}}')
    const { body } = await sends('regDirectDevice', { nodeId: 'n', deviceInfo })
    assert.equal(JSON.stringify(body.deviceInfo), JSON.stringify(deviceInfo))
  })

  test('loses members that are undefined, as JSON does', async () => {
    const deviceInfo = { a: undefined, b: { c: undefined }, list: [undefined, 1] }
    const { body } = await sends('regDirectDevice', { nodeId: 'n', deviceInfo })
    assert.deepEqual(body.deviceInfo, { b: {}, list: [null, 1] })
  })

  test('names the place of a value that is no data', async () => {
    /** @type {[unknown, string][]} */
    const table = [
      [{ a: Symbol('s') }, '.a'],
      [{ a: { b: [0, () => {}] } }, '.a.b[1]'],
      [{ a: 1n }, '.a'],
      [{ a: NaN }, '.a'],
      [{ a: [-Infinity] }, '.a[0]'],
      [{ a: 'x\ud800' }, '.a'],
    ]
    for (const [deviceInfo, place] of table) {
      await refuses('regDirectDevice', { nodeId: 'n', deviceInfo }, `input.deviceInfo${place}`)
    }
    for (const wrong of [5, 'x', true, []]) {
      await refuses('regDirectDevice', { nodeId: 'n', deviceInfo: wrong }, 'input.deviceInfo')
    }
  })
})

describe('the options of a call', () => {
  test('are an object or absent; what prepares needs them for the token', async () => {
    const { fetch, sent } = stubPlatform()
    const client = new northbound.NorthApiClient(INFO, { fetch })
    const requests = new northbound.NorthApiRequests(INFO)
    for (const wrong of [null, 5, 'x', true, [], () => {}]) {
      await refuses('queryDeviceStatus', DEVICE, 'options', wrong)
      for (const login of /** @type {const} */ (['getAuthToken', 'refreshAuthToken'])) {
        const error = await client[login](/** @type {any} */ (wrong)).catch((error) => error)
        assertInvalid(error, login, 'options')
      }
    }
    assert.deepEqual(sent, [])
    const anyRequests = /** @type {any} */ (requests)
    assertInvalid(
      thrownBy(() => anyRequests.queryDeviceStatus(DEVICE)),
      'queryDeviceStatus',
      'options',
    )
    assertInvalid(
      thrownBy(() => anyRequests.queryDeviceStatus(DEVICE, {})),
      'queryDeviceStatus',
      'options.accessToken',
    )
    await client.queryDeviceStatus(DEVICE)
    await client.queryDeviceStatus(DEVICE, undefined)
  })

  test('a member that is not known is refused by name, with the names that are', async () => {
    for (const name of ['timeout', 'Signal', 'token', 'force', '']) {
      const message = await refuses('queryDeviceStatus', DEVICE, `options.${name}`, { [name]: 1 })
      for (const known of ['signal', 'timeoutMs', 'appId', 'accessToken']) {
        assert.ok(message.includes(known), message)
      }
    }
    const { fetch, sent } = stubPlatform()
    const client = new northbound.NorthApiClient(INFO, { fetch })
    for (const [login, name] of /** @type {const} */ ([
      ['getAuthToken', 'Force'],
      ['getAuthToken', 'accessToken'],
      ['refreshAuthToken', 'force'],
      ['refreshAuthToken', 'appId'],
    ])) {
      const options = /** @type {any} */ ({ [name]: 'x' })
      const error = await client[login](options).catch((error) => error)
      assertInvalid(error, login, `options.${name}`)
      assert.match(error.message, /known are: .*timeoutMs/)
    }
    assert.deepEqual(sent, [])
  })

  test(`timeoutMs is an integer of 0 to ${MAX}`, async () => {
    const { fetch } = stubPlatform()
    const client = new northbound.NorthApiClient(INFO, { fetch })
    for (const [time, right] of [...TIMES, /** @type {const} */ ([null, false])]) {
      const options = /** @type {any} */ ({ timeoutMs: time })
      for (const call of [
        () => client.queryDeviceStatus(DEVICE, options),
        () => client.getAuthToken(options),
        () => client.refreshAuthToken(options),
      ]) {
        const error = await call().then(
          () => undefined,
          (error) => error,
        )
        if (right) assert.equal(error, undefined)
        else assertInvalid(error, error?.operation, 'options.timeoutMs', shown(time))
      }
    }
  })

  test('force is true or false', async () => {
    const { fetch, sent } = stubPlatform()
    const client = new northbound.NorthApiClient(INFO, { fetch })
    for (const wrong of [null, 1, 'true', {}]) {
      const options = /** @type {any} */ ({ force: wrong })
      assertInvalid(
        await client.getAuthToken(options).catch((e) => e),
        'getAuthToken',
        'options.force',
      )
    }
    assert.deepEqual(sent, [])
  })

  test('accessToken is what a header can carry: visible ASCII', async () => {
    const { fetch, sent } = stubPlatform()
    const client = new northbound.NorthApiClient(INFO, { fetch })
    await client.queryDeviceStatus(DEVICE, { accessToken: 'x'.repeat(4096) })
    assert.equal(sent[0]?.init.headers.authorization, `Bearer ${'x'.repeat(4096)}`)
    const wrong = [
      '',
      ' ',
      'a b',
      ' a',
      'a ',
      'a\r\nx-injected: 1',
      'é',
      '中',
      '\0',
      '\x7f',
      null,
      5,
    ]
    for (const accessToken of [...wrong, 'x'.repeat(4097), {}, '\ud800']) {
      await refuses('queryDeviceStatus', DEVICE, 'options.accessToken', { accessToken })
    }
  })

  test('appId is a text of 1 to 256 characters, sent in the query', async () => {
    for (const appId of ['other', 'x'.repeat(256), 'a&b=c#d']) {
      for (const operation of OPERATIONS) {
        const { url } = await sends(operation, INPUTS[operation], { appId })
        assert.equal(new URL(url).searchParams.get('appId'), appId)
        assert.equal(new URL(url).hash, '')
      }
    }
    for (const appId of ['', 'x'.repeat(257), 5, true, {}]) {
      await refuses('queryDeviceStatus', DEVICE, 'options.appId', { appId })
    }
  })

  test('signal is like an AbortSignal', async () => {
    const { fetch, sent } = stubPlatform()
    const client = new northbound.NorthApiClient(INFO, { fetch })
    for (const wrong of [null, 5, 'x', {}, { aborted: 'no' }, { aborted: false }, new Date()]) {
      const options = /** @type {any} */ ({ signal: wrong })
      for (const [operation, call] of /** @type {const} */ ([
        ['queryDeviceStatus', () => client.queryDeviceStatus(DEVICE, options)],
        ['getAuthToken', () => client.getAuthToken(options)],
        ['refreshAuthToken', () => client.refreshAuthToken(options)],
      ])) {
        assertInvalid(await call().catch((error) => error), operation, 'options.signal')
      }
    }
    assert.deepEqual(sent, [])
  })

  test('undefined counts as absent', async () => {
    const absent = { signal: undefined, timeoutMs: undefined, appId: undefined, x: undefined }
    const { fetch } = stubPlatform()
    const client = new northbound.NorthApiClient(INFO, { fetch })
    await client.queryDeviceStatus(DEVICE, { ...absent, accessToken: undefined })
    await client.getAuthToken(/** @type {any} */ ({ ...absent, force: undefined }))
    await client.refreshAuthToken(/** @type {any} */ (absent))
  })
})

describe('a signal', () => {
  test('of 50 calls has one listener, aborts them all, and nothing is printed', async () => {
    const { code, stdout, stderr } = await runModule(`
      import { getEventListeners } from 'node:events'
      import { NorthApiClient } from 'northbound'
      const fetch = () => new Promise(() => {})
      const client = new NorthApiClient(${JSON.stringify(INFO)}, { fetch })
      const controller = new AbortController()
      const { signal } = controller
      const listening = () => getEventListeners(signal, 'abort').length
      const call = () =>
        client.queryDeviceStatus({ deviceId: 'd' }, { accessToken: 'a', signal })
      const calls = Array.from({ length: 50 }, call)
      const before = listening()
      const reason = new Error('enough')
      controller.abort(reason)
      const settled = await Promise.allSettled(calls)
      const reasons = settled.filter((each) => each.reason === reason).length
      // A warning is printed in a later turn.
      await new Promise((resolve) => setImmediate(resolve))
      console.log(JSON.stringify([before, reasons, listening()]))
    `)
    assert.deepEqual(
      { code, stderr, found: JSON.parse(stdout) },
      {
        code: 0,
        stderr: '',
        found: [1, 50, 0],
      },
    )
  })

  test('loses its listener with the last call, and gets one anew with the next', async () => {
    const { signal } = new AbortController()
    /** @type {(() => void)[]} */
    const going = []
    const { fetch } = stubPlatform()
    /** @type {any} */
    const held = async (/** @type {any} */ ...args) => {
      await new Promise((resolve) => going.push(() => resolve(undefined)))
      return Reflect.apply(fetch, undefined, args)
    }
    const client = new northbound.NorthApiClient(INFO, { fetch: held })
    const listening = () => getEventListeners(signal, 'abort').length
    for (let round = 0; round < 2; round += 1) {
      const calls = [1, 2].map(() => client.queryDeviceStatus(DEVICE, { ...TOKEN, signal }))
      while (going.length < 2) await new Promise((resolve) => setImmediate(resolve))
      assert.equal(listening(), 1)
      going.shift()?.()
      await Promise.race(calls)
      assert.equal(listening(), 1)
      going.shift()?.()
      await Promise.all(calls)
      assert.equal(listening(), 0)
    }
    client.free()
  })
})

describe('the arguments of a prepared request', () => {
  test('refreshAuthToken takes a refresh token and nothing else', () => {
    const requests = /** @type {any} */ (new northbound.NorthApiRequests(INFO))
    for (const wrong of [undefined, null, 5, '', 'x'.repeat(4097), {}]) {
      const error = thrownBy(() => requests.refreshAuthToken({ refreshToken: wrong }))
      assertInvalid(error, 'refreshAuthToken', 'input.refreshToken')
    }
    for (const wrong of [undefined, null, 'x']) {
      assertInvalid(
        thrownBy(() => requests.refreshAuthToken(wrong)),
        'refreshAuthToken',
        'input',
      )
    }
    const misspelt = { refreshToken: 'x', refreshtoken: 'x' }
    const error = thrownBy(() => requests.refreshAuthToken(misspelt))
    assertInvalid(error, 'refreshAuthToken', 'input.refreshtoken')
    assert.match(String(error), /known are: refreshToken/)
  })

  test('decode takes a status, a body and headers', () => {
    const requests = new northbound.NorthApiRequests(INFO)
    const { decode } = requests.queryDeviceStatus(DEVICE, TOKEN)
    const anyDecode = /** @type {any} */ (decode)
    for (const status of [undefined, null, '200', 200.5, NaN, -1, 1000, {}]) {
      assertInvalid(
        thrownBy(() => anyDecode(status, '{}')),
        'queryDeviceStatus',
        'status',
      )
    }
    for (const body of [5, true, {}, [], () => {}, Symbol('s'), new ArrayBuffer(1)]) {
      assertInvalid(
        thrownBy(() => anyDecode(200, body)),
        'queryDeviceStatus',
        'body',
      )
    }
    const text = JSON.stringify(ANSWERS.queryDeviceStatus)
    for (const body of [text, new TextEncoder().encode(text), Buffer.from(text)]) {
      assert.deepEqual({ ...decode(200, body) }, ANSWERS.queryDeviceStatus)
    }
  })

  test('decode refuses headers that are no object', () => {
    const requests = new northbound.NorthApiRequests(INFO)
    const decode = /** @type {any} */ (requests.queryDeviceStatus(DEVICE, TOKEN).decode)
    for (const headers of ['date: now', 5, true, null, [['date', 'now']], () => {}]) {
      const call = () => decode(200, JSON.stringify(ANSWERS.queryDeviceStatus), headers)
      assertInvalid(thrownBy(call), 'queryDeviceStatus', 'headers', shown(headers))
    }
  })
})

test('a method that was freed, or is called on another this, says so', async () => {
  const { NorthApiClient, NorthApiRequests } = northbound
  const client = new NorthApiClient(INFO, { fetch: stubPlatform().fetch })
  const requests = new NorthApiRequests(INFO)
  const freed = new NorthApiClient(INFO)
  freed.free()
  freed.free()
  for (const self of [undefined, null, {}, requests, freed, new Proxy(client, {})]) {
    const call = client.queryDeviceStatus.call(/** @type {any} */ (self), DEVICE)
    assertInvalid(await call.catch((error) => error), 'queryDeviceStatus', 'this')
  }
  const freedRequests = new NorthApiRequests(INFO)
  freedRequests.free()
  for (const self of [undefined, client, freedRequests]) {
    const call = () => requests.getAuthToken.call(/** @type {any} */ (self))
    assertInvalid(thrownBy(call), 'getAuthToken', 'this')
  }
  class Mine extends NorthApiClient {}
  const mine = new Mine(INFO, { fetch: stubPlatform().fetch })
  assert.deepEqual({ ...(await mine.queryDeviceStatus(DEVICE)) }, ANSWERS.queryDeviceStatus)
})

test('members of answers that are not known are ignored', async () => {
  const more = { unheardOf: { a: [1] }, psks: 'x', Timeout: 5 }
  const answers = Object.fromEntries(
    Object.entries(ANSWERS).map(([name, answer]) => [name, { ...answer, ...more }]),
  )
  const { fetch } = stubPlatform({ ...answers, refreshAuthToken: answers.getAuthToken })
  const client = new northbound.NorthApiClient(INFO, { fetch })
  assert.deepEqual({ ...(await client.getAuthToken()) }, ANSWERS.getAuthToken)
  assert.deepEqual({ ...(await client.refreshAuthToken()) }, ANSWERS.getAuthToken)
  const registered = await client.regDirectDevice({ nodeId: 'n' })
  assert.deepEqual({ ...registered }, ANSWERS.regDirectDevice)
  assert.deepEqual({ ...(await client.refreshDeviceKey(DEVICE)) }, ANSWERS.refreshDeviceKey)
  assert.deepEqual({ ...(await client.queryDeviceStatus(DEVICE)) }, ANSWERS.queryDeviceStatus)
})

describe('the entry for browsers', () => {
  const start = `
    import { readFileSync } from 'node:fs'
    const path = process.cwd() + '/node_modules/northbound/'
    const northbound = await import(path + 'browser.js')
    const { init, NorthApiRequests, errorCatalogue } = northbound
    const bytes = readFileSync(path + 'northbound.wasm')
    const app = { appId: 'a', secret: 's', baseUrl: 'https://h' }
    const told = (error) => error && {
      name: error.name, operation: error.operation, argument: error.argument, message: error.message,
    }
    const works = () => new NorthApiRequests(app).getAuthToken().url.startsWith('https://h/')
    const tell = (value) => console.log(JSON.stringify(value))
  `

  test('names init where anything is used before it', async () => {
    const found = await valueOf(`${start}
      const used = {}
      for (const [name, value] of Object.entries(northbound)) {
        if (typeof value !== 'function' || name === 'init') continue
        if (value.prototype instanceof Error) continue
        try {
          used[name] = String(/^[A-Z]/.test(name) ? new value(app) : value(app))
        } catch (error) {
          used[name] = told(error)
        }
      }
      tell({ used, version: typeof northbound.version })`)
    assert.equal(found.version, 'string')
    const { isNorthboundError, memoryTokenStore, webTokenStore, ...others } = found.used
    assert.equal(isNorthboundError, 'false')
    // The token stores need no init, and judge their own arguments.
    assert.deepEqual(
      [memoryTokenStore.name, memoryTokenStore.operation, memoryTokenStore.argument],
      ['InvalidArgumentError', 'memoryTokenStore', 'options'],
    )
    assert.deepEqual(
      [webTokenStore.name, webTokenStore.operation, webTokenStore.argument],
      ['InvalidArgumentError', 'webTokenStore', 'options.appId'],
    )
    assert.deepEqual(Object.keys(others).sort(), [
      'NorthApiClient',
      'NorthApiRequests',
      'OnsMqttClient',
      'OnsMqttRequests',
      'errorCatalogue',
      'mqttDeviceLogin',
      'mqttSignatureLogin',
      'mqttTokenLogin',
    ])
    for (const [name, error] of Object.entries(others)) {
      assert.equal(error.name, 'InvalidArgumentError')
      assert.equal(error.operation, name)
      assert.equal(error.argument, 'init')
      assert.match(error.message, /await init\(\)/)
    }
  })

  test('has token stores that work before init', async () => {
    const found = await valueOf(`${start}
      const { memoryTokenStore, webTokenStore } = northbound
      const memory = memoryTokenStore()
      const token = {
        accessToken: 'a', refreshToken: 'r', tokenType: 'bearer', scope: 'default',
        lifeMs: 60_000, refreshLifeMs: 60_000, generation: 1,
      }
      const lease = await memory.acquire('key', 'owner', 1000)
      const committed = await memory.commit('key', 'owner', token)
      const { accessToken } = await memory.read('key')
      const web = Object.keys(webTokenStore({ name: 'tokens' })).sort()
      tell({ lease, committed, accessToken, web })`)
    assert.deepEqual(found, {
      lease: { generation: 1 },
      committed: true,
      accessToken: 'a',
      web: ['acquire', 'commit', 'read', 'release', 'renew', 'take'],
    })
  })

  const data = "'data:application/wasm;base64,' + bytes.toString('base64')"
  const response = "new Response(bytes, { headers: { 'content-type': 'application/wasm' } })"
  for (const [what, source] of [
    ['bytes', 'new Uint8Array(bytes)'],
    ['a buffer', 'new Uint8Array(bytes).buffer'],
    ['a view', 'new DataView(new Uint8Array(bytes).buffer)'],
    ['a response', response],
    ['a response of another type', 'new Response(bytes)'],
    ['what is like a response', '{ arrayBuffer: async () => new Uint8Array(bytes).buffer }'],
    ['a promise of a response', `Promise.resolve(${response})`],
    ['a thenable of a response', `{ then: (yes) => yes(${response}) }`],
    ['a compiled module', 'await WebAssembly.compile(bytes)'],
    ['an address', data],
    ['a URL', `new URL(${data})`],
    ['what has an href', `{ href: ${data} }`],
  ]) {
    test(`loads ${what}`, async () => {
      const found = await valueOf(`${start}
        const result = await init(${source})
        tell({ result: typeof result, works: works(), codes: errorCatalogue().length > 50 })`)
      assert.deepEqual(found, { result: 'undefined', works: true, codes: true })
    })
  }

  test('refuses what is no WebAssembly, and may be tried again', async () => {
    const found = await valueOf(`${start}
      const wrong = [
        'bad', 5, {}, new Uint8Array(3), new Response('<html>'), () => Promise.reject(new Error('lost')),
        { then() { throw null } }, { get href() { throw null } }, new Response('', { status: 404 }),
        'data:text/html,x', null, Symbol('s'), () => () => {}, { arrayBuffer: () => Promise.reject(1) },
      ]
      console.warn = () => {}
      const errors = []
      for (const source of wrong) {
        const made = typeof source === 'function' ? source() : source
        errors.push(told(await init(made).catch((error) => error)) ?? null)
      }
      let before
      try { works() } catch (error) { before = told(error) }
      await init(bytes)
      tell({ errors, before, works: works() })`)
    for (const error of found.errors) {
      assert.deepEqual(
        [error?.name, error?.operation, error?.argument],
        ['InvalidArgumentError', 'init', 'source'],
      )
    }
    assert.equal(found.before.argument, 'init')
    assert.equal(found.works, true)
  })

  test('loads once, however often and at whatever time it is asked', async () => {
    const found = await valueOf(`${start}
      let loads = 0
      for (const name of ['instantiate', 'instantiateStreaming']) {
        const former = WebAssembly[name]
        WebAssembly[name] = (source, imports) => {
          // Node's own fetch is partly WebAssembly too; our imports come from a module called a.
          if (Object.keys(imports).join() === 'a') loads += 1
          return former.call(WebAssembly, source, imports)
        }
      }
      const both = [init(bytes), init(${response})]
      await Promise.all(both)
      await init()
      await init('bad')
      tell({ loads, works: works() })`)
    assert.deepEqual(found, { loads: 1, works: true })
  })
})

test('init resolves at once in Node, whatever it is given', async () => {
  for (const source of [undefined, 'bad', new Uint8Array(3), null]) {
    assert.equal(await northbound.init(/** @type {any} */ (source)), undefined)
  }
})
