// The vendor's own clients and ours on one platform: what one does, the other sees.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { after, before, beforeEach, describe, test } from 'node:test'
import { createInterface } from 'node:readline'

import { rejection } from './support/expect.js'
import { importPackage } from './support/package.js'
import { root, startSimulator } from './support/simulator.js'

/**
 * @typedef {{ accessKeyId: string, accessKeySecret: string, securityToken?: string }} Keys
 * @typedef {Record<string, string>} Parameters
 * @typedef {(action: string, parameters: Parameters, method?: 'GET' | 'POST') => Promise<any>} Call
 *   rejects with an error that has the platform's `code`
 * @typedef {{ name: string, signature: string, connect: (keys: Keys) => Call, get?: true }} Vendor
 */

// The vendor's clients obey them, and the platform is on this machine.
for (const name of Object.keys(process.env).filter((each) => /proxy$/i.test(each)))
  delete process.env[name]

const { OnsMqttClient } = await importPackage()
const OpenApi = await vendorPackage('@alicloud/openapi-core')
const RPCClient = (await vendorPackage('@alicloud/pop-core')).RPCClient

const VERSION = '2020-04-20'
const INSTANCE = 'post-cn-simulator01'
const GROUP = 'GID_test'
const SPECIAL = `${GROUP}@@@dev ice/+*~!'()&=%:,中文é`
const CLIENT_IDS = [`${GROUP}@@@device-1`, SPECIAL, SPECIAL.padEnd(64, '&%2B 中~').slice(0, 64)]
const NOBODY = { code: 'DeviceCredentialNotFound' }

/** @type {Record<string, Keys>} */
const KEYS = {
  'an AccessKey': {
    accessKeyId: 'LTAI5tSIMULATORONLY0001',
    accessKeySecret: 'simulatorSecretNotReal0001',
  },
  'an STS token': {
    accessKeyId: 'STS.SIMULATORONLY0002',
    accessKeySecret: 'simulatorStsSecret0002',
    securityToken: 'CAISsimulator+token/with=special&chars==',
  },
}

/** @type {Vendor[]} */
const VENDORS = [
  {
    name: 'npm @alicloud/openapi-core',
    signature: 'ACS3-HMAC-SHA256',
    connect: (keys) => openApiCore(keys),
    get: true,
  },
  {
    name: "npm @alicloud/openapi-core with signatureAlgorithm 'v2'",
    signature: 'HMAC-SHA1',
    connect: (keys) => openApiCore(keys, 'v2'),
    get: true,
  },
  { name: 'npm @alicloud/pop-core', signature: 'HMAC-SHA1', connect: popCore, get: true },
  {
    name: 'PyPI alibabacloud-onsmqtt20200420',
    signature: 'ACS3-HMAC-SHA256',
    connect: (keys) => python(keys),
  },
  {
    name: "PyPI alibabacloud-onsmqtt20200420 with signature_algorithm 'v2'",
    signature: 'HMAC-SHA1',
    connect: (keys) => python(keys, 'v2'),
  },
]

/** @type {Awaited<ReturnType<typeof startSimulator>>} */
let sim
/** @type {(() => void)[]} */
const ends = []

before(async () => {
  sim = await startSimulator()
})
after(() => ends.forEach((end) => end()))
after(() => sim?.stop())
beforeEach(() => sim.control('POST', '/reset', { settings: true }))

for (const { name, signature, connect, get } of VENDORS) {
  describe(name, () => {
    for (const [kind, keys] of Object.entries(KEYS)) {
      describe(`with ${kind}`, () => {
        /** @type {Call} */
        let call
        before(() => {
          call = connect(keys)
        })

        for (const [place, clientId] of CLIENT_IDS.entries()) {
          const device = { ClientId: clientId, InstanceId: INSTANCE }
          const page = { GroupId: GROUP, InstanceId: INSTANCE, PageSize: '100', PageNo: '1' }
          const input = { clientId, instanceId: INSTANCE }
          const list = { groupId: GROUP, instanceId: INSTANCE }
          const what =
            place === 0 ? 'a plain ClientId' : `a ClientId of ${clientId.length} specials`

          test(`our client sees what the vendor's does to ${what}`, async () => {
            const ours = both(keys)
            const registered = ourForm(await call('RegisterDeviceCredential', device))
            assert.equal(registered.clientId, clientId)
            for (const our of ours) {
              const seen = await our.getDeviceCredential(input)
              assert.deepEqual(seen.deviceCredential, registered)
            }
            assert.deepEqual(ourForm(await call('GetDeviceCredential', device)), registered)

            const refreshed = ourForm(await call('RefreshDeviceCredential', device))
            assert.notEqual(refreshed.deviceAccessKeySecret, registered.deviceAccessKeySecret)
            const ids = (await call('ListDeviceCredentialClientId', page))
              .DeviceCredentialClientIdList
            assert.deepEqual(ids.ClientIdList, [clientId])
            for (const our of ours) {
              const seen = await our.getDeviceCredential(input)
              assert.deepEqual(seen.deviceCredential, refreshed)
              const { requestId, ...listed } = await our.listDeviceCredentialClientId(list)
              assert.ok(requestId)
              assert.deepEqual(listed, {
                total: Number(ids.Total),
                pageNo: Number(ids.PageNo),
                pageSize: Number(ids.PageSize),
                clientIds: ids.ClientIdList,
              })
            }

            await sim.control('DELETE', '/journal')
            const gone = await call('UnRegisterDeviceCredential', device)
            assert.match(gone.RequestId, /^[0-9A-F-]{36}$/)
            const [made] = await sim.journal('unRegisterDeviceCredential')
            assert.deepEqual([made.method, made.signature], ['POST', signature])
            for (const our of ours) {
              const error = await rejection(our.getDeviceCredential(input))
              assert.equal(error.code, NOBODY.code)
              assert.deepEqual((await our.listDeviceCredentialClientId(list)).clientIds, [])
            }
          })

          test(`the vendor's client sees what ours does to ${what}`, async () => {
            for (const our of both(keys)) {
              const registered = (await our.registerDeviceCredential(input)).deviceCredential
              assert.deepEqual(ourForm(await call('GetDeviceCredential', device)), registered)
              await assert.rejects(call('RegisterDeviceCredential', device), {
                code: 'DeviceCredentialExsit',
              })

              const refreshed = (await our.refreshDeviceCredential(input)).deviceCredential
              assert.notEqual(refreshed.deviceAccessKeySecret, registered.deviceAccessKeySecret)
              assert.deepEqual(ourForm(await call('GetDeviceCredential', device)), refreshed)
              const ids = (await call('ListDeviceCredentialClientId', page))
                .DeviceCredentialClientIdList
              assert.deepEqual(ids.ClientIdList, [clientId])

              await our.unRegisterDeviceCredential(input)
              await assert.rejects(call('GetDeviceCredential', device), NOBODY)
              await assert.rejects(call('UnRegisterDeviceCredential', device), NOBODY)
            }
          })
        }

        test('a list of several pages is the same for both clients', async () => {
          const [our] = both(keys)
          for (const clientId of CLIENT_IDS)
            await call('RegisterDeviceCredential', { ClientId: clientId, InstanceId: INSTANCE })
          const wanted = { GroupId: GROUP, InstanceId: INSTANCE, PageSize: '2' }
          const pages = [
            await call('ListDeviceCredentialClientId', { ...wanted, PageNo: '1' }),
            await call('ListDeviceCredentialClientId', { ...wanted, PageNo: '2' }),
          ]
          const theirs = pages.flatMap((page) => page.DeviceCredentialClientIdList.ClientIdList)
          const list = { groupId: GROUP, instanceId: INSTANCE, pageSize: 2 }
          const seen = []
          for await (const clientId of our.clientIds(list)) seen.push(clientId)
          assert.deepEqual(seen, theirs)
          assert.deepEqual(seen.toSorted(), CLIENT_IDS.toSorted())
        })

        if (get) {
          test('a list asked for by GET is answered, and unregistering by GET is not', async () => {
            const [our] = both(keys)
            const device = { ClientId: SPECIAL, InstanceId: INSTANCE }
            await our.registerDeviceCredential({ clientId: SPECIAL, instanceId: INSTANCE })
            const page = { GroupId: GROUP, InstanceId: INSTANCE, PageSize: '100' }
            const answer = await call('ListDeviceCredentialClientId', page, 'GET')
            assert.deepEqual(answer.DeviceCredentialClientIdList.ClientIdList, [SPECIAL])
            const [made] = await sim.journal('listDeviceCredentialClientId')
            assert.deepEqual([made.method, made.signature], ['GET', signature])
            await assert.rejects(call('UnRegisterDeviceCredential', device, 'GET'), {
              code: 'UnsupportedHTTPMethod',
            })
            assert.ok(await our.getDeviceCredential({ clientId: SPECIAL, instanceId: INSTANCE }))
          })
        }

        test('a wrong secret is refused, as it is for our client', async () => {
          const wrong = { ...keys, accessKeySecret: `${keys.accessKeySecret}x` }
          const device = { ClientId: SPECIAL, InstanceId: INSTANCE }
          await assert.rejects(connect(wrong)('RegisterDeviceCredential', device), {
            code: 'SignatureDoesNotMatch',
          })
          for (const our of both(wrong)) {
            const input = { clientId: SPECIAL, instanceId: INSTANCE }
            const error = await rejection(our.registerDeviceCredential(input))
            assert.equal(error.code, 'SignatureDoesNotMatch')
          }
        })
      })
    }
  })
}

/** Our client with the newer signature, and with the older one. @param {Keys} keys */
function both(keys) {
  const signatures = /** @type {const} */ (['ACS3-HMAC-SHA256', 'HMAC-SHA1'])
  const [newer, older] = signatures.map((signature) => {
    const config = { endpoint: sim.http, credentials: keys, signature }
    const client = new OnsMqttClient(config, { retry: false })
    ends.push(() => client.free())
    return client
  })
  assert.ok(newer && older)
  return /** @type {const} */ ([newer, older])
}

/** A credential as our client answers it. @param {any} answer */
function ourForm(answer) {
  assert.match(answer.RequestId, /^[0-9A-F-]{36}$/)
  return Object.fromEntries(
    Object.entries(answer.DeviceCredential).map(([name, value]) => [
      name.slice(0, 1).toLowerCase() + name.slice(1),
      value,
    ]),
  )
}

/** The address as a client without schemes wants it. */
const address = () => new URL(sim.http).host

/**
 * @param {Keys} keys
 * @param {string} [signatureAlgorithm]
 * @returns {Call}
 */
function openApiCore(keys, signatureAlgorithm) {
  const { $OpenApiUtil } = OpenApi
  const config = { ...keys, protocol: 'http', endpoint: address(), regionId: 'cn-hangzhou' }
  const client = new OpenApi.default(new $OpenApiUtil.Config({ ...config, signatureAlgorithm }))
  const runtime = { autoretry: false, connectTimeout: 10_000, readTimeout: 10_000 }
  return async (action, parameters, method = 'POST') => {
    const params = new $OpenApiUtil.Params({
      action,
      version: VERSION,
      protocol: 'HTTP',
      pathname: '/',
      method,
      authType: 'AK',
      style: 'RPC',
      reqBodyType: 'formData',
      bodyType: 'json',
    })
    const request = new $OpenApiUtil.OpenApiRequest({ query: parameters })
    const { statusCode, body } = await client.callApi(params, request, runtime)
    assert.equal(statusCode, 200)
    return body
  }
}

/**
 * @param {Keys} keys
 * @returns {Call}
 */
function popCore(keys) {
  const client = new RPCClient({ ...keys, endpoint: sim.http, apiVersion: VERSION })
  ends.push(() => client.keepAliveAgent.destroy())
  return (action, parameters, method = 'POST') =>
    client.request(action, parameters, { method, timeout: 10_000 })
}

/**
 * The vendor's client for Python in a process of its own, one line for each call and answer.
 *
 * @param {Keys} keys
 * @param {string} [signatureAlgorithm]
 * @returns {Call}
 */
function python(keys, signatureAlgorithm) {
  const program = process.env['NORTHBOUND_PYTHON']
  if (!program || !existsSync(program)) {
    const why = program ? `there is no ${program}` : 'NORTHBOUND_PYTHON is not set'
    throw new Error(`the vendor's client for Python cannot run: ${why}; run \`make test\``)
  }
  const child = spawn(program, ['-I', '-B', `${root}tests/python/vendor_sdk.py`], {
    env: { PATH: process.env['PATH'] },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  ends.push(() => child.stdin.end())
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (complaints += text))
  child.stdin.on('error', () => {})
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]()
  const say = (/** @type {unknown} */ line) => child.stdin.write(`${JSON.stringify(line)}\n`)
  say({ ...keys, endpoint: address(), signatureAlgorithm })
  return async (action, parameters) => {
    say({ action, parameters })
    const { value, done } = await answers.next()
    assert.ok(!done, `vendor_sdk.py ended: ${complaints}`)
    const { answer, error } = JSON.parse(value)
    if (error) throw Object.assign(new Error(error.message), { code: error.code })
    return answer
  }
}

/**
 * Imports a package of the vendor's, whose types do not hold under strict settings.
 *
 * @param {string} name
 * @returns {Promise<any>}
 */
async function vendorPackage(name) {
  return import(name).then(
    // CommonJS: what it exports is the default.
    (module) => module.default,
    (cause) => {
      throw new Error(`${name} cannot be loaded; run \`scripts/setup test\``, { cause })
    },
  )
}
