// Calls as users write them: those that compile, and those that must not. Nothing here is ever run, and
// nothing of it needs the types of a host.
import {
  DecodeError,
  InvalidArgumentError,
  NetworkError,
  NorthApiClient,
  NorthApiRequests,
  NorthboundError,
  OnsMqttClient,
  OnsMqttRequests,
  PlatformError,
  TimeoutError,
  errorCatalogue,
  init,
  isNorthboundError,
  mqttDeviceLogin,
  mqttSignatureLogin,
  mqttTokenLogin,
  version,
  type AbortSignalLike,
  type AliyunCredentials,
  type ApplyTokenInput,
  type AuthOutDTO,
  type CatalogueEntry,
  type ClientEvent,
  type ClientIdPage,
  type ClientInfo,
  type DeviceCredential,
  type DeviceCredentialOutDTO,
  type DeviceInfo,
  type DeviceRef,
  type ErrorAction,
  type ErrorKind,
  type FetchLike,
  type ListInput,
  type MqttLogin,
  type NorthApiCallOptions,
  type NorthApiOptions,
  type OnsMqttConfig,
  type PreparedRequest,
  type QueryDeviceStatusOutDTO,
  type RefreshDeviceKeyInDTO,
  type RefreshDeviceKeyOutDTO,
  type RegDirectDeviceInDTO,
  type RegDirectDeviceOutDTO,
  type SigningInput,
  type TokenStore,
} from 'northbound'

declare const tokenStore: TokenStore
declare const bytes: Uint8Array
declare const console: { log(...values: unknown[]): void }
declare const controller: { readonly signal: AbortSignalLike; abort(reason?: unknown): void }
declare const fetch: FetchLike

const app = { appId: 'app1', secret: 'a-secret' }
const info: ClientInfo = { ...app, platformIp: '10.0.0.1', platformPort: 8743 }
const token = { accessToken: 'a-token' }

export async function loads(): Promise<void> {
  await init()
  await init('northbound.wasm')
  await init(bytes)
  await init(bytes.buffer)
}

export function constructs(): void {
  new NorthApiClient({ ...app, platformIp: '10.0.0.1', platformPort: '8743' })
  new NorthApiClient({ ...app, baseUrl: '/iot' })
  new NorthApiClient({ ...app, baseUrl: 'https://h', platformIp: '10.0.0.1' })
  const options: NorthApiOptions = {
    timeoutMs: 1000,
    retry: { attempts: 3, baseDelayMs: 1, maxDelayMs: 2, totalMs: 3 },
    throttle: { calls: 100, perMs: 60_000, slackMs: 0 },
    onEvent: (event) => console.log(told(event)),
    allowInsecureHttp: true,
    tokenStore,
    refreshTokenLifetimeMs: 86_400_000,
  }
  new NorthApiClient(info, options).free()
  new NorthApiClient(info, { retry: false, throttle: false })
  new NorthApiRequests(info, { allowInsecureHttp: true }).free()
  using client = new NorthApiClient(info)
  client.free()
}

export async function calls(client: NorthApiClient, signal: AbortSignalLike): Promise<void> {
  const options: NorthApiCallOptions = { signal, timeoutMs: 0, appId: null, ...token }
  const tokens: AuthOutDTO = await client.getAuthToken({ force: true, signal, timeoutMs: 1 })
  const life: number = tokens.expiresIn
  const renewed: AuthOutDTO = await client.refreshAuthToken({ signal })

  const input: RefreshDeviceKeyInDTO = { deviceId: 'd', verifyCode: null, nodeId: 'n', timeout: 0 }
  const key: RefreshDeviceKeyOutDTO = await client.refreshDeviceKey(input, options)
  await client.refreshDeviceKey({ deviceId: 'd' })

  const deviceInfo: DeviceInfo = { name: 'n', anything: [{ goes: 1 }] }
  const device: RegDirectDeviceInDTO = { nodeId: 'n', psk: '12345678', isSecure: true, deviceInfo }
  const registered: RegDirectDeviceOutDTO = await client.regDirectDevice(device, options)
  const psk: string | undefined = registered.psk

  const status: QueryDeviceStatusOutDTO = await client.queryDeviceStatus({ deviceId: 'd' }, options)
  const name: string | null | undefined = status.name
  const nothing: void = await client.deleteDirectDevice({ deviceId: 'd', cascade: true }, options)
  console.log(life, renewed.accessToken, key.verifyCode, psk, name, nothing)
}

export function prepares(requests: NorthApiRequests): void {
  const login: PreparedRequest<AuthOutDTO> = requests.getAuthToken()
  const renewal: PreparedRequest<AuthOutDTO> = requests.refreshAuthToken({ refreshToken: 'r' })
  const key = requests.refreshDeviceKey({ deviceId: 'd' }, { ...token, appId: null })
  const code: string = key.decode(200, '{}').verifyCode
  const registered = requests.regDirectDevice({ nodeId: 'n' }, token)
  const deviceId: string = registered.decode(200, bytes, { date: 'now' }).deviceId
  const activated: boolean = requests.queryDeviceStatus({ deviceId }, token).decode(200).activated
  const nothing: void = requests.deleteDirectDevice({ deviceId }, token).decode(204)
  const { method, url, headers, body } = login
  const sent: { method: 'GET' | 'POST' | 'PUT' | 'DELETE'; body?: string } = { method }
  if (body !== undefined) sent.body = body
  console.log(renewal.operation, code, activated, nothing, url, headers['authorization'])
}

export function explains(error: unknown): string {
  if (!isNorthboundError(error)) return 'foreign'
  const kind: ErrorKind = error.kind
  const common = `${kind} ${error.operation} ${error.attempts} ${error.retryable} ${error.message}`
  if (error instanceof PlatformError) {
    const action: ErrorAction = error.action
    return `${error.status} ${error.code} ${error.description} ${error.remedy} ${action}`
  }
  if (error instanceof TimeoutError) return `${error.timeoutMs + 1}`
  if (error instanceof DecodeError) return `${error.status + 1} ${error.excerpt}`
  if (error instanceof InvalidArgumentError) return error.argument
  if (error instanceof NetworkError) return String(error.cause)
  const base: NorthboundError = error
  return common + base.name + version
}

export function told(event: ClientEvent): string {
  switch (event.type) {
    case 'request':
      return `${event.method} ${event.path}`
    case 'response':
      return `${event.status + 1} ${event.durationMs}`
    case 'failure':
      return event.kind
    case 'retry':
    case 'throttle':
      return `${event.delayMs + 1}`
    case 'done':
      return event.outcome
    case 'token':
      return event.cause
    case 'warning':
      return event.message
  }
}

export function searches(): readonly string[] {
  const entries: readonly CatalogueEntry[] = errorCatalogue()
  return entries.flatMap(({ operations, code }) => [...operations, code])
}

const accessKey: AliyunCredentials = { accessKeyId: 'LTAI', accessKeySecret: 'a-key' }
const temporary = { ...accessKey, securityToken: 'a-token' }
const region: OnsMqttConfig = { regionId: 'cn-hangzhou', credentials: accessKey }
const device: DeviceRef = { clientId: 'GID_group@@@device', instanceId: 'post-cn-1' }

export function constructsMqtt(): void {
  new OnsMqttClient(region, { retry: false, throttle: { calls: 5, perMs: 1000 } }).free()
  new OnsMqttClient({ ...region, network: 'vpc', signature: 'HMAC-SHA1' })
  new OnsMqttClient({ endpoint: '/mqtt', credentials: () => accessKey })
  new OnsMqttClient({ endpoint: '/mqtt', credentials: async () => temporary })
  new OnsMqttRequests({ ...region, credentials: temporary }, { allowInsecureHttp: true }).free()
  using client = new OnsMqttClient(region)
  client.free()
}

export async function callsMqtt(client: OnsMqttClient, signal: AbortSignalLike): Promise<void> {
  const options = { signal, timeoutMs: 0 }
  const made: DeviceCredentialOutDTO = await client.registerDeviceCredential(device, options)
  const credential: DeviceCredential = made.deviceCredential
  const created: number = credential.createTime + credential.updateTime
  await client.getDeviceCredential(device)
  const secret: string = (await client.refreshDeviceCredential(device)).deviceCredential
    .deviceAccessKeySecret
  const { requestId }: { requestId: string } = await client.unRegisterDeviceCredential(device)

  const input: ListInput = { groupId: 'GID_group', instanceId: 'i', pageSize: 100, pageNo: 1 }
  const page: ClientIdPage = await client.listDeviceCredentialClientId(input, options)
  const next: string | undefined = page.nextToken
  for await (const id of client.clientIds({ groupId: 'GID_group', instanceId: 'i' }, options)) {
    console.log(id.length)
  }

  const moment = new Date()
  const topics: ApplyTokenInput = {
    instanceId: 'i',
    resources: ['t'],
    actions: 'R,W',
    expireTime: 1,
  }
  const { token } = await client.applyToken({ ...topics, expireTime: moment }, options)
  const good: boolean = (await client.queryToken({ instanceId: 'i', token })).tokenStatus
  await client.revokeToken({ instanceId: 'i', token }, options)

  const login: MqttLogin = mqttDeviceLogin(credential)
  const second: MqttLogin = mqttSignatureLogin({ ...device, ...temporary })
  const tokens = [{ actions: 'RW' as const, token }]
  const third: MqttLogin = mqttTokenLogin({ ...device, accessKeyId: 'LTAI', tokens })
  console.log(created, secret, requestId, next, good, login.password, second, third)
}

export function preparesMqtt(requests: OnsMqttRequests): void {
  const signing: SigningInput = { nonce: 'n', date: new Date() }
  const get: PreparedRequest<DeviceCredentialOutDTO> = requests.getDeviceCredential(device, signing)
  const id: string = get.decode(200, bytes).deviceCredential.deviceAccessKeyId
  const list = requests.listDeviceCredentialClientId({ groupId: 'g', instanceId: 'i' }, { date: 1 })
  const total: number = list.decode(200, '{}').total
  const good: boolean = requests.queryToken({ instanceId: 'i', token: 't' }).decode(200).tokenStatus
  console.log(id, total, good)
}

export function mustNotCompileMqtt(client: OnsMqttClient, requests: OnsMqttRequests): void {
  // @ts-expect-error the credentials are missing
  new OnsMqttClient({ regionId: 'cn-hangzhou' })
  // @ts-expect-error a key needs its secret
  new OnsMqttClient({ regionId: 'cn-hangzhou', credentials: { accessKeyId: 'LTAI' } })
  // @ts-expect-error there is no such network
  new OnsMqttClient({ ...region, network: 'private' })
  // @ts-expect-error there is no such signature
  new OnsMqttClient({ ...region, signature: 'HMAC-MD5' })
  // @ts-expect-error tokens are not stored
  new OnsMqttClient(region, { tokenStore })
  // @ts-expect-error a maker of requests asks for nothing
  new OnsMqttRequests({ ...region, credentials: () => accessKey })
  // @ts-expect-error the instance is missing
  void client.registerDeviceCredential({ clientId: 'GID_group@@@device' })
  // @ts-expect-error a client ID is never null
  void client.getDeviceCredential({ ...device, clientId: null })
  // @ts-expect-error a page size is no text
  void client.listDeviceCredentialClientId({ groupId: 'g', instanceId: 'i', pageSize: '100' })
  // @ts-expect-error every page is read
  void client.clientIds({ groupId: 'g', instanceId: 'i', pageNo: 2 })
  // @ts-expect-error there is no such action
  void client.applyToken({ instanceId: 'i', resources: ['t'], actions: 'RW', expireTime: 1 })
  // @ts-expect-error a moment is no text
  void client.applyToken({ instanceId: 'i', resources: ['t'], actions: 'R', expireTime: '1' })
  // @ts-expect-error a removal brings no credential
  void client.unRegisterDeviceCredential(device).then((removed) => removed.deviceCredential)
  // @ts-expect-error a nonce is a text
  requests.getDeviceCredential(device, { nonce: 1 })
  // @ts-expect-error a login needs the device's key
  mqttDeviceLogin(device)
  // @ts-expect-error there is no such action
  mqttTokenLogin({ ...device, accessKeyId: 'LTAI', tokens: [{ actions: 'R,W', token: 't' }] })
}

export function mustNotCompile(client: NorthApiClient, requests: NorthApiRequests): void {
  // @ts-expect-error the secret is missing
  new NorthApiClient({ appId: 'app1', platformIp: '10.0.0.1', platformPort: 8743 })
  // @ts-expect-error there is no address
  new NorthApiClient(app)
  // @ts-expect-error the port is missing
  new NorthApiClient({ ...app, platformIp: '10.0.0.1' })
  // @ts-expect-error appId is misspelt
  new NorthApiClient({ appid: 'app1', secret: 's', baseUrl: 'https://h' })
  // @ts-expect-error a secret is no number
  new NorthApiClient({ appId: 'app1', secret: 5, baseUrl: 'https://h' })
  // @ts-expect-error a time is no text
  new NorthApiClient(info, { timeoutMs: '1000' })
  // @ts-expect-error retries are switched off by false, not on by true
  new NorthApiClient(info, { retry: true })
  // @ts-expect-error a limit needs its period
  new NorthApiClient(info, { throttle: { calls: 100 } })
  // @ts-expect-error a fetch yields an answer, not its text
  new NorthApiClient(info, { fetch: async (url: string) => url })
  // @ts-expect-error a maker of requests sends nothing, so it has no fetch
  new NorthApiRequests(info, { fetch })

  // @ts-expect-error the input is missing
  void client.refreshDeviceKey()
  // @ts-expect-error verifyCode is misspelt
  void client.refreshDeviceKey({ deviceId: 'd', verifycode: '1' })
  // @ts-expect-error a timeout is no text
  void client.refreshDeviceKey({ deviceId: 'd', timeout: '60' })
  // @ts-expect-error a device ID is never null
  void client.refreshDeviceKey({ deviceId: null })
  // @ts-expect-error a registration needs the node ID
  void client.regDirectDevice({ verifyCode: '1' })
  // @ts-expect-error isSecure is true or false
  void client.regDirectDevice({ nodeId: 'n', isSecure: 'true' })
  // @ts-expect-error the device's name is a text
  void client.regDirectDevice({ nodeId: 'n', deviceInfo: { name: 5 } })
  // @ts-expect-error a query takes no cascade
  void client.queryDeviceStatus({ deviceId: 'd', cascade: true })
  // @ts-expect-error cascade is never null
  void client.deleteDirectDevice({ deviceId: 'd', cascade: null })
  // @ts-expect-error a login takes no token
  void client.getAuthToken(token)
  // @ts-expect-error a renewal cannot be forced
  void client.refreshAuthToken({ force: true })
  // @ts-expect-error a controller is no signal
  void client.queryDeviceStatus({ deviceId: 'd' }, { signal: controller })
  // @ts-expect-error a token is never null
  void client.queryDeviceStatus({ deviceId: 'd' }, { accessToken: null })

  // @ts-expect-error the token is missing
  requests.queryDeviceStatus({ deviceId: 'd' })
  // @ts-expect-error the token is missing in the options
  requests.queryDeviceStatus({ deviceId: 'd' }, {})
  // @ts-expect-error the refresh token is missing
  requests.refreshAuthToken()
  // @ts-expect-error a status is a number
  requests.getAuthToken().decode('200')
  // @ts-expect-error a prepared request does not change
  requests.getAuthToken().url = 'https://elsewhere.example'
  // @ts-expect-error the result of a login has no deviceId
  void requests.getAuthToken().decode(200).deviceId
  // @ts-expect-error the catalogue does not change
  errorCatalogue().push()
  // @ts-expect-error the version is a text
  const wrong: number = version
  console.log(wrong)
}
