// No secret gets into an error, an event, an inspection, a log or an address. Every output of a broad round
// of situations is searched for every secret in every encoding; planted leaks prove that the search finds.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { Console } from 'node:console'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { before, describe, test } from 'node:test'
import { inspect } from 'node:util'

import { until } from './support/expect.js'
import { FORMS, leaksIn } from './support/leaks.js'
import { FAILING_SEALINGS, failingByTurns, ODD_ANSWERS, TOLD_IN } from './support/leaky-stores.js'
import { importPackage, installPackage } from './support/package.js'
import { clocksOf } from './support/sharing.js'
import { APP, root } from './support/simulator.js'
import { ADDRESS, operationOf, reply } from './support/stub.js'

/** Each with the characters that encodings treat differently. */
const SECRETS = {
  secret: `Zs3cret+/=!*()'"\\%&é中~`,
  accessToken: `Zacc3ss+/=!*()'"\\%&~token`,
  refreshToken: `Zr3fresh+/=!*()'"\\%&~token`,
  nextAccessToken: `Znext-acc3ss+/=!*()'"\\%&~`,
  nextRefreshToken: `Znext-r3fresh+/=!*()'"\\%&~`,
  // Without signs, which a filter of signs would let through.
  plainAccessToken: 'Zpla1nacc3sst0kenwith0utsigns',
  plainRefreshToken: 'Zpla1nr3fresht0kenwith0utsigns',
  ownToken: `Z0wn+/=!*()'"\\%&~token`,
  sentCode: `Zsent-c0de+/=!*()'"\\%&é中~`,
  givenCode: `Zgiven-c0de+/=!*()'"\\%&é中~`,
  sentPsk: 'dec0de00feedface',
  givenPsk: 'ab1e5ea1c0ffee99',
}
const INFO = { appId: 'app1', secret: SECRETS.secret, ...ADDRESS }
const DEVICE = { deviceId: 'device-1' }
const OWN = { accessToken: SECRETS.ownToken }
const REFRESH = { ...DEVICE, verifyCode: SECRETS.sentCode, nodeId: 'node-1' }
const REGISTER = { nodeId: 'node-1', verifyCode: SECRETS.sentCode, psk: SECRETS.sentPsk }

const LOGIN = {
  scope: 'default',
  tokenType: 'bearer',
  expiresIn: 3600,
  accessToken: SECRETS.accessToken,
  refreshToken: SECRETS.refreshToken,
}
const PLAIN_LOGIN = {
  ...LOGIN,
  accessToken: SECRETS.plainAccessToken,
  refreshToken: SECRETS.plainRefreshToken,
}
/** @type {Record<string, unknown>} */
const ANSWERS = {
  getAuthToken: LOGIN,
  refreshAuthToken: {
    ...LOGIN,
    accessToken: SECRETS.nextAccessToken,
    refreshToken: SECRETS.nextRefreshToken,
  },
  refreshDeviceKey: { verifyCode: SECRETS.givenCode, timeout: 180 },
  regDirectDevice: {
    deviceId: 'device-1',
    verifyCode: SECRETS.givenCode,
    timeout: 180,
    psk: SECRETS.givenPsk,
  },
  queryDeviceStatus: { deviceId: 'device-1', activated: true, name: null },
}

/** @type {typeof import('northbound')} */
let northbound

/** @type {typeof import('../../pkg-template/node-only.js')} */
let node
/** @type {typeof import('../../pkg-template/redis.js')} */
let redis

before(async () => {
  northbound = await importPackage()
  const folder = path.join(installPackage(), 'node_modules/northbound')
  node = await import(path.join(folder, 'node-only.js'))
  redis = await import(path.join(folder, 'redis.js'))
})

/** `store`: what the package's own token stores reject with. */
const CHANNELS = /** @type {const} */ ([
  'error',
  'event',
  'warning',
  'store',
  'inspection',
  'log',
  'url',
])
/** @typedef {typeof CHANNELS[number]} Channel */

/**
 * Takes down all that a situation puts out. `tamper` changes what one of the channels is given.
 * @param {Partial<Record<Channel, (value: any) => any>>} [tamper]
 */
function recorder(tamper = {}) {
  /** @type {import('./support/leaks.js').Output[]} */
  const outputs = []
  let situation = 'nothing'
  /** @param {Channel} channel @param {(() => unknown)[]} ways */
  const note = (channel, ...ways) => {
    for (const way of ways) outputs.push({ channel, situation, text: String(way()) })
  }
  /** @param {Channel} channel @param {any} value */
  const tampered = (channel, value) => (tamper[channel] ?? ((same) => same))(value)

  const printed = new Writable({
    write(chunk, _encoding, done) {
      note('log', () => chunk)
      done()
    },
  })
  const console = new Console({ stdout: printed, stderr: printed })

  /** Every way of printing a value. @param {Channel} channel @param {any} value */
  const show = (channel, value) => {
    note(
      channel,
      () => inspect(value),
      () => inspect(value, { depth: Infinity, showHidden: true }),
      () => inspect(value, { depth: Infinity, showHidden: true, customInspect: false }),
      () => inspect({ nested: [value] }, { depth: Infinity }),
      () => Object.prototype.toString.call(value),
    )
    const log = tampered('log', value)
    console.log(log)
    console.error('%o %O', log, log)
    console.dir(log, { depth: null, showHidden: true })
  }

  return {
    outputs,
    /** @param {string} name */
    begin: (name) => void (situation = name),
    /** @param {string} url */
    url: (url) => note('url', () => tampered('url', url)),
    /** @param {any} event */
    event(event) {
      const seen = tampered('event', event)
      note('event', () => JSON.stringify(seen))
      show('event', seen)
      if (event.path !== undefined) note('url', () => event.path)
      if (event.type !== 'warning') return
      const warning = tampered('warning', event)
      note('warning', () => warning.message)
      show('warning', warning)
    },
    /** A result, a client or a prepared request. @param {any} value */
    inspection(value) {
      const seen = tampered('inspection', value)
      show('inspection', seen)
      note('inspection', () => `${seen}`)
    },
    /** @param {any} error @param {Channel} [channel] */
    error(error, channel = 'error') {
      const seen = tampered(channel, error)
      for (let each = seen, depth = 0; each != null && depth < 9; each = each.cause, depth += 1) {
        const one = each
        show(channel, one)
        note(
          channel,
          () => one,
          () => one.stack,
          () => one.message,
          () => JSON.stringify(one),
          () => everyMember(one).join('\n'),
        )
      }
    },
  }
}
/** @typedef {ReturnType<typeof recorder>} Recorder */

/** Own members, the hidden ones too. @param {any} value */
function everyMember(value) {
  if (value === null || typeof value !== 'object') return []
  return Object.getOwnPropertyNames(value).map((name) => `${name}: ${String(value[name])}`)
}

/**
 * A client whose every request, event and error goes into the record.
 * @param {Recorder} record
 * @param {(url: string, init: import('northbound').SendInit) => unknown} [answer] undefined: as it should be
 * @param {object} [options]
 */
function recordedClient(record, answer = () => undefined, options = {}) {
  return new northbound.NorthApiClient(INFO, {
    fetch: async (url, init) => {
      record.url(url)
      const operation = operationOf(url, init)
      const given = /** @type {any} */ (await answer(url, init))
      if (given !== undefined) return given
      return operation === 'deleteDirectDevice' ? reply(204) : reply(200, ANSWERS[operation])
    },
    onEvent: (event) => record.event(event),
    // A small window: a refusal for the platform's limit holds the next attempt up for a tenth of it.
    throttle: { calls: 100, perMs: 100 },
    retry: { baseDelayMs: 1 },
    ...options,
  })
}
/** @typedef {import('northbound').NorthApiClient} Client */

/** One call of each operation. @type {Record<string, (client: Client) => Promise<unknown>>} */
const CALLS = {
  getAuthToken: (client) => client.getAuthToken({ force: true }),
  refreshAuthToken: async (client) => {
    await client.getAuthToken().catch(() => {})
    return client.refreshAuthToken()
  },
  refreshDeviceKey: (client) => client.refreshDeviceKey(REFRESH),
  regDirectDevice: (client) => client.regDirectDevice(REGISTER),
  queryDeviceStatus: (client) => client.queryDeviceStatus(DEVICE),
  deleteDirectDevice: (client) => client.deleteDirectDevice(DEVICE),
  'queryDeviceStatus with a token': (client) => client.queryDeviceStatus(DEVICE, OWN),
}

/**
 * Makes one call, and takes down how it ends.
 * @param {Recorder} record
 * @param {() => unknown} call
 */
async function taken(record, call) {
  try {
    const result = await call()
    record.inspection(result)
    return result
  } catch (error) {
    record.error(error)
    return error
  }
}

/**
 * The secrets that a request carries, by name.
 * @param {{ headers: Readonly<Record<string, string>>, body?: string }} init
 * @returns {Record<string, string>}
 */
function carriedBy({ headers, body = '' }) {
  const sent = `${body} ${headers.authorization}`
  const forms = Object.values(FORMS)
  return Object.fromEntries(
    Object.entries(SECRETS).filter(([, secret]) =>
      forms.some((encode) => sent.includes(encode(secret))),
    ),
  )
}

/**
 * Everything that the request carried, in one encoding: of base64 the secrets alone, for a text around them
 * changes it.
 * @param {{ headers: Readonly<Record<string, string>>, body?: string }} init
 * @param {string} form
 */
function echo(init, form) {
  const encode = FORMS[form] ?? String
  const whole = form.startsWith('base64') ? [] : [...Object.values(init.headers), init.body ?? '']
  return [...Object.values(carriedBy(init)), ...whole].map(encode).join(' ')
}

/**
 * Answers that quote what they should not, by name.
 * @type {Record<string, (echoed: string) => any>}
 */
const BAD_ANSWERS = {
  'a refusal': (echoed) => reply(400, { error_code: '100022', error_desc: echoed }),
  'a refusal of the gateway': (echoed) => reply(403, { resultcode: '1010009', resultmsg: echoed }),
  'a refusal by its code': (echoed) => reply(500, { error_code: echoed }),
  'a refusal for the limit by its code': (echoed) =>
    reply(400, { error_code: `Throttling.${echoed}` }),
  'a refusal of the token': (echoed) => reply(401, { error_code: '1010005', error_desc: echoed }),
  'a page of a proxy': (echoed) => reply(502, `<html>${echoed}</html>`),
  'a redirect': (echoed) => reply(302, echoed),
  'a text in the place of JSON': (echoed) => reply(200, echoed),
  'JSON of another shape': (echoed) => reply(200, JSON.stringify({ echoed })),
  'too long an answer': (echoed) => reply(200, echoed.repeat(4000)),
}

/** JSON with secrets that no request carried, cut or of wrong types. */
const CUT_ANSWERS = Object.values(ANSWERS).flatMap((answer) => {
  const text = JSON.stringify({
    ...LOGIN,
    .../** @type {object} */ (answer),
    psk: SECRETS.givenPsk,
  })
  const spaced = JSON.stringify(JSON.parse(text), undefined, 2)
  const cuts = [0.5, 0.7, 0.9, 1].map((share) => text.slice(0, text.length * share - 1))
  return [...cuts, spaced.slice(0, -2), JSON.stringify(text), `"${text}"`, `[${text}]`, `x${text}`]
})

/**
 * All situations but those that a test of its own looks at.
 * @param {Recorder} record
 */
async function everySituation(record) {
  const { NorthApiClient, NorthApiRequests } = northbound

  record.begin('calls that succeed')
  const client = recordedClient(record)
  for (const [name, call] of Object.entries(CALLS)) {
    record.begin(`${name} that succeeds`)
    await taken(record, () => call(client))
    record.inspection(client)
  }

  for (const [index, text] of CUT_ANSWERS.entries()) {
    for (const [name, call] of Object.entries(CALLS)) {
      record.begin(`${name}, answered by cut JSON number ${index}`)
      const cut = recordedClient(record, () => reply(200, text))
      await taken(record, () => call(cut))
    }
  }

  for (const [name, call] of Object.entries(CALLS)) {
    record.begin(`${name} without an answer`)
    const late = recordedClient(record, () => new Promise(() => {}), { timeoutMs: 5 })
    await taken(record, () => call(late))
    const controller = new AbortController()
    const stopped = recordedClient(record, () => void controller.abort())
    await taken(record, () => stopped.queryDeviceStatus(DEVICE, { signal: controller.signal }))
  }

  record.begin('a connection that is refused')
  const closed = await closedPort()
  for (const call of Object.values(CALLS)) {
    const info = { appId: 'app1', secret: SECRETS.secret, baseUrl: `http://127.0.0.1:${closed}` }
    const options = { onEvent: (/** @type {any} */ event) => record.event(event) }
    await taken(record, () => call(new NorthApiClient(info, options)))
  }

  record.begin('wrong arguments')
  for (const wrong of wrongInfos()) {
    await taken(record, () => new NorthApiClient(/** @type {any} */ (wrong)))
    await taken(record, () => new NorthApiRequests(/** @type {any} */ (wrong)))
  }
  const requests = new NorthApiRequests(INFO)
  record.inspection(requests)
  for (const value of Object.values(SECRETS)) {
    for (const [operation, input, options] of /** @type {any[][]} */ (wrongInputs(value))) {
      await taken(record, () => /** @type {any} */ (client)[operation](input, options))
      await taken(record, () => /** @type {any} */ (requests)[operation](input, options ?? OWN))
    }
    for (const option of ['timeoutMs', 'fetch', 'onEvent', 'tokenStore', 'retry', 'throttle']) {
      await taken(record, () => new NorthApiClient(INFO, anything({ [option]: value })))
    }
    await taken(record, () => new NorthApiClient(INFO, anything({ retry: { attempts: value } })))
  }

  await everyStore(record)

  record.begin('calls that wait for their turn')
  const throttled = recordedClient(record, undefined, { throttle: { calls: 1, perMs: 5 } })
  await Promise.all(Object.values(CALLS).map((call) => taken(record, () => call(throttled))))

  const prepared = [
    requests.getAuthToken(),
    requests.refreshAuthToken({ refreshToken: SECRETS.refreshToken }),
    requests.refreshDeviceKey(REFRESH, OWN),
    requests.regDirectDevice(REGISTER, OWN),
    requests.queryDeviceStatus(DEVICE, OWN),
    requests.deleteDirectDevice(DEVICE, OWN),
  ]
  for (const request of prepared) {
    record.begin(`a prepared ${request.operation}`)
    record.inspection(request)
    record.inspection(request.decode)
    record.url(request.url)
    await taken(record, () => request.decode(200, JSON.stringify(ANSWERS[request.operation] ?? {})))
    for (const text of CUT_ANSWERS) {
      await taken(record, () => request.decode(502, text))
      await taken(record, () => request.decode(200, new TextEncoder().encode(text)))
      await taken(record, () =>
        request.decode(400, JSON.stringify({ error_code: '1', error_desc: text })),
      )
    }
    await taken(record, () => request.decode(/** @type {any} */ (SECRETS.secret)))
    await taken(record, () => request.decode(200, /** @type {any} */ ({ a: SECRETS.secret })))
  }
}

/**
 * A client that shares its token: it logs in, is refused its token, does not get another one, and gets
 * one again.
 * @param {Recorder} record
 * @param {import('northbound').TokenStore} tokenStore
 */
async function sharedRound(record, tokenStore) {
  let logins = 0
  let queries = 0
  /** @type {Set<string>} */
  const failed = new Set()
  const client = recordedClient(
    record,
    (url, init) => {
      const operation = operationOf(url, init)
      if (operation === 'queryDeviceStatus' && ++queries === 1) {
        return reply(403, { resultcode: '1010005', resultmsg: echo(init, 'raw') })
      }
      if (operation !== 'getAuthToken') return undefined
      logins += 1
      if (logins === 3) return reply(401, { error_code: '100208', error_desc: echo(init, 'raw') })
      return logins === 1 ? reply(200, PLAIN_LOGIN) : undefined
    },
    {
      tokenStore,
      onEvent(/** @type {import('northbound').ClientEvent} */ event) {
        record.event(event)
        if (event.type !== 'warning') return
        failed.add(/failed at (\w+)/.exec(event.message)?.[1] ?? event.about)
      },
    },
  )
  await taken(record, () => client.getAuthToken())
  await taken(record, () => client.queryDeviceStatus(DEVICE))
  await taken(record, () => client.getAuthToken({ force: true }))
  await taken(record, () => client.getAuthToken({ force: true }))
  await taken(record, () => client.refreshAuthToken())
  await taken(record, () => client.queryDeviceStatus(DEVICE))
  record.inspection(client)
  record.inspection(tokenStore)
  client.free()
  return failed
}

/**
 * Token stores that fail, tell and answer what they should not.
 * @param {Recorder} record
 */
async function everyStore(record) {
  const { memoryTokenStore } = northbound
  /** Each waits for its store, so that all go on at once. @type {Promise<Set<string>>[]} */
  const rounds = []
  /** @param {string} situation @param {(record: Recorder) => Promise<Set<string>>} run */
  const begin = (situation, run) => {
    const own = recorder()
    own.begin(situation)
    rounds.push(run(own).finally(() => record.outputs.push(...own.outputs)))
  }

  for (const [where, make] of Object.entries(TOLD_IN)) {
    const store = failingByTurns(memoryTokenStore(), (text, given) => {
      throw make(text, given)
    })
    begin(`a token store that tells in ${where}`, (own) => sharedRound(own, store))
  }
  for (const [what, make] of Object.entries(ODD_ANSWERS)) {
    for (const [accessToken, refreshToken] of [
      [SECRETS.nextAccessToken, SECRETS.nextRefreshToken],
      [SECRETS.plainAccessToken, SECRETS.plainRefreshToken],
    ]) {
      const known = { accessToken, refreshToken }
      const store = failingByTurns(memoryTokenStore(), async () => make(known))
      begin(`a token store that answers ${what}`, (own) => sharedRound(own, store))
    }
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'northbound-secrets-'))
  for (const [what, sealing] of Object.entries(FAILING_SEALINGS)) {
    begin(`a token store with a sealing ${what}`, async (own) => {
      const store = node.fileTokenStore(path.join(folder, what), { sealing })
      await storeRound(own, store)
      return sharedRound(own, store)
    })
  }
  for (const [where, make] of Object.entries(TOLD_IN)) {
    for (const quote of [String, JSON.stringify]) {
      begin(`a Redis that tells in ${where}, as ${quote.name}`, async (own) => {
        const store = redis.redisTokenStore(async (script, keys, args) => {
          throw make(args.map((arg) => quote(arg)).join(' '), [script, keys, args])
        })
        await storeRound(own, store)
        return new Set()
      })
    }
  }
  const ended = Promise.all(rounds).finally(() => rmSync(folder, { recursive: true }))
  const failed = (await ended).flatMap((each) => [...each])
  for (const method of ['acquire', 'commit', 'release', 'take', 'token-store']) {
    assert.ok(failed.includes(method), `no warning about ${method} was seen`)
  }
}

/**
 * Uses a store of the package without a client, and takes down what it rejects with.
 * @param {Recorder} record
 * @param {import('northbound').TokenStore} store
 */
async function storeRound(record, store) {
  record.inspection(store)
  for (const [accessToken, refreshToken] of [
    [SECRETS.accessToken, SECRETS.refreshToken],
    [SECRETS.plainAccessToken, SECRETS.plainRefreshToken],
  ]) {
    /** @param {() => Promise<unknown>} call */
    const told = (call) => call().catch((error) => record.error(error, 'store'))
    const token = {
      ...{ accessToken, refreshToken, tokenType: 'bearer', scope: 'default' },
      ...{ lifeMs: 60_000, refreshLifeMs: 60_000, generation: 1 },
    }
    await told(() => store.acquire('key', 'owner', 1000))
    await told(() => store.commit('key', 'owner', token))
    await told(() => store.read('key'))
    await told(() => store.acquire('key', 'owner', 1000, accessToken))
    await told(() => store.renew('key', 'owner', 1, 1000))
    await told(() => store.release('key', 'owner', 1))
  }
  record.inspection(store)
}

/** @param {unknown} value @returns {any} */
const anything = (value) => value

/** Values that belong to other members, as by a slip of the hand. */
function wrongInfos() {
  const { secret } = SECRETS
  return [
    { ...INFO, platformPort: secret },
    { ...INFO, platformIp: secret },
    { ...INFO, appId: `${secret}é` },
    { ...INFO, appId: `${secret} ` },
    { ...INFO, secret: ` ${secret}` },
    { ...INFO, secret: `${secret}\n` },
    { ...INFO, secret: secret.repeat(20) },
    { ...INFO, secret: { value: secret } },
    { ...INFO, secret: [secret] },
    { ...INFO, sekret: secret },
    { ...INFO, baseUrl: secret },
    { ...INFO, baseUrl: `https://app1:${encodeURIComponent(secret)}@platform.example` },
    { ...INFO, baseUrl: `https://platform.example/?secret=${encodeURIComponent(secret)}` },
    { ...INFO, baseUrl: `https://platform.example/#${secret}` },
    { ...INFO, baseUrl: `http://platform.example/${encodeURIComponent(secret)}` },
    { ...INFO, baseUrl: `https://${secret}` },
    secret,
    [secret],
  ]
}

/** @param {string} value */
function wrongInputs(value) {
  const long = value.repeat(30)
  return [
    ['getAuthToken', { timeoutMs: value }],
    ['getAuthToken', { force: value }],
    ['getAuthToken', { accessToken: value }],
    ['getAuthToken', { signal: value }],
    ['refreshAuthToken', value],
    ['refreshAuthToken', { refreshToken: [value] }],
    ['refreshDeviceKey', value],
    ['refreshDeviceKey', { ...DEVICE, verifycode: value }],
    ['refreshDeviceKey', { ...DEVICE, verifyCode: long }],
    ['refreshDeviceKey', { ...DEVICE, verifyCode: { value } }],
    ['refreshDeviceKey', { ...DEVICE, timeout: value }],
    ['refreshDeviceKey', { deviceId: long }],
    ['regDirectDevice', { nodeId: 'n', psk: `${value}x` }],
    ['regDirectDevice', { nodeId: 'n', psk: long }],
    ['regDirectDevice', { nodeId: 'n', isSecure: value }],
    ['regDirectDevice', { nodeId: 'n', deviceInfo: value }],
    ['regDirectDevice', { nodeId: 'n', deviceInfo: { a: [value, () => value] } }],
    ['queryDeviceStatus', DEVICE, { accessToken: `${value}\r\n` }],
    ['queryDeviceStatus', DEVICE, { accessToken: `${value} ` }],
    ['queryDeviceStatus', DEVICE, { accesstoken: value }],
    ['queryDeviceStatus', DEVICE, { accessToken: { value } }],
    ['queryDeviceStatus', DEVICE, { timeoutMs: value }],
    ['queryDeviceStatus', DEVICE, value],
    ['deleteDirectDevice', { ...DEVICE, cascade: value }],
  ]
}

/** A port on which nothing listens. @returns {Promise<number>} */
function closedPort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
      server.close(() => resolve(port))
    })
  })
}

test('no situation puts a secret into an error, an event, an inspection, a log or an address', async (t) => {
  const methods = /** @type {const} */ (['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir'])
  const mocked = methods.map((method) => t.mock.method(console, method, () => {}))
  const record = recorder()
  await everySituation(record)
  const printed = mocked.map(({ mock }) => mock.callCount())
  t.mock.restoreAll()
  assert.deepEqual(
    printed,
    methods.map(() => 0),
    'the package prints nothing by itself',
  )

  for (const channel of CHANNELS) {
    const count = record.outputs.filter((output) => output.channel === channel).length
    t.diagnostic(`${count} outputs of channel ${channel}`)
    assert.ok(count > 100, `only ${count} outputs of channel ${channel}`)
  }
  const kinds = new Set(
    record.outputs.flatMap(({ text }) => /kind: '([a-z-]+)'/.exec(text)?.slice(1) ?? []),
  )
  for (const kind of ['platform', 'network', 'timeout', 'decode', 'invalid-argument', 'aborted']) {
    assert.ok(kinds.has(kind), `no error of kind ${kind} was seen`)
  }
  assert.deepEqual(leaksIn(record.outputs, SECRETS), [])
})

describe('an answer that quotes its request is told without the secrets, where it quotes them', () => {
  for (const form of Object.keys(FORMS)) {
    test(form, async () => {
      const record = recorder()
      /** @type {string[]} */
      const found = []
      for (const [kind, answer] of Object.entries(BAD_ANSWERS)) {
        for (const [name, call] of Object.entries(CALLS)) {
          record.begin(`${name}, by ${kind}`)
          const operation = name.split(' ')[0]
          const client = recordedClient(record, (url, init) =>
            operationOf(url, init) === operation ? answer(echo(init, form)) : undefined,
          )
          await taken(record, () => call(client))
          record.inspection(client)
        }
      }
      found.push(...leaksIn(record.outputs, SECRETS))

      const requests = new northbound.NorthApiRequests(INFO)
      for (const request of [
        requests.getAuthToken(),
        requests.refreshAuthToken({ refreshToken: SECRETS.refreshToken }),
        requests.regDirectDevice(REGISTER, OWN),
      ]) {
        const decoded = recorder()
        decoded.begin(`decode of ${request.operation}`)
        const echoed = echo(request, form)
        await taken(decoded, () => request.decode(502, echoed))
        await taken(decoded, () => request.decode(200, new TextEncoder().encode(echoed)))
        const refusal = JSON.stringify({ error_code: '1', error_desc: echoed })
        await taken(decoded, () => request.decode(400, refusal))
        found.push(...leaksIn(decoded.outputs, carriedBy(request)))
      }
      assert.deepEqual(found, [])
    })
  }

  test('base64 of a text around them', async () => {
    const record = recorder()
    for (const before of ['', 'x', 'xx']) {
      for (const [name, call] of Object.entries(CALLS)) {
        record.begin(name)
        const client = recordedClient(record, (url, init) => {
          if (operationOf(url, init) !== name.split(' ')[0]) return undefined
          const texts = Object.values(carriedBy(init)).map((secret) => `${before}${secret}yyy`)
          return reply(502, texts.map((text) => FORMS.base64?.(text)).join(' '))
        })
        await taken(record, () => call(client))
      }
    }
    // Where a secret does not begin a group of three, base64 of what is left of it has to be gone.
    const parts = Object.entries(SECRETS).flatMap(([name, secret]) =>
      [0, 1, 2].map((skipped) => [`${name} from ${skipped}`, secret.slice(skipped)]),
    )
    assert.deepEqual(leaksIn(record.outputs, Object.fromEntries(parts)), [])
  })
})

test('a renewal that fails is told without the secrets that its answer quotes', async (t) => {
  const clocks = clocksOf(t)
  const record = recorder()
  /** @type {string[]} */
  const silent = []
  for (const [form] of [['none'], ...Object.entries(FORMS)]) {
    for (const [kind, answer] of Object.entries(BAD_ANSWERS)) {
      const situation = `a renewal, answered by ${kind}, ${form}`
      record.begin(situation)
      /** @type {string[]} */
      const warnings = []
      let renews = false
      const client = recordedClient(
        record,
        (url, init) => {
          if (!renews || operationOf(url, init) === 'queryDeviceStatus') return undefined
          return answer(echo(init, form))
        },
        {
          onEvent(/** @type {import('northbound').ClientEvent} */ event) {
            record.event(event)
            if (event.type === 'warning' && event.about === 'renewal') warnings.push(event.message)
          },
        },
      )
      await taken(record, () => client.queryDeviceStatus(DEVICE))
      renews = true
      for (const name of /** @type {const} */ (['wallMs', 'monotonicMs'])) clocks[name] += 3_400_000
      await taken(record, () => client.queryDeviceStatus(DEVICE))
      await until(() => assert.equal(warnings.length, 1, situation))
      if (!/could not be renewed/.test(String(warnings[0]))) silent.push(situation)
      client.free()
    }
  }
  assert.deepEqual(silent, [])
  assert.deepEqual(leaksIn(record.outputs, SECRETS), [])
})

describe('a leak is found that is planted in', () => {
  const gone = async () => {
    throw Object.assign(new Error('gone'), { retryable: false })
  }
  /** @type {[Channel, keyof typeof SECRETS, string, (value: any, text: string) => any][]} */
  const plants = [
    ['error', 'accessToken', 'percent-encoded', (error, text) => Object.assign(error, { text })],
    ['event', 'givenCode', 'JSON-escaped', (event, text) => ({ ...event, path: `/${text}` })],
    ['inspection', 'refreshToken', 'raw', (value, text) => ({ value, text })],
    ['log', 'secret', 'base64', (_value, text) => `Basic ${text}`],
    ['url', 'sentPsk', 'raw', (url, text) => `${url}?psk=${text}`],
    [
      'warning',
      'plainAccessToken',
      'percent-encoded twice',
      (event, text) => ({ ...event, message: `${event.message} ${text}` }),
    ],
    ['store', 'nextRefreshToken', 'base64url', (error, text) => Object.assign(error, { text })],
  ]
  for (const [channel, name, form, plant] of plants) {
    test(`channel ${channel}: ${name}, ${form}`, async () => {
      const text = FORMS[form]?.(SECRETS[name]) ?? ''
      const record = recorder({ [channel]: (/** @type {any} */ value) => plant(value, text) })
      const client = recordedClient(record)
      await taken(record, () => client.regDirectDevice(REGISTER))
      await taken(record, () => client.queryDeviceStatus(/** @type {any} */ ({})))
      const sharing = recordedClient(record, undefined, {
        tokenStore: { ...northbound.memoryTokenStore(), acquire: gone },
      })
      await taken(record, () => sharing.queryDeviceStatus(DEVICE))
      await storeRound(record, redis.redisTokenStore(gone))
      const found = leaksIn(record.outputs, SECRETS)
      assert.notEqual(found.length, 0)
      for (const leak of found) assert.match(leak, new RegExp(`: ${name}, `))
      assert.ok(
        found.some((leak) => leak.startsWith(`${channel}: `)),
        String(found),
      )
    })
  }

  for (const [form, encode] of Object.entries(FORMS)) {
    test(`a text, ${form}`, () => {
      for (const [name, secret] of Object.entries(SECRETS)) {
        const outputs = [{ channel: 'log', situation: 'it', text: `before${encode(secret)}after` }]
        assert.deepEqual(
          leaksIn(outputs, SECRETS).map((leak) => leak.split(', ')[0]),
          [`log: ${name}`],
        )
      }
    })
  }
})

test('results and prepared requests hold their secrets as plain members', async () => {
  const client = recordedClient(recorder())
  const result = await client.regDirectDevice(REGISTER)
  assert.equal(result.verifyCode, SECRETS.givenCode)
  assert.equal(result.psk, SECRETS.givenPsk)
  assert.deepEqual({ ...result }, ANSWERS.regDirectDevice)
  assert.deepEqual(JSON.parse(JSON.stringify(await client.getAuthToken())), LOGIN)
  const prepared = new northbound.NorthApiRequests(INFO).regDirectDevice(REGISTER, OWN)
  assert.equal(prepared.headers.authorization, `Bearer ${SECRETS.ownToken}`)
  assert.deepEqual(JSON.parse(String(prepared.body)), REGISTER)
})

describe('the error of a fetch that quotes its request keeps no secret where the quote is', () => {
  /** @typedef {import('northbound').SendInit} SendInit */
  /** @type {Record<string, (url: string, init: SendInit) => unknown>} */
  const thrown = {
    'its message': (_, { body, headers }) => new Error(`no: ${body} ${JSON.stringify(headers)}`),
    'a member': (_, init) => Object.assign(new Error('no'), { config: { request: init } }),
    'a cause': (_, { body }) => new Error('no', { cause: new Error(String(body)) }),
    'one of several errors': (_, { body }) => new AggregateError([new Error(String(body))], 'no'),
    'a deep member': (_, init) => Object.assign(new Error('no'), nested(init, 12)),
    'a member that a symbol names': (_, init) =>
      Object.assign(new Error('no'), { [Symbol('request')]: init }),
    'a hidden member': (_, init) => Object.defineProperty(new Error('no'), 'init', { value: init }),
    'a map': (_, { headers, body }) =>
      Object.assign(new Error('no'), { sent: new Map(Object.entries({ ...headers, body })) }),
    'a set': (_, { headers, body }) =>
      Object.assign(new Error('no'), { sent: new Set([...Object.values(headers), body]) }),
    'a Headers object': (_, { headers }) =>
      Object.assign(new Error('no'), { headers: new Headers(headers) }),
    'a Request object': (url, { signal: _, ...init }) =>
      Object.assign(new Error('no'), { request: new Request(url, init) }),
    'search parameters': (_, { body }) =>
      Object.assign(new Error('no'), { params: new URLSearchParams(body) }),
    'a function': (_, init) => Object.assign(() => {}, { init }),
    'what prints itself': (_, { body, headers }) =>
      Object.assign(new Error('no'), {
        [inspect.custom]: () => `${body} ${headers.authorization}`,
        toJSON: () => ({ body, headers }),
      }),
    'a getter of its class': (_, { body, headers }) => new QuotingError({ body, headers }),
    'a text': (_, { body, headers }) => `no: ${body} ${headers.authorization}`,
    'an array': (_, { body, headers }) => [body, headers.authorization],
    'a symbol': (_, { body, headers }) => Symbol(`${body} ${headers.authorization}`),
    base64: (_, init) => new Error(echo(init, 'base64')),
    'a stack of its own': (_, { body, headers }) =>
      Object.assign(new Error('no'), { stack: `Error: ${body} ${headers.authorization}` }),
    'a name or a code': (_, { body, headers }) =>
      Object.assign(new Error('no'), { name: `${body}`, code: headers.authorization ?? 'E' }),
  }

  for (const [where, make] of Object.entries(thrown)) {
    test(where, async () => {
      /** @type {string[]} */
      const found = []
      for (const [name, call] of Object.entries(CALLS)) {
        const record = recorder()
        record.begin(name)
        const operation = name.split(' ')[0]
        /** @type {Record<string, string>} */
        let carried = {}
        const client = recordedClient(record, (url, init) => {
          if (operationOf(url, init) !== operation) return undefined
          carried = carriedBy(init)
          throw make(url, init)
        })
        const error = await taken(record, () => call(client))
        assert.ok(error instanceof northbound.NetworkError)
        found.push(...leaksIn(record.outputs, carried))
      }
      assert.deepEqual(found, [])
    })
  }

  test('and is passed on as it is where it quotes nothing', async () => {
    const error = Object.assign(new TypeError('no route'), { code: 'EHOSTUNREACH', cause: null })
    const client = recordedClient(recorder(), () => Promise.reject(error))
    const caught = await client.getAuthToken().catch((caught) => caught)
    assert.equal(caught.cause, error)
  })

  /** @param {unknown} value @param {number} levels @returns {object} */
  function nested(value, levels) {
    return { below: levels === 0 ? value : nested(value, levels - 1) }
  }
})

class QuotingError extends Error {
  /** @type {unknown} */
  #sent

  /** @param {unknown} sent */
  constructor(sent) {
    super('no')
    this.#sent = sent
  }

  get sent() {
    return this.#sent
  }

  toJSON() {
    return this.#sent
  }

  [inspect.custom]() {
    return inspect(this.#sent)
  }
}

describe('a secret in the place of a member name is not shown', () => {
  test('in clientInfo', async () => {
    const record = recorder()
    const info = /** @type {any} */ ({ ...INFO, [SECRETS.secret]: 'x' })
    await taken(record, () => new northbound.NorthApiClient(info))
    await taken(record, () => new northbound.NorthApiRequests(info))
    assert.deepEqual(leaksIn(record.outputs, SECRETS), [])
  })

  test('in an input or in options, where the client knows it', async () => {
    const record = recorder()
    const client = recordedClient(record)
    const { accessToken } = await client.getAuthToken()
    for (const known of [SECRETS.secret, accessToken]) {
      const member = /** @type {any} */ ({ [known]: 'x' })
      await taken(record, () => client.queryDeviceStatus({ ...DEVICE, ...member }))
      await taken(record, () => client.queryDeviceStatus(DEVICE, member))
      await taken(record, () => client.getAuthToken(member))
    }
    const options = { ...OWN, [SECRETS.ownToken]: 'x' }
    await taken(record, () => client.queryDeviceStatus(DEVICE, options))
    const input = { ...REGISTER, [SECRETS.sentPsk]: 'x', [SECRETS.sentCode]: 'x' }
    await taken(record, () => client.regDirectDevice(input))
    assert.deepEqual(leaksIn(record.outputs, SECRETS), [])
  })
})

test('the simulated platform prints no secret', async (t) => {
  const program = process.env.NORTHBOUND_SIMULATOR ?? `${root}target/debug/northbound-simulator`
  const args = ['--http', '127.0.0.1:0', '--no-tls', '--ready-json', '--exit-with-stdin']
  const child = spawn(program, args, { cwd: root, stdio: ['pipe', 'pipe', 'pipe'] })
  t.after(() => child.kill())
  const ended = new Promise((resolve) => child.once('close', resolve))
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (text) => (output.stdout += text))
  child.stderr.on('data', (text) => (output.stderr += text))
  const ready = await new Promise((resolve) => createInterface(child.stdout).once('line', resolve))
  const baseUrl = JSON.parse(ready).http

  const client = new northbound.NorthApiClient({ ...APP, baseUrl })
  const code = 'c0de-of-the-test'
  const psk = 'feedfacecafe0123'
  const first = await client.getAuthToken()
  const registered = await client.regDirectDevice({ nodeId: 'node-1', verifyCode: code, psk })
  const added = await fetch(`${baseUrl}/_sim/devices`, {
    method: 'POST',
    body: JSON.stringify({ nodeId: 'node-2', state: 'offline' }),
    headers: { 'content-type': 'application/json' },
  })
  const { deviceId } = /** @type {{ deviceId: string }} */ (await added.json())
  const next = await client.refreshAuthToken()
  const made = await client.refreshDeviceKey({ deviceId })
  await client.queryDeviceStatus({ deviceId })
  const foreign = 'f0reign-access-token-of-the-test'
  await client.queryDeviceStatus({ deviceId }, { accessToken: foreign }).catch(() => {})
  const wrong = 'wr0ng-secret-of-the-test'
  const impostor = new northbound.NorthApiClient({ ...APP, secret: wrong, baseUrl })
  await impostor.getAuthToken().catch(() => {})
  await client.deleteDirectDevice({ deviceId })
  await fetch(`${baseUrl}/nothing/here`, {
    method: 'POST',
    body: JSON.stringify({ secret: wrong }),
    headers: { authorization: `Bearer ${foreign}` },
  })
  child.stdin.end()
  await ended

  const secrets = {
    secret: APP.secret,
    code,
    psk,
    foreign,
    wrong,
    accessToken: first.accessToken,
    refreshToken: first.refreshToken,
    nextAccessToken: next.accessToken,
    nextRefreshToken: next.refreshToken,
    verifyCode: made.verifyCode,
    registeredCode: registered.verifyCode,
  }
  const outputs = Object.entries(output).map(([channel, text]) => {
    return { channel, situation: 'the simulator', text }
  })
  assert.ok(output.stdout.includes(baseUrl))
  assert.deepEqual(leaksIn(outputs, secrets), [])
  const planted = [{ channel: 'stdout', situation: 'the simulator', text: first.accessToken }]
  assert.equal(leaksIn([...outputs, ...planted], secrets).length, 1)
})
