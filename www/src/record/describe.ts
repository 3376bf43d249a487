// Calls in words.

import { formatDuration } from '../ui/time.ts'
import { say } from '../words.ts'
import { type Call, type CallEvent, type Marker, type Outcome, attempts, codeOf } from './call.ts'

const words = say({
  ok: ['ok', '成功'],
  platform: ['refused', '被拒绝'],
  network: ['no answer', '无应答'],
  timeout: ['timed out', '超时'],
  decode: ['unreadable', '无法解读'],
  'invalid-argument': ['not sent', '未发送'],
  internal: ['fault', '故障'],
  aborted: ['aborted', '已取消'],
  throttle: ['waits its turn', '排队中'],
  backoff: ['retries soon', '即将重试'],
  token: ['waits for a token', '等待令牌'],
  attempt: ['under way', '进行中'],
  sent: ['{method} {path}: {outcome}', '{method} {path}：{outcome}'],
  waitedTurn: ['waited {time} for its turn', '排队 {time}'],
  waitedToken: ['waited {time} for a token or keys', '等待令牌或密钥 {time}'],
  retries: ['retries: {count}', '重试：{count} 次'],
  eventRequest: [
    'Attempt {attempt} goes out: {method} {path}',
    '第 {attempt} 次发送：{method} {path}',
  ],
  eventResponse: ['Answer {status} after {time}', '应答 {status}，耗时 {time}'],
  eventRequestId: ['Request ID {id}', '请求 ID {id}'],
  eventFailure: ['No answer after {time}: {kind}', '{time} 后仍无应答：{kind}'],
  eventRetry: [
    'Attempt {attempt} failed ({reason}); again in {time}',
    '第 {attempt} 次失败（{reason}），{time} 后重试',
  ],
  eventThrottle: [
    'Waits about {time} for its turn: {used} of {calls} calls used in {window}',
    '排队约 {time}：{window} 内已用 {used}/{calls} 次调用',
  ],
  eventDone: ['Over after {time}: {outcome}', '结束，共 {time}：{outcome}'],
  tokenLogin: ['Token {generation}: logged in', '令牌 {generation}：已登录'],
  tokenRefresh: ['Token {generation}: renewed', '令牌 {generation}：已续期'],
  tokenShared: ['Token {generation}: taken over from a sharer', '令牌 {generation}：由共享方取得'],
  tokenRejected: ['Token {generation}: refused by the platform', '令牌 {generation}：被平台拒绝'],
  lives: ['lives for {time}', '有效期 {time}'],
  warning: ['Warning ({about}): {message}', '警告（{about}）：{message}'],
})

export function outcomeWord(outcome: Outcome): string {
  return words[outcome]()
}

/** How a call stands or ended, in a word or two. */
export function standing(call: Call): string {
  if (call.outcome === undefined) return words[call.segments.at(-1)?.kind ?? 'token']()
  const status = attempts(call).at(-1)?.status
  if (call.outcome === 'ok' && status !== undefined) return String(status)
  if (call.outcome === 'platform' && status !== undefined) {
    return [status, codeOf(call)].filter(Boolean).join(' · ')
  }
  return words[call.outcome]()
}

export function sumOf(call: Call, kind: 'throttle' | 'token' | 'backoff', now: number): number {
  return call.segments
    .filter((segment) => segment.kind === kind)
    .reduce((sum, { start, end }) => sum + (end ?? now) - start, 0)
}

/** What the bars show, for who does not see them. */
export function summary(call: Call, now: number): string {
  const last = attempts(call).at(-1)
  const parts: string[] = []
  if (last) {
    const { method, path } = last
    parts.push(words.sent({ method, path, outcome: standing(call) }))
  }
  const turn = sumOf(call, 'throttle', now)
  const token = sumOf(call, 'token', now)
  const retries = call.segments.filter(({ kind }) => kind === 'backoff').length
  if (retries > 0) parts.push(words.retries({ count: retries }))
  if (turn > 0) parts.push(words.waitedTurn({ time: formatDuration(turn) }))
  if (token > 0) parts.push(words.waitedToken({ time: formatDuration(token) }))
  return parts.join('; ')
}

export function eventText(event: CallEvent): string {
  switch (event.type) {
    case 'request': {
      const { attempt, method, path } = event
      return words.eventRequest({ attempt, method, path })
    }
    case 'response': {
      const { status, durationMs, requestId } = event
      const text = words.eventResponse({ status, time: formatDuration(durationMs) })
      return requestId ? `${text} · ${words.eventRequestId({ id: requestId })}` : text
    }
    case 'failure':
      return words.eventFailure({
        time: formatDuration(event.durationMs),
        kind: outcomeWord(event.kind),
      })
    case 'retry': {
      const reason = event.code ?? outcomeWord(event.kind)
      return words.eventRetry({
        ...{ attempt: event.attempt, reason },
        time: formatDuration(event.delayMs),
      })
    }
    case 'throttle': {
      const { used, calls, delayMs, perMs } = event
      return words.eventThrottle({
        ...{ used, calls },
        time: formatDuration(delayMs),
        window: formatDuration(perMs),
      })
    }
    case 'done':
      return words.eventDone({
        time: formatDuration(event.durationMs),
        outcome: outcomeWord(event.outcome),
      })
  }
}

const OF_CAUSE = {
  login: words.tokenLogin,
  refresh: words.tokenRefresh,
  shared: words.tokenShared,
  rejected: words.tokenRejected,
}

export function markerText({ event }: Marker): string {
  if (event.type === 'warning') {
    return words.warning({ about: event.about, message: event.message })
  }
  const { cause, generation = '', lifeMs } = event
  const text = OF_CAUSE[cause]({ generation })
  return lifeMs === undefined ? text : `${text}, ${words.lives({ time: formatDuration(lifeMs) })}`
}

/** How a marker looks; also the name of its class. */
export function markerTone({ event }: Marker): 'good' | 'busy' | 'bad' {
  if (event.type === 'warning') return 'busy'
  return event.cause === 'rejected' ? 'bad' : 'good'
}
