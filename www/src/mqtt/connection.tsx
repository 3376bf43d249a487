// The device's connection to the broker: its login, where to, how it stands.

import { signal } from '@preact/signals'

import { focusLater } from '../ui/focus.ts'
import { Badge, Card, type Tone } from '../ui/card.tsx'
import { Secret } from '../ui/secret.tsx'
import { tell } from '../ui/status.tsx'
import { Action, Failure } from '../ui/task.tsx'
import { formatLife, now } from '../ui/time.ts'
import { say } from '../words.ts'
import { connecting, disconnect, instanceAddress, known, link, open, talking } from './live.ts'
import { Talk } from './talk.tsx'

const words = say({
  title: ['MQTT connection', 'MQTT 连接'],
  noLogin: ['no login', '无登录信息'],
  notConnected: ['not connected', '未连接'],
  connecting: ['connecting…', '正在连接…'],
  connected: ['connected', '已连接'],
  unregistered: ['credential unregistered', '凭证已注销'],
  revoked: ['token revoked', '令牌已吊销'],
  none: [
    'Register or get a credential: it gives the device’s login.',
    '请注册或获取凭证：由此得到设备的登录信息。',
  ],
  clientId: ['Client ID', '客户端 ID'],
  username: ['User name', '用户名'],
  password: ['MQTT password', 'MQTT 密码'],
  broker: ['Broker over WebSocket', 'MQTT 服务端（WebSocket）'],
  hint: ['Empty: {address}', '留空则使用 {address}'],
  connect: ['Connect', '连接'],
  again: ['Connect again', '重新连接'],
  disconnect: ['Disconnect', '断开'],
  done: ['Connected as {id}', '已作为 {id} 连接'],
  ended: ['Disconnected from the broker', '已断开与服务端的连接'],
  since: ['{host} for {time}', '{host}，已连接 {time}'],
})

/** Where the broker is; empty: the instance's own address. */
export const broker = signal('')

function standing(): [text: string, tone: Tone] {
  const login = known.value
  if (link.value) return [words.connected(), 'good']
  if (connecting.busy.value) return [words.connecting(), 'busy']
  if (!login) return [words.noLogin(), 'neutral']
  if (!login.valid) return [login.by === 'token' ? words.revoked() : words.unregistered(), 'bad']
  return [words.notConnected(), 'neutral']
}

export function Connection() {
  const [text, tone] = standing()
  const up = link.value
  return (
    <Card
      id="ons-mqtt"
      title={words.title()}
      aside={
        <span class="ons-standing">
          {up && (
            <span class="quiet ons-since" data-testid="ons-since">
              {words.since({ host: up.host, time: formatLife(now.value - up.since) })}
            </span>
          )}
          <Badge id="ons-mqtt-state" tone={tone}>
            {text}
          </Badge>
        </span>
      }
    >
      <Login />
      <BrokerForm />
      <Failure task={connecting} />
      {up && <Talk />}
      <Failure task={talking} />
    </Card>
  )
}

function Login() {
  const login = known.value?.login
  if (!login) {
    return (
      <p class="quiet ons-none" data-testid="ons-login-none">
        {words.none()}
      </p>
    )
  }
  return (
    <div class="ons-login" data-testid="ons-login">
      <dl class="facts ons-facts">
        <div>
          <dt>{words.clientId()}</dt>
          <dd class="mono" data-testid="ons-login-clientId">
            {login.clientId}
          </dd>
        </div>
        <div>
          <dt>{words.username()}</dt>
          <dd class="mono" data-testid="ons-login-username">
            {login.username}
          </dd>
        </div>
      </dl>
      <div data-testid="ons-login-password">
        <Secret label={words.password()} value={() => known.peek()?.login.password ?? ''} />
      </div>
    </div>
  )
}

function BrokerForm() {
  const login = known.value
  const up = link.value !== undefined
  const own = instanceAddress(login?.instanceId ?? 'INSTANCE')
  return (
    <form
      class="ons-broker-form"
      data-testid="ons-mqtt-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        const id = known.peek()?.login.clientId ?? ''
        void connecting.run(async (abort) => {
          await open(broker.peek().trim(), abort)
          return words.done({ id })
        })
      }}
    >
      <fieldset disabled={!login}>
        <div class="ons-line">
          <div class="field">
            <label for="ons-broker">{words.broker()}</label>
            <input
              id="ons-broker"
              data-testid="ons-broker"
              inputMode="url"
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              aria-describedby="ons-broker-hint"
              value={broker.value}
              onInput={(event) => {
                broker.value = event.currentTarget.value
              }}
            />
          </div>
          <Action task={connecting} id="ons-connect" primary={!up}>
            {up ? words.again() : words.connect()}
          </Action>
          {up && (
            <button
              type="button"
              data-testid="ons-disconnect"
              onClick={() => {
                disconnect()
                talking.dismiss()
                focusLater('ons-connect')
                tell(words.ended())
              }}
            >
              {words.disconnect()}
            </button>
          )}
        </div>
        <p class="hint" id="ons-broker-hint">
          {words.hint({ address: own })}
        </p>
      </fieldset>
    </form>
  )
}
