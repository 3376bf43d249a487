// What a client tells while it works.
import type { ErrorKind } from './types-errors.js'

/**
 * What happened, by `type`. `call` numbers the calls of one client; a login made for a call has the
 * call's number and its own `operation`. `path` has no query. No event carries a secret.
 *
 * @example
 * ```js
 * const client = new NorthApiClient(info, {
 *   onEvent: (event) => {
 *     if (event.type === 'done') console.log(event.operation, event.outcome, event.durationMs)
 *     if (event.type === 'warning') console.warn(event.message)
 *   },
 * })
 * ```
 */
export type ClientEvent =
  | {
      /** An attempt goes out. */
      type: 'request'
      /** The call it belongs to, from 1. */
      call: number
      /** The method's name; a login made for another call is `getAuthToken`. */
      operation: string
      /** From 1. */
      attempt: number
      /** `GET`, `POST`, `PUT` or `DELETE`. */
      method: string
      /** The path of the address, without query. */
      path: string
    }
  | {
      /** An answer came, whatever it says. */
      type: 'response'
      /** The call it belongs to, from 1. */
      call: number
      /** The method's name. */
      operation: string
      /** From 1. */
      attempt: number
      /** HTTP status. */
      status: number
      /** Milliseconds since the attempt went out. */
      durationMs: number
      /** The platform's name of the request, if a header tells it. */
      requestId?: string
    }
  | {
      /** An attempt got no answer. */
      type: 'failure'
      /** The call it belongs to, from 1. */
      call: number
      /** The method's name. */
      operation: string
      /** From 1. */
      attempt: number
      /** The kind of the error, or `aborted`. */
      kind: ErrorKind | 'aborted'
      /** Milliseconds since the attempt went out. */
      durationMs: number
    }
  | {
      /** An attempt failed and is made again. */
      type: 'retry'
      /** The call it belongs to, from 1. */
      call: number
      /** The method's name. */
      operation: string
      /** The attempt that failed, from 1. */
      attempt: number
      /** Milliseconds until the next one. */
      delayMs: number
      /** The kind of the error. */
      kind: ErrorKind
      /** The platform's code, if it said one. */
      code?: string
    }
  | {
      /** A call waits for its turn. */
      type: 'throttle'
      /** The call that waits, from 1. */
      call: number
      /** The method's name. */
      operation: string
      /** Milliseconds until it goes out, as far as that is known. */
      delayMs: number
      /** Calls of this client in the window that ends now. */
      used: number
      /** Calls allowed in a window. */
      calls: number
      /** The window in milliseconds, without its slack. */
      perMs: number
    }
  | {
      /** A call is over. */
      type: 'done'
      /** The call, from 1. */
      call: number
      /** The method's name. */
      operation: string
      /** Attempts made for it; 0 if nothing was sent. */
      attempts: number
      /** `ok`, the kind of its error, or `aborted`. */
      outcome: 'ok' | ErrorKind | 'aborted'
      /** Milliseconds since the call was made. */
      durationMs: number
    }
  | {
      /** The token changed. */
      type: 'token'
      /** Why: logged in, renewed, another sharer's, or refused by the platform. */
      cause: 'login' | 'refresh' | 'shared' | 'rejected'
      /** Life left, in milliseconds. Absent for a token that was refused. */
      lifeMs?: number
      /** The token's number: the store's, or how many this client has had. */
      generation?: number
    }
  | {
      /** Something is not as it should be, and is dealt with. */
      type: 'warning'
      /** What it is about. */
      about: 'token-store' | 'clock' | 'throttle' | 'renewal'
      /** What, in a sentence. */
      message: string
    }
