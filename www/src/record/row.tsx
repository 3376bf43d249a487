// One call: what it is, its bars on the time axis, how it ended and how long it took.

import { formatClock, formatDuration } from '../ui/time.ts'
import { say } from '../words.ts'
import { type Call, type Segment, durationOf } from './call.ts'
import { standing, summary } from './describe.ts'
import { type Scale, position } from './scale.ts'

const words = say({
  inner: ['for #{call}', '用于 #{call}'],
})

interface RowProps {
  call: Call
  /** From 0, among all that are listed. */
  index: number
  top: number
  scale: Scale
  now: number
  focusable: boolean
  opened: boolean
  onOpen: (call: Call) => void
  onFocus: (call: Call) => void
}

export function Row({
  call,
  index,
  top,
  scale,
  now,
  focusable,
  opened,
  onOpen,
  onFocus,
}: RowProps) {
  const tone = toneOf(call)
  const told = summary(call, now)
  return (
    <div
      role="row"
      class={`tl-row ${tone}${opened ? ' opened' : ''}`}
      data-testid="call"
      data-call={call.id}
      aria-rowindex={index + 2}
      aria-selected={opened}
      tabIndex={focusable ? 0 : -1}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onOpen(call)}
      onFocus={() => onFocus(call)}
    >
      <span role="gridcell" class="tl-time">
        {formatClock(call.start)}
      </span>
      <span role="gridcell" class="tl-name">
        <span class="mono tl-operation" data-testid="call-operation">
          {call.operation}
        </span>{' '}
        <span class="tl-number">
          {call.inner ? words.inner({ call: call.call }) : `#${call.call}`}
        </span>
      </span>
      <span role="gridcell" class="tl-lane" data-testid="call-lane">
        <span class="unseen" data-testid="call-summary">
          {told}
        </span>
        <Bars call={call} scale={scale} now={now} title={told} />
      </span>
      <span role="gridcell" class="tl-outcome" data-testid="call-outcome">
        {standing(call)}
      </span>
      <span role="gridcell" class="tl-duration" data-testid="call-duration">
        {formatDuration(durationOf(call, now))}
      </span>
    </div>
  )
}

interface BarsProps {
  call: Call
  scale: Scale
  now: number
  title: string
}

function Bars({ call, scale, now, title }: BarsProps) {
  const [from, to] = [position(scale, call.start), position(scale, call.end ?? now)]
  return (
    <span class="tl-bars" aria-hidden="true" title={title}>
      {to < 0 && <span class="tl-beyond">◂</span>}
      {from > 100 && <span class="tl-beyond after">▸</span>}
      {call.segments.map((segment, index) => {
        const left = Math.max(-1, position(scale, segment.start))
        const right = Math.min(101, position(scale, segment.end ?? now))
        if (right < 0 || left > 100) return null
        const place = { left: `${left}%`, width: `${Math.max(0, right - left)}%` }
        return <span key={index} class={`tl-bar ${kindOf(segment)}`} style={place} />
      })}
    </span>
  )
}

function kindOf(segment: Segment): string {
  if (segment.kind !== 'attempt') return segment.kind
  if (segment.end === undefined) return 'attempt open'
  return segment.good ? 'attempt good' : 'attempt bad'
}

function toneOf(call: Call): 'good' | 'bad' | 'busy' {
  if (call.outcome === undefined) return 'busy'
  return call.outcome === 'ok' ? 'good' : 'bad'
}
