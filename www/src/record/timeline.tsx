// The requests of one place on a time axis.

import './record.css'

import { useMemo } from 'preact/hooks'

import { Card } from '../ui/card.tsx'
import { formatClock } from '../ui/time.ts'
import { say } from '../words.ts'
import type { Marker } from './call.ts'
import { markerText, markerTone } from './describe.ts'
import { Details } from './details.tsx'
import type { Recorder } from './recorder.ts'
import { Rows } from './rows.tsx'
import { Controls, Filters } from './toolbar.tsx'
import { createView } from './view.ts'

const words = say({
  title: ['Requests', '请求'],
  empty: ['Nothing has been sent yet', '尚未发送任何请求'],
  emptyHint: [
    'Each call gets a row here: its waits for the throttle, its attempts and retries, and, when you open it, request and answer without their secrets.',
    '每次调用在此占一行：限流等待、各次尝试与重试；打开后可查看去除敏感信息的请求与应答。',
  ],
  none: ['No call matches', '没有匹配的调用'],
  noneHint: ['Change the search or show all outcomes.', '请更改搜索条件，或显示全部结果。'],
  legendWait: ['waits its turn', '排队'],
  legendToken: ['waits for a token', '等待令牌'],
  legendOpen: ['under way', '进行中'],
  legendGood: ['answered', '已应答'],
  legendBad: ['failed', '失败'],
  legendBackoff: ['before a retry', '重试前'],
  markers: ['Token changes and warnings ({count})', '令牌变化与警告（{count}）'],
})

export function Timeline({ id, recorder }: { id: string; recorder: Recorder }) {
  const view = useMemo(() => createView(recorder), [recorder])
  const [all, shown] = [recorder.calls.value.length, view.rows.value.length]
  const markers = recorder.markers.value
  const close = () => {
    const call = view.opened.peek()
    view.opened.value = undefined
    const row = call && document.querySelector<HTMLElement>(`#${id} [data-call="${call.id}"]`)
    ;(row ?? document.querySelector<HTMLElement>(`#${id} [role=row][tabindex="0"]`))?.focus()
  }
  return (
    <Card
      id={id}
      title={words.title()}
      wide
      aside={<Controls id={id} recorder={recorder} view={view} />}
    >
      <div
        class="tl"
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || !view.opened.peek()) return
          event.preventDefault()
          close()
        }}
      >
        <Filters id={id} recorder={recorder} view={view} />
        <div class="tl-frame">
          <Rows id={id} label={words.title()} view={view} markers={markers} />
          {shown === 0 && (
            <div class="tl-empty" data-testid={`${id}-empty`}>
              <strong>{all === 0 ? words.empty() : words.none()}</strong>
              <p>{all === 0 ? words.emptyHint() : words.noneHint()}</p>
            </div>
          )}
        </div>
        <div class="tl-foot">
          <Legend />
          {markers.length > 0 && <Markers id={id} markers={markers} />}
        </div>
        {view.opened.value && (
          <Details
            key={view.opened.value.id}
            id={`${id}-details`}
            call={view.opened.value}
            recorder={recorder}
            now={view.now.value}
            onClose={close}
          />
        )}
      </div>
    </Card>
  )
}

function Legend() {
  const parts: [kind: string, word: string][] = [
    ['throttle', words.legendWait()],
    ['token', words.legendToken()],
    ['attempt open', words.legendOpen()],
    ['attempt good', words.legendGood()],
    ['attempt bad', words.legendBad()],
    ['backoff', words.legendBackoff()],
  ]
  return (
    <ul class="tl-legend">
      {parts.map(([kind, word]) => (
        <li key={kind}>
          <span class={`tl-bar ${kind}`} aria-hidden="true" />
          {word}
        </li>
      ))}
    </ul>
  )
}

/** The vertical lines in words, the newest first. */
function Markers({ id, markers }: { id: string; markers: readonly Marker[] }) {
  const last = markers.slice(-20).reverse()
  return (
    <details class="tl-markers" data-testid={`${id}-markers`}>
      <summary>{words.markers({ count: markers.length })}</summary>
      <ul>
        {last.map((marker) => (
          <li key={marker.id} class={markerTone(marker)} data-testid="marker">
            <span class="tl-time">{formatClock(marker.at)}</span> {markerText(marker)}
          </li>
        ))}
      </ul>
    </details>
  )
}
