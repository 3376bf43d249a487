// A titled part of a place.

import type { ComponentChildren } from 'preact'

interface CardProps {
  id: string
  title: string
  /** Beside the title: a badge, small buttons. */
  aside?: ComponentChildren
  children: ComponentChildren
  wide?: boolean
}

export function Card({ id, title, aside, children, wide }: CardProps) {
  return (
    <section
      class={wide ? 'card wide' : 'card'}
      id={id}
      data-testid={id}
      aria-labelledby={`${id}-title`}
    >
      <div class="card-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}

export type Tone = 'neutral' | 'good' | 'busy' | 'bad'

/** A word on how something stands. */
export function Badge({
  id,
  testId = id,
  tone = 'neutral',
  children,
}: {
  id?: string
  /** For tests, where several have the same. */
  testId?: string
  tone?: Tone
  children: ComponentChildren
}) {
  return (
    <span class={`badge ${tone}`} id={id} data-testid={testId}>
      {children}
    </span>
  )
}
