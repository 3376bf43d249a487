// The card of the token: how much of its life is left, where it came from, and what renews it.

import { Badge, Card, type Tone } from '../ui/card.tsx'
import { copy } from '../ui/secret.tsx'
import { Action, Failure, createTask } from '../ui/task.tsx'
import { formatClock, formatLife, now } from '../ui/time.ts'
import { say } from '../words.ts'
import { Ring } from './ring.tsx'
import {
  type Cause,
  type Connection,
  type Token,
  accessToken,
  connection,
  onLeave,
  renew,
} from './session.ts'
import { type Standing, fraction, standing } from './standing.ts'

const words = say({
  title: ['Token', '令牌'],
  none: ['none', '无'],
  live: ['live', '有效'],
  ending: ['ending', '即将到期'],
  expired: ['expired', '已过期'],
  refused: ['refused', '被拒绝'],
  left: ['left', '剩余'],
  noneHint: ['Log in to obtain an access token.', '登录后即可获得访问令牌。'],
  liveHint: ['From about {time} the next call renews it', '约 {time} 起，下一次调用将续期'],
  endingHint: ['Due: the next call renews it', '已到续期时间：下一次调用将续期'],
  expiredHint: ['The next call obtains a new one', '下一次调用将获取新令牌'],
  refusedHint: [
    'The platform refused it; the next call logs in again',
    '平台拒绝了该令牌；下一次调用将重新登录',
  ],
  generation: ['Generation', '代次'],
  cause: ['From', '来源'],
  login: ['login', '登录'],
  refresh: ['refresh', '刷新'],
  shared: ['shared', '共享'],
  rejected: ['rejected', '拒绝'],
  ends: ['Ends at', '到期时间'],
  scope: ['Scope', '范围'],
  type: ['Type', '类型'],
  sealed: ['shared between tabs', '标签页间共享'],
  unsealed: ['shared, unsealed', '未加密共享'],
  doRefresh: ['Refresh token', '刷新令牌'],
  doLogin: ['Log in again', '重新登录'],
  doCopy: ['Copy token', '复制令牌'],
  label: ['Access token', '访问令牌'],
  refreshed: ['Token refreshed', '令牌已刷新'],
  again: ['Logged in again; the former token has ended', '已重新登录；之前的令牌已失效'],
  warning: ['Dealt with, but worth knowing: {message}', '已处理，但值得注意：{message}'],
})

const refresh = createTask()
const login = createTask()

onLeave(() => {
  refresh.drop()
  login.drop()
})

const TONES: Record<Standing, Tone> = {
  none: 'neutral',
  live: 'good',
  ending: 'busy',
  expired: 'bad',
  refused: 'bad',
}

export function TokenCard() {
  const current = connection.value
  const token = current?.token.value
  const state = standing(token, now.value)
  const mark = token && token.cause !== 'rejected' ? token.leadMs / token.lifeMs : undefined
  return (
    <Card
      id="token-card"
      title={words.title()}
      aside={
        <span class="badges">
          {current && <SharedBadge current={current} />}
          <Badge id="token-state" tone={TONES[state]}>
            {words[state]()}
          </Badge>
        </span>
      }
    >
      <div class="token">
        <Ring
          standing={state}
          of={`${token?.endsAt} ${token?.cause}`}
          left={fraction(token, now.value)}
          mark={mark}
        >
          <Life token={token} />
        </Ring>
        <Facts current={current} token={token} />
      </div>
      <p class={`token-hint ${state}`} data-testid="token-renewal">
        {hint(state, token)}
      </p>
      <Buttons usable={current !== undefined} />
      {current?.warning.value && (
        <p class="warning" role="status" data-testid="token-warning">
          {words.warning({ message: current.warning.value })}
        </p>
      )}
      <Failure task={refresh} offers={{ 'login-again': { label: words.doLogin(), run: again } }} />
      <Failure task={login} />
    </Card>
  )
}

function SharedBadge({ current }: { current: Connection }) {
  const how = current.sharing.value
  if (how === 'none') return null
  return (
    <Badge id="token-shared" tone={how === 'sealed' ? 'neutral' : 'busy'}>
      {words[how]()}
    </Badge>
  )
}

function Life({ token }: { token: Token | undefined }) {
  if (!token) return <span class="ring-time">–</span>
  if (token.cause === 'rejected') return <span class="ring-time long">{words.refused()}</span>
  const text = formatLife(token.endsAt - now.value)
  return (
    <>
      <span
        class={text.length > 5 ? 'ring-time long' : 'ring-time'}
        data-testid="token-life"
        role="timer"
      >
        {text}
      </span>
      <span class="quiet">{words.left()}</span>
    </>
  )
}

interface FactsProps {
  current: Connection | undefined
  token: Token | undefined
}

/** As many lines without a token, so that nothing jumps. */
function Facts({ current, token }: FactsProps) {
  const kind = current?.kind.value
  const rows: [name: string, label: string, value: string | undefined][] = [
    ['generation', words.generation(), token?.generation?.toString()],
    ['cause', words.cause(), token && words[token.cause satisfies Cause]()],
    ['ends', words.ends(), token && formatClock(token.endsAt)],
    ['scope', words.scope(), kind?.scope],
    ['type', words.type(), kind?.tokenType],
  ]
  return (
    <dl class="token-facts">
      {rows.map(([name, label, value]) => (
        <div key={name}>
          <dt>{label}</dt>
          <dd data-testid={`token-${name}`}>{value || '–'}</dd>
        </div>
      ))}
    </dl>
  )
}

function hint(state: Standing, token: Token | undefined): string {
  if (state === 'live' && token) {
    return words.liveHint({ time: formatClock(token.endsAt - token.leadMs) })
  }
  return words[`${state}Hint`]()
}

function Buttons({ usable }: { usable: boolean }) {
  return (
    <div class="actions">
      <Action
        task={refresh}
        id="token-refresh"
        small
        disabled={!usable}
        onClick={() =>
          void refresh.run(async (signal) => {
            await renew('refresh', signal)
            return words.refreshed()
          })
        }
      >
        {words.doRefresh()}
      </Action>
      <Action task={login} id="token-force" small disabled={!usable} onClick={again}>
        {words.doLogin()}
      </Action>
      <button
        type="button"
        class="small"
        data-testid="token-copy"
        disabled={!usable}
        onClick={() => copy(words.label(), accessToken)}
      >
        {words.doCopy()}
      </button>
    </div>
  )
}

function again(): void {
  void login.run(async (signal) => {
    await renew('login', signal)
    return words.again()
  })
}
