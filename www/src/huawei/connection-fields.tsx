// The fields that say where the platform is and who calls it.

import { EnvImport } from '../ui/env-import.tsx'
import { Check, Field } from '../ui/field.tsx'
import { focusLater } from '../ui/focus.ts'
import { say } from '../words.ts'
import { ENV_NAMES, ENV_PARTS, fillFrom, form } from './connection-form.ts'

const words = say({
  address: ['Address of the platform', '平台地址'],
  base: ['Base address', '基础地址'],
  platform: ['Address and port', '地址和端口'],
  baseHint: [
    'A proxy in front of the platform, such as /iot. Empty: the address that this page came from.',
    '平台前的代理，例如 /iot。留空则使用本页面所在的地址。',
  ],
  ip: ['Platform address', '平台地址'],
  ipHint: [
    'Called with https. A browser reaches it only if it trusts the certificate and the platform allows this page.',
    '以 https 调用。仅当浏览器信任其证书且平台允许本页面时才能访问。',
  ],
  port: ['Port', '端口'],
  appId: ['Application ID', '应用 ID'],
  secret: ['Secret', '密钥'],
  secretHint: [
    'Handed to the client, then cleared here. Stored nowhere.',
    '交给客户端后即在此清除，不会保存。',
  ],
  insecure: ['Allow plain http to another machine', '允许以明文 http 访问其他机器'],
  known: ['{prefixes} followed by {names}', '{prefixes} 后接 {names}'],
})

export function ConnectionFields() {
  const base = form.values.mode.value === 'base'
  return (
    <>
      <div class="choice" role="radiogroup" aria-label={words.address()}>
        {(['base', 'platform'] as const).map((mode) => (
          <label key={mode} class="check">
            <input
              type="radio"
              name="connection-mode"
              data-testid={`connection-mode-${mode}`}
              checked={form.values.mode.value === mode}
              onChange={() => form.fill({ mode })}
            />
            <span>{words[mode]()}</span>
          </label>
        ))}
      </div>
      {base ? (
        <Field
          form={form}
          name="clientInfo.baseUrl"
          id="connection-baseUrl"
          label={words.base()}
          hint={words.baseHint()}
          placeholder={location.origin}
        />
      ) : (
        <>
          <div class="address">
            <Field
              form={form}
              name="clientInfo.platformIp"
              id="connection-platformIp"
              label={words.ip()}
            />
            <Field
              form={form}
              name="clientInfo.platformPort"
              id="connection-platformPort"
              label={words.port()}
              numeric
            />
          </div>
          <p class="hint">{words.ipHint()}</p>
        </>
      )}
      <Field form={form} name="clientInfo.appId" id="connection-appId" label={words.appId()} />
      <Field
        form={form}
        name="clientInfo.secret"
        id="connection-secret"
        label={words.secret()}
        hint={words.secretHint()}
        secret
      />
      <Check form={form} name="options.allowInsecureHttp" id="connection-allowInsecureHttp">
        {words.insecure()}
      </Check>
      <EnvImport
        id="connection-import"
        names={ENV_NAMES}
        known={words.known(ENV_PARTS)}
        onRead={(values) => {
          fillFrom(values)
          focusLater('login')
        }}
      />
    </>
  )
}
