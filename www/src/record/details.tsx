// One call in full: what happened in order, and each request beside its answer.

import { useEffect, useRef } from 'preact/hooks'

import { address } from '../router.ts'
import { Badge } from '../ui/card.tsx'
import { formatClock, formatDuration } from '../ui/time.ts'
import { say } from '../words.ts'
import { type Call, attempts, codeOf, durationOf } from './call.ts'
import { eventText, standing, sumOf } from './describe.ts'
import { Exchanged } from './exchanged.tsx'
import type { Recorder } from './recorder.ts'

const words = say({
  close: ['Close', '关闭'],
  inner: ['for call #{call}', '用于调用 #{call}'],
  started: ['Started', '开始'],
  took: ['Took', '耗时'],
  attempts: ['Attempts', '尝试次数'],
  turn: ['Waited for its turn', '排队'],
  token: ['Waited for a token or keys', '等待令牌或密钥'],
  backoff: ['Waited before retries', '重试前等待'],
  client: ['Client', '客户端'],
  events: ['What happened', '经过'],
  lookUp: ['Look {code} up', '查阅 {code}'],
})

interface DetailsProps {
  id: string
  call: Call
  recorder: Recorder
  now: number
  onClose: () => void
}

export function Details({ id, call, recorder, now, onClose }: DetailsProps) {
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    panel.current?.focus({ preventScroll: true })
    panel.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const code = codeOf(call)
  const tone = call.outcome === undefined ? 'busy' : call.outcome === 'ok' ? 'good' : 'bad'
  return (
    <section
      class="tl-details"
      ref={panel}
      tabIndex={-1}
      data-testid={id}
      aria-labelledby={`${id}-title`}
    >
      <div class="card-head">
        <h3 id={`${id}-title`}>
          <span class="mono">{call.operation}</span>{' '}
          <span class="tl-number">
            {call.inner ? words.inner({ call: call.call }) : `#${call.call}`}
          </span>{' '}
          <Badge tone={tone}>{standing(call)}</Badge>
        </h3>
        <div class="actions">
          {code && <a href={address('errors', { search: code })}>{words.lookUp({ code })}</a>}
          <button type="button" class="small" data-testid={`${id}-close`} onClick={onClose}>
            {words.close()}
          </button>
        </div>
      </div>
      <Facts call={call} now={now} />
      <h4>{words.events()}</h4>
      <ol class="tl-events" data-testid={`${id}-events`}>
        {story(call, recorder).map(({ at, event, other }, index) => (
          <li key={index}>
            <span class="tl-duration">{signed(at - call.start)}</span>
            <span>
              {other && <span class="mono">{event.operation}: </span>}
              {eventText(event)}
            </span>
          </li>
        ))}
      </ol>
      {attempts(call).map((attempt, index, every) => (
        <Exchanged
          key={attempt.number}
          id={id}
          attempt={attempt}
          opened={index === every.length - 1}
        />
      ))}
    </section>
  )
}

function Facts({ call, now }: { call: Call; now: number }) {
  const waited = (kind: 'throttle' | 'token' | 'backoff') => {
    const sum = sumOf(call, kind, now)
    return sum > 0 ? formatDuration(sum) : ''
  }
  const facts: [label: string, value: string][] = [
    [words.started(), formatClock(call.start)],
    [words.took(), formatDuration(durationOf(call, now))],
    [words.attempts(), String(attempts(call).length)],
    [words.turn(), waited('throttle')],
    [words.token(), waited('token')],
    [words.backoff(), waited('backoff')],
    [words.client(), String(call.client)],
  ]
  return (
    <dl class="facts">
      {facts
        .filter(([, value]) => value !== '')
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

/** The events of the call, and of the login that was made for it. */
function story(call: Call, recorder: Recorder) {
  const rows = recorder.calls.value.filter(
    (other) => other.client === call.client && other.call === call.call && other.inner,
  )
  return [...new Set([call, ...rows])]
    .flatMap((row) => row.events.map((told) => ({ ...told, other: row !== call })))
    .sort((one, other) => one.at - other.at)
}

function signed(ms: number): string {
  return ms <= -0.5 ? `−${formatDuration(-ms)}` : `+${formatDuration(Math.max(0, ms))}`
}
