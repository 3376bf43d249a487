// Everything that can go wrong.
import type { AliyunErrorCode, ErrorCode, HuaweiErrorCode } from './types-error-codes.js'

/** What kind of error it is; each has a class, and "internal" is the base class itself. */
export type ErrorKind =
  'platform' | 'network' | 'timeout' | 'decode' | 'invalid-argument' | 'internal'

/** What to do about an error of the platform, as a word for programs. */
export type ErrorAction =
  | 'login-again'
  | 'fix-input'
  | 'wait'
  | 'contact-platform'
  | 'take-device-offline'
  | 'activate-device'
  | 'none'

/**
 * The base of all that this package throws, but for an abort, which rejects with the signal's own
 * reason. Kind "internal" is this class itself: a fault of this package, with a request to report it.
 *
 * @example
 * ```js
 * import { DecodeError, InvalidArgumentError, PlatformError, isNorthboundError } from 'northbound'
 *
 * try {
 *   await client.refreshDeviceKey({ deviceId })
 * } catch (error) {
 *   if (error instanceof PlatformError) console.error(error.meaning, error.remedy)
 *   else if (error instanceof InvalidArgumentError) console.error(`look at ${error.argument}`)
 *   else if (error instanceof DecodeError) console.error(`not the platform: ${error.excerpt}`)
 *   else if (isNorthboundError(error) && error.retryable) console.error('try again later')
 *   else throw error
 * }
 * ```
 */
export class NorthboundError extends Error {
  /** What kind of error it is. */
  readonly kind: ErrorKind
  /** The method's name, for example "refreshDeviceKey"; the class's name for a constructor. */
  readonly operation: string
  /** Whether the same call may succeed later without any change. */
  readonly retryable: boolean
  /** Attempts made, the first included; 0 if nothing was sent. */
  readonly attempts: number
  /** What led to it, for example the error of `fetch`. Absent: nothing else did. */
  readonly cause?: unknown
}

/**
 * The platform answered with an error, whatever the HTTP status; JSON of either dialect, or XML
 * (OnsMqtt).
 *
 * @example
 * ```ts
 * import { PlatformError, type ErrorCode } from 'northbound'
 *
 * function isOnline(error: unknown): boolean {
 *   if (!(error instanceof PlatformError)) return false
 *   const code: ErrorCode<'refreshDeviceKey'> = error.code
 *   return code === '100611'
 * }
 * ```
 */
export class PlatformError extends NorthboundError {
  readonly kind: 'platform'
  /** HTTP status; an error may come with 200. */
  readonly status: number
  /**
   * The platform's own code, a string: "100611", "DeviceCredentialExsit". Assign it to an
   * {@link ErrorCode} of the operation to be offered its codes alone.
   */
  readonly code: ErrorCode
  /** The platform's own words, with access keys, their IDs, tokens and signatures removed. */
  readonly description: string
  /** What it means, from this package's catalogue; a general sentence for a code that it lacks. */
  readonly meaning: string
  /** What to do about it, from the same place. */
  readonly remedy: string
  /** The same as a word. */
  readonly action: ErrorAction
  /** The platform's name of the request, for its support. Absent: it gave none. */
  readonly requestId?: string
  /** How long the platform asks to wait, in milliseconds. Absent: it does not say. */
  readonly retryAfterMs?: number
}

/**
 * No answer: refused, reset, name not found, TLS, CORS. `cause` says why, as far as the host tells. The
 * platform may have acted all the same.
 */
export class NetworkError extends NorthboundError {
  readonly kind: 'network'
}

/** No answer in the time allowed. The platform may have acted all the same. */
export class TimeoutError extends NorthboundError {
  readonly kind: 'timeout'
  /** The time allowed for the attempt, in milliseconds. */
  readonly timeoutMs: number
}

/**
 * An answer that is none of the platform's: a proxy's page, a redirect, cut JSON, a missing field, more
 * than 1 MiB. Retryable for 429, 502, 503, 504.
 */
export class DecodeError extends NorthboundError {
  readonly kind: 'decode'
  /** HTTP status. */
  readonly status: number
  /**
   * The body's first 512 characters, without the request's own secrets in any encoding and without the
   * values of accessToken, refreshToken, verifyCode, psk, Token and DeviceAccessKeySecret, in cut JSON
   * too.
   */
  readonly excerpt: string
}

/** A value that cannot be sent; nothing was sent. */
export class InvalidArgumentError extends NorthboundError {
  readonly kind: 'invalid-argument'
  /** Its place, for example "clientInfo.platformPort", "input.timeout". */
  readonly argument: string
}

/**
 * True for every error of this package, also of another copy of it, where `instanceof` is false.
 *
 * @param value anything that was thrown.
 *
 * @example
 * ```js
 * if (isNorthboundError(error) && error.kind === 'timeout') console.error('too slow')
 * ```
 */
export function isNorthboundError(value: unknown): value is NorthboundError

/**
 * Every error that the platforms document, for search boxes and help pages.
 *
 * @throws An {@link InvalidArgumentError} before `init` is done.
 *
 * @example
 * ```js
 * const known = errorCatalogue().filter(({ code }) => code === '100217')
 * for (const { status, operations, remedy } of known) console.log(status, operations, remedy)
 * ```
 */
export function errorCatalogue(): readonly CatalogueEntry[]

/** One documented error. */
export interface CatalogueEntry {
  /** Whose it is. */
  platform: 'huawei-northbound' | 'aliyun-onsmqtt'
  /** The operations that it is documented for, those that this package lacks included. */
  operations: readonly string[]
  /** HTTP status that it comes with. */
  status: number
  /** The platform's code; `%s` stands for a name that differs. */
  code: HuaweiErrorCode | AliyunErrorCode
  /** The platform's own words, misspellings included; empty where they are not known. */
  message: string
  /** What it means, as a whole sentence. */
  meaning: string
  /** What to do about it, as a whole sentence. */
  remedy: string
  /** The same as a word. */
  action: ErrorAction
  /** Whether the unchanged call may succeed later, once `action` is done. */
  retryable: boolean
}
