/// <reference lib="esnext.disposable" />
// Alibaba Cloud ApsaraMQ for MQTT: the client, and the same operations without any I/O.
import type {
  AliyunCredentials,
  ApplyTokenInput,
  ClientIdPage,
  DeviceCredentialOutDTO,
  DeviceRef,
  ListInput,
  OnsMqttConfig,
  SigningInput,
} from './types-ons-mqtt.js'
import type { CallOptions, ClientOptions } from './types-options.js'
import type { PreparedRequest } from './types-request.js'

/**
 * Calls the management API of ApsaraMQ for MQTT: credentials of single devices, tokens for MQTT
 * clients. Signs, waits its turn, retries what can be mended, corrects its clock by the server's.
 *
 * Every method rejects with one of the classes of {@link NorthboundError}, or with the reason of an
 * abort.
 *
 * @see [ApsaraMQ for MQTT](https://www.alibabacloud.com/help/en/apsaramq-for-mqtt/)
 *
 * @example
 * ```js
 * import { OnsMqttClient, mqttDeviceLogin } from 'northbound'
 *
 * const client = new OnsMqttClient({
 *   regionId: 'cn-hangzhou',
 *   credentials: { accessKeyId, accessKeySecret },
 * })
 * const device = { clientId: 'GID_meters@@@meter-1', instanceId: 'post-cn-0pp12gl0000' }
 * const { deviceCredential } = await client.registerDeviceCredential(device)
 * const { clientId, username, password } = mqttDeviceLogin(deviceCredential)
 * ```
 */
export class OnsMqttClient {
  /**
   * Sends nothing yet.
   *
   * @param config where the platform is and who calls it.
   * @param options how to call. Default: as each option says.
   * @throws An {@link InvalidArgumentError} for what cannot be right, and before `init` is done.
   */
  constructor(config: OnsMqttConfig, options?: ClientOptions)

  /**
   * Registers a credential for a device that has none. After a lost answer it is sent again; a
   * credential that exists then is yours if it is not older than the first attempt, by the server's
   * clock.
   *
   * @param input the device.
   * @param options how to call.
   * @throws A {@link PlatformError} `DeviceCredentialExsit` (spelt so) where the device has one,
   *   `DeviceCredentialNumExceed` where the instance is full.
   *
   * @example
   * ```js
   * const { deviceCredential } = await client.registerDeviceCredential({ clientId, instanceId })
   * ```
   */
  registerDeviceCredential(input: DeviceRef, options?: CallOptions): Promise<DeviceCredentialOutDTO>

  /**
   * Reads a device's credential, its key included.
   *
   * @param input the device.
   * @param options how to call.
   * @throws A {@link PlatformError} `DeviceCredentialNotFound` where the device has none.
   */
  getDeviceCredential(input: DeviceRef, options?: CallOptions): Promise<DeviceCredentialOutDTO>

  /**
   * Gives a device a new key; the former one ends for new connections. After a lost answer it is
   * compared with the credential as it was before the first attempt: changed, that is the answer;
   * unchanged, it is sent again.
   *
   * @param input the device.
   * @param options how to call.
   * @throws A {@link PlatformError} `DeviceCredentialNotFound` where the device has none.
   */
  refreshDeviceCredential(input: DeviceRef, options?: CallOptions): Promise<DeviceCredentialOutDTO>

  /**
   * Removes a device's credential; connections that are up stay up. After a lost answer it is sent
   * again; not found is then success.
   *
   * @param input the device.
   * @param options how to call.
   * @throws A {@link PlatformError} `DeviceCredentialNotFound` where the device has none.
   */
  unRegisterDeviceCredential(
    input: DeviceRef,
    options?: CallOptions,
  ): Promise<{
    /** The platform's name of the request, for its support. */
    requestId: string
  }>

  /**
   * Lists the client IDs of a group that have a credential, a page at a time; never their keys.
   *
   * @param input the group and the page.
   * @param options how to call.
   * @throws A {@link PlatformError} `PermissionCheckFailed` where the key has no right to the group.
   */
  listDeviceCredentialClientId(input: ListInput, options?: CallOptions): Promise<ClientIdPage>

  /**
   * Every client ID of a group, page after page: by nextToken where the platform gives one, else by
   * pageNo up to total. What is wrong with the arguments is told when the first ID is asked for.
   *
   * @param input the group.
   * @param options how to call, for each page.
   * @throws A {@link PlatformError} `PermissionCheckFailed` where the key has no right to the group.
   *
   * @example
   * ```js
   * for await (const clientId of client.clientIds({ groupId: 'GID_meters', instanceId })) {
   *   console.log(clientId)
   * }
   * ```
   */
  clientIds(
    input: Omit<ListInput, 'pageNo' | 'nextToken'>,
    options?: CallOptions,
  ): AsyncIterableIterator<string>

  /**
   * Obtains a token that lets an MQTT client use some topics for some time.
   *
   * @param input what it allows, and until when.
   * @param options how to call.
   * @throws A {@link PlatformError} `ApplyTokenOverFlow` where the limit of calls is exceeded for longer
   *   than retries last.
   *
   * @example
   * ```js
   * const expireTime = Date.now() + 3_600_000
   * const resources = ['meters/+/up']
   * const { token } = await client.applyToken({ instanceId, resources, actions: 'R', expireTime })
   * ```
   */
  applyToken(
    input: ApplyTokenInput,
    options?: CallOptions,
  ): Promise<{
    /** The platform's name of the request, for its support. */
    requestId: string
    /** The token, for {@link mqttTokenLogin}. */
    token: string
  }>

  /**
   * Asks whether a token is good.
   *
   * @param input the instance and the token, 1 to 65536 characters.
   * @param options how to call.
   * @throws A {@link PlatformError} `QueryTokenOverFlow` where the limit of calls is exceeded for longer
   *   than retries last.
   */
  queryToken(
    input: { instanceId: string; token: string },
    options?: CallOptions,
  ): Promise<{
    /** The platform's name of the request, for its support. */
    requestId: string
    /** Whether the token is good. */
    tokenStatus: boolean
  }>

  /**
   * Ends a token. The platform takes only five such calls a second.
   *
   * @param input the instance and the token, 1 to 65536 characters.
   * @param options how to call.
   * @throws A {@link PlatformError} `RevokeTokenOverFlow` where the limit of calls is exceeded for longer
   *   than retries last.
   */
  revokeToken(
    input: { instanceId: string; token: string },
    options?: CallOptions,
  ): Promise<{
    /** The platform's name of the request, for its support. */
    requestId: string
  }>

  /**
   * Frees the WebAssembly memory; calls under way finish. `using` does it too, and so does the garbage
   * collector, some time later. Twice does nothing.
   */
  free(): void

  /** The same as `free()`, for `using`. */
  [Symbol.dispose](): void
}

/**
 * The operations of {@link OnsMqttClient} without any I/O: for another HTTP stack, a queue, a test.
 * `nonce` and `date` are for tests and replays; by default random and now. Every method throws an
 * {@link InvalidArgumentError} for what cannot be right.
 *
 * @see [ApsaraMQ for MQTT](https://www.alibabacloud.com/help/en/apsaramq-for-mqtt/)
 *
 * @example
 * ```js
 * import { OnsMqttRequests } from 'northbound'
 *
 * const requests = new OnsMqttRequests({ regionId, credentials: { accessKeyId, accessKeySecret } })
 * const { method, url, headers, body, decode } = requests.getDeviceCredential({ clientId, instanceId })
 * const response = await fetch(url, { method, headers, body })
 * const { deviceCredential } = decode(response.status, await response.text())
 * ```
 */
export class OnsMqttRequests {
  /**
   * Keeps what all requests have in common. The credentials are fixed: a maker of requests asks nobody.
   *
   * @param config where the platform is and who calls it.
   * @param options `allowInsecureHttp`: plain http to a host that is not loopback; default false.
   * @throws An {@link InvalidArgumentError} for what cannot be right, and before `init` is done.
   */
  constructor(
    config: OnsMqttConfig & { credentials: AliyunCredentials },
    options?: { allowInsecureHttp?: boolean },
  )

  /**
   * Registers a credential for a device that has none.
   *
   * @param input the device.
   * @param signing nonce and date of the signature.
   * @throws An {@link InvalidArgumentError} for what cannot be sent.
   */
  registerDeviceCredential(
    input: DeviceRef,
    signing?: SigningInput,
  ): PreparedRequest<DeviceCredentialOutDTO>

  /**
   * Reads a device's credential.
   *
   * @param input the device.
   * @param signing nonce and date of the signature.
   * @throws An {@link InvalidArgumentError} for what cannot be sent.
   */
  getDeviceCredential(
    input: DeviceRef,
    signing?: SigningInput,
  ): PreparedRequest<DeviceCredentialOutDTO>

  /**
   * Gives a device a new key.
   *
   * @param input the device.
   * @param signing nonce and date of the signature.
   * @throws An {@link InvalidArgumentError} for what cannot be sent.
   */
  refreshDeviceCredential(
    input: DeviceRef,
    signing?: SigningInput,
  ): PreparedRequest<DeviceCredentialOutDTO>

  /**
   * Removes a device's credential.
   *
   * @param input the device.
   * @param signing nonce and date of the signature.
   * @throws An {@link InvalidArgumentError} for what cannot be sent.
   */
  unRegisterDeviceCredential(
    input: DeviceRef,
    signing?: SigningInput,
  ): PreparedRequest<{
    /** The platform's name of the request, for its support. */
    requestId: string
  }>

  /**
   * Lists client IDs of a group.
   *
   * @param input the group and the page.
   * @param signing nonce and date of the signature.
   * @throws An {@link InvalidArgumentError} for what cannot be sent.
   */
  listDeviceCredentialClientId(
    input: ListInput,
    signing?: SigningInput,
  ): PreparedRequest<ClientIdPage>

  /**
   * Obtains a token for some topics.
   *
   * @param input what it allows, and until when.
   * @param signing nonce and date of the signature.
   * @throws An {@link InvalidArgumentError} for what cannot be sent.
   */
  applyToken(
    input: ApplyTokenInput,
    signing?: SigningInput,
  ): PreparedRequest<{
    /** The platform's name of the request, for its support. */
    requestId: string
    /** The token, for {@link mqttTokenLogin}. */
    token: string
  }>

  /**
   * Asks whether a token is good.
   *
   * @param input the instance and the token, 1 to 65536 characters.
   * @param signing nonce and date of the signature.
   * @throws An {@link InvalidArgumentError} for what cannot be sent.
   */
  queryToken(
    input: { instanceId: string; token: string },
    signing?: SigningInput,
  ): PreparedRequest<{
    /** The platform's name of the request, for its support. */
    requestId: string
    /** Whether the token is good. */
    tokenStatus: boolean
  }>

  /**
   * Ends a token.
   *
   * @param input the instance and the token, 1 to 65536 characters.
   * @param signing nonce and date of the signature.
   * @throws An {@link InvalidArgumentError} for what cannot be sent.
   */
  revokeToken(
    input: { instanceId: string; token: string },
    signing?: SigningInput,
  ): PreparedRequest<{
    /** The platform's name of the request, for its support. */
    requestId: string
  }>

  /** Frees the WebAssembly memory; requests that were prepared live on. Twice does nothing. */
  free(): void

  /** The same as `free()`, for `using`. */
  [Symbol.dispose](): void
}
