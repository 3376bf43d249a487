/// <reference lib="esnext.disposable" />
/**
 * northbound: the public TypeScript surface.
 *
 * - Every operation is `name(input, options?)`: the platform's own members in `input`, how to call in `options`.
 * - Asynchronous methods never throw, they reject. Constructors, the Requests classes and the login functions throw.
 * - A member that is not known is refused by name in inputs, options and constructor arguments alike (`deviceInfo` is
 *   passed through); `undefined` counts as absent. Members of answers that are not known are ignored.
 * - Arguments are read once, when the call is made: changing them afterwards changes nothing; a getter or proxy that
 *   throws is an InvalidArgumentError.
 * - Times are milliseconds unless a name says otherwise, integers of 0 to 2147483647; wire fields keep the platform's unit.
 * - No secret, token, password or signature gets into an error, an event, a log or an inspection. Results and prepared
 *   requests carry secrets by purpose: their members are plain, but what `console.log` prints of them is masked.
 * - `free()` twice does nothing; calls under way, their login included, still answer; a method after `free()`, or called
 *   on another `this`, is an InvalidArgumentError.
 */

// ── What the host provides, by shape: DOM, Node and polyfilled values all fit ──────────────────────────────────────

export interface AbortSignalLike {
  readonly aborted: boolean
  readonly reason?: any
  addEventListener(type: 'abort', listener: () => void, options?: any): void
  removeEventListener(type: 'abort', listener: () => void): void
}
export interface ResponseLike {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  arrayBuffer(): Promise<ArrayBuffer>
}
/** A plain object, safe to pass to any fetch. Redirects are never followed: a 3xx is a DecodeError. */
export interface SendInit {
  method: string
  headers: Record<string, string>
  body?: string
  signal?: any
  redirect: 'manual'
  cache: 'no-store'
  credentials: 'same-origin'
  referrerPolicy: 'no-referrer'
}
export type FetchLike = (url: string, init: SendInit) => Promise<ResponseLike>

// ── Loading ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What `init` accepts: nothing (the packaged file), an address, a response, bytes, or a compiled WebAssembly.Module. */
export type WasmSource =
  | string
  | { readonly href: string }
  | ResponseLike
  | PromiseLike<ResponseLike>
  | ArrayBuffer
  | ArrayBufferView
  | object

/**
 * Loads the WebAssembly module. Browsers await it once before the first use; Node, Deno, Bun and `northbound/inline`
 * load by themselves, and there it resolves at once. Safe to call twice or at the same time; a failed load may be
 * tried again. Any use before it is an InvalidArgumentError that names `init`.
 */
export function init(source?: WasmSource): Promise<void>

// ── Options that every client takes ────────────────────────────────────────────────────────────────────────────────

export interface ClientOptions {
  /**
   * Sends one request; called with `this` undefined. Default: the global `fetch`, looked up per call; in Node a leaner
   * sender over node:http(s) while the global fetch is Node's own, has no dispatcher of the user's and no proxy is set.
   */
  fetch?: FetchLike
  /** Time allowed for one attempt, body included. Default 10000; 0 for none. */
  timeoutMs?: number
  /**
   * Retries of calls that failed in a way a retry can mend; false for none. The one new login and repeat after a refused
   * token (1010005) is no retry: it happens with false too, and uses login, not the refresh token.
   */
  retry?: RetryOptions | false
  /** Calls this client lets through; clients that share a store take the same budget. Default for NorthApiClient: 100 per 60000 ms; for OnsMqttClient: 100 per 1000 ms, revokeToken 5. */
  throttle?: ThrottleOptions | false
  /** Called on every event; what it throws stops nothing. */
  onEvent?: (event: ClientEvent) => void
  /** Allow plain http to a host that is not loopback. Default false: such an address is an InvalidArgumentError. */
  allowInsecureHttp?: boolean
}

export interface RetryOptions {
  /** Sends in all, the first included. Default 3. */ attempts?: number
  /** Default 250. */ baseDelayMs?: number
  /** Default 10000. */ maxDelayMs?: number
  /** For all attempts and waits of one call together. Default 60000. */ totalMs?: number
}
export interface ThrottleOptions {
  calls: number
  perMs: number
  /** Added to the window for the network's jitter. Default min(2000, perMs / 30). */ slackMs?: number
}

export interface CallOptions {
  /** Aborting rejects the call with `signal.reason`, whatever that is. */
  signal?: AbortSignalLike
  /** Overrides the client's `timeoutMs` for this call. */
  timeoutMs?: number
}

/** `call` numbers the calls of one client; `path` has no query. */
export type ClientEvent =
  | {
      type: 'request'
      call: number
      operation: string
      attempt: number
      method: string
      path: string
    }
  | {
      type: 'response'
      call: number
      operation: string
      attempt: number
      status: number
      durationMs: number
      requestId?: string
    }
  | {
      type: 'failure'
      call: number
      operation: string
      attempt: number
      kind: ErrorKind | 'aborted'
      durationMs: number
    }
  | {
      type: 'retry'
      call: number
      operation: string
      attempt: number
      delayMs: number
      kind: ErrorKind
      code?: string
    }
  | {
      type: 'throttle'
      call: number
      operation: string
      delayMs: number
      used: number
      calls: number
      perMs: number
    }
  | {
      type: 'done'
      call: number
      operation: string
      attempts: number
      outcome: 'ok' | ErrorKind | 'aborted'
      durationMs: number
    }
  | {
      type: 'token'
      cause: 'login' | 'refresh' | 'shared' | 'rejected'
      lifeMs?: number
      generation?: number
    }
  | { type: 'warning'; about: 'token-store' | 'clock' | 'throttle' | 'renewal'; message: string }

// ── Huawei Cloud IoT, northbound API ───────────────────────────────────────────────────────────────────────────────

/** Where the platform is and who calls it. */
export type ClientInfo = {
  /** Identifies the application (NA); 1 to 256 characters, no blanks, no control characters. */
  appId: string
  /** The application's password; 1 to 256 characters, no blanks; sent as percent-encoded UTF-8. */
  secret: string
} & (
  | {
      /** Address of the platform: an IP address or a host name, at most 256 characters. */ platformIp: string
      /** Port of the northbound API, for example 8743. */ platformPort: number | string
      baseUrl?: undefined
    }
  | {
      /** For a reverse proxy: an absolute URL, or in a browser a path such as `/iot`, which counts as the page's own origin. A trailing slash is ignored, a path is kept as prefix, query and fragment are refused; platformIp and platformPort are then ignored, not checked. */
      baseUrl: string
      platformIp?: string
      platformPort?: number | string
    }
)

export interface AuthOutDTO {
  /** Always "default". */ scope: string
  /** Always "bearer". */ tokenType: string
  /** Life of the access token when it was issued, in seconds. */ expiresIn: number
  accessToken: string
  /** Good for one month; obtains the next pair. */ refreshToken: string
}

export interface RefreshDeviceKeyInDTO {
  /** The device, as the platform named it at registration; goes into the path, encoded. 1 to 256 characters; `.` and `..` are refused, since every URL parser removes them. */ deviceId: string
  /** Returned as sent; made by the platform when absent. Best set to nodeId. 1 to 256 characters; an empty string is refused. */ verifyCode?:
    string | null
  /** MAC, serial number or IMEI; absent or null leaves the node ID as it is. 1 to 256 characters; an empty string is refused. */ nodeId?:
    string | null
  /** Life of the verification code in seconds, an integer of 0 to 2147483647; absent or null: 180; 0: never expires. */ timeout?:
    number | null
}

export interface RefreshDeviceKeyOutDTO {
  /** With it the device obtains its ID and password. */ verifyCode: string
  /** Seconds within which the device must connect. */ timeout: number
}

export interface RegDirectDeviceInDTO {
  nodeId: string
  verifyCode?: string | null
  timeout?: number | null
  endUserId?: string | null
  productId?: string | null
  imsi?: string | null
  isSecure?: boolean | null
  psk?: string | null
  deviceInfo?: DeviceInfo | null
}
export interface DeviceInfo {
  manufacturerId?: string
  manufacturerName?: string
  deviceType?: string
  model?: string
  protocolType?: string
  name?: string
  [field: string]: unknown
}
export interface RegDirectDeviceOutDTO {
  deviceId: string
  verifyCode: string
  timeout: number
  psk?: string
}
export interface QueryDeviceStatusOutDTO {
  deviceId: string
  activated: boolean
  name?: string | null
}

export interface NorthApiOptions extends ClientOptions {
  /** Where the token lives and who may log in. Default `memoryTokenStore()`, one per client. */
  tokenStore?: TokenStore
  /** Life of a refresh token. Default 30 days (documents disagree: some deployments use 24 hours). */
  refreshTokenLifetimeMs?: number
}

export interface NorthApiCallOptions extends CallOptions {
  /** Set only when the device belongs to another application that has authorised this one: that application's ID. */
  appId?: string | null
  /** Use this token instead of the client's own; it is never renewed nor stored. */
  accessToken?: string
}

/** Calls the platform: keeps one token, renews it, never obtains two at a time, waits its turn, retries what can be mended. */
export class NorthApiClient {
  constructor(clientInfo: ClientInfo, options?: NorthApiOptions)
  /** The live token; logs in only when there is none that lives. `force` logs in again, which ends the former token. */
  getAuthToken(options?: CallOptions & { force?: boolean }): Promise<AuthOutDTO>
  /** A new pair by the refresh token; by login where that one is spent. */
  refreshAuthToken(options?: CallOptions): Promise<AuthOutDTO>
  /** Gives a registered device that is offline a new verification code, and a new node ID where `input.nodeId` is set. */
  refreshDeviceKey(
    input: RefreshDeviceKeyInDTO,
    options?: NorthApiCallOptions,
  ): Promise<RefreshDeviceKeyOutDTO>
  regDirectDevice(
    input: RegDirectDeviceInDTO,
    options?: NorthApiCallOptions,
  ): Promise<RegDirectDeviceOutDTO>
  queryDeviceStatus(
    input: { deviceId: string },
    options?: NorthApiCallOptions,
  ): Promise<QueryDeviceStatusOutDTO>
  deleteDirectDevice(
    input: { deviceId: string; cascade?: boolean },
    options?: NorthApiCallOptions,
  ): Promise<void>
  /** Frees the WebAssembly memory; calls under way finish. `using` does it too. */
  free(): void
  [Symbol.dispose](): void
}

/** The same operations without any I/O: for another HTTP stack, a queue, a test. */
export class NorthApiRequests {
  constructor(clientInfo: ClientInfo, options?: { allowInsecureHttp?: boolean })
  getAuthToken(): PreparedRequest<AuthOutDTO>
  refreshAuthToken(input: { refreshToken: string }): PreparedRequest<AuthOutDTO>
  refreshDeviceKey(
    input: RefreshDeviceKeyInDTO,
    options: RequestToken,
  ): PreparedRequest<RefreshDeviceKeyOutDTO>
  regDirectDevice(
    input: RegDirectDeviceInDTO,
    options: RequestToken,
  ): PreparedRequest<RegDirectDeviceOutDTO>
  queryDeviceStatus(
    input: { deviceId: string },
    options: RequestToken,
  ): PreparedRequest<QueryDeviceStatusOutDTO>
  deleteDirectDevice(
    input: { deviceId: string; cascade?: boolean },
    options: RequestToken,
  ): PreparedRequest<void>
  free(): void
  [Symbol.dispose](): void
}
export interface RequestToken {
  accessToken: string
  appId?: string | null
}

/** One request, ready to send, and the way to read its answer. A plain object: nothing to free, lives on after its maker. */
export interface PreparedRequest<T> {
  readonly operation: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  /** Lower-case names, without `host`: the sender takes it from `url`. Requests signed with HMAC-SHA1 carry only CORS-safelisted headers. */
  readonly headers: Readonly<Record<string, string>>
  /** Absent, not empty, where there is none. */
  readonly body?: string
  /** The typed result, or throws a PlatformError or DecodeError. */
  decode(status: number, body?: string | Uint8Array, headers?: Readonly<Record<string, string>>): T
}

// ── One token, many tabs, processes and machines ───────────────────────────────────────────────────────────────────

/** A token as sharers see it. Durations, not dates: clocks of different machines disagree. */
export interface SharedToken {
  accessToken: string
  refreshToken: string
  tokenType: string
  scope: string
  /** Life left. */ lifeMs: number
  /** Life left of the refresh token. */ refreshLifeMs: number
  /** Grows by one with every right to log in that is given out. */ generation: number
}

/**
 * Shares one token between all that use one appId, and gives the right to log in to one of them at a time.
 * Keys hold no secret. Every method may reject; the client then goes on with its own memory and says so in an event.
 * An error with `retryable: false` says that asking again is useless.
 *
 * `checkTokenStore` of `northbound/testing` proves a store of your own.
 */
export interface TokenStore {
  /** The token, if one is stored that lives. What is foreign or damaged counts as none. */
  read(key: string): Promise<SharedToken | undefined>
  /**
   * Asks for the right to log in, because `rejected` (a token that the platform refused, or none) is the newest that the
   * caller knows. Answers the token if the store has another one that lives; else a lease if nobody holds one; else how
   * long to wait before asking again. A lease ends by itself after `leaseMs`. `owner` is a random text, one per holder.
   */
  acquire(
    key: string,
    owner: string,
    leaseMs: number,
    rejected?: string,
  ): Promise<{ token: SharedToken } | { generation: number } | { retryAfterMs: number }>
  /** Lengthens the lease; false if it is no longer the owner's. */
  renew(key: string, owner: string, generation: number, leaseMs: number): Promise<boolean>
  /** Stores the token if no later generation was given out meanwhile, and ends the lease; false if it was refused. */
  commit(key: string, owner: string, token: SharedToken): Promise<boolean>
  /** Ends the lease if it is still the owner's. */
  release(key: string, owner: string, generation: number): Promise<void>
  /** Takes one call from the application's shared budget: 0, or how long to wait. Absent: each client counts for itself. */
  take?(key: string, budget: Required<ThrottleOptions>): Promise<number>
}
/**
 * Encrypts what a store keeps; the default keeps it as it is. What `open` throws on or does not give back as it was
 * sealed counts as empty, and so leads to a new login. The text of `seal` differs with every call, if it is any good.
 */
export interface Sealing {
  seal(plain: string): string | Promise<string>
  open(sealed: string): string | Promise<string>
}

/**
 * Shares a token between the clients of one process. Each client has one of its own by default; give several clients
 * the same one to have them share.
 */
export function memoryTokenStore(): TokenStore

/**
 * Tabs and workers of one origin, by leases in IndexedDB; works on plain http too. Storage denied: falls back to memory
 * with a warning event.
 *
 * `name` is that of the database, default `northbound`. Without `sealing` every script of the origin can read the token.
 */
export function webTokenStore(options?: { name?: string; sealing?: Sealing }): TokenStore

// ── Alibaba Cloud ApsaraMQ for MQTT (OnsMqtt, 2020-04-20) ──────────────────────────────────────────────────────────

export interface AliyunCredentials {
  accessKeyId: string
  accessKeySecret: string
  securityToken?: string
}

export interface OnsMqttConfig {
  /** For example "cn-hangzhou": calls `https://onsmqtt.<regionId>.aliyuncs.com`. */ regionId?: string
  /** "vpc" calls `https://onsmqtt-vpc.<regionId>.aliyuncs.com`. Default "public". */ network?:
    'public' | 'vpc'
  /** Takes the place of the region's address: an absolute URL, or in a browser a path; as baseUrl otherwise. */ endpoint?: string
  /** Fixed, or a function asked before each attempt (STS). */ credentials:
    AliyunCredentials | (() => AliyunCredentials | Promise<AliyunCredentials>)
  /** Default "ACS3-HMAC-SHA256". "HMAC-SHA1" is the older RPC signature, which needs no CORS preflight. */ signature?:
    'ACS3-HMAC-SHA256' | 'HMAC-SHA1'
}

export interface DeviceCredential {
  clientId: string
  instanceId: string
  deviceAccessKeyId: string
  deviceAccessKeySecret: string
  /** Milliseconds since the Unix epoch. */ createTime: number
  updateTime: number
}
export interface DeviceCredentialOutDTO {
  requestId: string
  deviceCredential: DeviceCredential
}
export interface ClientIdPage {
  requestId: string
  total: number
  pageNo: number
  pageSize: number
  nextToken?: string
  clientIds: string[]
}

export class OnsMqttClient {
  constructor(config: OnsMqttConfig, options?: ClientOptions)
  registerDeviceCredential(input: DeviceRef, options?: CallOptions): Promise<DeviceCredentialOutDTO>
  getDeviceCredential(input: DeviceRef, options?: CallOptions): Promise<DeviceCredentialOutDTO>
  refreshDeviceCredential(input: DeviceRef, options?: CallOptions): Promise<DeviceCredentialOutDTO>
  unRegisterDeviceCredential(
    input: DeviceRef,
    options?: CallOptions,
  ): Promise<{ requestId: string }>
  listDeviceCredentialClientId(input: ListInput, options?: CallOptions): Promise<ClientIdPage>
  /** Every client ID of a group, page after page: by nextToken where the platform gives one, else by pageNo up to total. */
  clientIds(
    input: Omit<ListInput, 'pageNo' | 'nextToken'>,
    options?: CallOptions,
  ): AsyncIterableIterator<string>
  applyToken(
    input: ApplyTokenInput,
    options?: CallOptions,
  ): Promise<{ requestId: string; token: string }>
  queryToken(
    input: { instanceId: string; token: string },
    options?: CallOptions,
  ): Promise<{ requestId: string; tokenStatus: boolean }>
  revokeToken(
    input: { instanceId: string; token: string },
    options?: CallOptions,
  ): Promise<{ requestId: string }>
  free(): void
  [Symbol.dispose](): void
}
export interface DeviceRef {
  /** `<GroupId>@@@<DeviceId>`, at most 64 characters (UTF-16 code units), none of them non-printable. */ clientId: string
  instanceId: string
}
export interface ListInput {
  groupId: string
  instanceId: string
  /** 1 to 100. Default 100. */ pageSize?: number
  /** From 1. */ pageNo?: number
  nextToken?: string
}
export interface ApplyTokenInput {
  instanceId: string
  /** 1 to 100 topics, wildcards allowed; sent sorted. */ resources: string[]
  actions: 'R' | 'W' | 'R,W'
  /** The moment it ends: milliseconds since the Unix epoch, or a Date. */ expireTime: number | Date
}

/** The same without I/O. `nonce` and `date` are for tests and replays; by default random and now. */
export class OnsMqttRequests {
  constructor(
    config: OnsMqttConfig & { credentials: AliyunCredentials },
    options?: { allowInsecureHttp?: boolean },
  )
  registerDeviceCredential(
    input: DeviceRef,
    signing?: SigningInput,
  ): PreparedRequest<DeviceCredentialOutDTO>
  getDeviceCredential(
    input: DeviceRef,
    signing?: SigningInput,
  ): PreparedRequest<DeviceCredentialOutDTO>
  refreshDeviceCredential(
    input: DeviceRef,
    signing?: SigningInput,
  ): PreparedRequest<DeviceCredentialOutDTO>
  unRegisterDeviceCredential(
    input: DeviceRef,
    signing?: SigningInput,
  ): PreparedRequest<{ requestId: string }>
  listDeviceCredentialClientId(
    input: ListInput,
    signing?: SigningInput,
  ): PreparedRequest<ClientIdPage>
  applyToken(
    input: ApplyTokenInput,
    signing?: SigningInput,
  ): PreparedRequest<{ requestId: string; token: string }>
  queryToken(
    input: { instanceId: string; token: string },
    signing?: SigningInput,
  ): PreparedRequest<{ requestId: string; tokenStatus: boolean }>
  revokeToken(
    input: { instanceId: string; token: string },
    signing?: SigningInput,
  ): PreparedRequest<{ requestId: string }>
  free(): void
  [Symbol.dispose](): void
}
export interface SigningInput {
  nonce?: string
  date?: Date | number
}

/** What an MQTT client connects with. The three functions ignore further members, so a DeviceCredential or AliyunCredentials may be passed whole. */
export interface MqttLogin {
  clientId: string
  username: string
  password: string
}
/** Username `DeviceCredential|<id>|<instance>`, password base64(HMAC-SHA1(secret, clientId)). */
export function mqttDeviceLogin(
  credential: Pick<
    DeviceCredential,
    'clientId' | 'instanceId' | 'deviceAccessKeyId' | 'deviceAccessKeySecret'
  >,
): MqttLogin
/** Username `Signature|<accessKeyId>|<instance>`. */
export function mqttSignatureLogin(
  input: DeviceRef & { accessKeyId: string; accessKeySecret: string },
): MqttLogin
/** Username `Token|<accessKeyId>|<instance>`, password `R|<token>|W|<token>…` in the order given. */
export function mqttTokenLogin(
  input: DeviceRef & {
    accessKeyId: string
    tokens: { actions: 'R' | 'W' | 'RW'; token: string }[]
  },
): MqttLogin

// ── Errors ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export type ErrorKind =
  'platform' | 'network' | 'timeout' | 'decode' | 'invalid-argument' | 'internal'
export type ErrorAction =
  | 'login-again'
  | 'fix-input'
  | 'wait'
  | 'contact-platform'
  | 'take-device-offline'
  | 'activate-device'
  | 'none'

/**
 * The base of all that this package throws, but for an abort, which rejects with the signal's own reason.
 * Kind "internal" is this class itself: a fault of this package, with a request to report it.
 */
export class NorthboundError extends Error {
  readonly kind: ErrorKind
  /** The method's name, for example "refreshDeviceKey"; the class's name for a constructor. */
  readonly operation: string
  /** Whether the same call may succeed later without any change. */
  readonly retryable: boolean
  /** Attempts made, the first included; 0 if nothing was sent. */
  readonly attempts: number
  readonly cause?: unknown
}
/** The platform answered with an error, whatever the HTTP status; JSON of either dialect, or XML (OnsMqtt). */
export class PlatformError extends NorthboundError {
  readonly kind: 'platform'
  readonly status: number
  /** The platform's own code, a string: "100611", "DeviceCredentialExsit". */
  readonly code: string
  /** The platform's own words, with access keys, their IDs, tokens and signatures removed. */
  readonly description: string
  /** What it means and what to do about it, from this package's catalogue; a general sentence for a code that it lacks. */
  readonly meaning: string
  readonly remedy: string
  readonly action: ErrorAction
  readonly requestId?: string
  readonly retryAfterMs?: number
}
/** No answer: refused, reset, name not found, TLS, CORS. */
export class NetworkError extends NorthboundError {
  readonly kind: 'network'
}
export class TimeoutError extends NorthboundError {
  readonly kind: 'timeout'
  readonly timeoutMs: number
}
/** An answer that is none of the platform's: a proxy's page, a redirect, cut JSON, a missing field, more than 1 MiB. Retryable for 429, 502, 503, 504. */
export class DecodeError extends NorthboundError {
  readonly kind: 'decode'
  readonly status: number
  /** The body's first 512 characters, without the request's own secrets in any encoding and without the values of accessToken, refreshToken, verifyCode, psk, Token and DeviceAccessKeySecret, in cut JSON too. */ readonly excerpt: string
}
/** A value that cannot be sent; nothing was sent. */
export class InvalidArgumentError extends NorthboundError {
  readonly kind: 'invalid-argument'
  /** For example "clientInfo.platformPort", "input.timeout". */ readonly argument: string
}
/** True for every error of this package, also of another copy of it. */
export function isNorthboundError(value: unknown): value is NorthboundError

/** Every error that the platforms document, for search boxes and help pages. */
export function errorCatalogue(): readonly CatalogueEntry[]
export interface CatalogueEntry {
  platform: 'huawei-northbound' | 'aliyun-onsmqtt'
  operations: readonly string[]
  status: number
  code: string
  message: string
  meaning: string
  remedy: string
  action: ErrorAction
  retryable: boolean
}

/** This package's version. */
export const version: string
