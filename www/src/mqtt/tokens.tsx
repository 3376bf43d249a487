// Tokens: a login for some topics and some time, without a credential of the device.

import { signal } from '@preact/signals'
import { type ApplyTokenInput, mqttTokenLogin } from 'northbound'

import { Badge, Card } from '../ui/card.tsx'
import { Choice, Field } from '../ui/field.tsx'
import { createForm } from '../ui/form.ts'
import { Secret } from '../ui/secret.tsx'
import { Action, Failure, createTask } from '../ui/task.tsx'
import { now } from '../ui/time.ts'
import { say } from '../words.ts'
import { deviceForm, toDevice } from './device-form.ts'
import { focusWrong } from './focus.ts'
import { client, held, judge, onForget } from './keys.ts'
import { offerLogin, voidLogin } from './live.ts'

const words = say({
  title: ['Token for some topics', '按主题授权的令牌'],
  about: [
    'Lets the device’s client ID log in for some time, for these topics only.',
    '允许该设备的客户端 ID 在限定时间内登录，且仅限这些主题。',
  ],
  resources: ['Topics, one a line', '主题，每行一个'],
  actions: ['Allows', '权限'],
  both: ['Read and write', '读和写'],
  read: ['Read', '读'],
  write: ['Write', '写'],
  life: ['For', '有效期'],
  hour: ['1 hour', '1 小时'],
  day: ['1 day', '1 天'],
  week: ['7 days', '7 天'],
  month: ['30 days', '30 天'],
  apply: ['Apply', '申请'],
  query: ['Is it good?', '是否有效？'],
  revoke: ['Revoke', '吊销'],
  token: ['Token', '令牌'],
  applied: [
    'Token granted; the next MQTT connection uses it',
    '已获得令牌；下次 MQTT 连接将使用它',
  ],
  good: ['good', '有效'],
  bad: ['not good', '无效'],
  isGood: ['The token is good', '令牌有效'],
  isBad: ['The token is not good any more', '令牌已失效'],
  revoked: ['Token revoked', '令牌已吊销'],
})

const HOUR = 3_600_000

const form = createForm(
  {
    'input.resources': { initial: 'northbound/demo/#' },
    'input.actions': { initial: 'R,W' },
    life: { initial: String(HOUR) },
  },
  (values) => judge((requests) => requests.applyToken(toInput(values, 'i'))),
)

type Values = ReturnType<typeof form.submit>

function toInput(values: Values, instanceId: string): ApplyTokenInput {
  const chosen = values['input.actions']
  return {
    instanceId,
    resources: values['input.resources']
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
    actions: chosen === 'R' || chosen === 'W' ? chosen : 'R,W',
    expireTime: Date.now() + Number(values.life),
  }
}

interface Token {
  readonly token: string
  readonly clientId: string
  readonly instanceId: string
  readonly endsAt: number
  /** As the platform said last. */
  readonly good: boolean
}

const got = signal<Token | undefined>(undefined)
const applying = createTask()
const asking = createTask()
const revoking = createTask()
const tasks = [applying, asking, revoking]

onForget(() => {
  got.value = undefined
  for (const task of tasks) {
    task.drop()
  }
})

function apply(): void {
  const values = form.submit()
  if (form.problem.value) {
    focusWrong('ons-token-form')
    return
  }
  // A token without a client ID makes no login.
  const { clientId, instanceId } = toDevice(deviceForm.submit())
  if (deviceForm.problem.value) {
    focusWrong('ons-credential-form')
    return
  }
  const accessKeyId = held.peek()?.accessKeyId ?? ''
  void applying.run(async (abort) => {
    const input = toInput(values, instanceId)
    const { token } = await client().applyToken(input, { signal: abort })
    const endsAt = Number(input.expireTime)
    got.value = { token, clientId, instanceId, endsAt, good: true }
    const actions = input.actions === 'R,W' ? 'RW' : input.actions
    const device = { clientId, instanceId, accessKeyId }
    offerLogin(mqttTokenLogin({ ...device, tokens: [{ actions, token }] }), instanceId, 'token')
    return words.applied()
  })
}

function ask({ token, instanceId }: Token): void {
  void asking.run(async (abort) => {
    const { tokenStatus } = await client().queryToken({ token, instanceId }, { signal: abort })
    settle(token, tokenStatus)
    return tokenStatus ? words.isGood() : words.isBad()
  })
}

function revoke({ token, instanceId, clientId }: Token): void {
  void revoking.run(async (abort) => {
    await client().revokeToken({ token, instanceId }, { signal: abort })
    settle(token, false)
    voidLogin({ clientId, instanceId }, 'token')
    return words.revoked()
  })
}

function settle(token: string, good: boolean): void {
  const present = got.peek()
  if (present?.token === token) got.value = { ...present, good }
}

export function Tokens() {
  const lives = [
    [String(HOUR), words.hour()],
    [String(24 * HOUR), words.day()],
    [String(7 * 24 * HOUR), words.week()],
    [String(30 * 24 * HOUR), words.month()],
  ] as const
  return (
    <Card id="ons-tokens" title={words.title()}>
      <form
        id="ons-token-form"
        data-testid="ons-token-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          apply()
        }}
      >
        <fieldset disabled={held.value === undefined}>
          <Field
            form={form}
            name="input.resources"
            id="ons-token-resources"
            label={words.resources()}
            hint={words.about()}
            rows={2}
          />
          <div class="ons-pair">
            <Choice
              form={form}
              name="input.actions"
              id="ons-token-actions"
              label={words.actions()}
              options={[
                ['R,W', words.both()],
                ['R', words.read()],
                ['W', words.write()],
              ]}
            />
            <Choice
              form={form}
              name="life"
              id="ons-token-for"
              label={words.life()}
              options={lives}
            />
          </div>
          <div class="actions">
            <Action task={applying} id="ons-token-apply">
              {words.apply()}
            </Action>
          </div>
        </fieldset>
      </form>
      <Result />
      {tasks.map((task, at) => (
        <Failure key={at} task={task} />
      ))}
    </Card>
  )
}

function Result() {
  const token = got.value
  if (!token) return null
  const good = token.good && token.endsAt > now.value
  return (
    <div class="ons-result">
      <Secret
        id="ons-token"
        label={words.token()}
        value={() => token.token}
        endsAt={token.endsAt}
      />
      <div class="actions">
        <Badge id="ons-token-state" tone={good ? 'good' : 'bad'}>
          {good ? words.good() : words.bad()}
        </Badge>
        <Action task={asking} id="ons-token-query" small onClick={() => ask(token)}>
          {words.query()}
        </Action>
        <Action task={revoking} id="ons-token-revoke" small onClick={() => revoke(token)}>
          {words.revoke()}
        </Action>
      </div>
    </div>
  )
}
