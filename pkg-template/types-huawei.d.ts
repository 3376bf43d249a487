// Huawei Cloud IoT, northbound API: who calls, and what goes in and comes out.
import type { CallOptions, ClientOptions } from './types-options.js'
import type { TokenStore } from './types-token-store.js'

/**
 * Where the platform is and who calls it: `appId`, `secret`, and either `platformIp` with
 * `platformPort` or `baseUrl`.
 *
 * @example The platform itself, from a server
 * ```js
 * const info = { appId, secret, platformIp: '10.0.0.1', platformPort: 8743 }
 * ```
 *
 * @example A reverse proxy on the page's own origin
 * ```js
 * const info = { appId, secret, baseUrl: '/iot' }
 * ```
 */
export type ClientInfo = {
  /** Identifies the application (NA); 1 to 256 characters, no blanks, no control characters. */
  appId: string
  /** The application's password; 1 to 256 characters, no blanks; sent as percent-encoded UTF-8. */
  secret: string
} & (
  | {
      /** Address of the platform: an IP address or a host name, at most 256 characters. */
      platformIp: string
      /** Port of the northbound API, for example 8743. */
      platformPort: number | string
      /** Takes their place where it is set. */
      baseUrl?: undefined
    }
  | {
      /**
       * For a reverse proxy: an absolute URL, or in a browser a path such as `/iot`, which counts as
       * the page's own origin. A trailing slash is ignored, a path is kept as prefix, query and
       * fragment are refused.
       */
      baseUrl: string
      /** Ignored, not checked. */
      platformIp?: string
      /** Ignored, not checked. */
      platformPort?: number | string
    }
)

/**
 * A pair of tokens, as the platform issued it.
 *
 * @see [Authentication](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0007.html)
 */
export interface AuthOutDTO {
  /** Always "default". */
  scope: string
  /** Always "bearer". */
  tokenType: string
  /** Life of the access token when it was issued, in seconds. */
  expiresIn: number
  /** What calls carry. */
  accessToken: string
  /** Good for one month; obtains the next pair. Empty if the platform gave none. */
  refreshToken: string
}

/**
 * What `refreshDeviceKey` changes.
 *
 * @see [Refreshing a device key](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0012.html)
 */
export interface RefreshDeviceKeyInDTO {
  /**
   * The device, as the platform named it at registration; goes into the path, encoded. 1 to 256
   * characters; `.` and `..` are refused, since every URL parser removes them.
   */
  deviceId: string
  /**
   * Returned as sent; made by the platform when absent. Best set to nodeId. 1 to 256 characters; an
   * empty string is refused.
   */
  verifyCode?: string | null
  /**
   * MAC, serial number or IMEI; absent or null leaves the node ID as it is. 1 to 256 characters; an
   * empty string is refused.
   */
  nodeId?: string | null
  /**
   * Life of the verification code in seconds, an integer of 0 to 2147483647; absent or null: 180; 0:
   * never expires.
   */
  timeout?: number | null
}

/** The new verification code of a device. */
export interface RefreshDeviceKeyOutDTO {
  /** With it the device obtains its ID and password. */
  verifyCode: string
  /** Seconds within which the device must connect; 0: no limit. */
  timeout: number
}

/**
 * A device to register. Absent or null leaves the choice to the platform.
 *
 * @see [Registering a device](https://support.huaweicloud.com/intl/en-us/api-IoT/iot_06_0010.html)
 */
export interface RegDirectDeviceInDTO {
  /** Names the hardware: MAC, serial number or IMEI. 1 to 256 characters, unique. */
  nodeId: string
  /**
   * With it the device binds. 1 to 256 characters, unique, best set to nodeId. Absent or null: made by
   * the platform; a registration whose answer is lost is then not sent again.
   */
  verifyCode?: string | null
  /**
   * Seconds within which the device must bind, an integer of 0 to 2147483647, else the platform removes
   * it; 0: no limit. Absent or null: the platform's default, usually 180.
   */
  timeout?: number | null
  /** The user the device belongs to; 1 to 256 characters. Absent or null: none. */
  endUserId?: string | null
  /** The product the device is one of; 1 to 256 characters. Absent or null: as `deviceInfo` says. */
  productId?: string | null
  /** The IMSI of an NB-IoT device; 1 to 64 characters. Absent or null: none. */
  imsi?: string | null
  /** Whether the device speaks DTLS. Absent or null: false. */
  isSecure?: boolean | null
  /** The key for DTLS: 8 to 32 hexadecimal digits. Absent or null: made by the platform. */
  psk?: string | null
  /** What else is known of the device. Absent or null: nothing. */
  deviceInfo?: DeviceInfo | null
}

/** What is known of a device. Further members of the platform's are passed through as they are. */
export interface DeviceInfo {
  /** ID of the manufacturer, as in the product. Default: none. */
  manufacturerId?: string
  /** Name of the manufacturer, as in the product. Default: none. */
  manufacturerName?: string
  /** Type of the device, as in the product. Default: none. */
  deviceType?: string
  /** Model, as in the product. Default: none. */
  model?: string
  /** Protocol that the device speaks, for example `CoAP` or `LWM2M`. Default: none. */
  protocolType?: string
  /** Name of the device, for people. Default: none. */
  name?: string
  /** Any further member that the platform knows. */
  [field: string]: unknown
}

/** A new registration. */
export interface RegDirectDeviceOutDTO {
  /** The device, as the platform calls it from now on. */
  deviceId: string
  /** With it the device obtains its ID and password. */
  verifyCode: string
  /** Seconds within which the device must bind; 0: no limit. */
  timeout: number
  /** The key for DTLS. Absent: the platform gave none. */
  psk?: string
}

/** Whether a device has ever connected. */
export interface QueryDeviceStatusOutDTO {
  /** The device. */
  deviceId: string
  /** False until it connects for the first time, then true for good, offline or not. */
  activated: boolean
  /** Its name; null or absent where it has none. */
  name?: string | null
}

/** Options of {@link NorthApiClient}. */
export interface NorthApiOptions extends ClientOptions {
  /** Where the token lives and who may log in. Default `memoryTokenStore()`, one per client. */
  tokenStore?: TokenStore
  /**
   * Life of a refresh token, in milliseconds. Default 30 days (documents disagree: some deployments use
   * 24 hours).
   */
  refreshTokenLifetimeMs?: number
}

/** Options of a call about a device. */
export interface NorthApiCallOptions extends CallOptions {
  /**
   * Set only when the device belongs to another application that has authorised this one: that
   * application's ID, 1 to 256 characters. Absent or null: the device is this application's.
   */
  appId?: string | null
  /**
   * Use this token instead of the client's own, 1 to 4096 characters; it is never renewed nor stored.
   * Default: the client's own.
   */
  accessToken?: string
}

/** What a request without I/O has to be told: the token that it carries. */
export interface RequestToken {
  /** The access token, 1 to 4096 characters. */
  accessToken: string
  /**
   * Set only when the device belongs to another application that has authorised this one: that
   * application's ID, 1 to 256 characters. Absent or null: the device is this application's.
   */
  appId?: string | null
}
