// What the host provides, by shape: DOM, Node and polyfilled values all fit.

/**
 * What is needed of an `AbortSignal`. That of the DOM, of Node and of the npm package
 * `abort-controller` all fit.
 */
export interface AbortSignalLike {
  /** Whether it has been aborted. */
  readonly aborted: boolean
  /** Why, in any form: the call rejects with it. Absent: it rejects with `undefined`. */
  readonly reason?: any
  /** Registers what is told of the abort. */
  addEventListener(type: 'abort', listener: () => void, options?: any): void
  /** Takes it away again, once the call is over. */
  removeEventListener(type: 'abort', listener: () => void): void
}

/** What is needed of a `Response`. That of the DOM, of Node, undici and node-fetch all fit. */
export interface ResponseLike {
  /** HTTP status, 100 to 599. */
  readonly status: number
  /** The header fields of the answer. */
  readonly headers: {
    /** The value of the field; null where there is none. `name` is in lower case. */
    get(name: string): string | null
  }
  /** The whole body; called once. */
  arrayBuffer(): Promise<ArrayBuffer>
}

/**
 * What a {@link FetchLike} is called with: a plain object, safe to pass to any fetch. Redirects are
 * never followed: a 3xx is a DecodeError.
 */
export interface SendInit {
  /** `GET`, `POST`, `PUT` or `DELETE`. */
  method: string
  /** Names in lower case, without `host`. They carry the token or the signature. */
  headers: Record<string, string>
  /** The body, as text. Absent: there is none. */
  body?: string
  /** An `AbortSignal` of the host, where it has one: aborted when the call or its time is over. */
  signal?: any
  /** An answer that redirects is an answer like any other. */
  redirect: 'manual'
  /** Nothing of it is kept. */
  cache: 'no-store'
  /** Cookies go to the page's own origin alone, where a proxy may need them. */
  credentials: 'same-origin'
  /** The platform is not told of the page's address. */
  referrerPolicy: 'no-referrer'
}

/**
 * Sends one request. The global `fetch` is one; `nodeFetch()` of `northbound/node` gives another, which
 * is the default in Node while nobody has a hand in the global one.
 *
 * @param url an absolute address.
 * @param init what to send.
 * @returns the answer, whatever its status. What it rejects with is the `cause` of a
 *   {@link NetworkError}.
 *
 * @example
 * ```js
 * const client = new NorthApiClient(info, {
 *   fetch: (url, init) => fetch(url, { ...init, keepalive: true }),
 * })
 * ```
 */
export type FetchLike = (url: string, init: SendInit) => Promise<ResponseLike>

/**
 * What `init` accepts: nothing (the packaged file), an address, a response or the promise of one,
 * bytes, or a compiled `WebAssembly.Module`.
 */
export type WasmSource =
  | string
  | {
      /** The address of a `URL`. */
      readonly href: string
    }
  | ResponseLike
  | PromiseLike<ResponseLike>
  | ArrayBuffer
  | ArrayBufferView
  | object
