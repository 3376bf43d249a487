// Where the platform is and with which keys it is called: the form, then what is held.

import { signal } from '@preact/signals'

import { focusLater } from '../ui/focus.ts'
import { Badge, Card } from '../ui/card.tsx'
import { tell } from '../ui/status.tsx'
import { Failure, createTask } from '../ui/task.tsx'
import { say } from '../words.ts'
import { AccessFields, Warning } from './access-fields.tsx'
import { accessForm, clearSecrets, toAddress, toConfig, toOptions } from './access-form.ts'
import { focusWrong } from './focus.ts'
import { forget, held, hold } from './keys.ts'

const words = say({
  title: ['Keys', '密钥'],
  none: ['no keys', '无密钥'],
  holds: ['holds {id}', '持有 {id}'],
  taken: ['Keys taken; nothing was sent yet', '已接收密钥；尚未发送任何内容'],
  address: ['Address', '地址'],
  signature: ['Signature', '签名算法'],
  kind: ['Keys', '密钥'],
  sts: ['STS, temporary', 'STS（临时）'],
  key: ['AccessKey, lasting', 'AccessKey（长期）'],
  change: ['Change', '更改'],
  keep: ['Keep these', '保留现有密钥'],
  forget: ['Forget', '清除'],
  forgetHint: [
    'Keys, credentials, tokens and messages; ends the connection',
    '密钥、凭证、令牌和消息；并断开连接',
  ],
  forgotten: ['The page has forgotten keys and credentials', '页面已清除密钥和凭证'],
})

/** The form is open while there are no keys, and to change them. */
const changing = signal(false)
const task = createTask()

function take(): void {
  const values = accessForm.submit()
  task.dismiss()
  if (accessForm.problem.value) {
    focusWrong('ons-access-form')
    return
  }
  void task.run(async () => {
    const config = toConfig(values)
    hold(config, toOptions(values), {
      accessKeyId: config.credentials.accessKeyId,
      temporary: values.kind === 'sts',
      address: toAddress(values),
      signature: values['config.signature'],
    })
    clearSecrets()
    changing.value = false
    focusLater('ons-clientId')
    return words.taken()
  })
}

function keep(): void {
  clearSecrets()
  changing.value = false
  focusLater('ons-change')
}

export function Access() {
  const keys = held.value
  return (
    <Card
      id="ons-access"
      title={words.title()}
      aside={
        <Badge id="ons-access-state" tone={keys ? 'good' : 'neutral'}>
          {keys ? words.holds({ id: keys.accessKeyId }) : words.none()}
        </Badge>
      }
    >
      {keys && !changing.value ? (
        <Summary />
      ) : (
        <AccessFields onTake={take}>
          {keys && (
            <button type="button" data-testid="ons-keep" onClick={keep}>
              {words.keep()}
            </button>
          )}
        </AccessFields>
      )}
      <Failure task={task} />
    </Card>
  )
}

function Summary() {
  const keys = held.value
  if (!keys) return null
  return (
    <>
      <dl class="facts ons-facts">
        <div>
          <dt>{words.address()}</dt>
          <dd class="mono" data-testid="ons-access-address">
            {keys.address}
          </dd>
        </div>
        <div>
          <dt>{words.signature()}</dt>
          <dd class="mono">{keys.signature}</dd>
        </div>
        <div>
          <dt>{words.kind()}</dt>
          <dd>{keys.temporary ? words.sts() : words.key()}</dd>
        </div>
      </dl>
      {!keys.temporary && <Warning />}
      <div class="actions">
        <button
          type="button"
          class="small"
          id="ons-change"
          data-testid="ons-change"
          onClick={() => {
            changing.value = true
            focusLater('ons-accessKeyId')
          }}
        >
          {words.change()}
        </button>
        <Forget />
      </div>
    </>
  )
}

function Forget() {
  return (
    <button
      type="button"
      class="small"
      id="ons-forget"
      data-testid="ons-forget"
      title={words.forgetHint()}
      onClick={() => {
        forget()
        clearSecrets()
        task.dismiss()
        changing.value = false
        focusLater('ons-accessKeyId')
        tell(words.forgotten())
      }}
    >
      {words.forget()}
    </button>
  )
}
