// The present, and how long things take.

import { signal } from '@preact/signals'

const seconds = signal(0)

/** The present in milliseconds: who reads it is drawn anew every second while the page is seen. */
export const now = {
  get value(): number {
    void seconds.value
    return Date.now()
  },
}

setInterval(() => {
  if (!document.hidden) seconds.value += 1
}, 1000)
document.addEventListener('visibilitychange', () => {
  seconds.value += 1
})

/** For clocks that run down: `59:59`, `1:00:00`, `23 d 04:00:00`. */
export function formatLife(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24]
  const tail = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  if (days > 0) return `${days} d ${two(hours)}:${tail}`
  return hours > 0 ? `${hours}:${tail}` : tail
}

/** For what took some time: `240 ms`, `1.2 s`, `3 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`
  return `${Math.round(ms / 60_000)} min`
}

export function formatClock(at: number): string {
  const date = new Date(at)
  const two = (value: number, digits = 2) => String(value).padStart(digits, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}
