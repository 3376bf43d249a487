// The secrets that are sought in memory, the platforms that give some of them away, and clients of these.
// The memory is watched from here on, so the package comes after it.

import { createHmac } from 'node:crypto'

import { searchFor } from './wasm-memory.js'
import { importPackage } from './package.js'
import { operationOf, reply } from './stub.js'

const northbound = await importPackage()

/** With signs that encodings change; no piece of one is in another. */
export const SECRETS = {
  appSecret: 'qZ7+aX/3cr=et!vK2%mW9&xJ4',
  accessToken: 'uT5+acQ/0k=eW!bN8%cL1&hG6dS',
  refreshToken: 'yR3+reF/1j=rX!nM4%kP7&jF2aQ',
  renewedToken: 'wE9+neV/2h=tY!zX6%vB3&gH8sD',
  renewedRefreshToken: 'oI1+nrB/3g=yZ!lK5%jH2&fG4pU',
  sharedToken: 'pD6+shN/4f=uA!wQ9%eR1&tY7uI',
  ownToken: 'iO2+owM/5d=iB!mN7%bV5&cX3zL',
  sentCode: 'tY6+snL/6s=oC!aS4%dF8&gJ1kQ',
  givenCode: 'rE8+gvK/7a=pD!pO3%iU7&yT5wM',
  psk: '9fa4c7d1e8b3a6f20d5e',
  accessKeySecret: 'gF5acc3ssK3yUb9zPHhJ2kL8',
  longKeySecret:
    'mB4vC6xZ1qW7eR2tY5uI8oP3aS9dF0gHjK6lZ2xC8vB1nM3qW9eR5tY7uI2oP4aS6dF8gH0jK1lZ3xC5vB7nM',
  securityToken: 'CAIS+sTs/Q8k=wZXsW3eD4rF5tG6',
  deviceSecret: 'bV8devic3Nq7Zr3WcN4mQ1wE7',
  mqttToken: 'LzMT+XLF/mqttT1v=enKj4hG7fD2',
}
export const DEVICE = { clientId: 'GID_memory@@@meter-1', instanceId: 'post-cn-memory1' }
export const KEY = { accessKeyId: 'LTAI5tMemory', accessKeySecret: SECRETS.accessKeySecret }
export const STS = { ...KEY, securityToken: SECRETS.securityToken }
export const LONG = { ...KEY, accessKeySecret: SECRETS.longKeySecret }
export const INFO = {
  appId: 'app1',
  secret: SECRETS.appSecret,
  platformIp: 'platform.example',
  platformPort: 8743,
}
export const CREDENTIAL = {
  ...DEVICE,
  deviceAccessKeyId: 'DC.1',
  deviceAccessKeySecret: SECRETS.deviceSecret,
}

/** @param {string} secret */
export const passwordBy = (secret) =>
  createHmac('sha1', secret).update(DEVICE.clientId).digest('base64')

export const search = searchFor({
  ...SECRETS,
  devicePassword: passwordBy(SECRETS.deviceSecret),
  signaturePassword: passwordBy(SECRETS.accessKeySecret),
})

/** @param {string} accessToken @param {string} refreshToken */
const login = (accessToken, refreshToken) => ({
  ...{ scope: 'default', tokenType: 'bearer', expiresIn: 3600 },
  ...{ accessToken, refreshToken },
})
/** @type {Record<string, unknown>} */
export const ANSWERS = {
  getAuthToken: login(SECRETS.accessToken, SECRETS.refreshToken),
  refreshAuthToken: login(SECRETS.renewedToken, SECRETS.renewedRefreshToken),
  refreshDeviceKey: { verifyCode: SECRETS.givenCode, timeout: 180 },
  regDirectDevice: { deviceId: 'd', verifyCode: SECRETS.givenCode, timeout: 180, psk: SECRETS.psk },
}
/** @type {import('northbound').FetchLike} */
export const northPlatform = async (url, init) => reply(200, ANSWERS[operationOf(url, init)])

export const DEVICE_CREDENTIAL = {
  RequestId: 'R-1',
  DeviceCredential: {
    ClientId: DEVICE.clientId,
    InstanceId: DEVICE.instanceId,
    DeviceAccessKeyId: 'DC.1',
    DeviceAccessKeySecret: SECRETS.deviceSecret,
    CreateTime: 1,
    UpdateTime: 2,
  },
}
const mqttPlatform = async () => reply(200, DEVICE_CREDENTIAL)

export const OWN = { accessToken: SECRETS.ownToken }

/** @param {any[]} args */
export const isLogin = ([url, init]) => operationOf(url, init) === 'getAuthToken'

/** A platform that gives tokens and takes none. @type {import('northbound').FetchLike} */
export async function refusingTokens(url, init) {
  if (isLogin([url, init])) return northPlatform(url, init)
  return reply(403, {
    error_code: '1010005',
    error_desc: `${init.headers.authorization} is no token`,
  })
}

/** @returns {any} */
export const failingStore = () => {
  const fails = () =>
    Promise.reject(Object.assign(new Error(`AUTH ${SECRETS.sharedToken}`), { retryable: false }))
  return { read: fails, acquire: fails, renew: fails, commit: fails, release: fails }
}

/** A store that tells a token which lives, among much else. @returns {any} */
export const tellingStore = () => {
  const token = {
    ...{
      accessToken: SECRETS.sharedToken,
      refreshToken: SECRETS.refreshToken,
      tokenType: 'bearer',
    },
    ...{ scope: 'default', lifeMs: 3_000_000, refreshLifeMs: 3_000_000, generation: 1 },
  }
  const odd = { [SECRETS.ownToken]: [SECRETS.ownToken, { token }] }
  return {
    read: async () => ({ ...token, ...odd }),
    acquire: async () => ({ token: { ...token, ...odd } }),
    renew: async () => odd,
    commit: async () => odd,
    release: async () => odd,
  }
}

/** @param {import('northbound').ClientOptions & { tokenStore?: any }} [options] */
export const northClient = (options) =>
  new northbound.NorthApiClient(INFO, {
    fetch: northPlatform,
    throttle: false,
    retry: false,
    ...options,
  })

/** @param {import('northbound').OnsMqttConfig['credentials']} credentials @param {any} [config] */
export const mqttClient = (credentials, config) =>
  new northbound.OnsMqttClient(
    { regionId: 'cn-hangzhou', credentials, ...config },
    { fetch: mqttPlatform },
  )

/** A moment for what goes on after a call has answered. */
export const settled = () => new Promise((resolve) => setTimeout(resolve, 20))
