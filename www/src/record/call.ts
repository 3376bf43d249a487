// A call as the page keeps it: its row on the time axis, and what was sent and answered.

import type { ClientEvent, ErrorKind } from 'northbound'

export type Outcome = 'ok' | ErrorKind | 'aborted'

/** One operation of one call. A login made for a call is a row of its own, with the call's number. */
export interface Call {
  /** Counts all rows of the page, from 1. */
  readonly id: number
  /** Counts the clients of a recorder, from 1. */
  readonly client: number
  /** The client's own number of the call. */
  readonly call: number
  readonly operation: string
  /** Whether it is a login or a renewal that another call asked for. */
  inner: boolean
  /** Milliseconds since the epoch, by a clock that never goes back. */
  start: number
  /** Absent while it is under way. */
  end?: number
  outcome?: Outcome
  /** The platform's code of the last failure that was told. */
  code?: string
  segments: Segment[]
  events: Told[]
}

/** A stretch of a call's time; without an end it is still under way. */
export type Segment = Wait | Attempt

export interface Wait {
  /** For its turn; before a retry; for a token or keys that others fetch. */
  readonly kind: 'throttle' | 'backoff' | 'token'
  readonly start: number
  end?: number
  /** How long it was to be, as far as that was known. */
  readonly expectedMs?: number
  /** Why there is a retry: the platform's code, or the kind of the error. */
  readonly reason?: string
}

export interface Attempt {
  readonly kind: 'attempt'
  readonly number: number
  readonly method: string
  readonly path: string
  readonly start: number
  end?: number
  status?: number
  /** Why there was no answer. */
  failure?: ErrorKind | 'aborted'
  durationMs?: number
  requestId?: string
  /** Whether it served its purpose; an answer of status 200 may be a refusal. */
  good?: boolean
  exchange?: Exchange
}

export interface Told {
  readonly at: number
  readonly event: CallEvent
}

/** An event that belongs to a call. */
export type CallEvent = Extract<ClientEvent, { call: number }>

/** A moment that concerns all calls. */
export interface Marker {
  readonly id: number
  readonly at: number
  readonly client: number
  readonly event: Exclude<ClientEvent, { call: number }>
}

/** A request and its answer, without secrets. */
export interface Exchange {
  readonly method: string
  url: string
  headers: Header[]
  body: Body
  answer?: Answer
}

export interface Answer {
  readonly status: number
  headers: Header[]
  body: Body
  /** The platform's code of an error, if there is one. */
  code?: string
}

export type Header = readonly [name: string, value: string]

export type Body =
  | { readonly kind: 'none' }
  | { readonly kind: 'json' | 'text'; readonly text: string }
  | { readonly kind: 'form'; readonly pairs: readonly Header[] }
  /** Not kept: no text, more than is kept, broken off, or gone to make room. */
  | { readonly kind: 'binary' | 'large' | 'broken' | 'dropped'; readonly bytes: number }

export function attempts(call: Call): Attempt[] {
  return call.segments.filter((segment) => segment.kind === 'attempt')
}

export function durationOf(call: Call, now: number): number {
  return Math.max(0, (call.end ?? now) - call.start)
}

/** What the platform calls the error, if it told one. */
export function codeOf(call: Call): string | undefined {
  if (call.outcome === 'ok') return undefined
  return attempts(call).at(-1)?.exchange?.answer?.code ?? call.code
}

/** The present in milliseconds since the epoch; it never goes back. */
export function present(): number {
  return performance.timeOrigin + performance.now()
}
