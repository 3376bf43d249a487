// Turns what clients tell into calls: rows with segments, the oldest dropped first.

import type { ClientEvent } from 'northbound'

import type { Attempt, Call, CallEvent, Marker, Segment } from './call.ts'

/** Logins and renewals, which are made for other calls as well. */
const AUTHENTICATION = ['getAuthToken', 'refreshAuthToken']

/** A pause shorter than this is the machine's, not a wait. */
const PAUSE_MS = 10

const MOST_MARKERS = 300

export interface Log {
  calls: Call[]
  markers: Marker[]
  /** Takes an event of a client; answers the attempt that goes out with it, if one does. */
  take(client: number, event: ClientEvent, at: number): Attempt | undefined
  /** Forgets what is over. */
  clear(): void
}

let lastId = 0

export function createLog(keep: number): Log {
  const rows = new Map<string, Call>()
  const keyOf = (call: Pick<Call, 'client' | 'call' | 'operation'>) =>
    `${call.client}/${call.call}/${call.operation}`

  const log: Log = {
    calls: [],
    markers: [],
    take(client, event, at) {
      if (!('call' in event)) {
        log.markers.push({ id: (lastId += 1), at, client, event })
        if (log.markers.length > MOST_MARKERS) log.markers.shift()
        return undefined
      }
      const call = rows.get(keyOf({ client, ...event })) ?? open(client, event, at)
      if (!call) return undefined
      call.events.push({ at, event })
      if (event.type === 'done' && event.outcome !== 'ok') abandon(call, at)
      return apply(call, event, at)
    },
    clear() {
      log.calls = log.calls.filter((call) => call.end === undefined)
      log.markers = []
      const left = new Set(log.calls)
      for (const [key, call] of rows) if (!left.has(call)) rows.delete(key)
    },
  }

  /** An answer to what was dropped meanwhile opens no row. */
  function open(client: number, event: CallEvent, at: number): Call | undefined {
    if (event.type !== 'request' && event.type !== 'throttle' && event.type !== 'done') {
      return undefined
    }
    const { call, operation } = event
    // Until the call itself says that it is over, a login may be made for any other call.
    const inner = AUTHENTICATION.includes(operation)
    const row: Call = {
      ...{ id: (lastId += 1), client, call, operation, inner },
      ...{ start: at, segments: [], events: [] },
    }
    log.calls.push(row)
    rows.set(keyOf(row), row)
    if (log.calls.length > keep) drop()
    return row
  }

  /** Nobody waits any more for the login that a failed call asked for, unless it is sent again. */
  function abandon({ client, call, operation: own }: Call, at: number): void {
    for (const operation of AUTHENTICATION) {
      const row = own === operation ? undefined : rows.get(keyOf({ client, call, operation }))
      if (row?.segments.at(-1)?.kind !== 'backoff' || row.end !== undefined) continue
      close(row, at)
      row.end = at
      row.outcome = 'aborted'
    }
  }

  function drop(): void {
    const over = log.calls.findIndex((call) => call.end !== undefined)
    const [dropped] = log.calls.splice(Math.max(0, over), 1)
    if (dropped) rows.delete(keyOf(dropped))
  }

  return log
}

function apply(call: Call, event: CallEvent, at: number): Attempt | undefined {
  switch (event.type) {
    case 'throttle':
      close(call, at)
      call.segments.push({ kind: 'throttle', start: at, expectedMs: event.delayMs })
      return undefined
    case 'request':
      return begin(call, event, at)
    case 'response':
    case 'failure':
      settle(call, event, at)
      return undefined
    case 'retry': {
      const failed = attemptOf(call, event.attempt)
      const reason = event.code ?? event.kind
      if (failed) failed.good = false
      if (event.code !== undefined) call.code = event.code
      reopen(call)
      call.segments.push({ kind: 'backoff', start: at, expectedMs: event.delayMs, reason })
      return undefined
    }
    case 'done':
      finish(call, event, at)
      return undefined
  }
}

function begin(call: Call, event: Extract<CallEvent, { type: 'request' }>, at: number): Attempt {
  close(call, at)
  reopen(call)
  const last = call.segments.at(-1)
  if (last?.end !== undefined && at - last.end > PAUSE_MS) {
    call.segments.push({ kind: 'token', start: last.end, end: at })
  }
  const { attempt: number, method, path } = event
  const attempt: Attempt = { kind: 'attempt', number, method, path, start: at }
  call.segments.push(attempt)
  return attempt
}

function settle(
  call: Call,
  event: Extract<CallEvent, { type: 'response' | 'failure' }>,
  at: number,
): void {
  const attempt = attemptOf(call, event.attempt)
  if (!attempt) return
  attempt.end = at
  attempt.durationMs = event.durationMs
  if (event.type === 'response') {
    attempt.status = event.status
    attempt.good = event.status < 300
    if (event.requestId !== undefined) attempt.requestId = event.requestId
  } else {
    attempt.failure = event.kind
    attempt.good = false
  }
  // Nobody says that a login made for another call is over, unless it is tried again.
  if (call.inner) {
    call.end = at
    call.outcome = event.type === 'failure' ? event.kind : attempt.good ? 'ok' : 'platform'
  }
}

function finish(call: Call, event: Extract<CallEvent, { type: 'done' }>, at: number): void {
  call.inner = false
  call.start = Math.min(call.start, at - event.durationMs)
  // Who waits for somebody else's login tells nothing of it before the end.
  const waited = call.segments[0]?.start ?? at
  if (waited - call.start > PAUSE_MS) {
    call.segments.unshift({ kind: 'token', start: call.start, end: waited })
  }
  close(call, at)
  call.end = at
  call.outcome = event.outcome
  const last = call.segments.findLast((segment) => segment.kind === 'attempt')
  if (last && event.outcome !== 'ok') last.good = false
}

function close(call: Call, at: number): void {
  const last: Segment | undefined = call.segments.at(-1)
  if (last && last.end === undefined) last.end = at
}

function reopen(call: Call): void {
  delete call.end
  delete call.outcome
}

function attemptOf(call: Call, number: number): Attempt | undefined {
  return call.segments.findLast(
    (segment): segment is Attempt => segment.kind === 'attempt' && segment.number === number,
  )
}
