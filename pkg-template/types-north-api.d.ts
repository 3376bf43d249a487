/// <reference lib="esnext.disposable" />
// Huawei Cloud IoT, northbound API: the client, and the same operations without any I/O.
import type {
  AuthOutDTO,
  ClientInfo,
  NorthApiCallOptions,
  NorthApiOptions,
  QueryDeviceStatusOutDTO,
  RefreshDeviceKeyInDTO,
  RefreshDeviceKeyOutDTO,
  RegDirectDeviceInDTO,
  RegDirectDeviceOutDTO,
  RequestToken,
} from './types-huawei.js'
import type { CallOptions } from './types-options.js'
import type { PreparedRequest } from './types-request.js'

/**
 * Calls the northbound API of Huawei Cloud IoT: keeps one token, renews it, never obtains two at a
 * time, waits its turn, retries what can be mended.
 *
 * Every method rejects with one of the classes of {@link NorthboundError}, or with the reason of an
 * abort.
 *
 * @example
 * ```js
 * import { NorthApiClient, PlatformError } from 'northbound'
 *
 * const client = new NorthApiClient({ appId, secret, platformIp: '10.0.0.1', platformPort: 8743 })
 * try {
 *   const { verifyCode } = await client.refreshDeviceKey({ deviceId, timeout: 3600 })
 *   console.log(`a code of ${verifyCode.length} characters`)
 * } catch (error) {
 *   if (!(error instanceof PlatformError)) throw error
 *   console.error(error.code, error.meaning, error.remedy)
 * } finally {
 *   client.free()
 * }
 * ```
 */
export class NorthApiClient {
  /**
   * Sends nothing yet: the first call logs in.
   *
   * @param clientInfo where the platform is and who calls it.
   * @param options how to call. Default: as each option says.
   * @throws An {@link InvalidArgumentError} for what cannot be right, and before `init` is done.
   */
  constructor(clientInfo: ClientInfo, options?: NorthApiOptions)

  /**
   * The live token; logs in only when there is none that lives.
   *
   * @param options how to call. `force` logs in again, which ends the former token; default false.
   * @throws A {@link PlatformError} `100208` for a wrong `appId` or `secret`.
   * @see [Authentication](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0007.html)
   *
   * @example
   * ```js
   * const { accessToken, expiresIn } = await client.getAuthToken()
   * ```
   */
  getAuthToken(options?: CallOptions & { force?: boolean }): Promise<AuthOutDTO>

  /**
   * A new pair by the refresh token; by login where that one is spent. The client does this by itself,
   * ahead of time.
   *
   * @param options how to call.
   * @throws A {@link PlatformError} `100208` for a wrong `appId` or `secret`.
   * @see [Refreshing a token](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0008.html)
   */
  refreshAuthToken(options?: CallOptions): Promise<AuthOutDTO>

  /**
   * Gives a registered device that is offline a new verification code, and a new node ID where
   * `input.nodeId` is set. After a lost answer it is sent again; the newest code is the answer.
   *
   * @param input the device and what changes.
   * @param options how to call.
   * @throws A {@link PlatformError} `100403` or `100418` for an unknown device, `100610` for one that has
   *   never connected, `100611` for one that is online, `100426` for a node ID that is taken.
   * @see [Refreshing a device key](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0012.html)
   *
   * @example
   * ```js
   * const { verifyCode, timeout } = await client.refreshDeviceKey({ deviceId, timeout: 3600 })
   * ```
   */
  refreshDeviceKey(
    input: RefreshDeviceKeyInDTO,
    options?: NorthApiCallOptions,
  ): Promise<RefreshDeviceKeyOutDTO>

  /**
   * Registers a device, which then has `timeout` seconds to bind with the verification code. After a
   * lost answer it is sent again with a `verifyCode` of yours; without one, or if the device is registered
   * then, the error says that the outcome is unknown, and what to look at.
   *
   * @param input the device.
   * @param options how to call.
   * @throws A {@link PlatformError} `100416` for a device that is registered already, `100426` for a node
   *   ID that is taken, `600002` for an unknown product.
   * @see [Registering a device](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0010.html)
   *
   * @example
   * ```js
   * const nodeId = 'urn:imei:490154203237518'
   * const { deviceId } = await client.regDirectDevice({ nodeId, verifyCode: nodeId })
   * ```
   */
  regDirectDevice(
    input: RegDirectDeviceInDTO,
    options?: NorthApiCallOptions,
  ): Promise<RegDirectDeviceOutDTO>

  /**
   * Asks whether a device has ever connected.
   *
   * @param input the device.
   * @param options how to call.
   * @throws A {@link PlatformError} `100403` for an unknown device.
   * @see [Device status](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0016.html)
   *
   * @example
   * ```js
   * const { activated } = await client.queryDeviceStatus({ deviceId })
   * ```
   */
  queryDeviceStatus(
    input: { deviceId: string },
    options?: NorthApiCallOptions,
  ): Promise<QueryDeviceStatusOutDTO>

  /**
   * Deletes a registration. After a lost answer it is sent again; not found is then success.
   *
   * @param input the device. `cascade`: whether devices that are connected through it go too. Absent:
   *   as the platform is set up, usually true.
   * @param options how to call.
   * @throws A {@link PlatformError} `100418` for an unknown device.
   * @see [Deleting a device](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0014.html)
   *
   * @example
   * ```js
   * await client.deleteDirectDevice({ deviceId, cascade: false })
   * ```
   */
  deleteDirectDevice(
    input: { deviceId: string; cascade?: boolean },
    options?: NorthApiCallOptions,
  ): Promise<void>

  /**
   * Frees the WebAssembly memory; calls under way finish. `using` does it too, and so does the garbage
   * collector, some time later. Twice does nothing.
   */
  free(): void

  /** The same as `free()`, for `using`. */
  [Symbol.dispose](): void
}

/**
 * The operations of {@link NorthApiClient} without any I/O: for another HTTP stack, a queue, a test.
 * No token is kept and nothing is renewed. Every method throws an {@link InvalidArgumentError} for what
 * cannot be right.
 *
 * @example
 * ```js
 * import { NorthApiRequests } from 'northbound'
 *
 * const requests = new NorthApiRequests(info)
 * const { method, url, headers, body, decode } = requests.refreshDeviceKey(
 *   { deviceId },
 *   { accessToken },
 * )
 * const response = await fetch(url, { method, headers, body })
 * const { verifyCode } = decode(response.status, await response.text())
 * ```
 */
export class NorthApiRequests {
  /**
   * Keeps what all requests have in common.
   *
   * @param clientInfo where the platform is and who calls it.
   * @param options `allowInsecureHttp`: plain http to a host that is not loopback; default false.
   * @throws An {@link InvalidArgumentError} for what cannot be right, and before `init` is done.
   */
  constructor(clientInfo: ClientInfo, options?: { allowInsecureHttp?: boolean })

  /**
   * The login, which ends the former token.
   *
   * @see [Authentication](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0007.html)
   */
  getAuthToken(): PreparedRequest<AuthOutDTO>

  /**
   * The renewal of a token. Both tokens of the answer are new.
   *
   * @param input the refresh token, 1 to 4096 characters.
   * @throws An {@link InvalidArgumentError} for what cannot be sent.
   * @see [Refreshing a token](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0008.html)
   */
  refreshAuthToken(input: { refreshToken: string }): PreparedRequest<AuthOutDTO>

  /**
   * Gives a device a new verification code.
   *
   * @param input the device and what changes.
   * @param options the token.
   * @throws An {@link InvalidArgumentError} for what cannot be sent.
   * @see [Refreshing a device key](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0012.html)
   */
  refreshDeviceKey(
    input: RefreshDeviceKeyInDTO,
    options: RequestToken,
  ): PreparedRequest<RefreshDeviceKeyOutDTO>

  /**
   * Registers a device.
   *
   * @param input the device.
   * @param options the token.
   * @throws An {@link InvalidArgumentError} for what cannot be sent.
   * @see [Registering a device](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0010.html)
   */
  regDirectDevice(
    input: RegDirectDeviceInDTO,
    options: RequestToken,
  ): PreparedRequest<RegDirectDeviceOutDTO>

  /**
   * Asks whether a device has ever connected.
   *
   * @param input the device.
   * @param options the token.
   * @throws An {@link InvalidArgumentError} for what cannot be sent.
   * @see [Device status](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0016.html)
   */
  queryDeviceStatus(
    input: { deviceId: string },
    options: RequestToken,
  ): PreparedRequest<QueryDeviceStatusOutDTO>

  /**
   * Deletes a registration.
   *
   * @param input the device. `cascade`: whether devices that are connected through it go too. Absent:
   *   as the platform is set up, usually true.
   * @param options the token.
   * @throws An {@link InvalidArgumentError} for what cannot be sent.
   * @see [Deleting a device](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0014.html)
   */
  deleteDirectDevice(
    input: { deviceId: string; cascade?: boolean },
    options: RequestToken,
  ): PreparedRequest<void>

  /** Frees the WebAssembly memory; requests that were prepared live on. Twice does nothing. */
  free(): void

  /** The same as `free()`, for `using`. */
  [Symbol.dispose](): void
}
