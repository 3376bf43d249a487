// What a user does first, with whatever the package gave; `tell` hears of each step that is done.

/**
 * @param {Pick<typeof import('northbound'), 'NorthApiClient' | 'OnsMqttClient' | 'init'>} northbound
 * @param {string} platform the simulator's address
 * @param {(step: string) => void} tell
 */
export async function steps({ NorthApiClient, OnsMqttClient, init }, platform, tell) {
  tell('import')
  await init()
  tell('init')
  const client = new NorthApiClient({ appId: 'app1', secret: 's+e/c=r&t%1', baseUrl: platform })
  await client.getAuthToken()
  const { verifyCode } = await client.refreshDeviceKey({ deviceId: 'dev-1', timeout: 3600 })
  if (verifyCode.length < 6) throw new Error(`a code of ${verifyCode.length} characters`)
  const credentials = {
    accessKeyId: 'LTAI5tSIMULATORONLY0001',
    accessKeySecret: 'simulatorSecretNotReal0001',
  }
  const endpoint = `${platform}/aliyun/`
  const mqtt = new OnsMqttClient({ regionId: 'cn-hangzhou', credentials, endpoint })
  const device = { clientId: 'GID_meters@@@meter-1', instanceId: 'post-cn-simulator01' }
  const { deviceCredential } = await mqtt.registerDeviceCredential(device)
  if (deviceCredential.clientId !== device.clientId) throw new Error('it is of another device')
  tell('calls')
}

/** An error and its causes in one line. @param {any} error @returns {string} */
export function describe(error) {
  const { message = String(error), cause } = Object(error)
  return cause ? `${message} (${describe(cause)})` : message
}
