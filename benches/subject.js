// What everybody is asked to do: the same call with the same key, and the answers that it meets.

/** The account that the simulator knows. */
export const KEY = {
  accessKeyId: 'LTAI5tSIMULATORONLY0001',
  accessKeySecret: 'simulatorSecretNotReal0001',
}

export const INSTANCE = 'post-cn-simulator01'
export const VERSION = '2020-04-20'
export const ACTION = 'RegisterDeviceCredential'
export const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** The device of the call: signs in its ID that have to be encoded. */
export const DEVICE = { clientId: 'GID_meters@@@meter-1', instanceId: INSTANCE }

/** An application of Huawei's platform, its token, and a device of it. */
export const APP = { appId: 'app1', secret: 's+e/c=r&t%1' }
export const TOKEN = '7e0f6c1d2a3b4c5d6e7f80912a3b4c5d'
export const KEY_INPUT = { deviceId: '00000000-0000-4000-a000-000000000001', timeout: 3600 }

/** What the measuring server answers to every call. */
export const ANSWER = JSON.stringify({
  RequestId: '020F6A43-19E6-4B6E-B846-44EB31DF2A9B',
  DeviceCredential: {
    ClientId: DEVICE.clientId,
    InstanceId: INSTANCE,
    DeviceAccessKeyId: 'DC.Z5fr8xV2bC7nK9mQ1wLp3t',
    DeviceAccessKeySecret: 'DSECRETNotReal0123456789abcdef',
    CreateTime: 1605541382000,
    UpdateTime: 1605541382000,
  },
})

export const REFUSAL = JSON.stringify({
  RequestId: '020F6A43-19E6-4B6E-B846-44EB31DF2A9B',
  HostId: 'onsmqtt.cn-hangzhou.aliyuncs.com',
  Code: 'DeviceCredentialExsit',
  Message: 'The device credential already exists.',
})

/**
 * A request, ready to send.
 * @typedef {{ method: string, url: string, headers: Record<string, string>, body?: string }} Wire
 */

/**
 * An answer in the terms of all hand-written clients.
 * @typedef {{ requestId: string, deviceCredential: { clientId: string, instanceId: string,
 *   deviceAccessKeyId: string, deviceAccessKeySecret: string, createTime: number, updateTime: number } }} Credential
 */

/** A fetch that answers at once. */
export const stubbedFetch = async () => ({
  status: 200,
  headers: { get: () => null },
  arrayBuffer: async () => BYTES,
})
const BYTES = new Uint8Array(new TextEncoder().encode(ANSWER)).buffer
