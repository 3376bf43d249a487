// The credential of one device: register, get, refresh, unregister.

import { signal } from '@preact/signals'
import { type DeviceCredentialOutDTO, mqttDeviceLogin } from 'northbound'

import { focusLater } from '../ui/focus.ts'
import { Card } from '../ui/card.tsx'
import type { Offers } from '../ui/error-card.tsx'
import { Field } from '../ui/field.tsx'
import { Secret } from '../ui/secret.tsx'
import { Action, Failure, createTask } from '../ui/task.tsx'
import { say } from '../words.ts'
import { deviceForm, toDevice } from './device-form.ts'
import { focusWrong } from './focus.ts'
import { client, held, onForget } from './keys.ts'
import { offerLogin, voidLogin } from './live.ts'

const words = say({
  title: ['Credential of a device', '设备凭证'],
  clientId: ['Client ID', '客户端 ID'],
  clientIdHint: [
    'GroupID@@@DeviceID, at most 64 characters.',
    'GroupID@@@DeviceID，最多 64 个字符。',
  ],
  instanceId: ['Instance ID', '实例 ID'],
  needsKeys: ['Give the page keys first.', '请先提供密钥。'],
  register: ['Register', '注册'],
  get: ['Get', '获取'],
  refresh: ['Refresh', '刷新'],
  refreshHint: ['A new secret; the former one ends', '生成新密钥，原密钥失效'],
  unregister: ['Unregister', '注销'],
  sure: ['Unregister {id}? Its device can no longer log in.', '注销 {id}？该设备将无法再登录。'],
  keep: ['Keep', '保留'],
  registered: ['Registered {id}', '已注册 {id}'],
  got: ['Read the credential of {id}', '已读取 {id} 的凭证'],
  refreshed: ['New credential for {id}', '已为 {id} 生成新凭证'],
  unregistered: ['Unregistered {id}', '已注销 {id}'],
  getIt: ['Get it', '获取现有凭证'],
  keyId: ['Device access key ID', '设备 AccessKey ID'],
  secret: ['Device access key secret', '设备 AccessKey Secret'],
  created: ['Created', '创建时间'],
  updated: ['Updated', '更新时间'],
  requestId: ['Request ID', '请求 ID'],
})

const result = signal<DeviceCredentialOutDTO | undefined>(undefined)
const confirming = signal(false)
const tasks = {
  register: createTask(),
  get: createTask(),
  refresh: createTask(),
  unregister: createTask(),
}

onForget(() => {
  result.value = undefined
  confirming.value = false
  for (const task of Object.values(tasks)) {
    task.drop()
  }
})

const DONE = { register: words.registered, get: words.got, refresh: words.refreshed }

/** The device that was typed, or nothing and the mistake shown. */
function typed() {
  const device = toDevice(deviceForm.submit())
  for (const task of Object.values(tasks)) task.dismiss()
  if (!deviceForm.problem.value) return device
  focusWrong('ons-credential-form')
  return undefined
}

function ask(what: 'register' | 'get' | 'refresh'): void {
  const device = typed()
  if (!device) return
  void tasks[what].run(async (abort) => {
    const answer = await client()[`${what}DeviceCredential`](device, { signal: abort })
    result.value = answer
    const { deviceCredential } = answer
    offerLogin(mqttDeviceLogin(deviceCredential), deviceCredential.instanceId, 'credential')
    return DONE[what]({ id: deviceCredential.clientId })
  })
}

function unregister(): void {
  const device = typed()
  if (!device) return
  void tasks.unregister.run(async (abort) => {
    try {
      await client().unRegisterDeviceCredential(device, { signal: abort })
    } finally {
      toggle(false)
    }
    result.value = undefined
    voidLogin(device, 'credential')
    return words.unregistered({ id: device.clientId })
  })
}

function toggle(asks: boolean): void {
  confirming.value = asks
  focusLater(asks ? 'ons-unregister-no' : 'ons-unregister')
}

export function Device() {
  const busy = Object.values(tasks).some((task) => task.busy.value)
  const usable = held.value !== undefined
  const offers: Offers = { none: { label: words.getIt(), run: () => ask('get') } }
  return (
    <Card id="ons-credential" title={words.title()}>
      <form
        id="ons-credential-form"
        data-testid="ons-credential-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          ask('register')
        }}
      >
        <fieldset disabled={!usable}>
          <Field
            form={deviceForm}
            name="input.clientId"
            id="ons-clientId"
            label={words.clientId()}
            hint={words.clientIdHint()}
          />
          <Field
            form={deviceForm}
            name="input.instanceId"
            id="ons-instanceId"
            label={words.instanceId()}
            hint={usable ? undefined : words.needsKeys()}
          />
          <div class="actions">
            <Action task={tasks.register} id="ons-register" primary disabled={busy}>
              {words.register()}
            </Action>
            <Action task={tasks.get} id="ons-get" disabled={busy} onClick={() => ask('get')}>
              {words.get()}
            </Action>
            <Action
              task={tasks.refresh}
              id="ons-refresh"
              disabled={busy}
              onClick={() => ask('refresh')}
            >
              {words.refresh()}
            </Action>
            <button
              type="button"
              class="ons-danger"
              id="ons-unregister"
              data-testid="ons-unregister"
              disabled={busy}
              aria-expanded={confirming.value}
              onClick={() => {
                if (confirming.value) toggle(false)
                else if (typed()) toggle(true)
              }}
            >
              {words.unregister()}
            </button>
          </div>
          {confirming.value && <Confirmation />}
        </fieldset>
      </form>
      <Failure task={tasks.register} offers={offers} />
      <Failure task={tasks.get} />
      <Failure task={tasks.refresh} />
      <Failure task={tasks.unregister} />
      <Result />
    </Card>
  )
}

function Confirmation() {
  return (
    <div
      class="ons-confirm"
      role="group"
      aria-label={words.unregister()}
      data-testid="ons-unregister-confirm"
      onKeyDown={(event) => {
        if (event.key === 'Escape') toggle(false)
      }}
    >
      <p>{words.sure({ id: deviceForm.values['input.clientId'].value })}</p>
      <div class="actions">
        <Action task={tasks.unregister} id="ons-unregister-yes" onClick={unregister}>
          {words.unregister()}
        </Action>
        <button
          type="button"
          id="ons-unregister-no"
          data-testid="ons-unregister-no"
          onClick={() => toggle(false)}
        >
          {words.keep()}
        </button>
      </div>
    </div>
  )
}

function Result() {
  const answer = result.value
  if (!answer) return <div data-testid="ons-result" hidden />
  const { clientId, deviceAccessKeyId, deviceAccessKeySecret, createTime, updateTime } =
    answer.deviceCredential
  const facts = [
    ['clientId', words.clientId(), clientId],
    ['keyId', words.keyId(), deviceAccessKeyId],
    ['created', words.created(), formatMoment(createTime)],
    ['updated', words.updated(), formatMoment(updateTime)],
    ['requestId', words.requestId(), answer.requestId],
  ] as const
  return (
    <div class="ons-result" data-testid="ons-result">
      <dl class="facts ons-facts">
        {facts.map(([name, label, value]) => (
          <div key={name}>
            <dt>{label}</dt>
            <dd class="mono" data-testid={`ons-result-${name}`}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
      <Secret label={words.secret()} value={() => deviceAccessKeySecret} />
    </div>
  )
}

/** `2026-11-22 08:10:31`, in the time of this machine. */
function formatMoment(ms: number): string {
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 19).replace('T', ' ')
}
