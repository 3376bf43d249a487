// What the throttle has let through in the window that ends now.

import type { ClientEvent } from 'northbound'

export interface BudgetOptions {
  /** Calls allowed in a window. */
  calls: number
  /** The window, in milliseconds. */
  perMs: number
}

export interface Budget extends BudgetOptions {
  readonly used: number
  /** Calls that wait for their turn. */
  readonly waiting: number
  /** When the next call may go out, as far as that is known; absent: at once. */
  readonly freeAt?: number
  /** The calls used, by their age: how many in each part of the window, the oldest part first. */
  readonly ages: readonly number[]
}

const PARTS = 40

/** These do not count for the throttle. */
const FREE = ['getAuthToken', 'refreshAuthToken']

export function createBudget(options: BudgetOptions) {
  let { calls, perMs } = options
  /** When calls went out, the oldest first. */
  let sent: number[] = []
  /** By client and call: when those who wait may go out. */
  const waiting = new Map<string, number>()

  const forget = (now: number) => {
    const first = sent.findIndex((at) => at > now - perMs)
    if (first !== 0) sent = first < 0 ? [] : sent.slice(first)
  }

  return {
    /** A new client counts anew. */
    reset(): void {
      sent = []
      waiting.clear()
      calls = options.calls
      perMs = options.perMs
    },
    take(client: number, event: ClientEvent, at: number): void {
      if (!('call' in event) || FREE.includes(event.operation)) return
      const key = `${client}/${event.call}`
      if (event.type === 'request' || event.type === 'done') waiting.delete(key)
      if (event.type === 'request') sent.push(at)
      if (event.type !== 'throttle') return
      waiting.set(key, at + event.delayMs)
      // It has a limit of its own beside the others'.
      if (event.operation === 'revokeToken') return
      calls = event.calls
      perMs = event.perMs
      forget(at)
      // Those of before the recording.
      while (sent.length < event.used) sent.push(at)
    },
    read(now: number): Budget {
      forget(now)
      const ages = Array.from({ length: PARTS }, () => 0)
      for (const at of sent) {
        const part = Math.min(PARTS - 1, Math.floor(((at - now + perMs) / perMs) * PARTS))
        ages[part] = (ages[part] ?? 0) + 1
      }
      const used = sent.length
      const leaves = sent[used - calls]
      const told = waiting.size > 0 ? Math.min(...waiting.values()) : undefined
      const freeAt = told ?? (leaves === undefined ? undefined : leaves + perMs)
      return {
        ...{ used, calls, perMs, ages, waiting: waiting.size },
        ...(freeAt === undefined ? {} : { freeAt }),
      }
    },
  }
}
