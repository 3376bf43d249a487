// What the tests of the second platform share: its operations, its simulated account, its errors.

import { readFileSync } from 'node:fs'

/** The account that the simulator knows unless it is told of others. */
export const ACCESS_KEY = {
  accessKeyId: 'LTAI5tSIMULATORONLY0001',
  accessKeySecret: 'simulatorSecretNotReal0001',
}
export const STS = {
  accessKeyId: 'STS.SIMULATORONLY0002',
  accessKeySecret: 'simulatorStsSecret0002',
  securityToken: 'CAISsimulator+token/with=special&chars==',
}
export const INSTANCE = 'post-cn-simulator01'

export const SIGNATURES = /** @type {const} */ (['ACS3-HMAC-SHA256', 'HMAC-SHA1'])

/** @typedef {import('northbound').OnsMqttClient} Client */

/**
 * A call of every operation, right in all members; the device or token may not be there.
 * @type {Record<string, (client: Client, options?: import('northbound').CallOptions) => Promise<any>>}
 */
export const CALLS = {
  registerDeviceCredential: (client, options) =>
    client.registerDeviceCredential(deviceRef(), options),
  getDeviceCredential: (client, options) => client.getDeviceCredential(deviceRef(), options),
  refreshDeviceCredential: (client, options) =>
    client.refreshDeviceCredential(deviceRef(), options),
  unRegisterDeviceCredential: (client, options) =>
    client.unRegisterDeviceCredential(deviceRef(), options),
  listDeviceCredentialClientId: (client, options) =>
    client.listDeviceCredentialClientId({ groupId: 'GID_tests', instanceId: INSTANCE }, options),
  applyToken: (client, options) => client.applyToken(applyInput(), options),
  queryToken: (client, options) =>
    client.queryToken({ instanceId: INSTANCE, token: 'some-token' }, options),
  revokeToken: (client, options) =>
    client.revokeToken({ instanceId: INSTANCE, token: 'some-token' }, options),
}

export const OPERATIONS = Object.keys(CALLS)

export function deviceRef(device = 'device-1') {
  return { clientId: `GID_tests@@@${device}`, instanceId: INSTANCE }
}

export function applyInput() {
  const expireTime = Date.now() + 3_600_000
  return {
    instanceId: INSTANCE,
    resources: ['topic-b/#', 'topic-a/+'],
    actions: /** @type {const} */ ('R,W'),
    expireTime,
  }
}

/**
 * A call as the simulator's journal has it.
 * @typedef {{
 *   operation: string
 *   platform: string
 *   method: string
 *   path: string
 *   query: string
 *   headers: Record<string, string>
 *   body: string
 *   status: number | null
 *   code: string | null
 * }} Arrived
 */

/**
 * The calls that arrived, all or those of one operation.
 * @param {{ journal(operation?: string): Promise<any[]> }} simulator
 * @param {string} [operation]
 * @returns {Promise<Arrived[]>}
 */
export async function arrived(simulator, operation) {
  return simulator.journal(operation)
}

/** A file of the vectors. */
function vectors(/** @type {string} */ path) {
  return JSON.parse(readFileSync(new URL(`../../vectors/${path}`, import.meta.url), 'utf8'))
}

/**
 * @typedef {{
 *   id: string
 *   input: {
 *     action: string
 *     params: Record<string, string>
 *     credential: { accessKeyId: string, accessKeySecret: string, securityToken?: string }
 *     nonce: string
 *     date: string
 *   }
 *   request: { method: string, target: string, headers: [string, string][], body: string }
 * }} Vector
 */

/** @type {Vector[]} */
export const ACS3_VECTORS = vectors('aliyun/acs3-onsmqtt-node.json')
/** @type {Vector[]} */
export const RPC_VECTORS = vectors('aliyun/rpc-v1-onsmqtt-node.json')

/**
 * @type {{
 *   hmac: Record<'mode' | 'name' | 'id' | 'instanceId' | 'clientId' | 'secret' | 'username' | 'password', string>[]
 *   token: { name: string, username: string, clientId: string, tokens: ['R' | 'W' | 'RW', string][], password: string }[]
 * }}
 */
export const LOGIN_VECTORS = vectors('aliyun/mqtt-connect.json')

/** @type {(import('./documented.js').Row & { prefix?: boolean, layer: string })[]} */
export const ALIYUN_ROWS = vectors('catalogue/aliyun-errors.json')
