// How a token stands at a moment.

import type { Token } from './session.ts'

export type Standing = 'none' | 'live' | 'ending' | 'expired' | 'refused'

export function standing(token: Token | undefined, at: number): Standing {
  if (!token) return 'none'
  if (token.cause === 'rejected') return 'refused'
  const left = token.endsAt - at
  if (left <= 0) return 'expired'
  return left <= token.leadMs ? 'ending' : 'live'
}

/** How much of its life is left, from 1 to 0. */
export function fraction(token: Token | undefined, at: number): number {
  if (!token || token.cause === 'rejected' || token.lifeMs <= 0) return 0
  return Math.min(1, Math.max(0, (token.endsAt - at) / token.lifeMs))
}
