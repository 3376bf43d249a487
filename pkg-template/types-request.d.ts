// A request without any I/O.

/**
 * One request, ready to send, and the way to read its answer. A plain object: nothing to free, lives on
 * after its maker. It carries secrets by purpose; what `console.log` prints of them is masked.
 *
 * @typeParam T what the operation results in.
 *
 * @example
 * ```js
 * const { method, url, headers, body, decode } = requests.getAuthToken()
 * const response = await fetch(url, { method, headers, body })
 * const { accessToken } = decode(response.status, await response.text())
 * ```
 */
export interface PreparedRequest<T> {
  /** The method's name, for example "refreshDeviceKey". */
  readonly operation: string
  /** The HTTP method. */
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** An absolute address, in a browser too. */
  readonly url: string
  /**
   * Lower-case names, without `host`: the sender takes it from `url`. Requests signed with HMAC-SHA1
   * carry only CORS-safelisted headers.
   */
  readonly headers: Readonly<Record<string, string>>
  /** The body, as text. Absent, not empty, where there is none. */
  readonly body?: string
  /**
   * Reads the answer.
   *
   * @param status HTTP status.
   * @param body the answer's body, as text or bytes. Absent: it had none.
   * @param headers the answer's header fields, by names in lower case. Absent: not known, as then
   *   `requestId` and `retryAfterMs` of an error may be.
   * @returns the typed result.
   * @throws A {@link PlatformError} where the platform says no, whatever the status.
   * @throws A {@link DecodeError} where the answer is none of the platform's.
   */
  decode(status: number, body?: string | Uint8Array, headers?: Readonly<Record<string, string>>): T
}
