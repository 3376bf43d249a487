// A ring that empties as the token ages, with a mark where its renewal begins.

import type { ComponentChildren } from 'preact'

import type { Standing } from './standing.ts'

const SIZE = 144
const MIDDLE = SIZE / 2
const RADIUS = 62
const ROUND = 2 * Math.PI * RADIUS

interface RingProps {
  standing: Standing
  /** Changes with the token: a new one fills the ring at once, a refused one empties it at once. */
  of: string
  /** What is left, from 1 to 0. */
  left: number
  /** Where the mark stands, on the same scale. */
  mark: number | undefined
  children: ComponentChildren
}

/** A picture of what the text in its middle says. */
export function Ring({ standing, of, left, mark, children }: RingProps) {
  return (
    <div class={`ring ${standing}`} data-testid="token-ring" data-left={left.toFixed(3)}>
      <svg viewBox={`0 0 ${SIZE} ${SIZE}`} aria-hidden="true" focusable="false">
        <circle class="ring-track" cx={MIDDLE} cy={MIDDLE} r={RADIUS} />
        <circle
          key={of}
          class="ring-left"
          cx={MIDDLE}
          cy={MIDDLE}
          r={RADIUS}
          // It begins at the top and loses its end, so that it empties against the clock.
          transform={`rotate(-90 ${MIDDLE} ${MIDDLE})`}
          stroke-dasharray={String(ROUND)}
          stroke-dashoffset={String(ROUND * (1 - left))}
        />
        {mark !== undefined && (
          <line
            class="ring-mark"
            data-testid="token-ring-mark"
            x1={MIDDLE}
            x2={MIDDLE}
            y1={MIDDLE - RADIUS - 9}
            y2={MIDDLE - RADIUS + 9}
            transform={`rotate(${(mark * 360).toFixed(2)} ${MIDDLE} ${MIDDLE})`}
          />
        )}
      </svg>
      <div class="ring-middle">{children}</div>
    </div>
  )
}
