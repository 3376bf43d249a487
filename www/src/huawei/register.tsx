// The form that registers a device.

import { Card } from '../ui/card.tsx'
import { Check, Field } from '../ui/field.tsx'
import { Action, Failure, createTask } from '../ui/task.tsx'
import { say } from '../words.ts'
import { give, list } from './devices-list.ts'
import { offers } from './offers.ts'
import { form, registration } from './register-form.ts'
import { client, connection, onLeave } from './session.ts'
import { reloadIfThere } from './simulator.ts'
import { submit } from './submit.ts'

const words = say({
  title: ['Register a device', '注册设备'],
  first: ['Log in to register a device.', '登录后即可注册设备。'],
  nodeId: ['Node ID', '节点 ID'],
  nodeIdHint: ['MAC, serial number or IMEI.', 'MAC 地址、序列号或 IMEI。'],
  verifyCode: ['Verification code', '验证码'],
  verifyCodeHint: ['Empty: the platform makes one.', '留空则由平台生成。'],
  timeout: ['Timeout in seconds', '有效期（秒）'],
  timeoutHint: ['Empty: 180. 0: never expires.', '留空为 180；0 表示永不过期。'],
  name: ['Name', '名称'],
  nameHint: ['For people.', '便于识别。'],
  more: ['Product and further fields', '产品及其他字段'],
  productId: ['Product ID', '产品 ID'],
  manufacturerId: ['Manufacturer ID', '厂商 ID'],
  manufacturerName: ['Manufacturer name', '厂商名称'],
  deviceType: ['Device type', '设备类型'],
  model: ['Model', '型号'],
  protocolType: ['Protocol', '协议'],
  protocolHint: ['For example MQTT or CoAP.', '例如 MQTT 或 CoAP。'],
  endUserId: ['End user ID', '终端用户 ID'],
  psk: ['Pre-shared key', '预共享密钥'],
  pskHint: [
    '8 to 32 hexadecimal digits. Empty: the platform makes one.',
    '8 到 32 位十六进制数。留空则由平台生成。',
  ],
  isSecure: ['Secure device', '安全设备'],
  register: ['Register', '注册'],
  done: ['Registered {nodeId}', '已注册 {nodeId}'],
})

const task = createTask()

onLeave(() => {
  task.drop()
  form.fill({ 'input.verifyCode': '', 'input.psk': '' })
})

export function RegisterCard() {
  const usable = connection.value !== undefined
  return (
    <Card id="register-card" title={words.title()}>
      <form
        data-testid="register-form"
        noValidate
        autocomplete="off"
        onSubmit={(event) =>
          submit(event, form, task, async (values, signal) => {
            const input = registration(values)
            const answer = await client().regDirectDevice(input, { signal })
            const name = input.deviceInfo?.name ?? ''
            const device = list(answer.deviceId, { nodeId: input.nodeId, name })
            give(device, answer.verifyCode, answer.timeout, answer.psk)
            form.reset()
            reloadIfThere()
            return words.done({ nodeId: input.nodeId })
          })
        }
      >
        <fieldset disabled={!usable}>
          <legend class="unseen">{words.title()}</legend>
          <div class="grid dense">
            <Field
              form={form}
              name="input.nodeId"
              id="register-nodeId"
              label={words.nodeId()}
              hint={words.nodeIdHint()}
            />
            <Field
              form={form}
              name="input.deviceInfo.name"
              id="register-name"
              label={words.name()}
              hint={words.nameHint()}
            />
            <Field
              form={form}
              name="input.verifyCode"
              id="register-verifyCode"
              label={words.verifyCode()}
              hint={words.verifyCodeHint()}
              secret
            />
            <Field
              form={form}
              name="input.timeout"
              id="register-timeout"
              label={words.timeout()}
              hint={words.timeoutHint()}
              numeric
            />
          </div>
          <details class="more">
            <summary data-testid="register-more">{words.more()}</summary>
            <More />
          </details>
          <div class="actions">
            <Action task={task} id="register-submit" primary disabled={!usable}>
              {words.register()}
            </Action>
            {!usable && <span class="quiet">{words.first()}</span>}
          </div>
        </fieldset>
      </form>
      <Failure task={task} offers={offers(task)} />
    </Card>
  )
}

function More() {
  return (
    <div class="grid dense">
      {(['productId', 'deviceType', 'model', 'manufacturerId', 'manufacturerName'] as const).map(
        (name) => (
          <Field
            key={name}
            form={form}
            name={name === 'productId' ? 'input.productId' : `input.deviceInfo.${name}`}
            id={`register-${name}`}
            label={words[name]()}
          />
        ),
      )}
      <Field
        form={form}
        name="input.deviceInfo.protocolType"
        id="register-protocolType"
        label={words.protocolType()}
        hint={words.protocolHint()}
      />
      <Field form={form} name="input.endUserId" id="register-endUserId" label={words.endUserId()} />
      <Field form={form} name="input.imsi" id="register-imsi" label="IMSI" />
      <Field
        form={form}
        name="input.psk"
        id="register-psk"
        label={words.psk()}
        hint={words.pskHint()}
        secret
      />
      <Check form={form} name="input.isSecure" id="register-isSecure">
        {words.isSecure()}
      </Check>
    </div>
  )
}
