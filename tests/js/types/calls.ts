// Calls as users write them: those that compile, and those that must not. Nothing here is ever run.
import {
  DecodeError,
  InvalidArgumentError,
  NetworkError,
  NorthApiClient,
  NorthApiRequests,
  NorthboundError,
  PlatformError,
  TimeoutError,
  errorCatalogue,
  init,
  isNorthboundError,
  version,
  type AuthOutDTO,
  type CatalogueEntry,
  type ClientEvent,
  type ClientInfo,
  type DeviceInfo,
  type ErrorAction,
  type ErrorKind,
  type NorthApiCallOptions,
  type NorthApiOptions,
  type PreparedRequest,
  type QueryDeviceStatusOutDTO,
  type RefreshDeviceKeyInDTO,
  type RefreshDeviceKeyOutDTO,
  type RegDirectDeviceInDTO,
  type RegDirectDeviceOutDTO,
  type TokenStore,
} from 'northbound'

declare const tokenStore: TokenStore
declare const bytes: Uint8Array

const app = { appId: 'app1', secret: 'a-secret' }
const info: ClientInfo = { ...app, platformIp: '10.0.0.1', platformPort: 8743 }
const token = { accessToken: 'a-token' }

export async function loads(): Promise<void> {
  await init()
  await init('northbound.wasm')
  await init(new URL('https://platform.example/northbound.wasm'))
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

export async function calls(client: NorthApiClient, signal: AbortSignal): Promise<void> {
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
  void client.queryDeviceStatus({ deviceId: 'd' }, { signal: new AbortController() })
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
