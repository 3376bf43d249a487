// The messages that came, newest first: as many as one can look at, told to the page in batches.

import { computed, signal } from '@preact/signals'

import type { Delivery } from './broker.ts'

export interface Message extends Delivery {
  readonly id: number
  readonly at: number
  /** Absent where the payload is not UTF-8. */
  readonly text: string | undefined
}

/** The oldest are dropped, so that a busy topic fills no memory. */
export const MOST_MESSAGES = 500
/** Fast enough to look live, slow enough for thousands of messages a second. */
const BATCH_MS = 100

const kept = signal<readonly Message[]>([])
/** Came since the view was last brought up to date, oldest first. */
let fresh: Message[] = []
let timer: ReturnType<typeof setTimeout> | undefined
let count = 0

export const total = signal(0)
export const waiting = signal(0)
export const paused = signal(false)
export const filter = signal('')

/** What passes the filter: words that all stand in the topic or the text. */
export const shown = computed(() => {
  const wanted = filter.value.toLowerCase().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return kept.value
  return kept.value.filter(({ topic, text }) => {
    const content = `${topic}\n${text ?? ''}`.toLowerCase()
    return wanted.every((word) => content.includes(word))
  })
})

export const isEmpty = computed(() => kept.value.length === 0)

export function receive(delivery: Delivery): void {
  count += 1
  fresh.push({ ...delivery, id: count, at: Date.now(), text: decode(delivery.payload) })
  if (fresh.length > 2 * MOST_MESSAGES) fresh = fresh.slice(-MOST_MESSAGES)
  timer ??= setTimeout(flush, BATCH_MS)
}

export function pause(pausing: boolean): void {
  paused.value = pausing
  flush()
}

export function clear(): void {
  fresh = []
  kept.value = []
  count = 0
  flush()
}

function flush(): void {
  clearTimeout(timer)
  timer = undefined
  total.value = count
  if (!paused.value && fresh.length > 0) {
    kept.value = [...fresh.reverse(), ...kept.peek()].slice(0, MOST_MESSAGES)
    fresh = []
  }
  waiting.value = Math.min(fresh.length, MOST_MESSAGES)
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decode(payload: Uint8Array): string | undefined {
  try {
    return utf8.decode(payload)
  } catch {
    return undefined
  }
}

/** `67 72 C3 BC`; no more bytes than can be looked at. */
export function hex(payload: Uint8Array, most: number): string {
  const bytes = [...payload.subarray(0, most)]
  const text = bytes.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ')
  return payload.length > most ? `${text} …` : text
}
