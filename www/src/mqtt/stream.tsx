// The messages that come: newest first, held still on request, as text or as bytes.

import { signal } from '@preact/signals'

import { Badge, Card } from '../ui/card.tsx'
import { formatClock } from '../ui/time.ts'
import { say } from '../words.ts'
import {
  MOST_MESSAGES,
  type Message,
  clear,
  filter,
  hex,
  isEmpty,
  pause,
  paused,
  shown,
  total,
  waiting,
} from './messages.ts'

const words = say({
  title: ['Messages', '消息'],
  count: ['{count} received', '已收到 {count} 条'],
  filter: ['Filter topics and texts', '按主题和内容筛选'],
  text: ['Text', '文本'],
  hex: ['Hex', '十六进制'],
  show: ['Show payloads as', '内容显示方式'],
  pause: ['Pause', '暂停'],
  resume: ['Resume', '继续'],
  waiting: ['Resume, {count} new', '继续，{count} 条新消息'],
  clear: ['Clear', '清空'],
  empty: [
    'No message came yet. Connect, subscribe to a topic, and what devices send shows here at once.',
    '尚未收到消息。连接并订阅主题后，设备发送的内容会立即显示在此处。',
  ],
  noMatch: ['None of the messages matches.', '没有匹配的消息。'],
  list: [
    'Messages, the newest first; the latest {most} are kept',
    '消息，最新的在前；保留最近 {most} 条',
  ],
  bytes: ['{count} B', '{count} 字节'],
  binary: ['not text', '非文本'],
  retained: ['retained', '保留消息'],
})

const LONGEST_TEXT = 2000
const MOST_BYTES = 512

const asHex = signal(false)

export function Stream() {
  return (
    <Card
      id="ons-messages-card"
      title={words.title()}
      aside={
        <span data-testid="ons-messages-count">
          <Badge>{words.count({ count: total.value })}</Badge>
        </span>
      }
    >
      <div class="ons-bar">
        <input
          type="search"
          data-testid="ons-messages-filter"
          aria-label={words.filter()}
          placeholder={words.filter()}
          autocomplete="off"
          spellcheck={false}
          value={filter.value}
          onInput={(event) => {
            filter.value = event.currentTarget.value
          }}
        />
        <div class="ons-switch" role="group" aria-label={words.show()}>
          {([false, true] as const).map((bytes) => (
            <button
              key={String(bytes)}
              type="button"
              class="small"
              data-testid={bytes ? 'ons-messages-hex' : 'ons-messages-text'}
              aria-pressed={asHex.value === bytes}
              onClick={() => {
                asHex.value = bytes
              }}
            >
              {bytes ? words.hex() : words.text()}
            </button>
          ))}
        </div>
        <button
          type="button"
          class="small ons-pause"
          data-testid="ons-messages-pause"
          aria-pressed={paused.value}
          onClick={() => pause(!paused.value)}
        >
          {!paused.value
            ? words.pause()
            : waiting.value > 0
              ? words.waiting({ count: waiting.value })
              : words.resume()}
        </button>
        <button
          type="button"
          class="small"
          data-testid="ons-messages-clear"
          disabled={isEmpty.value && waiting.value === 0}
          onClick={clear}
        >
          {words.clear()}
        </button>
      </div>
      <List />
    </Card>
  )
}

function List() {
  if (isEmpty.value || shown.value.length === 0) {
    return (
      <p class="quiet ons-empty" data-testid="ons-messages-empty">
        {isEmpty.value ? words.empty() : words.noMatch()}
      </p>
    )
  }
  return (
    <ol
      class="ons-messages"
      data-testid="ons-messages"
      tabIndex={0}
      aria-label={words.list({ most: MOST_MESSAGES })}
    >
      {shown.value.map((message) => (
        <Row key={message.id} message={message} bytes={asHex.value} />
      ))}
    </ol>
  )
}

function Row({ message, bytes }: { message: Message; bytes: boolean }) {
  const { at, topic, text, payload, qos, retain } = message
  const binary = text === undefined
  const content = binary || bytes ? hex(payload, MOST_BYTES) : shortened(text)
  const clock = `${formatClock(at)}.${String(at % 1000).padStart(3, '0')}`
  return (
    <li data-testid="ons-message">
      <time class="quiet" dateTime={new Date(at).toISOString()}>
        {clock}
      </time>
      <span class="ons-topic mono" data-testid="ons-message-topic">
        {topic}
      </span>
      <span class="quiet ons-marks" data-testid="ons-message-marks">
        {binary && !bytes && <span>{words.binary()}</span>}
        {retain && <span>{words.retained()}</span>}
        <span>QoS {qos}</span>
        <span>{words.bytes({ count: payload.length })}</span>
      </span>
      <span class="ons-payload mono" data-testid="ons-message-payload">
        {content}
      </span>
    </li>
  )
}

function shortened(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text
}
