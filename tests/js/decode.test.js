// How answers are read and requests are prepared, without a network and through the client.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { inspect } from 'node:util'

import { echoes, lacks, rejection, shown, thrown } from './support/expect.js'
import { importPackage } from './support/package.js'
import { APP, startSimulator } from './support/simulator.js'

const {
  DecodeError,
  InvalidArgumentError,
  NorthApiClient,
  NorthApiRequests,
  NorthboundError,
  PlatformError,
} = await importPackage()

const SECRET = `s+e/c=r&t%"<é>'1`
const TOKEN = '7f3c9d21e8b64a50bb0192837465fa0'
const REFRESH_TOKEN = '0d4f6b28a1c35e7991827364554aa7c'
const CODE = `c0de /"<&>'+ü-77`
const PSK = '0123456789abcdefABCDEF'
const INFO = { appId: 'app1', secret: SECRET, baseUrl: 'https://platform.example:8743' }
const WITH_TOKEN = { accessToken: TOKEN }
const MIB = 1024 * 1024

/** @typedef {Exclude<keyof import('northbound').NorthApiRequests, 'free' | symbol>} Operation */

/**
 * One of each operation, with all its secrets.
 *
 * @param {import('northbound').NorthApiRequests} [requests]
 * @returns {Record<Operation, import('northbound').PreparedRequest<any>>}
 */
function prepareAll(requests = new NorthApiRequests(INFO)) {
  return {
    getAuthToken: requests.getAuthToken(),
    refreshAuthToken: requests.refreshAuthToken({ refreshToken: REFRESH_TOKEN }),
    refreshDeviceKey: requests.refreshDeviceKey(
      { deviceId: 'dev-1', verifyCode: CODE, nodeId: 'n1', timeout: 60 },
      WITH_TOKEN,
    ),
    regDirectDevice: requests.regDirectDevice(
      { nodeId: 'n1', verifyCode: CODE, psk: PSK },
      WITH_TOKEN,
    ),
    queryDeviceStatus: requests.queryDeviceStatus({ deviceId: 'dev-1' }, WITH_TOKEN),
    deleteDirectDevice: requests.deleteDirectDevice({ deviceId: 'dev-1' }, WITH_TOKEN),
  }
}

const PAIR = {
  scope: 'default',
  tokenType: 'bearer',
  expiresIn: 3600,
  accessToken: TOKEN,
  refreshToken: REFRESH_TOKEN,
}

/** What the platform answers where all is well. @type {Record<Operation, any>} */
const GOOD = {
  getAuthToken: PAIR,
  refreshAuthToken: PAIR,
  refreshDeviceKey: { verifyCode: CODE, timeout: 60 },
  regDirectDevice: { deviceId: 'dev-1', verifyCode: CODE, timeout: 60, psk: PSK },
  queryDeviceStatus: { deviceId: 'dev-1', activated: true, name: 'Pump' },
  deleteDirectDevice: undefined,
}

const OPERATIONS = /** @type {Operation[]} */ (Object.keys(GOOD))
const WITH_BODY = OPERATIONS.filter((operation) => GOOD[operation] !== undefined)

/** @param {Operation} operation */
const good = (operation) => JSON.stringify(GOOD[operation]) ?? ''

/**
 * @param {any} error
 * @param {{ operation: string, status: number, attempts?: number }} expected
 */
function isDecodeError(error, { operation, status, attempts = 0 }) {
  assert.ok(error instanceof DecodeError, inspect(error))
  assert.ok(error instanceof NorthboundError)
  assert.equal(error.name, 'DecodeError')
  assert.equal(error.kind, 'decode')
  assert.equal(error.operation, operation)
  assert.equal(error.status, status)
  assert.equal(error.attempts, attempts)
  assert.equal(error.retryable, [429, 502, 503, 504].includes(status))
  assert.equal(error.cause, undefined)
  assert.equal(typeof error.excerpt, 'string')
  assert.ok([...error.excerpt].length <= 512, `the excerpt has ${error.excerpt.length} characters`)
  assert.match(error.message, new RegExp(`^\\[${status}\\] .+`))
  assert.deepEqual(Object.keys(error).sort(), [
    'attempts',
    'excerpt',
    'kind',
    'operation',
    'retryable',
    'status',
  ])
}

/**
 * Decodes what is none of the platform's answers.
 *
 * @param {Operation} operation
 * @param {number} status
 * @param {string | Uint8Array} [body]
 */
function undecodable(operation, status, body) {
  const error = thrown(() => prepareAll()[operation].decode(status, body))
  isDecodeError(error, { operation, status })
  return error
}

describe('decode', () => {
  for (const operation of OPERATIONS) {
    test(`reads what the platform answers to ${operation}`, () => {
      const status = GOOD[operation] === undefined ? 204 : 200
      const { decode } = prepareAll()[operation]
      assert.deepEqual(decode(status, good(operation)), GOOD[operation])
      const bytes = new TextEncoder().encode(good(operation))
      assert.deepEqual(decode(status, bytes), GOOD[operation])
      assert.deepEqual(decode(status, Buffer.from(bytes)), GOOD[operation])
      assert.deepEqual(decode(status, bytes.subarray(0), {}), GOOD[operation])
    })
  }

  test('reads JSON whatever the content type, and ignores members that nobody documents', () => {
    const { refreshDeviceKey } = prepareAll()
    const body = JSON.stringify({ ...GOOD.refreshDeviceKey, deviceId: 'x', more: [{}] })
    for (const type of ['text/html', 'text/plain; charset=utf-8', 'application/octet-stream']) {
      assert.deepEqual(
        refreshDeviceKey.decode(200, body, { 'content-type': type }),
        GOOD.refreshDeviceKey,
      )
    }
  })

  test('takes any status of success', () => {
    const { refreshDeviceKey, deleteDirectDevice } = prepareAll()
    for (const status of [200, 201, 202, 299]) {
      assert.deepEqual(
        refreshDeviceKey.decode(status, good('refreshDeviceKey')),
        GOOD.refreshDeviceKey,
      )
      assert.equal(deleteDirectDevice.decode(status, '{}'), undefined)
      assert.equal(deleteDirectDevice.decode(status), undefined)
    }
  })

  test('skips a byte order mark and blanks, in text and in bytes', () => {
    const { refreshDeviceKey } = prepareAll()
    for (const body of [
      `\uFEFF${good('refreshDeviceKey')}`,
      `\r\n ${good('refreshDeviceKey')}\n`,
    ]) {
      assert.deepEqual(refreshDeviceKey.decode(200, body), GOOD.refreshDeviceKey)
      assert.deepEqual(refreshDeviceKey.decode(200, Buffer.from(body)), GOOD.refreshDeviceKey)
    }
    const refusal = '\uFEFF{"error_code":"100611"}'
    assert.equal(thrown(() => refreshDeviceKey.decode(400, refusal)).code, '100611')
  })

  test('takes members out of the order and the blanks that the platform’s editions differ in', () => {
    const body = `{"refreshToken":"r","scope":"default", "expiresIn" : 3600 ,"tokenType":"Bearer ",
      "accessToken":"a"}`
    assert.deepEqual(prepareAll().getAuthToken.decode(200, body), {
      scope: 'default',
      tokenType: 'bearer',
      expiresIn: 3600,
      accessToken: 'a',
      refreshToken: 'r',
    })
  })

  test('needs no refresh token, no psk and no name', () => {
    const prepared = prepareAll()
    for (const refreshToken of [undefined, null]) {
      const body = JSON.stringify({ ...PAIR, refreshToken })
      assert.deepEqual(prepared.getAuthToken.decode(200, body), { ...PAIR, refreshToken: '' })
    }
    for (const psk of [undefined, null]) {
      const body = JSON.stringify({ ...GOOD.regDirectDevice, psk })
      const result = prepared.regDirectDevice.decode(200, body)
      assert.deepEqual({ ...result }, { deviceId: 'dev-1', verifyCode: CODE, timeout: 60 })
    }
    for (const name of [undefined, null]) {
      const body = JSON.stringify({ ...GOOD.queryDeviceStatus, name })
      const result = prepared.queryDeviceStatus.decode(200, body)
      assert.deepEqual(result, { deviceId: 'dev-1', activated: true, name: null })
    }
  })

  test('works without `this`, after free() and on a changed request', () => {
    const requests = new NorthApiRequests(INFO)
    const prepared = prepareAll(requests)
    requests.free()
    const { decode } = prepared.refreshDeviceKey
    Object.assign(prepared.refreshDeviceKey, { operation: 'deleteDirectDevice' })
    assert.deepEqual(decode(200, good('refreshDeviceKey')), GOOD.refreshDeviceKey)
    assert.equal(thrown(() => requests.getAuthToken()).argument, 'this')
  })
})

describe('an answer that is none of the platform’s is a DecodeError:', () => {
  const PAGE = '<html>\r\n<head><title>502 Bad Gateway</title></head></html>'

  for (const operation of OPERATIONS) {
    test(`a page in the place of an answer to ${operation}, whatever the status`, () => {
      for (const status of [200, 201, 400, 401, 403, 404, 429, 500, 502, 503, 504]) {
        assert.equal(undecodable(operation, status, PAGE).excerpt, PAGE)
        assert.equal(undecodable(operation, status, Buffer.from(PAGE)).excerpt, PAGE)
      }
    })

    test(`a redirect in the place of an answer to ${operation}, with any body`, () => {
      for (const status of [0, 300, 301, 302, 303, 304, 307, 308]) {
        for (const body of [undefined, '', PAGE, good(operation)]) {
          assert.match(undecodable(operation, status, body).message, /redirect/)
        }
      }
    })

    test(`an error status without a code, though the body fits ${operation}`, () => {
      for (const status of [100, 199, 400, 407, 429, 500, 503, 599, 999]) {
        undecodable(operation, status, good(operation) || '{}')
        undecodable(operation, status, '')
      }
    })

    test(`JSON that is no object in the place of an answer to ${operation}`, () => {
      for (const body of ['[]', '[{"verifyCode":"1"}]', '"text"', '5', 'null', 'true', '1e999']) {
        undecodable(operation, 200, body)
      }
    })

    test(`more than 1 MiB in the place of an answer to ${operation}`, () => {
      const most = (good(operation) || '{}').padEnd(MIB - (operation === 'getAuthToken' ? 0 : 4))
      const twoBytes = most.replace(/ {2}$/, 'é')
      assert.ok(twoBytes.length < most.length)
      prepareAll()[operation].decode(200, most)
      for (const body of [most + ' '.repeat(MIB), Buffer.alloc(MIB + 1, 0x20)]) {
        const error = undecodable(operation, 200, body)
        assert.equal([...error.excerpt].length, 512)
        assert.match(error.message, /1 MiB/)
      }
      // Bytes count, not characters.
      assert.match(undecodable(operation, 200, 'é'.repeat(MIB / 2 + 1)).message, /1 MiB/)
    })
  }

  for (const operation of WITH_BODY) {
    test(`no body where ${operation} answers one`, () => {
      for (const status of [200, 201, 204]) {
        for (const body of [undefined, '', ' \r\n', '\u00a0\u3000', '\uFEFF', new Uint8Array()]) {
          const error = undecodable(operation, status, body)
          assert.match(error.message, /empty/)
          assert.equal(error.excerpt, '')
        }
      }
    })

    test(`an answer to ${operation} that was cut anywhere`, () => {
      const whole = good(operation)
      for (let length = 1; length < whole.length; length += 1) {
        const error = undecodable(operation, 200, whole.slice(0, length))
        lacks(error.excerpt, [TOKEN, REFRESH_TOKEN, PSK])
      }
      const bytes = Buffer.from(whole)
      for (let length = 1; length < bytes.length; length += 1) {
        undecodable(operation, 200, bytes.subarray(0, length))
      }
    })
  }

  /** Values that a member must not have. @type {Record<string, unknown[]>} */
  const WRONG = {
    scope: [5, {}, []],
    tokenType: [5, {}, false],
    expiresIn: ['3600', -1, true, {}],
    accessToken: [5, '', {}, 'a b', 'a\r\nb: c', 'é'],
    refreshToken: [5, {}],
    verifyCode: [5, {}, false],
    timeout: ['60', 1.5, -1, 2147483648, {}],
    deviceId: [5, {}, []],
    psk: [5, {}],
    activated: ['true', 1, {}],
    name: [5, {}],
  }
  const OPTIONAL = ['refreshToken', 'psk', 'name']

  for (const operation of WITH_BODY) {
    for (const [member, value] of Object.entries(GOOD[operation])) {
      test(`${member} of the answer to ${operation} missing or of another type`, () => {
        assert.notEqual(value, undefined)
        const missing = OPTIONAL.includes(member) ? [] : [undefined, null]
        for (const wrong of [...missing, ...(WRONG[member] ?? [])]) {
          const body = JSON.stringify({ ...GOOD[operation], [member]: wrong })
          const error = undecodable(operation, 200, body)
          assert.match(error.message, new RegExp(`\`${member}\``))
          lacks(shown(error), [TOKEN, REFRESH_TOKEN, PSK])
        }
      })
    }
  }

  test('only 429, 502, 503 and 504 are worth a retry', () => {
    const { queryDeviceStatus } = prepareAll()
    const retryable = []
    for (let status = 0; status < 1000; status += 1) {
      const { retryable: worth } = thrown(() => queryDeviceStatus.decode(status, '<html>'))
      if (worth) retryable.push(status)
    }
    assert.deepEqual(retryable, [429, 502, 503, 504])
  })

  test('the excerpt is the first 512 characters, none of them cut in half', () => {
    const text = 'x'.repeat(511)
    assert.equal(undecodable('queryDeviceStatus', 502, text).excerpt, text)
    assert.equal(undecodable('queryDeviceStatus', 502, `${text}yz`).excerpt, `${text}y`)
    const { excerpt } = undecodable('queryDeviceStatus', 502, '😀'.repeat(600))
    assert.match(excerpt, /^(😀)+$/u)
  })
})

describe('a refusal', () => {
  const REFUSAL = { error_code: '100611', error_desc: 'Device is online.' }

  test('is one whatever the status, success included', () => {
    for (const operation of OPERATIONS) {
      for (const status of [200, 201, 204, 302, 400, 403, 404, 409, 500, 503]) {
        const error = thrown(() => prepareAll()[operation].decode(status, JSON.stringify(REFUSAL)))
        assert.ok(error instanceof PlatformError)
        const { code, description, attempts } = error
        assert.deepEqual(
          [error.operation, error.status, code, description, attempts],
          [operation, status, '100611', 'Device is online.', 0],
        )
      }
    }
  })

  test('is one in the gateway’s dialect, line breaks included', () => {
    const body =
      '{\r\n    "resultcode":"1010005",\r\n    "resultmsg":"Invalid access token or appId."\r\n}'
    const error = thrown(() => prepareAll().refreshDeviceKey.decode(403, body))
    assert.ok(error instanceof PlatformError)
    assert.equal(error.code, '1010005')
    assert.equal(error.description, 'Invalid access token or appId.')
    assert.equal(error.action, 'login-again')
    assert.equal(error.retryable, true)
  })

  test('is one with a code that is a number, which becomes text', () => {
    for (const [body, code] of [
      ['{"error_code":100611}', '100611'],
      ['{"resultcode":1010009}', '1010009'],
      ['{"error_code":0}', '0'],
      ['{"error_code":-1}', '-1'],
    ]) {
      const error = thrown(() => prepareAll().refreshDeviceKey.decode(200, body))
      assert.ok(error instanceof PlatformError)
      assert.equal(error.code, code)
      assert.equal(error.description, '')
    }
  })

  test('is one beside members of success', () => {
    const body = JSON.stringify({ ...GOOD.refreshDeviceKey, ...REFUSAL })
    assert.ok(
      thrown(() => prepareAll().refreshDeviceKey.decode(200, body)) instanceof PlatformError,
    )
  })

  test('is none where the code is null', () => {
    for (const nothing of [{ error_code: null }, { error_code: null, resultcode: null }]) {
      const body = JSON.stringify({ ...GOOD.refreshDeviceKey, ...nothing, error_desc: null })
      assert.deepEqual(prepareAll().refreshDeviceKey.decode(200, body), GOOD.refreshDeviceKey)
    }
    assert.equal(prepareAll().deleteDirectDevice.decode(200, '{"error_code":null}'), undefined)
    const gateway = '{"error_code":null,"resultcode":"1010009"}'
    assert.equal(thrown(() => prepareAll().refreshDeviceKey.decode(403, gateway)).code, '1010009')
  })

  test('is none where the member is resultCode, as in push notifications, or ErrorCode', () => {
    for (const other of [{ resultCode: '1010005' }, { ErrorCode: '1' }, { errorCode: '1' }]) {
      const body = JSON.stringify({ ...GOOD.refreshDeviceKey, ...other })
      assert.deepEqual(prepareAll().refreshDeviceKey.decode(200, body), GOOD.refreshDeviceKey)
    }
    undecodable('refreshDeviceKey', 403, '{"resultCode":"1010005"}')
  })

  test('is not mistaken for success where the code is neither text nor number', () => {
    const successes = [true, false, {}, [], ['100611']].filter((code) => {
      const body = JSON.stringify({ ...GOOD.refreshDeviceKey, error_code: code })
      try {
        prepareAll().refreshDeviceKey.decode(200, body)
        return true
      } catch (error) {
        assert.ok(error instanceof NorthboundError)
        return false
      }
    })
    assert.deepEqual(successes, [])
  })

  test('finds its own meaning by operation, and a general one for an unknown code', () => {
    const { refreshAuthToken, getAuthToken } = prepareAll()
    const body = '{"error_code":"100208"}'
    assert.equal(thrown(() => refreshAuthToken.decode(401, body)).action, 'login-again')
    assert.equal(thrown(() => getAuthToken.decode(401, body)).action, 'fix-input')
    const unknown = thrown(() => getAuthToken.decode(400, '{"error_code":"0815"}'))
    assert.equal(unknown.code, '0815')
    assert.match(unknown.meaning, /\.$/)
    assert.match(unknown.remedy, /\.$/)
    assert.equal(unknown.message, `[400 / 0815] ${unknown.meaning} ${unknown.remedy}`)
  })
})

describe('no secret of the request gets into an error:', () => {
  /** @type {Record<Operation, string[]>} */
  const SECRETS = {
    getAuthToken: [SECRET],
    refreshAuthToken: [SECRET, REFRESH_TOKEN],
    refreshDeviceKey: [SECRET, TOKEN, CODE],
    regDirectDevice: [SECRET, TOKEN, CODE, PSK],
    queryDeviceStatus: [SECRET, TOKEN],
    deleteDirectDevice: [SECRET, TOKEN],
  }
  const names = /** @type {[string, string][]} */ ([
    [SECRET, 'the secret'],
    [TOKEN, 'the access token'],
    [REFRESH_TOKEN, 'the refresh token'],
    [CODE, 'the verification code'],
    [PSK, 'the pre-shared key'],
  ])

  for (const operation of OPERATIONS) {
    for (const [secret, name] of names.filter(([secret]) => SECRETS[operation].includes(secret))) {
      test(`${name} that is echoed to ${operation}, in any encoding`, () => {
        const prepared = prepareAll()[operation]
        for (const [form, echo] of Object.entries(echoes(secret))) {
          const body = `<p>before ${echo} between ${echo} after</p>`
          const error = thrown(() => prepared.decode(502, body))
          isDecodeError(error, { operation, status: 502 })
          assert.match(error.excerpt, /^<p>before .* between .* after<\/p>$/, form)
          const parts = error.excerpt.match(/before (.*) between (.*) after/)
          assert.equal(parts?.[1].replace(/=+$/, ''), '•••', form)
          assert.equal(parts?.[2].replace(/=+$/, ''), '•••', form)
          lacks(shown(error), [secret], form)

          const refusal = { error_code: '50252', error_desc: `before ${echo} after` }
          const refused = thrown(() => prepared.decode(500, JSON.stringify(refusal)))
          assert.ok(refused instanceof PlatformError)
          assert.match(refused.description, /^before •••=* after$/, form)
          lacks(shown(refused), [secret], form)
          const gateway = { resultcode: `x${echo}`, resultmsg: echo }
          lacks(shown(thrown(() => prepared.decode(403, JSON.stringify(gateway)))), [secret], form)
        }
      })
    }
  }

  test('one that stands where the excerpt ends', () => {
    const { refreshDeviceKey } = prepareAll()
    for (let start = 512 - TOKEN.length; start < 512; start += 1) {
      const body = `${'x'.repeat(start - 1)} ${TOKEN}${'y'.repeat(600)}`
      const { excerpt } = thrown(() => refreshDeviceKey.decode(502, body))
      assert.doesNotMatch(excerpt, /7f3c/)
      assert.ok(excerpt.startsWith('xxx'))
    }
  })

  test('one whose base64 form is the one for URLs', () => {
    const secret = 'a?>b??>c~~~d'
    const prepared = new NorthApiRequests({ ...INFO, secret }).getAuthToken()
    const echo = Buffer.from(secret).toString('base64url')
    assert.match(echo, /[-_]/)
    const { excerpt } = thrown(() => prepared.decode(502, `<p>${echo}</p>`))
    assert.ok(!excerpt.includes(echo), excerpt)
  })
})

describe('values of members that hold secrets are removed by name:', () => {
  const MEMBERS = [
    'accessToken',
    'refreshToken',
    'verifyCode',
    'psk',
    'Token',
    'DeviceAccessKeySecret',
  ]
  const VALUE = 'fr0m-5omebody-e1se'

  for (const member of MEMBERS) {
    /** @param {string} body */
    const excerptOf = (body) => {
      const error = undecodable('queryDeviceStatus', 502, body)
      assert.ok(!error.excerpt.includes(VALUE), `${body}\n${error.excerpt}`)
      assert.ok(error.excerpt.includes(member), error.excerpt)
      return error.excerpt
    }

    test(`${member} in JSON, in a form and in XML`, () => {
      for (const body of [
        `{"${member}":"${VALUE}","x":"stays"}`,
        `{ "${member}" : "${VALUE}" , "x":"stays"}`,
        `{"a":{"${member}":"${VALUE}"},"x":"stays"}`,
        JSON.stringify(JSON.stringify({ [member]: VALUE, x: 'stays' })),
        `<p>a=1&${member}=${VALUE}&x=stays</p>`,
        `<a><${member}>${VALUE}</${member}><x>stays</x></a>`,
      ]) {
        assert.match(excerptOf(body), /stays/)
      }
    })

    test(`${member} in JSON that was cut anywhere in the value`, () => {
      for (let length = 4; length <= VALUE.length; length += 1) {
        const part = VALUE.slice(0, length)
        const { excerpt } = undecodable('queryDeviceStatus', 200, `{"x":1,"${member}":"${part}`)
        assert.ok(!excerpt.includes(part), excerpt)
        assert.ok(excerpt.includes(member), excerpt)
      }
    })

    test(`${member} in the platform’s own words`, () => {
      const body = { error_code: '50252', error_desc: `was {"${member}":"${VALUE}"}, ${member}` }
      const error = thrown(() => prepareAll().queryDeviceStatus.decode(500, JSON.stringify(body)))
      assert.ok(error instanceof PlatformError)
      assert.ok(!shown(error).includes(VALUE), error.description)
    })
  }

  /** The bodies whose excerpt shows the value. @param {string[]} bodies */
  const leaking = (bodies) =>
    bodies.filter((body) => undecodable('queryDeviceStatus', 502, body).excerpt.includes(VALUE))

  test('one that has quotes of both kinds and backslashes in it', () => {
    const starts = [`o'`, 'o"', 'o\\', '"', "'", '\\', 'o/', 'o<', 'o&', 'o,}', 'o ', '"o\\']
    const bodies = MEMBERS.flatMap((member) =>
      starts.flatMap((start) => [
        `${JSON.stringify({ [member]: start + VALUE, x: 1 })}!`,
        `{"${member}":${JSON.stringify(start + VALUE).slice(0, -1)}`,
      ]),
    )
    assert.deepEqual(leaking(bodies), [])
  })

  test('one that stands in an array or in an object', () => {
    const values = [
      [VALUE],
      ['x', VALUE],
      { value: VALUE },
      { a: [VALUE] },
      { value: `a"${VALUE}` },
    ]
    const bodies = MEMBERS.flatMap((member) =>
      values.map((value) => `${JSON.stringify({ [member]: value })}!`),
    )
    assert.deepEqual(leaking(bodies), [])
  })

  test('one that is a number', () => {
    for (const member of MEMBERS) {
      const { excerpt } = undecodable('queryDeviceStatus', 200, `{"${member}":86420135,"x":1}`)
      assert.doesNotMatch(excerpt, /86420135/)
    }
  })

  test('words that merely resemble such a name stay', () => {
    const text = 'tokenType: bearer, 3 Tokens, verifyCodes: none'
    assert.equal(undecodable('queryDeviceStatus', 502, text).excerpt, text)
  })
})

describe('decode refuses', () => {
  /** @type {any} */
  const { decode } = prepareAll().refreshDeviceKey
  /** @param {() => unknown} run @param {string | RegExp} argument */
  const refuses = (run, argument) => {
    const error = thrown(run)
    assert.ok(error instanceof InvalidArgumentError, inspect(error))
    assert.equal(error.operation, 'refreshDeviceKey')
    assert.equal(error.attempts, 0)
    if (typeof argument === 'string') assert.equal(error.argument, argument)
    else assert.match(error.argument, argument)
  }

  test('a status that is none', () => {
    const odd = [undefined, null, '200', NaN, Infinity, 200.5, -1, 1000, {}, [200], 200n, Symbol()]
    for (const status of odd) refuses(() => decode(status, '{}'), 'status')
    refuses(() => decode(), 'status')
  })

  test('a body that is neither text nor bytes', () => {
    const odd = [5, true, {}, [], () => '', Symbol(), new ArrayBuffer(2), new Uint16Array(2), 1n]
    for (const body of odd) refuses(() => decode(200, body), 'body')
    refuses(() => decode(200, Promise.resolve('{}')), 'body')
  })

  test('headers that throw or are no data', () => {
    const throwing = {
      get date() {
        throw new Error('no')
      },
    }
    const proxy = new Proxy(
      {},
      {
        ownKeys() {
          throw new Error('no')
        },
      },
    )
    for (const headers of [throwing, proxy, { date() {} }, Symbol(), () => {}, { a: 1n }]) {
      refuses(() => decode(200, good('refreshDeviceKey'), headers), /^headers/)
    }
  })
})

describe('a prepared request', () => {
  const requests = new NorthApiRequests(INFO)
  const BASE = INFO.baseUrl
  const AUTHENTICATED = { app_key: 'app1', authorization: `Bearer ${TOKEN}` }
  const JSON_TYPE = { 'content-type': 'application/json' }

  /**
   * @param {import('northbound').PreparedRequest<unknown>} prepared
   * @param {{ operation: string, method: string, url: string, headers: object, body?: string }} expected
   */
  function assertPrepared(prepared, { body, ...expected }) {
    const { operation, method, url, headers } = prepared
    assert.deepEqual({ operation, method, url, headers: { ...headers } }, expected)
    assert.equal('body' in prepared, body !== undefined)
    assert.equal(prepared.body, body)
    assert.equal(new URL(url).href, url, 'the URL is in its normal form')
  }

  test('of getAuthToken is a form', () => {
    assertPrepared(requests.getAuthToken(), {
      operation: 'getAuthToken',
      method: 'POST',
      url: `${BASE}/iocm/app/sec/v1.1.0/login`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'appId=app1&secret=s%2Be%2Fc%3Dr%26t%25%22%3C%C3%A9%3E%271',
    })
  })

  test('of refreshAuthToken is JSON without a token in its headers', () => {
    assertPrepared(requests.refreshAuthToken({ refreshToken: 'rt"1' }), {
      operation: 'refreshAuthToken',
      method: 'POST',
      url: `${BASE}/iocm/app/sec/v1.1.0/refreshToken`,
      headers: JSON_TYPE,
      body: `{"appId":"app1","secret":"s+e/c=r&t%\\"<é>'1","refreshToken":"rt\\"1"}`,
    })
  })

  test('of refreshDeviceKey has the members that are set, in the documented order', () => {
    const expected = {
      operation: 'refreshDeviceKey',
      method: 'PUT',
      url: `${BASE}/iocm/app/reg/v1.1.0/deviceCredentials/dev-1`,
      headers: { ...AUTHENTICATED, ...JSON_TYPE },
    }
    /** @type {[Omit<import('northbound').RefreshDeviceKeyInDTO, 'deviceId'>, string][]} */
    const cases = [
      [
        { timeout: 3600, nodeId: '864', verifyCode: '865' },
        '{"verifyCode":"865","nodeId":"864","timeout":3600}',
      ],
      [{}, '{}'],
      [{ verifyCode: null, nodeId: null, timeout: null }, '{}'],
      [{ verifyCode: undefined, timeout: 0 }, '{"timeout":0}'],
      [{ timeout: 2147483647 }, '{"timeout":2147483647}'],
      [{ verifyCode: 'a"\\/\n\u0001设备😀' }, '{"verifyCode":"a\\"\\\\/\\n\\u0001设备😀"}'],
    ]
    for (const [input, body] of cases) {
      const prepared = requests.refreshDeviceKey({ deviceId: 'dev-1', ...input }, WITH_TOKEN)
      assertPrepared(prepared, { ...expected, body })
    }
  })

  test('of regDirectDevice passes deviceInfo through', () => {
    const deviceInfo = { name: 'Pump 7', model: null, mute: 'FALSE', deep: { a: [1, 2.5, true] } }
    const input = {
      nodeId: 'n1',
      verifyCode: 'v1',
      timeout: 0,
      endUserId: 'u1',
      productId: 'p1',
      imsi: '460',
      isSecure: false,
      psk: PSK,
      deviceInfo: /** @type {any} */ (deviceInfo),
    }
    const expected = {
      operation: 'regDirectDevice',
      method: 'POST',
      url: `${BASE}/iocm/app/reg/v1.1.0/deviceCredentials`,
      headers: { ...AUTHENTICATED, ...JSON_TYPE },
    }
    const prepared = requests.regDirectDevice(input, WITH_TOKEN)
    assertPrepared(prepared, { ...expected, body: prepared.body })
    assert.deepEqual(JSON.parse(prepared.body ?? ''), input)
    const bare = requests.regDirectDevice({ nodeId: 'n1', psk: null }, WITH_TOKEN)
    assertPrepared(bare, { ...expected, body: '{"nodeId":"n1"}' })
  })

  test('of queryDeviceStatus and of deleteDirectDevice has no body and no content type', () => {
    assertPrepared(requests.queryDeviceStatus({ deviceId: 'dev-1' }, WITH_TOKEN), {
      operation: 'queryDeviceStatus',
      method: 'GET',
      url: `${BASE}/iocm/app/reg/v1.1.0/deviceCredentials/dev-1`,
      headers: AUTHENTICATED,
    })
    for (const [cascade, query] of /** @type {[boolean | undefined, string][]} */ ([
      [undefined, ''],
      [true, '?cascade=true'],
      [false, '?cascade=false'],
    ])) {
      assertPrepared(requests.deleteDirectDevice({ deviceId: 'dev-1', cascade }, WITH_TOKEN), {
        operation: 'deleteDirectDevice',
        method: 'DELETE',
        url: `${BASE}/iocm/app/dm/v1.4.0/devices/dev-1${query}`,
        headers: AUTHENTICATED,
      })
    }
  })

  test('names another application in its query, encoded, and only if one is given', () => {
    const path = `${BASE}/iocm/app/reg/v1.1.0/deviceCredentials/d`
    for (const [appId, query] of /** @type {[string | null | undefined, string][]} */ ([
      [undefined, ''],
      [null, ''],
      ['app2', '?appId=app2'],
      ['a&b=c d/é', '?appId=a%26b%3Dc%20d%2F%C3%A9'],
    ])) {
      const { url } = requests.queryDeviceStatus({ deviceId: 'd' }, { ...WITH_TOKEN, appId })
      assert.equal(url, `${path}${query}`)
    }
    const { url } = requests.deleteDirectDevice(
      { deviceId: 'd', cascade: true },
      { ...WITH_TOKEN, appId: 'app2' },
    )
    assert.deepEqual(
      [...new URL(url).searchParams].sort(),
      [
        ['appId', 'app2'],
        ['cascade', 'true'],
      ],
      'both parameters',
    )
  })

  test('keeps any device ID one segment of the path', () => {
    for (const [deviceId, segment] of [
      ['a/../b', 'a%2F..%2Fb'],
      ['%2e', '%252e'],
      ['%2e%2e', '%252e%252e'],
      ['..%2f', '..%252f'],
      ['...', '...'],
      ['设备', '%E8%AE%BE%E5%A4%87'],
      ['😀', '%F0%9F%98%80'],
      ['a b?c#d;e:f@g&h=i+j', 'a%20b%3Fc%23d%3Be%3Af%40g%26h%3Di%2Bj'],
      ["-._~!*'()", '-._~%21%2A%27%28%29'],
      ['a\\b\r\n\0', 'a%5Cb%0D%0A%00'],
    ]) {
      for (const prepared of [
        requests.queryDeviceStatus({ deviceId }, WITH_TOKEN),
        requests.refreshDeviceKey({ deviceId }, WITH_TOKEN),
        requests.deleteDirectDevice({ deviceId }, WITH_TOKEN),
      ]) {
        const { pathname, search, hash } = new URL(prepared.url)
        assert.equal(pathname.split('/').at(-1), segment)
        assert.equal(pathname.split('/').length, 7)
        assert.equal(decodeURIComponent(segment), deviceId)
        assert.deepEqual([search, hash], ['', ''])
        assert.equal(new URL(prepared.url).href, prepared.url)
      }
    }
    for (const deviceId of ['.', '..']) {
      const error = thrown(() => requests.queryDeviceStatus({ deviceId }, WITH_TOKEN))
      assert.ok(error instanceof InvalidArgumentError)
      assert.equal(error.argument, 'input.deviceId')
    }
  })

  test('goes to the address that was given', () => {
    const login = '/iocm/app/sec/v1.1.0/login'
    const app = { appId: 'app1', secret: 'x' }
    /** @type {[any, string][]} */
    const addresses = [
      [{ platformIp: '10.0.0.1', platformPort: 8743 }, 'https://10.0.0.1:8743'],
      [{ platformIp: 'iot.example', platformPort: '443' }, 'https://iot.example:443'],
      [{ platformIp: '::1', platformPort: 8743 }, 'https://[::1]:8743'],
      [{ platformIp: '2001:db8::7', platformPort: '8743' }, 'https://[2001:db8::7]:8743'],
      [{ baseUrl: 'https://[2001:db8::7]:8743/' }, 'https://[2001:db8::7]:8743'],
      [{ baseUrl: 'https://proxy.example' }, 'https://proxy.example'],
      [{ baseUrl: 'https://proxy.example/iot/v1/' }, 'https://proxy.example/iot/v1'],
      [{ baseUrl: 'http://127.0.0.1:8080/a%20b' }, 'http://127.0.0.1:8080/a%20b'],
      [
        { baseUrl: 'https://proxy.example', platformIp: '!', platformPort: 'x' },
        'https://proxy.example',
      ],
    ]
    for (const [address, base] of addresses) {
      const made = new NorthApiRequests({ ...app, ...address })
      assert.equal(made.getAuthToken().url, base + login)
      const { url } = made.queryDeviceStatus({ deviceId: 'd' }, { ...WITH_TOKEN, appId: 'o' })
      assert.equal(url, `${base}/iocm/app/reg/v1.1.0/deviceCredentials/d?appId=o`)
    }
  })

  test('shows no secret when it is printed, and holds each where it is used', () => {
    for (const [operation, prepared] of Object.entries(prepareAll())) {
      for (const print of [
        inspect(prepared),
        inspect(prepared, { depth: 20, showHidden: true }),
        inspect({ deep: [{ prepared }] }, { depth: 20 }),
        inspect(new Map([['x', prepared]]), { depth: 20 }),
        `${prepared}`,
        printed(prepared),
      ]) {
        lacks(print, [SECRET, TOKEN, REFRESH_TOKEN, CODE, PSK], operation)
      }
      assert.match(inspect(prepared), /method/)
      assert.match(inspect(prepared), /iocm/)
    }
    assert.ok(prepareAll().getAuthToken.body?.includes(encodeURIComponent('s+e/c')))
    assert.ok(prepareAll().queryDeviceStatus.headers.authorization.endsWith(TOKEN))
  })

  test('can be spread, cloned and turned to JSON', () => {
    for (const prepared of Object.values(prepareAll())) {
      const { operation, method, url, headers } = prepared
      const members = { operation, method, url, headers: { ...headers } }
      const body = prepared.body === undefined ? {} : { body: prepared.body }
      const spread = /** @type {any} */ ({ ...prepared })
      assert.equal(spread.decode, prepared.decode)
      delete spread.decode
      assert.deepEqual(spread, { ...members, ...body })
      assert.deepEqual(JSON.parse(JSON.stringify(prepared)), { ...members, ...body })
      assert.deepEqual(structuredClone({ ...spread }), { ...members, ...body })
    }
  })

  test('can be handed to Node’s fetch as it is, and its headers to Headers', () => {
    for (const prepared of Object.values(prepareAll())) {
      const { url, method, headers } = prepared
      const request = new Request(url, prepared)
      assert.equal(request.method, method)
      assert.deepEqual(Object.fromEntries(request.headers), { ...headers })
      assert.deepEqual(Object.fromEntries(new Headers(headers)), { ...headers })
    }
  })

  test('does not change when its maker’s input changes later', () => {
    const input = { deviceId: 'dev-1', verifyCode: 'v1' }
    const token = { accessToken: 'at1' }
    const prepared = requests.refreshDeviceKey(input, token)
    input.deviceId = input.verifyCode = token.accessToken = 'changed'
    assert.match(prepared.url, /dev-1$/)
    assert.equal(prepared.body, '{"verifyCode":"v1"}')
    assert.equal(prepared.headers.authorization, 'Bearer at1')
  })
})

describe('a result', () => {
  test('shows no secret when it is printed, and holds each as plain members', () => {
    for (const operation of WITH_BODY) {
      const result = prepareAll()[operation].decode(200, good(operation))
      for (const print of [
        inspect(result),
        inspect(result, { depth: 20, showHidden: true }),
        inspect({ deep: [{ result }] }, { depth: 20 }),
        `${result}`,
        printed(result),
      ]) {
        lacks(print, [TOKEN, REFRESH_TOKEN, CODE, PSK], operation)
      }
      for (const member of Object.keys(GOOD[operation])) {
        assert.ok(inspect(result).includes(member), `${member} is shown, its value not`)
        assert.equal(result[member], GOOD[operation][member])
      }
    }
  })

  test('can be spread, cloned, compared, changed and turned to JSON', () => {
    for (const operation of WITH_BODY) {
      const result = prepareAll()[operation].decode(200, good(operation))
      assert.deepEqual(result, GOOD[operation])
      assert.deepEqual({ ...result }, GOOD[operation])
      assert.deepEqual(JSON.parse(JSON.stringify(result)), GOOD[operation])
      assert.deepEqual(structuredClone(result), GOOD[operation])
      assert.deepEqual(Object.keys(result).sort(), Object.keys(GOOD[operation]).sort())
      for (const member of Object.keys(result)) {
        result[member] = 'changed'
        assert.equal(result[member], 'changed')
      }
    }
  })
})

/** What console.log prints. @param {unknown} value */
function printed(value) {
  const chunks = ['']
  const write = process.stdout.write
  process.stdout.write = /** @type {any} */ (
    (/** @type {unknown} */ chunk) => chunks.push(String(chunk)) > 0
  )
  try {
    console.log(value)
    console.log('%o %O %s', value, value, value)
  } finally {
    process.stdout.write = write
  }
  return chunks.join('')
}

describe('the client', () => {
  /** @type {Awaited<ReturnType<typeof startSimulator>>} */
  let sim
  const input = { deviceId: 'dev-1', verifyCode: CODE, timeout: 60 }
  before(async () => {
    sim = await startSimulator({ args: ['--limit', 'off'] })
  })
  after(() => sim?.stop())
  beforeEach(async () => {
    await sim.control('POST', '/reset', { settings: true })
    await sim.control('POST', '/devices', { deviceId: 'dev-1', nodeId: 'n1', state: 'offline' })
  })
  const client = () =>
    new NorthApiClient({ ...APP, baseUrl: sim.http }, { retry: false, throttle: false })
  /** @param {object} fault */
  const order = (fault) =>
    sim.control('POST', '/faults', { operation: 'refreshDeviceKey', ...fault })

  /** @type {[string, object, number, RegExp][]} */
  const faults = [
    ['a page with 502', { kind: 'html', status: 502 }, 502, /502/],
    ['a page with 200', { kind: 'html', status: 200 }, 200, /JSON/],
    ['a redirect', { kind: 'redirect', location: '/elsewhere', status: 307 }, 307, /redirect/],
    ['cut JSON', { kind: 'cutJson' }, 200, /JSON/],
    ['a missing verifyCode', { kind: 'missingMember', member: 'verifyCode' }, 200, /verifyCode/],
    ['a missing timeout', { kind: 'missingMember', member: 'timeout' }, 200, /timeout/],
    ['a timeout as text', { kind: 'wrongType', member: 'timeout' }, 200, /timeout/],
    ['a verifyCode as number', { kind: 'wrongType', member: 'verifyCode' }, 200, /verifyCode/],
    ['204 without a body', { kind: 'answer', status: 204 }, 204, /empty/],
    ['200 without a body', { kind: 'answer', status: 200 }, 200, /empty/],
    ['an array', { kind: 'answer', status: 200, body: '[]' }, 200, /array/],
    ['a number', { kind: 'answer', status: 200, body: '5' }, 200, /number/],
    ['null', { kind: 'answer', status: 200, body: 'null' }, 200, /null/],
    ['2 MiB', { kind: 'huge', bytes: 2 * MIB }, 200, /1 MiB/],
    ['503 without a code', { kind: 'answer', status: 503, body: '{}' }, 503, /code/],
  ]
  for (const [what, fault, status, says] of faults) {
    test(`rejects with a DecodeError for ${what}`, async () => {
      await order(fault)
      const error = await rejection(client().refreshDeviceKey(input))
      isDecodeError(error, { operation: 'refreshDeviceKey', status, attempts: 1 })
      assert.match(error.message, says)
      lacks(shown(error), [CODE, APP.secret])
      assert.deepEqual(
        (await sim.journal()).map((/** @type {any} */ call) => call.operation),
        ['login', 'refreshDeviceKey'],
      )
    })
  }

  test('rejects with a DecodeError of getAuthToken where the login is unreadable', async () => {
    for (const fault of [{ kind: 'html', status: 502 }, { kind: 'cutJson' }]) {
      await order({ ...fault, operation: 'login' })
      const error = await rejection(client().refreshDeviceKey(input))
      assert.ok(error instanceof DecodeError)
      assert.equal(error.operation, 'getAuthToken')
      assert.equal(error.attempts, 1)
      lacks(shown(error), [APP.secret])
    }
  })

  test('reads an answer behind a byte order mark and with a wrong content type', async () => {
    await order({ kind: 'bom' })
    assert.deepEqual(await client().refreshDeviceKey(input), { verifyCode: CODE, timeout: 60 })
    const headers = { 'content-type': 'text/html; charset=iso-8859-1' }
    await order({ kind: 'answer', status: 200, headers, body: good('refreshDeviceKey') })
    assert.deepEqual(await client().refreshDeviceKey(input), { verifyCode: CODE, timeout: 60 })
  })

  test('reads a null code as success, and resultCode as none of its business', async () => {
    for (const more of [{ error_code: null }, { resultCode: '1010005' }]) {
      const body = JSON.stringify({ verifyCode: 'v', timeout: 1, ...more })
      await order({ kind: 'answer', status: 200, body })
      assert.deepEqual(await client().refreshDeviceKey(input), { verifyCode: 'v', timeout: 1 })
    }
  })

  test('resolves with nothing for a deleted device', async () => {
    assert.equal(await client().deleteDirectDevice({ deviceId: 'dev-1' }), undefined)
    const [, { status, method }] = await sim.journal()
    assert.deepEqual([method, status], ['DELETE', 204])
  })

  test('reaches devices whose IDs no path would carry as they are', async () => {
    for (const [at, deviceId] of ['a/../b', '%2e', '设备', 'a b?c#d&e+f', '...'].entries()) {
      await sim.control('POST', '/devices', { deviceId, nodeId: `odd-${at}`, state: 'offline' })
      const one = client()
      assert.equal((await one.queryDeviceStatus({ deviceId })).deviceId, deviceId)
      await one.refreshDeviceKey({ deviceId })
      await one.deleteDirectDevice({ deviceId })
      assert.equal((await rejection(one.queryDeviceStatus({ deviceId }))).code, '100403')
    }
  })

  test('prints its results and errors without a secret', async () => {
    const one = client()
    const pair = await one.getAuthToken()
    const key = await one.refreshDeviceKey(input)
    const device = await one.regDirectDevice({ nodeId: 'n2', verifyCode: CODE, psk: PSK })
    const secrets = [pair.accessToken, pair.refreshToken, CODE, PSK, APP.secret]
    lacks([pair, key, device, one].map(printed).join(), secrets)
    await order({ kind: 'answer', status: 502, body: `<p>${secrets.join('</p><p>')}</p>` })
    const error = await rejection(one.refreshDeviceKey(input))
    lacks(shown(error), [pair.accessToken, CODE, APP.secret])
  })
})
