// The moments above the rows, and the lines through them: round times, token changes, warnings.

import { say } from '../words.ts'
import type { Marker } from './call.ts'
import { markerText, markerTone } from './describe.ts'
import { type Scale, position, ticks } from './scale.ts'

const words = say({ axis: ['Timeline', '时间线'] })

interface AxisProps {
  scale: Scale
  /** Of the whole list, in pixels. */
  width: number
  markers: readonly Marker[]
  /** Without rows there is no time to tell. */
  hasRows: boolean
}

/** What one label needs. */
const LABEL = 110

/** About the part of the width that the columns beside the axis take. */
const BESIDE = 570

function shownTicks({ scale, width, hasRows }: AxisProps) {
  if (!hasRows) return []
  const room = width < 640 ? width : width - BESIDE
  return ticks(scale, Math.floor(room / LABEL)).map(({ at, label }) => {
    const left = position(scale, at)
    return { at, left: `${left}%`, label: (left / 100) * room + LABEL * 0.7 > room ? '' : label }
  })
}

function shownMarkers({ scale, markers, hasRows }: AxisProps) {
  return markers.filter(({ at }) => hasRows && at >= scale.from && at <= scale.from + scale.span)
}

export function Axis(props: AxisProps) {
  return (
    <span role="columnheader" class="tl-lane">
      <span class="unseen">{words.axis()}</span>
      <span class="tl-bars" aria-hidden="true">
        {shownTicks(props).map(({ at, left, label }) => (
          <span key={at} class="tl-tick" style={{ left }}>
            {label}
          </span>
        ))}
        {shownMarkers(props).map((marker) => (
          <span
            key={marker.id}
            class={`tl-flag ${markerTone(marker)}`}
            title={markerText(marker)}
            style={{ left: `${position(props.scale, marker.at)}%` }}
          />
        ))}
      </span>
    </span>
  )
}

export function Lines(props: AxisProps) {
  return (
    <div class="tl-row tl-lines" role="presentation" aria-hidden="true">
      <span class="tl-lane">
        <span class="tl-bars">
          {shownTicks(props).map(({ at, left }) => (
            <span key={at} class="tl-line" style={{ left }} />
          ))}
          {shownMarkers(props).map((marker) => (
            <span
              key={marker.id}
              class={`tl-line ${markerTone(marker)}`}
              style={{ left: `${position(props.scale, marker.at)}%` }}
            />
          ))}
        </span>
      </span>
    </div>
  )
}
