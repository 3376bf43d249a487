// The public surface as the fuzzer calls it: every entry with arguments that are right, made anew each time.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { listed, safely } from './fuzz-values.js'
import { ADDRESS } from './stub.js'

/**
 * @typedef {object} Entry
 * @property {string} entry
 * @property {boolean} asynchronous whether it may only reject
 * @property {boolean} [anyError] whether errors that are none of the package's may leave: those of a store,
 *   of a sender, of the host
 * @property {() => any[]} right arguments that are right
 * @property {(tools: any, args: any[], host: any) => unknown} call
 */

/** A word in every secret: none of them may show in an error. */
export const SECRET = 'fuzz-secret'

export const APP = { appId: 'app1', secret: `${SECRET}-app`, ...ADDRESS }
export const CONFIG = {
  regionId: 'cn-hangzhou',
  credentials: {
    accessKeyId: 'LTAI5tFUZZ',
    accessKeySecret: `${SECRET}-key`,
    securityToken: `${SECRET}-sts`,
  },
}
const DEVICE = { clientId: 'GID_a@@@b', instanceId: 'post-cn-fuzz' }

/** Inputs of the operations that take one. @type {Record<string, object>} */
const NORTH = {
  refreshDeviceKey: { deviceId: 'd', verifyCode: `${SECRET}-code`, nodeId: 'n', timeout: 60 },
  regDirectDevice: {
    nodeId: 'n',
    verifyCode: `${SECRET}-code`,
    deviceInfo: { name: 'n', a: [{ b: 1 }] },
  },
  queryDeviceStatus: { deviceId: 'd' },
  deleteDirectDevice: { deviceId: 'd', cascade: true },
}

/** @type {Record<string, object>} */
const ONS = {
  registerDeviceCredential: DEVICE,
  getDeviceCredential: DEVICE,
  refreshDeviceCredential: DEVICE,
  unRegisterDeviceCredential: DEVICE,
  listDeviceCredentialClientId: { groupId: 'GID_a', instanceId: 'i', pageSize: 2, nextToken: 'n' },
  applyToken: { instanceId: 'i', resources: ['t/#'], actions: 'R,W', expireTime: new Date(4e12) },
  queryToken: { instanceId: 'i', token: `${SECRET}-mqtt` },
  revokeToken: { instanceId: 'i', token: `${SECRET}-mqtt` },
}

const LOGINS = {
  mqttDeviceLogin: { ...DEVICE, deviceAccessKeyId: 'k', deviceAccessKeySecret: `${SECRET}-device` },
  mqttSignatureLogin: { ...DEVICE, accessKeyId: 'k', accessKeySecret: `${SECRET}-key` },
  mqttTokenLogin: {
    ...DEVICE,
    accessKeyId: 'k',
    tokens: [{ actions: 'R', token: `${SECRET}-mqtt` }],
  },
}

const folder = mkdtempSync(join(tmpdir(), 'northbound-fuzz-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** Time for each attempt of a client under test. */
const QUICK = Object.freeze({
  timeoutMs: 60,
  throttle: false,
  retry: Object.freeze({ attempts: 2, baseDelayMs: 1, totalMs: 150 }),
})

/** @type {Entry[]} */
export const ENTRIES = [
  ...['getAuthToken', 'refreshAuthToken', ...Object.keys(NORTH)].map((name) =>
    clientEntry(name, NORTH[name]),
  ),
  ...Object.entries(ONS).map(([name, input]) => mqttEntry(name, input)),
  mqttEntry('clientIds', { groupId: 'GID_a', instanceId: 'i', pageSize: 2 }),
  ...Object.entries({ getAuthToken: undefined, refreshAuthToken: { refreshToken: `${SECRET}-refresh` }, ...NORTH }).map(([name, input]) => requestsEntry('north', name, input, NORTH[name] && { accessToken: `${SECRET}-token`, appId: 'other' })), // prettier-ignore
  ...Object.entries(ONS).map(([name, input]) =>
    requestsEntry('ons', name, input, { nonce: 'n', date: 1 }),
  ),
  constructed('NorthApiClient', () => [{ ...APP }, { ...structuredClone(QUICK), allowInsecureHttp: true, refreshTokenLifetimeMs: 5 }], 'getAuthToken'), // prettier-ignore
  constructed(
    'OnsMqttClient',
    () => [structuredClone(CONFIG), structuredClone(QUICK)],
    'queryToken',
  ),
  {
    entry: 'new NorthApiRequests',
    asynchronous: false,
    right: () => [{ ...APP }, { allowInsecureHttp: false }],
    call: ({ northbound }, args) => new northbound.NorthApiRequests(...args).free(),
  },
  {
    entry: 'new OnsMqttRequests',
    asynchronous: false,
    right: () => [structuredClone(CONFIG), { allowInsecureHttp: false }],
    call: ({ northbound }, args) => new northbound.OnsMqttRequests(...args).free(),
  },
  ...Object.entries(LOGINS).map(([name, input]) => ({
    entry: name,
    asynchronous: false,
    right: () => [structuredClone(input)],
    call: (/** @type {any} */ { northbound }, /** @type {any[]} */ args) =>
      northbound[name](...args),
  })),
  {
    entry: 'init',
    asynchronous: true,
    right: () => [undefined],
    call: ({ northbound }, args) => northbound.init(...args),
  },
  {
    entry: 'isNorthboundError',
    asynchronous: false,
    right: () => [new Error('no')],
    call: ({ northbound }, args) => northbound.isNorthboundError(...args),
  },
  {
    entry: 'errorCatalogue',
    asynchronous: false,
    right: () => [],
    call: ({ northbound }, args) => northbound.errorCatalogue(...args),
  },
  ...['memoryTokenStore', 'fileTokenStore', 'redisTokenStore'].flatMap(storeEntries),
  {
    entry: 'webTokenStore',
    asynchronous: false,
    right: () => [{ name: 'northbound', sealing: { seal: String, open: String } }],
    call: ({ northbound }, args) => northbound.webTokenStore(...args),
  },
  ...['nodeRedis', 'ioRedis'].map((name) => ({
    entry: name,
    asynchronous: false,
    right: () => [{ eval: async () => 1 }],
    call: (/** @type {any} */ tools, /** @type {any[]} */ args) => tools[name](...args),
  })),
  {
    entry: 'nodeFetch',
    asynchronous: false,
    right: () => [{ servername: 'platform.example', maxSockets: 3 }],
    call: ({ nodeFetch }, args) => nodeFetch(...args),
  },
  {
    entry: 'a call of nodeFetch',
    asynchronous: true,
    anyError: true,
    right: () => ['http://127.0.0.1:9/', { method: 'GET', headers: { accept: 'x' }, body: 'b', signal: { aborted: false, reason: 0, addEventListener() {}, removeEventListener() {} } }], // prettier-ignore
    call: ({ nodeFetch }, args) => nodeFetch()(...args),
  },
]

/** @param {string} name @param {object | undefined} input @returns {Entry} */
function clientEntry(name, input) {
  const options = {
    timeoutMs: 50,
    ...(input ? { appId: 'other', accessToken: `${SECRET}-token` } : {}),
  }
  return {
    entry: `NorthApiClient.${name}`,
    asynchronous: true,
    right: () => [...(input ? [structuredClone(input)] : []), { ...options }],
    call({ northbound }, args, { fetch, onEvent, tokenStore, signal }) {
      const called = signalled(args, signal)
      // A store that fails keeps its client waiting for seconds: not one that cannot be told to stop.
      const stops = safely(() => typeof called.at(-1).signal === 'object')
      const options = { ...QUICK, fetch, onEvent, tokenStore: stops ? tokenStore : undefined }
      const client = new northbound.NorthApiClient(APP, options)
      return finished(client, client[name](...called))
    },
  }
}

/** @param {string} name @param {object | undefined} input @returns {Entry} */
function mqttEntry(name, input) {
  return {
    entry: `OnsMqttClient.${name}`,
    asynchronous: true,
    right: () => [structuredClone(input), { timeoutMs: 50 }],
    call({ northbound }, args, { fetch, onEvent, credentials, signal }) {
      const config = { ...CONFIG, credentials }
      const client = new northbound.OnsMqttClient(config, { ...QUICK, fetch, onEvent })
      const called = client[name](...signalled(args, signal))
      return finished(client, name === 'clientIds' ? firstOf(called, 20) : called)
    },
  }
}

/** @param {any} client @param {Promise<unknown>} called */
async function finished(client, called) {
  try {
    return await called
  } finally {
    client.free()
  }
}

/** @param {AsyncIterable<unknown>} ids @param {number} count */
async function firstOf(ids, count) {
  for await (const id of ids) if (typeof id !== 'string' || (count -= 1) === 0) return
}

/**
 * Puts a signal into the options, if these can take it.
 * @param {any[]} args
 * @param {any} signal
 */
function signalled(args, signal = AbortSignal.timeout(200)) {
  safely(() => (args.at(-1).signal = signal))
  return args
}

/**
 * A request that is prepared, and an answer that is read by it.
 * @param {'north' | 'ons'} platform
 * @param {string} name
 * @param {object | undefined} input
 * @param {object | undefined} options
 * @returns {Entry}
 */
function requestsEntry(platform, name, input, options) {
  const body =
    '{"deviceId":"d","error_code":null,"accessToken":"fuzz-secret-answer","Token":"t","RequestId":"r"}'
  return {
    entry: `${platform === 'north' ? 'NorthApiRequests' : 'OnsMqttRequests'}.${name}`,
    asynchronous: false,
    right: () => [
      ...[input, options].flatMap((each) => (each ? [structuredClone(each)] : [])),
      [200, body, { date: 'now' }],
    ],
    call({ north, ons }, args) {
      const answer = args.pop()
      const { decode } = (platform === 'north' ? north : ons)[name](...args)
      return decode(
        ...(safely(() => Array.isArray(answer) && answer.length < 5)
          ? listed(answer)
          : [200, answer, answer]),
      )
    },
  }
}

/**
 * A client of spoilt options: if it is accepted it has to work, until it is told to stop.
 * @param {'NorthApiClient' | 'OnsMqttClient'} name
 * @param {() => any[]} right
 * @param {'getAuthToken' | 'queryToken'} method
 * @returns {Entry}
 */
function constructed(name, right, method) {
  return {
    entry: `new ${name}`,
    asynchronous: false,
    right,
    call({ northbound }, [first, second, ...rest], { fetch, onEvent }) {
      // Options that nobody has spoilt as a whole get their functions.
      safely(() => second.retry && Object.assign(second, { fetch, onEvent }))
      const client = new northbound[name](first, second, ...rest)
      const call = { signal: AbortSignal.timeout(300) }
      const args = method === 'getAuthToken' ? [call] : [{ instanceId: 'i', token: 't' }, call]
      return finished(client, client[method](...args))
    },
  }
}

/** @param {string} name @returns {Entry[]} */
function storeEntries(name) {
  let number = 0
  const methods = { read: [], acquire: ['owner', 60, `${SECRET}-old`], renew: ['owner', 1, 60], commit: ['owner', token()], release: ['owner', 1], take: [{ calls: 2, perMs: 20, slackMs: 0 }] } // prettier-ignore
  /** @type {Record<string, () => any[]>} */
  const made = {
    memoryTokenStore: () => [],
    fileTokenStore: () => [
      join(folder, `${(number += 1)}`),
      { sealing: { seal: String, open: String } },
    ],
    redisTokenStore: () => [
      async () => 1,
      { prefix: 'p:', sealing: { seal: String, open: String } },
    ],
  }
  const right = /** @type {() => any[]} */ (made[name])
  return [
    { entry: name, asynchronous: false, right, call: (tools, args) => tools[name](...args) },
    ...Object.entries(methods).map(([method, args]) => ({
      entry: `${method} of ${name}`,
      asynchronous: true,
      anyError: true,
      right: () => [`key-${number}`, ...structuredClone(args)],
      call: (/** @type {any} */ tools, /** @type {any[]} */ given, /** @type {any} */ { fetch }) =>
        tools[name](...(name === 'redisTokenStore' ? [fetch] : right()))[method](...given),
    })),
  ]
}

function token() {
  const life = { lifeMs: 1000, refreshLifeMs: 2000, generation: 1 }
  const texts = { accessToken: `${SECRET}-shared`, refreshToken: `${SECRET}-shared-too` }
  return { ...texts, tokenType: 'bearer', scope: 'default', ...life }
}
