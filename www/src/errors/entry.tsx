// One documented error: what it is, what it means, what to do, which operations it is documented for.

import { useSignal } from '@preact/signals'

import { address } from '../router.ts'
import { Badge } from '../ui/card.tsx'
import { say } from '../words.ts'
import { TONES, actionLabel, actionText } from './actions.tsx'
import type { Entry } from './catalogue.ts'
import { Marked } from './mark.tsx'

const words = say({
  huawei: ['Huawei northbound', '华为北向接口'],
  aliyun: ['ApsaraMQ for MQTT', '云消息队列 MQTT 版'],
  link: ['Link to this entry: {code}', '此条目的链接：{code}'],
  unknown: ['The platform’s own words are not known.', '平台的原文未知。'],
  later: ['may succeed later', '稍后可能成功'],
  notLater: ['waiting alone does not help', '仅等待无济于事'],
  operations: ['{count} operations', '{count} 个操作'],
  among: ['{count} operations, among them', '{count} 个操作，其中包括'],
})

/** So few are shown without asking. */
const FEW = 3

export const PLATFORMS = {
  'huawei-northbound': () => words.huawei(),
  'aliyun-onsmqtt': () => words.aliyun(),
} as const

interface EntryProps {
  entry: Entry
  /** What was searched for. */
  by: RegExp | undefined
  words: readonly string[]
}

export function EntryRow({ entry, by, words: searched }: EntryProps) {
  const { code, status, platform, message, meaning, remedy, action, retryable } = entry
  return (
    <li class="errors-entry" data-testid="errors-entry" data-code={code}>
      <div class="errors-head">
        <a
          class="mono errors-code"
          href={address('errors', { entry: entry.key })}
          aria-label={words.link({ code })}
          data-testid="errors-code"
        >
          <Marked text={code} by={by} />
        </a>
        <span class="quiet">
          HTTP <Marked text={String(status)} by={by} />
        </span>
        <span class="quiet">{PLATFORMS[platform]()}</span>
      </div>
      <div class="errors-what" lang="en">
        <p data-testid="errors-meaning">
          <Marked text={meaning} by={by} />
        </p>
        {message ? (
          <p class="quiet errors-message" data-testid="errors-message">
            <q>
              <Marked text={message} by={by} />
            </q>
          </p>
        ) : (
          <p class="quiet errors-message">{words.unknown()}</p>
        )}
        <Operations operations={entry.operations} by={by} searched={searched} />
      </div>
      <div class="errors-do">
        <p class="errors-badges">
          <span title={actionText(action)} data-testid="errors-todo">
            <Badge tone={TONES[action]}>{actionLabel(action)}</Badge>
          </span>
          <span class={retryable ? 'errors-later' : 'quiet'} data-testid="errors-chance">
            {retryable ? words.later() : words.notLater()}
          </span>
        </p>
        <p lang="en" data-testid="errors-remedy">
          <Marked text={remedy} by={by} />
        </p>
      </div>
    </li>
  )
}

interface OperationsProps {
  operations: readonly string[]
  by: RegExp | undefined
  searched: readonly string[]
}

/** Many stay folded, and outside of the page until they are looked at. */
function Operations({ operations, by, searched }: OperationsProps) {
  const open = useSignal(false)
  if (operations.length <= FEW) return <Names names={operations} by={by} />
  const matched = operations
    .filter((name) => searched.some((word) => name.toLowerCase().includes(word)))
    .slice(0, FEW)
  const some = matched.length > 0 && !open.value
  return (
    <details
      class="errors-operations"
      onToggle={(event) => {
        open.value = event.currentTarget.open
      }}
    >
      <summary>
        {(some ? words.among : words.operations)({ count: operations.length })}{' '}
        {some && <Names names={matched} by={by} inline />}
      </summary>
      {open.value && <Names names={operations} by={by} />}
    </details>
  )
}

function Names(props: { names: readonly string[]; by: RegExp | undefined; inline?: boolean }) {
  const { names, by, inline } = props
  return (
    <span class={inline ? 'mono' : 'mono errors-names'}>
      {names.map((name, at) => (
        <span key={name}>
          {at > 0 && ', '}
          <Marked text={name} by={by} />
        </span>
      ))}
    </span>
  )
}
