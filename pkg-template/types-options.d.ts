// How to call: what every client and every call takes.
import type { ClientEvent } from './types-events.js'
import type { AbortSignalLike, FetchLike } from './types-host.js'

/** Options of every client. All are optional. */
export interface ClientOptions {
  /**
   * Sends one request; called with `this` undefined. Default: the global `fetch`, looked up per call;
   * in Node a leaner sender over node:http(s) while the global fetch is Node's own, has no dispatcher
   * of the user's and no proxy is set.
   */
  fetch?: FetchLike
  /**
   * Time allowed for one attempt, body included, in milliseconds. Default 10000; 0 for none. A login
   * that several calls wait for keeps it, whatever a call says.
   */
  timeoutMs?: number
  /**
   * Retries of calls that failed in a way a retry can mend. Default: see {@link RetryOptions}; false
   * for none. The one new login and repeat after a refused token (1010005) is no retry: it happens
   * with false too, and uses login, not the refresh token.
   */
  retry?: RetryOptions | false
  /**
   * Calls this client lets through; the others wait for their turn. Clients that share a store take
   * the same budget. Default for NorthApiClient: 100 per 60000 ms; for OnsMqttClient: 100 per 1000 ms,
   * revokeToken 5. False: no limit.
   */
  throttle?: ThrottleOptions | false
  /**
   * Called on every event, at once; what it throws stops nothing. Default: nobody is told.
   *
   * @param event what happened; it carries no secret.
   */
  onEvent?: (event: ClientEvent) => void
  /**
   * Allow plain http to a host that is not loopback. Default false: such an address is an
   * {@link InvalidArgumentError}.
   */
  allowInsecureHttp?: boolean
}

/**
 * How often and for how long a call is tried. The wait before an attempt is random, doubles each time,
 * and is never shorter than the server asks for.
 */
export interface RetryOptions {
  /** Sends in all, the first included; at least 1. Default 3. */
  attempts?: number
  /** Longest wait before the second attempt, in milliseconds. Default 250. */
  baseDelayMs?: number
  /** Longest wait before any attempt, in milliseconds. Default 10000. */
  maxDelayMs?: number
  /** For all attempts and waits of one call together, in milliseconds. Default 60000. */
  totalMs?: number
}

/** A limit of calls: so many in a window that slides. Every attempt counts; logins do not. */
export interface ThrottleOptions {
  /** Calls allowed in a window; at least 1. */
  calls: number
  /** The window, in milliseconds; at least 1. */
  perMs: number
  /**
   * Added to the window for the network's jitter, in milliseconds. Default: the smaller of 2000 and
   * `perMs / 30`.
   */
  slackMs?: number
}

/** Options of every call. */
export interface CallOptions {
  /** Aborting rejects the call with `signal.reason`, whatever that is. Default: it is not aborted. */
  signal?: AbortSignalLike
  /**
   * Overrides the client's `timeoutMs` for this call: time for one attempt, in milliseconds; 0 for
   * none.
   */
  timeoutMs?: number
}
