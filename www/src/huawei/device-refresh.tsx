// The form that gives a device a new verification code.

import { useLayoutEffect } from 'preact/hooks'

import { Field } from '../ui/field.tsx'
import { createForm } from '../ui/form.ts'
import { Action } from '../ui/task.tsx'
import { say } from '../words.ts'
import { type Device, give, unfolded } from './devices-list.ts'
import { fold } from './focus.ts'
import { client, connection } from './session.ts'
import { reloadIfThere } from './simulator.ts'
import { NO_TOKEN, judge, optional, optionalNumber, submit } from './submit.ts'

const words = say({
  title: ['Refresh the key of {device}', '刷新 {device} 的密钥'],
  verifyCode: ['New verification code', '新验证码'],
  verifyCodeHint: ['Empty: the platform makes one.', '留空则由平台生成。'],
  nodeId: ['New node ID', '新节点 ID'],
  nodeIdHint: ['Empty: stays as it is.', '留空则保持不变。'],
  timeout: ['Timeout in seconds', '有效期（秒）'],
  timeoutHint: ['Empty: 180. 0: never expires.', '留空为 180；0 表示永不过期。'],
  submit: ['Refresh key', '刷新密钥'],
  close: ['Close', '关闭'],
  done: ['The device has a new verification code', '设备已有新的验证码'],
})

/** One for all: only one device is unfolded at a time. */
const form = createForm<'input.verifyCode' | 'input.nodeId' | 'input.timeout'>(
  { 'input.verifyCode': {}, 'input.nodeId': {}, 'input.timeout': {} },
  (values) =>
    judge((requests) =>
      requests.refreshDeviceKey({ deviceId: 'none', ...change(values) }, NO_TOKEN),
    ),
)

function change(values: Record<'input.verifyCode' | 'input.nodeId' | 'input.timeout', string>) {
  return {
    verifyCode: optional(values['input.verifyCode']) ?? null,
    nodeId: optional(values['input.nodeId']) ?? null,
    timeout: optionalNumber(values['input.timeout']) ?? null,
  }
}

export function openRefresh({ deviceId }: Device): void {
  unfolded.value = { deviceId, part: 'refresh' }
}

export function DeviceRefresh({ device }: { device: Device }) {
  const { deviceId, appId } = device
  const close = () => fold(deviceId, 'device-refresh')
  useLayoutEffect(() => {
    document.getElementById('refresh-verifyCode')?.focus()
    // A code that was typed goes with the form.
    return () => form.reset()
  }, [])
  return (
    <form
      class="unfolded"
      data-testid="refresh-form"
      aria-label={words.title({ device: deviceId })}
      noValidate
      autocomplete="off"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close()
      }}
      onSubmit={(event) =>
        submit(event, form, device.refresh, async (values, signal) => {
          const input = { deviceId, ...change(values) }
          const options = { appId: appId ?? null, signal }
          const answer = await client().refreshDeviceKey(input, options)
          give(device, answer.verifyCode, answer.timeout)
          device.nodeId.value = input.nodeId ?? device.nodeId.peek()
          reloadIfThere()
          close()
          return words.done()
        })
      }
    >
      <div class="grid">
        <Field
          form={form}
          name="input.verifyCode"
          id="refresh-verifyCode"
          label={words.verifyCode()}
          hint={words.verifyCodeHint()}
          secret
        />
        <Field
          form={form}
          name="input.nodeId"
          id="refresh-nodeId"
          label={words.nodeId()}
          hint={words.nodeIdHint()}
        />
        <Field
          form={form}
          name="input.timeout"
          id="refresh-timeout"
          label={words.timeout()}
          hint={words.timeoutHint()}
          numeric
        />
      </div>
      <div class="actions">
        <Action
          task={device.refresh}
          id="refresh-submit"
          primary
          disabled={connection.value === undefined}
        >
          {words.submit()}
        </Action>
        <button type="button" data-testid="refresh-close" onClick={close}>
          {words.close()}
        </button>
      </div>
    </form>
  )
}
