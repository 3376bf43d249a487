// The time axis: which stretch of time is shown, and where on it a moment lies.

import type { Call } from './call.ts'

export type Zoom = 'all' | 'minute' | 'seconds'

export const ZOOMS: readonly Zoom[] = ['all', 'minute', 'seconds']

/** At most so many milliseconds at once. */
const LONGEST: Record<Zoom, number> = { all: Infinity, minute: 60_000, seconds: 10_000 }

/** One short call shall not look like an age. */
const SHORTEST_MS = 200

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

const STEPS = [
  ...[10, 20, 50, 100, 200, 500].map((step) => step),
  ...[1, 2, 5, 10, 15, 30].map((step) => step * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((step) => step * MINUTE),
  ...[1, 3, 6, 12, 24, 72, 168].map((step) => step * HOUR),
]

export interface Scale {
  readonly from: number
  readonly span: number
}

/**
 * @param calls all that are listed
 * @param seen those in view: where not everything is shown, the time shown is theirs
 */
export function scaleOf(
  calls: readonly Call[],
  seen: readonly Call[],
  zoom: Zoom,
  now: number,
): Scale {
  const shown = zoom === 'all' ? calls : seen
  const end = Math.max(...shown.map((call) => call.end ?? now))
  if (!Number.isFinite(end)) return { from: now - SHORTEST_MS, span: SHORTEST_MS }
  const first = Math.min(...calls.map((call) => call.start))
  const span = Math.max(SHORTEST_MS, Math.min(LONGEST[zoom], end - first))
  // Some room, so that the last bar does not touch the edge.
  return { from: Math.max(first, end - span), span: span * 1.02 }
}

/** Where a moment lies: 0 to 100 within what is shown. */
export function position(scale: Scale, at: number): number {
  return ((at - scale.from) / scale.span) * 100
}

export interface Tick {
  readonly at: number
  readonly label: string
}

/** Round moments, at most `count`. */
export function ticks({ from, span }: Scale, count: number): Tick[] {
  const step = STEPS.find((each) => span / each <= Math.max(1, count)) ?? 30 * 24 * HOUR
  const first = Math.ceil(from / step) * step
  const found: Tick[] = []
  for (let at = first; at < from + span; at += step) found.push({ at, label: label(at, step) })
  return found
}

function label(at: number, step: number): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`
  if (step >= MINUTE) return minutes
  const seconds = `${minutes}:${two(date.getSeconds())}`
  if (step >= SECOND) return seconds
  const digits = step >= 100 ? 1 : 2
  return seconds + (date.getMilliseconds() / 1000).toFixed(digits).slice(1)
}
