// A request and its answer side by side, as they were recorded: without secrets.

import { copy } from '../ui/secret.tsx'
import { formatDuration } from '../ui/time.ts'
import { say } from '../words.ts'
import type { Attempt, Body, Header } from './call.ts'
import { PLACEHOLDER, curl } from './curl.ts'
import { outcomeWord } from './describe.ts'

const words = say({
  attempt: ['Attempt {number}', '第 {number} 次尝试'],
  underWay: ['under way', '进行中'],
  request: ['Request', '请求'],
  answer: ['Answer', '应答'],
  noAnswer: ['No answer was recorded.', '未记录应答。'],
  awaited: ['The answer is awaited.', '正在等待应答。'],
  headers: ['Headers ({count})', '标头（{count}）'],
  none: ['No body.', '无正文。'],
  binary: ['{size} that are no text: not shown.', '{size} 非文本内容：不显示。'],
  large: ['{size}: too large to be kept.', '{size}：过大，未保留。'],
  broken: ['The body broke off after {size}.', '正文在 {size} 后中断。'],
  dropped: ['No longer kept, to make room for newer ones.', '为较新的内容腾出空间，已不再保留。'],
  copy: ['Copy as curl', '复制为 curl'],
  command: ['curl command', 'curl 命令'],
  copyHint: [
    'Secrets are left out: put your own in place of {placeholder}.',
    '敏感信息已去除：请用您自己的值替换 {placeholder}。',
  ],
})

interface ExchangedProps {
  id: string
  attempt: Attempt
  opened: boolean
}

export function Exchanged({ id, attempt, opened }: ExchangedProps) {
  const { number, method, path, exchange, durationMs } = attempt
  const tone = attempt.end === undefined ? 'busy' : attempt.good ? 'good' : 'bad'
  return (
    <details class="tl-attempt" open={opened} data-testid={`${id}-attempt`}>
      <summary>
        {words.attempt({ number })} <span class="mono">{`${method} ${path}`}</span>{' '}
        <span class={`tl-word ${tone}`}>{ending(attempt)}</span>{' '}
        {durationMs !== undefined && <span class="tl-number">{formatDuration(durationMs)}</span>}
      </summary>
      {exchange && (
        <div class="tl-sides">
          <div class="tl-side" data-testid={`${id}-request`}>
            <div class="tl-side-head">
              <h5>{words.request()}</h5>
              <button
                type="button"
                class="small"
                data-testid={`${id}-curl`}
                title={words.copyHint({ placeholder: PLACEHOLDER })}
                onClick={() => copy(words.command(), () => curl(exchange))}
              >
                {words.copy()}
              </button>
            </div>
            <p class="mono">{`${exchange.method} ${exchange.url}`}</p>
            <Headers headers={exchange.headers} />
            <BodyText body={exchange.body} />
          </div>
          <div class="tl-side" data-testid={`${id}-answer`}>
            <div class="tl-side-head">
              <h5>{words.answer()}</h5>
            </div>
            {exchange.answer ? (
              <>
                <p class="mono">{exchange.answer.status}</p>
                <Headers headers={exchange.answer.headers} />
                <BodyText body={exchange.answer.body} />
              </>
            ) : (
              <p class="hint">{attempt.end === undefined ? words.awaited() : words.noAnswer()}</p>
            )}
          </div>
        </div>
      )}
    </details>
  )
}

function ending({ end, status, failure }: Attempt): string {
  if (end === undefined) return words.underWay()
  return status === undefined ? outcomeWord(failure ?? 'aborted') : String(status)
}

function Headers({ headers }: { headers: readonly Header[] }) {
  return (
    <details>
      <summary class="hint">{words.headers({ count: headers.length })}</summary>
      <Pairs pairs={headers} />
    </details>
  )
}

function Pairs({ pairs }: { pairs: readonly Header[] }) {
  return (
    <dl class="tl-pairs mono">
      {pairs.map(([name, value], index) => (
        <div key={index}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function BodyText({ body }: { body: Body }) {
  switch (body.kind) {
    case 'none':
      return <p class="hint">{words.none()}</p>
    case 'form':
      return <Pairs pairs={body.pairs} />
    case 'json':
    case 'text':
      return <pre tabIndex={0}>{body.text}</pre>
    default:
      return <p class="hint">{words[body.kind]({ size: formatSize(body.bytes) })}</p>
  }
}

function formatSize(bytes: number): string {
  return bytes < 10_000 ? `${bytes} B` : `${Math.round(bytes / 1024)} KB`
}
