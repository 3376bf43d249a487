// What the form of the keys holds, how it becomes a configuration, and which settings of a file fill it.

import type { AliyunCredentials, OnsMqttConfig } from 'northbound'
import { OnsMqttRequests } from 'northbound'

import { createForm } from '../ui/form.ts'

export type AccessName =
  | 'config.endpoint'
  | 'config.regionId'
  | 'config.network'
  | 'config.signature'
  | 'config.credentials.accessKeyId'
  | 'config.credentials.accessKeySecret'
  | 'config.credentials.securityToken'
  | 'kind'
  | 'insecure'

type Values = Record<AccessName, string>

export const SECRET_FIELDS = [
  'config.credentials.accessKeySecret',
  'config.credentials.securityToken',
] as const

export const accessForm = createForm<AccessName>(
  {
    'config.endpoint': {},
    'config.regionId': { initial: 'cn-hangzhou' },
    'config.network': { initial: 'public' },
    // Needs no preflight, which the platform does not answer for the newer one.
    'config.signature': { initial: 'HMAC-SHA1' },
    'config.credentials.accessKeyId': { standIn: 'id' },
    'config.credentials.accessKeySecret': { standIn: 'secret' },
    'config.credentials.securityToken': { standIn: 'token' },
    kind: { initial: 'sts' },
    insecure: {},
  },
  (values) => new OnsMqttRequests(toConfig(values), toOptions(values)).free(),
)

/** The names of a `.env` file: this console's, those of Alibaba's own tools, and of OSS and STS. */
export const ENV_NAMES: Readonly<Record<string, AccessName>> = {
  ONSMQTT_ENDPOINT: 'config.endpoint',
  ONSMQTT_REGION_ID: 'config.regionId',
  ONSMQTT_NETWORK: 'config.network',
  ONSMQTT_SIGNATURE: 'config.signature',
  ALIBABA_CLOUD_REGION_ID: 'config.regionId',
  ALIBABA_CLOUD_ACCESS_KEY_ID: 'config.credentials.accessKeyId',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'config.credentials.accessKeySecret',
  ALIBABA_CLOUD_SECURITY_TOKEN: 'config.credentials.securityToken',
  ALIYUN_REGION_ID: 'config.regionId',
  ALIYUN_ACCESS_KEY_ID: 'config.credentials.accessKeyId',
  ALIYUN_ACCESS_KEY_SECRET: 'config.credentials.accessKeySecret',
  ALIYUN_SECURITY_TOKEN: 'config.credentials.securityToken',
}

export function toConfig(values: Values): OnsMqttConfig & { credentials: AliyunCredentials } {
  const endpoint = values['config.endpoint'].trim()
  const keys = {
    accessKeyId: values['config.credentials.accessKeyId'].trim(),
    accessKeySecret: values['config.credentials.accessKeySecret'].trim(),
  }
  const securityToken = values['config.credentials.securityToken'].trim()
  return {
    ...(endpoint ? { endpoint } : { regionId: values['config.regionId'].trim() }),
    network: values['config.network'] === 'vpc' ? 'vpc' : 'public',
    signature: values['config.signature'] === 'ACS3-HMAC-SHA256' ? 'ACS3-HMAC-SHA256' : 'HMAC-SHA1',
    credentials: values.kind === 'sts' ? { ...keys, securityToken } : keys,
  }
}

export function toOptions(values: Values): { allowInsecureHttp: boolean } {
  return { allowInsecureHttp: values.insecure !== '' }
}

/** The address that is called. */
export function toAddress(values: Values): string {
  const endpoint = values['config.endpoint'].trim()
  if (endpoint) return endpoint
  const product = values['config.network'] === 'vpc' ? 'onsmqtt-vpc' : 'onsmqtt'
  return `https://${product}.${values['config.regionId'].trim()}.aliyuncs.com`
}

/** What a file said; a security token means STS keys, its absence beside a key lasting ones. */
export function fillFrom(read: Partial<Values>): void {
  const kind = read['config.credentials.securityToken']
    ? 'sts'
    : read['config.credentials.accessKeySecret']
      ? 'key'
      : undefined
  const network = read['config.network']?.toLowerCase()
  const signature = read['config.signature']?.toUpperCase()
  accessForm.fill({
    ...read,
    ...(kind && { kind }),
    ...(network && { 'config.network': network === 'vpc' ? 'vpc' : 'public' }),
    ...(signature && {
      'config.signature': signature.startsWith('ACS3') ? 'ACS3-HMAC-SHA256' : 'HMAC-SHA1',
    }),
  })
}

/** Their absence is no mistake any more: the client has them. */
export function clearSecrets(): void {
  const others = typed('peek')
  accessForm.reset()
  accessForm.fill({ ...others, ...Object.fromEntries(SECRET_FIELDS.map((name) => [name, ''])) })
}

/** All values of the moment; by `value`, what reads them follows them. */
export function typed(by: 'value' | 'peek'): Values {
  const pairs = Object.entries(accessForm.values).map(([name, of]) => [
    name,
    by === 'value' ? of.value : of.peek(),
  ])
  return Object.fromEntries(pairs) as Values
}
