// What the clients of one place did: their calls, drawn from events and from the fetch they were given.

import { type ReadonlySignal, signal } from '@preact/signals'
import type { ClientEvent, FetchLike } from 'northbound'

import { type Budget, type BudgetOptions, createBudget } from './budget.ts'
import {
  type Attempt,
  type Body,
  type Call,
  type Exchange,
  type Marker,
  attempts,
  present,
} from './call.ts'
import { watchedFetch } from './exchange.ts'
import { type Log, createLog } from './log.ts'

export type { Budget } from './budget.ts'
export type { Call, Marker } from './call.ts'

/** What a new client is given, so that its calls are recorded. */
export interface Tap {
  fetch: FetchLike
  onEvent(event: ClientEvent): void
}

export interface RecorderOptions {
  /** What the throttle allows until it says so itself; default: 100 calls in 60 s. */
  budget?: BudgetOptions
  /** How many calls are kept; default 1000. */
  keep?: number
}

export interface Recorder {
  /** The calls, oldest first. A new array with every change; the calls themselves are the same. */
  readonly calls: ReadonlySignal<readonly Call[]>
  /** Token changes and warnings, oldest first. */
  readonly markers: ReadonlySignal<readonly Marker[]>
  /** What the throttle has let through, and what it allows. */
  readonly budget: ReadonlySignal<Budget>
  /** For one client: calls are numbered per client. */
  tap(): Tap
  /** Forgets what is over. */
  clear(): void
}

/** Characters of bodies that are kept in all; beyond that, those of the oldest requests go. */
const MOST_TEXT = 4_000_000

/** How often the budget is counted while calls are leaving its window. */
const COUNT_MS = 250

export function createRecorder(options: RecorderOptions = {}): Recorder {
  const log = createLog(options.keep ?? 1000)
  const counter = createBudget(options.budget ?? { calls: 100, perMs: 60_000 })
  const calls = signal<readonly Call[]>([])
  const markers = signal<readonly Marker[]>([])
  const budget = signal(counter.read(present()))
  const changed = inFrames(() => {
    calls.value = [...log.calls]
    markers.value = [...log.markers]
    count()
  })
  const trim = createTrimmer(log)
  let counting = false
  let clients = 0

  function count(): void {
    budget.value = counter.read(present())
    if (counting || (budget.value.used === 0 && budget.value.waiting === 0)) return
    counting = true
    setTimeout(() => {
      counting = false
      count()
    }, COUNT_MS)
  }

  return {
    calls,
    markers,
    budget,
    tap() {
      const client = (clients += 1)
      counter.reset()
      changed()
      // It is told right before its fetch is called.
      let next: Attempt | undefined
      return {
        fetch(url, init) {
          const attempt = next
          next = undefined
          return watchedFetch(
            url,
            init,
            (exchange) => {
              if (attempt) attempt.exchange = exchange
            },
            (exchange) => {
              trim(exchange)
              changed()
            },
          )
        },
        onEvent(event) {
          const at = present()
          next = log.take(client, event, at) ?? next
          counter.take(client, event, at)
          changed()
        },
      }
    },
    clear() {
      log.clear()
      changed()
    },
  }
}

/** Runs `work` once per frame at most; without frames, in the background, four times a second. */
function inFrames(work: () => void): () => void {
  let planned = false
  return () => {
    if (planned) return
    planned = true
    const run = () => {
      cancelAnimationFrame(frame)
      clearTimeout(timer)
      planned = false
      work()
    }
    const frame = requestAnimationFrame(run)
    const timer = setTimeout(run, 250)
  }
}

/** Drops the oldest bodies when there is too much text, down to half of it. */
function createTrimmer(log: Log): (exchange: Exchange) => void {
  let total = 0
  return (exchange) => {
    total += textOf(exchange)
    if (total <= MOST_TEXT) return
    // Some of it may have gone with its calls.
    const kept = log.calls.flatMap(attempts).flatMap((attempt) => attempt.exchange ?? [])
    total = kept.reduce((sum, each) => sum + textOf(each), 0)
    if (total <= MOST_TEXT) return
    for (const old of kept) {
      if (total <= MOST_TEXT / 2) break
      total -= textOf(old)
      old.body = emptied(old.body)
      if (old.answer) old.answer.body = emptied(old.answer.body)
    }
  }
}

function textOf({ body, answer }: Exchange): number {
  return sizeOf(body) + sizeOf(answer?.body)
}

function emptied(body: Body): Body {
  const bytes = sizeOf(body)
  return bytes > 0 ? { kind: 'dropped', bytes } : body
}

function sizeOf(body: Body | undefined): number {
  if (body?.kind === 'json' || body?.kind === 'text') return body.text.length
  return body?.kind === 'form' ? body.pairs.reduce((sum, [, value]) => sum + value.length, 0) : 0
}
