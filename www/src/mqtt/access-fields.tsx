// The form of the keys.

import type { ComponentChildren } from 'preact'

import { focusLater } from '../ui/focus.ts'
import { EnvImport } from '../ui/env-import.tsx'
import { Check, Choice, Field } from '../ui/field.tsx'
import { say } from '../words.ts'
import { ENV_NAMES, accessForm, fillFrom, toAddress, typed } from './access-form.ts'
import { broker } from './connection.tsx'
import { deviceForm } from './device-form.ts'
import { groupForm } from './group.tsx'
import { SIMULATOR, simulatedBroker } from './preset.ts'

const words = say({
  region: ['Region', '地域'],
  network: ['Network', '网络'],
  public: ['Public', '公网'],
  vpc: ['VPC', 'VPC'],
  endpoint: ['Endpoint, instead of the region’s', '接入点（代替地域的地址）'],
  endpointHint: ['Calls {address}', '调用 {address}'],
  insecure: [
    'Allow plain http: whoever listens reads the credentials of devices',
    '允许明文 http：窃听者可读取设备凭证',
  ],
  signature: ['Signature', '签名算法'],
  signatureHint: [
    'HMAC-SHA1 needs no CORS preflight, so it also reaches another origin. The newer one is for this origin or a proxy.',
    'HMAC-SHA1 无需 CORS 预检，因此也可访问其他来源。较新的算法用于本来源或代理。',
  ],
  kind: ['Kind of keys', '密钥类型'],
  sts: ['STS: temporary keys (recommended)', 'STS：临时密钥（推荐）'],
  key: ['AccessKey: lasting keys', 'AccessKey：长期密钥'],
  warning: ['An AccessKey in a page is a leak.', '网页中的 AccessKey 等同于泄露。'],
  warningMore: [
    'Whoever gets at this browser has the rights of the account until somebody revokes the key. Use STS keys limited to one instance, or make logins on a server.',
    '任何能接触此浏览器的人都拥有该账号的权限，直到密钥被吊销。请使用仅限单个实例的 STS 密钥，或在服务器上生成登录信息。',
  ],
  keyId: ['AccessKey ID', 'AccessKey ID'],
  keySecret: ['AccessKey secret', 'AccessKey Secret'],
  token: ['Security token', 'Security Token'],
  secretsHint: [
    'Secret and token are handed to the client, then cleared here. Stored nowhere.',
    'Secret 与 Token 交给客户端后即从此处清除，不会存储在任何地方。',
  ],
  use: ['Use keys', '使用密钥'],
  simulator: ['Simulator', '模拟器'],
  simulatorHint: [
    'Fill in the simulator’s keys, instance and broker',
    '填入模拟器的密钥、实例和服务端地址',
  ],
})

function preset(): void {
  const sts = accessForm.values.kind.peek() === 'sts'
  const { accessKeyId, accessKeySecret } = sts ? SIMULATOR.sts : SIMULATOR.key
  accessForm.fill({
    'config.endpoint': `${location.origin}/aliyun/`,
    'config.credentials.accessKeyId': accessKeyId,
    'config.credentials.accessKeySecret': accessKeySecret,
    'config.credentials.securityToken': sts ? SIMULATOR.sts.securityToken : '',
  })
  deviceForm.fill({
    'input.clientId': SIMULATOR.clientId,
    'input.instanceId': SIMULATOR.instanceId,
  })
  groupForm.fill({ 'input.groupId': SIMULATOR.groupId })
  broker.value = simulatedBroker()
  focusLater('ons-use')
}

/** The children are further buttons. */
export function AccessFields(props: { onTake: () => void; children: ComponentChildren }) {
  return (
    <form
      id="ons-access-form"
      data-testid="ons-access-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        props.onTake()
      }}
    >
      <Platform />
      <Keys />
      <p class="hint">{words.secretsHint()}</p>
      <div class="actions">
        <button type="submit" class="primary" id="ons-use" data-testid="ons-use">
          {words.use()}
        </button>
        <button
          type="button"
          data-testid="ons-preset"
          title={words.simulatorHint()}
          onClick={preset}
        >
          {words.simulator()}
        </button>
        {props.children}
      </div>
      <EnvImport id="ons-env" names={ENV_NAMES} onRead={fillFrom} />
    </form>
  )
}

function Platform() {
  const values = typed('value')
  const plain = /^http:/i.test(values['config.endpoint'].trim())
  return (
    <>
      <div class="ons-pair">
        <Field form={accessForm} name="config.regionId" id="ons-regionId" label={words.region()} />
        <Choice
          form={accessForm}
          name="config.network"
          id="ons-network"
          label={words.network()}
          options={[
            ['public', words.public()],
            ['vpc', words.vpc()],
          ]}
        />
      </div>
      <Field
        form={accessForm}
        name="config.endpoint"
        id="ons-endpoint"
        label={words.endpoint()}
        hint={words.endpointHint({ address: toAddress(values) })}
      />
      {plain && (
        <Check form={accessForm} name="insecure" id="ons-insecure">
          {words.insecure()}
        </Check>
      )}
      <Choice
        form={accessForm}
        name="config.signature"
        id="ons-signature"
        label={words.signature()}
        hint={words.signatureHint()}
        options={[
          ['HMAC-SHA1', 'HMAC-SHA1'],
          ['ACS3-HMAC-SHA256', 'ACS3-HMAC-SHA256'],
        ]}
      />
    </>
  )
}

function Keys() {
  const { kind } = accessForm.values
  return (
    <>
      <div class="ons-kinds" role="radiogroup" aria-label={words.kind()}>
        {(['sts', 'key'] as const).map((each) => (
          <label class="check" key={each}>
            <input
              type="radio"
              name="ons-kind"
              data-testid={`ons-kind-${each}`}
              checked={kind.value === each}
              onChange={() => {
                kind.value = each
              }}
            />
            <span>{words[each]()}</span>
          </label>
        ))}
      </div>
      {kind.value === 'key' && <Warning />}
      <Field
        form={accessForm}
        name="config.credentials.accessKeyId"
        id="ons-accessKeyId"
        label={words.keyId()}
      />
      <Field
        form={accessForm}
        name="config.credentials.accessKeySecret"
        id="ons-accessKeySecret"
        label={words.keySecret()}
        secret
      />
      {kind.value === 'sts' && (
        <Field
          form={accessForm}
          name="config.credentials.securityToken"
          id="ons-securityToken"
          label={words.token()}
          secret
        />
      )}
    </>
  )
}

export function Warning() {
  return (
    <p class="warning" data-testid="ons-key-warning" role="note">
      <strong>{words.warning()}</strong> {words.warningMore()}
    </p>
  )
}
