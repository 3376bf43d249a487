// Alibaba Cloud ApsaraMQ for MQTT (OnsMqtt, 2020-04-20): who calls, and what goes in and comes out.

/** An access key of Alibaba Cloud, permanent or temporary (STS). */
export interface AliyunCredentials {
  /** The key's ID, 1 to 128 characters. */
  accessKeyId: string
  /** The key, 1 to 256 characters. */
  accessKeySecret: string
  /** What proves a temporary key, 1 to 8192 characters. Absent: the key is permanent. */
  securityToken?: string
}

/**
 * Where ApsaraMQ for MQTT is and who calls it: `credentials`, and either `regionId` or `endpoint`.
 *
 * @see [Signature ACS3-HMAC-SHA256](https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature)
 * @see [Signature HMAC-SHA1](https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism)
 *
 * @example
 * ```js
 * const config = { regionId: 'cn-hangzhou', credentials: { accessKeyId, accessKeySecret } }
 * ```
 */
export interface OnsMqttConfig {
  /**
   * For example "cn-hangzhou": calls `https://onsmqtt.<regionId>.aliyuncs.com`. Absent: `endpoint` has
   * to be there.
   */
  regionId?: string
  /** "vpc" calls `https://onsmqtt-vpc.<regionId>.aliyuncs.com`. Default "public". */
  network?: 'public' | 'vpc'
  /**
   * Takes the place of the region's address: an absolute URL, or in a browser a path; as `baseUrl` of
   * {@link ClientInfo} otherwise. Default: the region's address.
   */
  endpoint?: string
  /** Fixed, or a function asked before each attempt (STS). */
  credentials: AliyunCredentials | (() => AliyunCredentials | Promise<AliyunCredentials>)
  /**
   * Default "ACS3-HMAC-SHA256". "HMAC-SHA1" is the older RPC signature, which needs no CORS preflight.
   */
  signature?: 'ACS3-HMAC-SHA256' | 'HMAC-SHA1'
}

/** The credential of one device: one device, one secret. */
export interface DeviceCredential {
  /** The device: `<GroupId>@@@<DeviceId>`. */
  clientId: string
  /** The instance it belongs to. */
  instanceId: string
  /** The ID of its key. */
  deviceAccessKeyId: string
  /** Its key. */
  deviceAccessKeySecret: string
  /** When it was made: milliseconds since the Unix epoch. */
  createTime: number
  /** When it was last changed: milliseconds since the Unix epoch. */
  updateTime: number
}

/** A device's credential, and the platform's name of the request that brought it. */
export interface DeviceCredentialOutDTO {
  /** The platform's name of the request, for its support. */
  requestId: string
  /** The credential, key included. */
  deviceCredential: DeviceCredential
}

/** One page of client IDs. */
export interface ClientIdPage {
  /** The platform's name of the request, for its support. */
  requestId: string
  /** Client IDs of all pages together. */
  total: number
  /** The page, from 1. */
  pageNo: number
  /** Client IDs of a full page. */
  pageSize: number
  /** What asks for the next page. Absent: there is none, or the platform pages by number. */
  nextToken?: string
  /** The client IDs of this page. */
  clientIds: string[]
}

/** A device. */
export interface DeviceRef {
  /**
   * `<GroupId>@@@<DeviceId>`, at most 64 characters (UTF-16 code units), none of them non-printable.
   */
  clientId: string
  /** The instance, 1 to 128 characters, for example "post-cn-0pp12gl0000". */
  instanceId: string
}

/** A page of a group's client IDs. */
export interface ListInput {
  /** The group, 1 to 64 characters, for example "GID_meters". */
  groupId: string
  /** The instance, 1 to 128 characters. */
  instanceId: string
  /** 1 to 100. Default 100. */
  pageSize?: number
  /** From 1. Default: the first, as the platform decides. */
  pageNo?: number
  /** What the page before gave, 1 to 4096 characters. Default: the first page, or `pageNo`. */
  nextToken?: string
}

/** What a token is to allow. */
export interface ApplyTokenInput {
  /** The instance, 1 to 128 characters. */
  instanceId: string
  /** 1 to 100 topics without commas, wildcards allowed; sent sorted. */
  resources: string[]
  /** Read (subscribe), write (publish), or both. */
  actions: 'R' | 'W' | 'R,W'
  /**
   * The moment it ends: milliseconds since the Unix epoch, or a Date. At least 60 s from now; the
   * platform cuts it to 30 days.
   */
  expireTime: number | Date
}

/** What makes a signature good once. For tests and replays. */
export interface SigningInput {
  /** Used once. Default: random. */
  nonce?: string
  /** When it was signed: milliseconds since the Unix epoch, or a Date. Default: now. */
  date?: Date | number
}
