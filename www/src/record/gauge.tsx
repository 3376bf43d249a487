// How much of the throttle's budget is used, by whom is waited, and when the next call is free.

import './record.css'

import { Card } from '../ui/card.tsx'
import { formatDuration } from '../ui/time.ts'
import { say } from '../words.ts'
import { present } from './call.ts'
import type { Recorder } from './recorder.ts'

const words = say({
  title: ['Call budget', '调用额度'],
  used: [
    '{used} of {calls} calls used in the last {window}',
    '最近 {window} 已用 {used}/{calls} 次调用',
  ],
  of: ['of {calls} in {window}', '/ {calls}（{window}）'],
  free: ['The next call goes out at once', '下一次调用可立即发出'],
  freeIn: ['Next call in {time}', '{time} 后可再调用'],
  waiting: ['waiting: {count}', '等待中：{count}'],
  nobody: ['nobody waits', '无等待'],
  leaving: [
    'Calls by age; at the left edge they are free again',
    '按时间排列的调用；到达左端即释放额度',
  ],
})

const HEIGHT = 28

export function Gauge({ recorder, id = 'budget' }: { recorder: Recorder; id?: string }) {
  const { used, calls, perMs, waiting, freeAt, ages } = recorder.budget.value
  const part = Math.min(1, used / calls)
  const tone = part >= 1 ? 'bad' : part >= 0.8 ? 'busy' : 'good'
  const window = perMs % 1000 === 0 ? `${perMs / 1000} s` : formatDuration(perMs)
  const left = freeAt === undefined ? 0 : Math.max(0, freeAt - present())
  const most = Math.max(1, ...ages)
  return (
    <Card id={id} title={words.title()}>
      <div class={`gauge ${tone}`}>
        <p class="gauge-figures">
          <strong data-testid={`${id}-used`}>{used}</strong> {words.of({ calls, window })}
        </p>
        <div
          class="gauge-track"
          role="meter"
          aria-label={words.title()}
          aria-valuemin={0}
          aria-valuemax={calls}
          aria-valuenow={Math.min(used, calls)}
          aria-valuetext={words.used({ used, calls, window })}
          data-testid={`${id}-meter`}
        >
          <div class="gauge-fill" style={{ width: `${part * 100}%` }} />
        </div>
        <svg
          class="gauge-ages"
          viewBox={`0 0 ${ages.length} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={words.leaving()}
        >
          {ages.map((count, index) => {
            const height = (count / most) * HEIGHT
            return (
              <rect key={index} x={index + 0.1} y={HEIGHT - height} width={0.8} height={height} />
            )
          })}
        </svg>
        <p class="gauge-words">
          <span data-testid={`${id}-free`}>
            {used < calls && waiting === 0
              ? words.free()
              : words.freeIn({ time: formatDuration(left) })}
          </span>
          <span data-testid={`${id}-waiting`}>
            {waiting === 0 ? words.nobody() : words.waiting({ count: waiting })}
          </span>
        </p>
      </div>
    </Card>
  )
}
