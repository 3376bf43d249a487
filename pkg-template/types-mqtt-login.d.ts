// What an MQTT client of ApsaraMQ connects with.
import type { DeviceCredential, DeviceRef } from './types-ons-mqtt.js'

/**
 * What an MQTT client connects with. The three functions ignore further members, so a
 * {@link DeviceCredential} or {@link AliyunCredentials} may be passed whole.
 */
export interface MqttLogin {
  /** The MQTT client ID: that of the input. */
  clientId: string
  /** The mode, the ID of the key, and the instance, between vertical bars. */
  username: string
  /** The signature, or the tokens. */
  password: string
}

/**
 * Logs in as a device, with a credential of its own: username `DeviceCredential|<id>|<instance>`,
 * password base64(HMAC-SHA1(secret, clientId)).
 *
 * @param credential the device and its key.
 * @throws An {@link InvalidArgumentError} for what cannot be right, and before `init` is done.
 * @see [ApsaraMQ for MQTT](https://www.alibabacloud.com/help/en/apsaramq-for-mqtt/)
 *
 * @example
 * ```js
 * import { mqttDeviceLogin } from 'northbound'
 * import mqtt from 'mqtt'
 *
 * mqtt.connect(`mqtts://${instanceId}.mqtt.aliyuncs.com`, mqttDeviceLogin(deviceCredential))
 * ```
 */
export function mqttDeviceLogin(
  credential: Pick<
    DeviceCredential,
    'clientId' | 'instanceId' | 'deviceAccessKeyId' | 'deviceAccessKeySecret'
  >,
): MqttLogin

/**
 * Logs in with the account's own key: username `Signature|<accessKeyId>|<instance>`, password
 * base64(HMAC-SHA1(secret, clientId)).
 *
 * @param input the device and the account's key.
 * @throws An {@link InvalidArgumentError} for what cannot be right, and before `init` is done.
 * @see [ApsaraMQ for MQTT](https://www.alibabacloud.com/help/en/apsaramq-for-mqtt/)
 *
 * @example
 * ```js
 * const login = mqttSignatureLogin({ clientId, instanceId, accessKeyId, accessKeySecret })
 * ```
 */
export function mqttSignatureLogin(
  input: DeviceRef & { accessKeyId: string; accessKeySecret: string },
): MqttLogin

/**
 * Logs in with tokens: username `Token|<accessKeyId>|<instance>`, password `R|<token>|W|<token>…` in
 * the order given. If one of them is not good, the platform refuses them all.
 *
 * @param input the device, the ID of the account's key, and 1 to 100 tokens of `applyToken`.
 * @throws An {@link InvalidArgumentError} for what cannot be right, and before `init` is done.
 * @see [ApsaraMQ for MQTT](https://www.alibabacloud.com/help/en/apsaramq-for-mqtt/)
 *
 * @example
 * ```js
 * const tokens = [{ actions: 'R', token }]
 * const login = mqttTokenLogin({ clientId, instanceId, accessKeyId, tokens })
 * ```
 */
export function mqttTokenLogin(
  input: DeviceRef & {
    accessKeyId: string
    tokens: { actions: 'R' | 'W' | 'RW'; token: string }[]
  },
): MqttLogin
