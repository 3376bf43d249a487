// The listed calls under a common time axis. Only the rows in view stand in the page.

import { useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'

import { say } from '../words.ts'
import { Axis, Lines } from './axis.tsx'
import type { Call, Marker } from './call.ts'
import { Row } from './row.tsx'
import { scaleOf } from './scale.ts'
import type { View } from './view.ts'

const words = say({
  time: ['Time', '时间'],
  operation: ['Operation', '操作'],
  outcome: ['Outcome', '结果'],
  duration: ['Duration', '耗时'],
})

/** As in the style sheet; in a narrow place a row has two lines. */
const ROW = { wide: 30, narrow: 50 }
const NARROW = 640
const HEAD = 28
/** Rows beyond the edges, so that none is missing while one scrolls. */
const SPARE = 4

interface RowsProps {
  id: string
  label: string
  view: View
  markers: readonly Marker[]
}

export function Rows({ id, label, view, markers }: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const size = useSignal({ width: 0, height: 0 })
  const top = useSignal(0)
  /** Where the last layout has left the scroll bar, and which call stood first. */
  const left = useRef<{ top: number; call?: Call; index: number }>({ top: 0, index: 0 })
  const moved = useRef(false)

  const calls = view.rows.value
  const narrow = size.value.width < NARROW
  const row = narrow ? ROW.narrow : ROW.wide
  const inView = Math.max(0, size.value.height - HEAD)
  // With the newest in view, the rows to draw are known before the page has scrolled to them.
  const height = calls.length * row
  const from = view.follow.value ? Math.max(0, height - inView) : Math.min(top.value, height)
  const first = Math.max(0, Math.floor(from / row))
  const last = Math.min(calls.length, Math.ceil((from + inView) / row))
  const now = view.now.value
  const scale = scaleOf(calls, calls.slice(first, last), view.zoom.value, now)
  const drawn = range(Math.max(0, first - SPARE), Math.min(calls.length, last + SPARE))
  const active = view.active.value
  const at = active ? calls.indexOf(active) : -1
  // The row that has the keyboard must not go away.
  if (at >= 0 && !drawn.includes(at)) drawn.push(at)
  const entry = at >= 0 ? at : Math.max(0, last - 1)

  useEffect(() => view.start(), [view])

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return undefined
    const measure = () => {
      size.value = { width: element.clientWidth, height: element.clientHeight }
    }
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    measure()
    return () => observer.disconnect()
  }, [size])

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const before = left.current
    if (view.follow.peek()) {
      element.scrollTop = element.scrollHeight
    } else if (before.call && calls[before.index] !== before.call) {
      // Others before it came or went: what is looked at stays where it is.
      const index = calls.indexOf(before.call)
      if (index >= 0) element.scrollTop += (index - before.index) * row
    }
    const index = Math.floor(element.scrollTop / row)
    const call = calls[index]
    left.current = { top: element.scrollTop, index, ...(call ? { call } : {}) }
    if (!moved.current || !active) return
    moved.current = false
    element.querySelector<HTMLElement>(`[data-call="${active.id}"]`)?.focus({ preventScroll: true })
  })

  const scrolled = (element: HTMLElement) => {
    const end = element.scrollHeight - element.clientHeight - element.scrollTop < 4
    // Only a user goes up; new calls go down.
    if (end) view.follow.value = true
    else if (element.scrollTop < left.current.top - 1) view.follow.value = false
    top.value = element.scrollTop
  }

  const move = (index: number) => {
    const call = calls[Math.max(0, Math.min(calls.length - 1, index))]
    const element = scroller.current
    if (!call || !element) return
    const place = calls.indexOf(call) * row
    if (place < element.scrollTop) {
      view.follow.value = false
      element.scrollTop = place
    } else if (place + row > element.scrollTop + inView) {
      element.scrollTop = place + row - inView
    }
    moved.current = true
    view.active.value = call
  }

  const pressed = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(inView / row) - 1)
    const to: Record<string, number> = {
      ...{ ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page },
      ...{ Home: 0, End: calls.length - 1 },
    }
    const index = to[event.key]
    if (index !== undefined && at >= 0) {
      event.preventDefault()
      move(index)
    } else if ((event.key === 'Enter' || event.key === ' ') && active) {
      event.preventDefault()
      view.opened.value = active
    }
  }

  return (
    <div
      class={narrow ? 'tl-scroll narrow' : 'tl-scroll'}
      role="grid"
      id={`${id}-rows`}
      data-testid={`${id}-rows`}
      aria-label={label}
      aria-rowcount={calls.length + 1}
      ref={scroller}
      onScroll={(event) => scrolled(event.currentTarget)}
      onKeyDown={pressed}
    >
      <div role="row" class="tl-row tl-head" aria-rowindex={1}>
        <span role="columnheader" class="tl-time">
          {words.time()}
        </span>
        <span role="columnheader" class="tl-name">
          {words.operation()}
        </span>
        <Axis scale={scale} width={size.value.width} markers={markers} hasRows={calls.length > 0} />
        <span role="columnheader" class="tl-outcome">
          {words.outcome()}
        </span>
        <span role="columnheader" class="tl-duration">
          {words.duration()}
        </span>
      </div>
      <Lines scale={scale} width={size.value.width} markers={markers} hasRows={calls.length > 0} />
      <div role="rowgroup" class="tl-rows" style={{ height: `${height}px` }}>
        {drawn.map((index) => {
          const call = calls[index] as Call
          return (
            <Row
              key={call.id}
              call={call}
              index={index}
              top={index * row}
              scale={scale}
              now={now}
              focusable={index === entry}
              opened={call === view.opened.value}
              onOpen={(chosen) => {
                view.active.value = chosen
                view.opened.value = chosen
              }}
              onFocus={(focused) => {
                view.active.value = focused
              }}
            />
          )
        })}
      </div>
    </div>
  )
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
}
