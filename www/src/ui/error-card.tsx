// An error beside what caused it: what happened, what it means, what to do, and where to read more.

import {
  DecodeError,
  type ErrorAction,
  type ErrorKind,
  InvalidArgumentError,
  type NorthboundError,
  PlatformError,
  TimeoutError,
  isNorthboundError,
} from 'northbound'

import { address } from '../router.ts'
import { say } from '../words.ts'
import { formatDuration } from './time.ts'

const words = say({
  platform: ['The platform refused the call', '平台拒绝了调用'],
  network: ['No answer', '没有应答'],
  networkRemedy: [
    'Check the address and that the platform is up. A browser also hides answers of another origin that sends no CORS headers, and of a certificate that it does not trust.',
    '请检查地址以及平台是否在运行。若另一来源未发送 CORS 头，或其证书不受信任，浏览器同样会隐藏应答。',
  ],
  timeout: ['No answer in time', '应答超时'],
  timeoutRemedy: [
    'Try again. If it happens often, check the network between here and the platform.',
    '请重试。若经常发生，请检查此处与平台之间的网络。',
  ],
  decode: ['The answer is none of the platform’s', '应答并非来自平台'],
  decodeRemedy: [
    'Check the address: a proxy, a login page or another server may have answered.',
    '请检查地址：应答的可能是代理、登录页或其他服务器。',
  ],
  invalid: ['A value cannot be sent', '有一个值无法发送'],
  invalidRemedy: ['Correct the value. Nothing was sent.', '请更正该值。尚未发送任何内容。'],
  internal: ['A fault of the package', '软件包自身的故障'],
  internalRemedy: ['Please report it.', '请报告此问题。'],
  page: ['The page could not do this', '页面无法执行此操作'],
  dismiss: ['Dismiss', '关闭'],
  details: ['Details', '详情'],
  lookUp: ['Look this error up', '查阅此错误'],
  excerpt: ['The answer began with', '应答的开头'],
  action: ['Action', '处理方式'],
  kind: ['Kind', '类别'],
  message: ['Message', '消息'],
  argument: ['Argument', '参数'],
  operation: ['Operation', '操作'],
  attempts: ['Attempts', '尝试次数'],
  retryable: ['May succeed later', '稍后可能成功'],
  yes: ['yes', '是'],
  no: ['no', '否'],
  status: ['HTTP status', 'HTTP 状态码'],
  allowed: ['Time allowed', '允许时长'],
  wait: ['Wait', '等待'],
  requestId: ['Request ID', '请求 ID'],
})

const LONGEST_TITLE = 100

/** Buttons that do what an error asks for, by the error's action. */
export type Offers = Partial<Record<ErrorAction, { label: string; run: () => void }>>

/** What went wrong outside the package, told like its errors. */
export class PageError extends Error {
  readonly code: string
  readonly title: string
  readonly remedy: string

  constructor(told: { code?: string; title: string; meaning: string; remedy: string }) {
    super(told.meaning)
    this.code = told.code ?? ''
    this.title = told.title
    this.remedy = told.remedy
  }
}

interface Told {
  code: string
  title: string
  meaning: string
  remedy: string
}

interface ErrorCardProps {
  error: unknown
  offers?: Offers | undefined
  onDismiss?: () => void
}

export function ErrorCard({ error, offers, onDismiss }: ErrorCardProps) {
  const { code, title, meaning, remedy } = tell(error)
  const platform = error instanceof PlatformError ? error : undefined
  const offer = platform && offers?.[platform.action]
  const excerpt = error instanceof DecodeError ? error.excerpt : ''
  return (
    <div class="error-card" role="alert" data-testid="error-card">
      <div class="error-head">
        {code && (
          <span class="mono error-code" data-testid="error-code">
            {code}
          </span>
        )}
        <strong data-testid="error-description">{title}</strong>
        {onDismiss && (
          <button type="button" class="quiet small" data-testid="error-dismiss" onClick={onDismiss}>
            {words.dismiss()}
          </button>
        )}
      </div>
      <p data-testid="error-meaning">{meaning}</p>
      {remedy && (
        <p class="remedy" data-testid="error-remedy">
          {remedy}
        </p>
      )}
      {(offer || platform) && (
        <div class="actions">
          {offer && (
            <button type="button" class="small" data-testid="error-offer" onClick={offer.run}>
              {offer.label}
            </button>
          )}
          {platform && (
            <a data-testid="error-look-up" href={address('errors', { search: platform.code })}>
              {words.lookUp()}
            </a>
          )}
        </div>
      )}
      {excerpt && (
        <details>
          <summary>{words.excerpt()}</summary>
          <pre data-testid="error-excerpt">{excerpt}</pre>
        </details>
      )}
      {isNorthboundError(error) && (
        <details data-testid="error-details">
          <summary>{words.details()}</summary>
          <dl class="facts">
            {facts(error).map(([name, label, value]) => (
              <div key={name}>
                <dt>{label}</dt>
                <dd data-testid={`error-${name}`}>{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  )
}

function tell(error: unknown): Told {
  if (error instanceof PageError) {
    return { code: error.code, title: error.title, meaning: error.message, remedy: error.remedy }
  }
  if (!isNorthboundError(error)) {
    const meaning = error instanceof Error ? error.message : String(error)
    return { code: '', title: words.page(), meaning, remedy: '' }
  }
  const [title, remedy] = OF_KIND[error.kind]()
  if (error instanceof PlatformError) {
    const { status, code, description, meaning } = error
    return {
      code: `[${status} / ${code}]`,
      title: shortened(description) || title,
      meaning,
      remedy: error.remedy,
    }
  }
  return { code: '', title, meaning: error.message, remedy }
}

/** Some platforms echo a whole request; all of it stands in the details. */
function shortened(text: string): string {
  return text.length > LONGEST_TITLE ? `${text.slice(0, LONGEST_TITLE)}…` : text
}

const OF_KIND: Record<ErrorKind, () => readonly [title: string, remedy: string]> = {
  platform: () => [words.platform(), ''],
  network: () => [words.network(), words.networkRemedy()],
  timeout: () => [words.timeout(), words.timeoutRemedy()],
  decode: () => [words.decode(), words.decodeRemedy()],
  'invalid-argument': () => [words.invalid(), words.invalidRemedy()],
  internal: () => [words.internal(), words.internalRemedy()],
}

function facts(error: NorthboundError): [name: string, label: string, value: string][] {
  const platform = error instanceof PlatformError ? error : undefined
  const description = platform?.description ?? ''
  const rows: [string, string, string | undefined][] = [
    ['message', words.message(), description.length > LONGEST_TITLE ? description : undefined],
    ['action', words.action(), platform?.action],
    ['kind', words.kind(), error.kind],
    [
      'argument',
      words.argument(),
      error instanceof InvalidArgumentError ? error.argument : undefined,
    ],
    ['operation', words.operation(), error.operation],
    ['attempts', words.attempts(), String(error.attempts)],
    ['retryable', words.retryable(), error.retryable ? words.yes() : words.no()],
    ['status', words.status(), error instanceof DecodeError ? String(error.status) : undefined],
    [
      'timeout',
      words.allowed(),
      error instanceof TimeoutError ? formatDuration(error.timeoutMs) : undefined,
    ],
    [
      'retry-after',
      words.wait(),
      platform?.retryAfterMs === undefined ? undefined : formatDuration(platform.retryAfterMs),
    ],
    ['request-id', words.requestId(), platform?.requestId],
  ]
  return rows.filter((row): row is [string, string, string] => row[2] !== undefined)
}
