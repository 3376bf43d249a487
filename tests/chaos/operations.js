// Every operation of both clients as the matrix calls it, and how its result is checked against what the
// platform really said.

import { INSTANCE } from '../js/support/aliyun.js'

/** @typedef {import('./world.js').World} World */

/**
 * @typedef {object} Operation
 * @property {string} name
 * @property {string} hit the operation whose requests meet the fault
 * @property {'huawei' | 'aliyun'} platform
 * @property {boolean} changes whether the platform is another one afterwards
 * @property {'says'} [lost] `says`: an error after a lost answer has to say that the outcome is not known
 * @property {string} [again] the code of a second request's refusal, which tells what the first one did
 * @property {boolean} [cold] whether the client has no token yet
 * @property {(world: World, id: string) => unknown} prepare makes what the call is about
 * @property {(client: any, id: string) => Promise<any>} call
 * @property {(result: any, id: string) => string[]} told texts that the platform's last word has to hold
 */

const clientId = (/** @type {string} */ id) => `GID_chaos@@@${id}`
const device = (/** @type {string} */ id) => ({ clientId: clientId(id), instanceId: INSTANCE })

/** Client IDs of the group that is listed. */
export const LISTED = [1, 2, 3, 4, 5].map((number) => `GID_listed@@@device-${number}`)

const nothing = () => {}
const aDevice = (/** @type {World} */ world, /** @type {string} */ id) => world.addDevice(id)
const aCredential = (/** @type {World} */ world, /** @type {string} */ id) =>
  world.addCredential(device(id))
const token = (/** @type {any} */ { accessToken, refreshToken }) => [accessToken, refreshToken]
const credential = (/** @type {any} */ { deviceCredential }) => [
  deviceCredential.clientId,
  deviceCredential.deviceAccessKeySecret,
]

/** @type {Operation[]} */
export const OPERATIONS = [
  {
    name: 'getAuthToken',
    hit: 'getAuthToken',
    platform: 'huawei',
    changes: true,
    prepare: nothing,
    call: (client) => client.getAuthToken({ force: true }),
    told: token,
  },
  {
    name: 'refreshAuthToken',
    hit: 'refreshAuthToken',
    platform: 'huawei',
    changes: true,
    prepare: nothing,
    call: (client) => client.refreshAuthToken(),
    told: token,
  },
  {
    name: 'login for a call',
    hit: 'getAuthToken',
    platform: 'huawei',
    changes: true,
    cold: true,
    prepare: aDevice,
    call: (client, deviceId) => client.queryDeviceStatus({ deviceId }),
    told: ({ deviceId }) => [deviceId],
  },
  {
    name: 'regDirectDevice',
    hit: 'regDirectDevice',
    platform: 'huawei',
    changes: true,
    lost: 'says',
    prepare: nothing,
    call: (client, nodeId) => client.regDirectDevice({ nodeId }),
    told: ({ deviceId, verifyCode }) => [deviceId, verifyCode],
  },
  {
    name: 'regDirectDevice, own code',
    hit: 'regDirectDevice',
    platform: 'huawei',
    changes: true,
    again: '100416',
    prepare: nothing,
    call: (client, nodeId) => client.regDirectDevice({ nodeId, verifyCode: `code-${nodeId}` }),
    told: ({ deviceId, verifyCode }) => [deviceId, verifyCode],
  },
  {
    name: 'refreshDeviceKey',
    hit: 'refreshDeviceKey',
    platform: 'huawei',
    changes: true,
    prepare: aDevice,
    call: (client, deviceId) => client.refreshDeviceKey({ deviceId }),
    told: ({ verifyCode }) => [verifyCode],
  },
  {
    name: 'queryDeviceStatus',
    hit: 'queryDeviceStatus',
    platform: 'huawei',
    changes: false,
    prepare: aDevice,
    call: (client, deviceId) => client.queryDeviceStatus({ deviceId }),
    told: ({ deviceId }, id) => [deviceId, id],
  },
  {
    name: 'deleteDirectDevice',
    hit: 'deleteDirectDevice',
    platform: 'huawei',
    changes: true,
    prepare: aDevice,
    call: (client, deviceId) => client.deleteDirectDevice({ deviceId }),
    told: () => [],
  },
  {
    name: 'registerDeviceCredential',
    hit: 'registerDeviceCredential',
    platform: 'aliyun',
    changes: true,
    lost: 'says',
    prepare: nothing,
    call: (client, id) => client.registerDeviceCredential(device(id)),
    told: credential,
  },
  {
    name: 'getDeviceCredential',
    hit: 'getDeviceCredential',
    platform: 'aliyun',
    changes: false,
    prepare: aCredential,
    call: (client, id) => client.getDeviceCredential(device(id)),
    told: (result, id) => [...credential(result), clientId(id)],
  },
  {
    name: 'refreshDeviceCredential',
    hit: 'refreshDeviceCredential',
    platform: 'aliyun',
    changes: true,
    lost: 'says',
    prepare: aCredential,
    call: (client, id) => client.refreshDeviceCredential(device(id)),
    told: credential,
  },
  {
    name: 'unRegisterDeviceCredential',
    hit: 'unRegisterDeviceCredential',
    platform: 'aliyun',
    changes: true,
    prepare: aCredential,
    call: (client, id) => client.unRegisterDeviceCredential(device(id)),
    told: () => [],
  },
  {
    name: 'listDeviceCredentialClientId',
    hit: 'listDeviceCredentialClientId',
    platform: 'aliyun',
    changes: false,
    prepare: nothing,
    call: (client) =>
      client.listDeviceCredentialClientId({ groupId: 'GID_listed', instanceId: INSTANCE }),
    told: ({ clientIds }) => [...clientIds, ...LISTED],
  },
  {
    name: 'applyToken',
    hit: 'applyToken',
    platform: 'aliyun',
    changes: true,
    prepare: nothing,
    call: (client, id) =>
      client.applyToken({
        instanceId: INSTANCE,
        resources: [`topic-${id}`],
        actions: 'R',
        expireTime: Date.now() + 3_600_000,
      }),
    told: ({ token }) => [token],
  },
  {
    name: 'queryToken',
    hit: 'queryToken',
    platform: 'aliyun',
    changes: false,
    prepare: nothing,
    call: (client, id) => client.queryToken({ instanceId: INSTANCE, token: `no-token-${id}` }),
    told: ({ requestId, tokenStatus }) => [requestId, `${tokenStatus}`],
  },
  {
    name: 'revokeToken',
    hit: 'revokeToken',
    platform: 'aliyun',
    changes: true,
    prepare: nothing,
    call: (client, id) => client.revokeToken({ instanceId: INSTANCE, token: `no-token-${id}` }),
    told: ({ requestId }) => [requestId],
  },
  {
    name: 'clientIds',
    hit: 'listDeviceCredentialClientId',
    platform: 'aliyun',
    changes: false,
    prepare: nothing,
    async call(client) {
      const found = []
      const group = { groupId: 'GID_listed', instanceId: INSTANCE, pageSize: 2 }
      for await (const id of client.clientIds(group)) found.push(id)
      return { found }
    },
    // Of several pages only the last is the last word; the whole is compared here.
    told: ({ found }) =>
      found.join() === LISTED.join() ? LISTED.slice(4) : [`${LISTED}, and not ${found}`],
  },
]
