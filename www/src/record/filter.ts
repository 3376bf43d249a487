// Which calls are listed.

import { type Call, attempts, codeOf } from './call.ts'

export type Kind = 'all' | 'open' | 'good' | 'bad' | 'retried' | 'waited'

export const KINDS: readonly Kind[] = ['all', 'open', 'good', 'bad', 'retried', 'waited']

export interface Filter {
  /** Empty: all of them. */
  operation: string
  kind: Kind
  /** Words that must all be there. */
  text: string
}

const OF_KIND: Record<Kind, (call: Call) => boolean> = {
  all: () => true,
  open: (call) => call.end === undefined,
  good: (call) => call.outcome === 'ok',
  bad: (call) => call.outcome !== undefined && call.outcome !== 'ok',
  retried: (call) => call.segments.some(({ kind }) => kind === 'backoff'),
  waited: (call) => call.segments.some(({ kind }) => kind === 'throttle'),
}

export function listed(calls: readonly Call[], { operation, kind, text }: Filter): readonly Call[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (!operation && kind === 'all' && words.length === 0) return calls
  return calls.filter((call) => {
    if (operation && call.operation !== operation) return false
    if (!OF_KIND[kind](call)) return false
    if (words.length === 0) return true
    const hay = haystack(call)
    return words.every((word) => hay.includes(word))
  })
}

function haystack(call: Call): string {
  const parts: (string | number | undefined)[] = [
    `#${call.call}`,
    ...[call.operation, call.outcome, call.code, codeOf(call)],
  ]
  for (const { method, path, status, failure, requestId } of attempts(call)) {
    parts.push(method, path, status, failure, requestId)
  }
  return parts.filter(Boolean).join(' ').toLowerCase()
}
