// What one says over a connection: subscribe and publish.

import { signal } from '@preact/signals'

import { Action } from '../ui/task.tsx'
import { say } from '../words.ts'
import { connected, subscribe, subscriptions, talking, unsubscribe } from './live.ts'
import { checkFilter, checkTopic } from './topics.ts'

const words = say({
  subscribeTo: ['Subscribe to', '订阅'],
  subscribe: ['Subscribe', '订阅'],
  unsubscribe: ['Unsubscribe from {filter}', '取消订阅 {filter}'],
  unsubscribed: ['Unsubscribed from {filter}', '已取消订阅 {filter}'],
  subscribed: ['Subscribed to {filter}', '已订阅 {filter}'],
  lowered: [
    'Subscribed to {filter}; the broker grants QoS {qos} only',
    '已订阅 {filter}；服务端仅授予 QoS {qos}',
  ],
  subscriptions: ['Subscriptions', '订阅列表'],
  message: ['Message', '消息'],
  toTopic: ['To topic', '发布到'],
  publish: ['Publish', '发布'],
  published: ['Published to {topic}', '已发布到 {topic}'],
  qos: ['QoS', 'QoS'],
})

const filter = signal('northbound/demo/#')
const filterQos = signal(1)
const topic = signal('northbound/demo/hello')
const payload = signal('hello')
const topicQos = signal(1)

export function Talk() {
  return (
    <div class="ons-talk" data-testid="ons-talk">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          listen(filter.peek().trim(), filterQos.peek())
        }}
      >
        <div class="ons-line">
          <Text id="ons-subscribe-topic" label={words.subscribeTo()} value={filter} mono />
          <Qos id="ons-subscribe-qos" value={filterQos} />
          <Action task={talking} id="ons-subscribe">
            {words.subscribe()}
          </Action>
        </div>
      </form>
      {subscriptions.value.length > 0 && (
        <ul class="ons-subscriptions" aria-label={words.subscriptions()}>
          {subscriptions.value.map(({ filter: name, qos }) => (
            <li key={name} data-testid="ons-subscription">
              <span class="mono">{name}</span> <span class="quiet">QoS {qos}</span>
              <button
                type="button"
                class="quiet small"
                data-testid="ons-unsubscribe"
                aria-label={words.unsubscribe({ filter: name })}
                title={words.unsubscribe({ filter: name })}
                onClick={() => unlisten(name)}
              >
                ✕
              </button>
            </li>
          ))}
        </ul>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          send(topic.peek().trim(), payload.peek(), topicQos.peek())
        }}
      >
        <div class="ons-line">
          <Text id="ons-publish-message" label={words.message()} value={payload} />
          <Text id="ons-publish-topic" label={words.toTopic()} value={topic} mono />
          <Qos id="ons-publish-qos" value={topicQos} />
          <Action task={talking} id="ons-publish">
            {words.publish()}
          </Action>
        </div>
      </form>
    </div>
  )
}

function listen(name: string, qos: number): void {
  void talking.run(async (abort) => {
    checkFilter(name)
    const granted = await until(abort, subscribe(name, qos))
    return granted < qos
      ? words.lowered({ filter: name, qos: granted })
      : words.subscribed({ filter: name })
  })
}

function unlisten(name: string): void {
  void talking.run(async (abort) => {
    await until(abort, unsubscribe(name))
    return words.unsubscribed({ filter: name })
  })
}

function send(name: string, text: string, qos: number): void {
  void talking.run(async (abort) => {
    checkTopic(name)
    await until(abort, connected().publish(name, new TextEncoder().encode(text), qos))
    return words.published({ topic: name })
  })
}

/** Waits no longer than one wants to; what was sent stays sent. */
function until<T>(abort: AbortSignal, done: Promise<T>): Promise<T> {
  return Promise.race([
    done,
    new Promise<never>((_resolve, reject) => {
      abort.addEventListener('abort', () => reject(abort.reason as Error), { once: true })
    }),
  ])
}

interface TextProps {
  id: string
  label: string
  value: { value: string }
  mono?: boolean
}

function Text({ id, label, value, mono }: TextProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        data-testid={id}
        class={mono ? 'mono' : undefined}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        value={value.value}
        onInput={(event) => {
          value.value = event.currentTarget.value
        }}
      />
    </div>
  )
}

function Qos({ id, value }: { id: string; value: { value: number } }) {
  return (
    <div class="field ons-qos">
      <label for={id}>{words.qos()}</label>
      <select
        id={id}
        data-testid={id}
        value={String(value.value)}
        onChange={(event) => {
          value.value = Number(event.currentTarget.value)
        }}
      >
        <option value="0">0</option>
        <option value="1">1</option>
      </select>
    </div>
  )
}
