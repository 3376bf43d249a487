// The fields of a connection, what they make together, and the names that they have in `.env` files.

import { type ClientInfo, NorthApiRequests } from 'northbound'

import { createForm } from '../ui/form.ts'

export type ConnectionField =
  | 'mode'
  | 'clientInfo.baseUrl'
  | 'clientInfo.platformIp'
  | 'clientInfo.platformPort'
  | 'clientInfo.appId'
  | 'clientInfo.secret'
  | 'options.allowInsecureHttp'

type Values = Record<ConnectionField, string>

/** What the simulator knows from its start. Not a secret of any platform. */
export const SIMULATOR: Partial<Values> = {
  mode: 'base',
  'clientInfo.baseUrl': '',
  'clientInfo.appId': 'app1',
  'clientInfo.secret': 's+e/c=r&t%1',
}

export const form = createForm<ConnectionField>(
  {
    mode: { initial: 'base' },
    'clientInfo.baseUrl': {},
    'clientInfo.platformIp': { standIn: 'localhost' },
    'clientInfo.platformPort': { initial: '8743' },
    'clientInfo.appId': { standIn: 'none' },
    'clientInfo.secret': { standIn: 'none' },
    'options.allowInsecureHttp': {},
  },
  (values) => {
    new NorthApiRequests(clientInfo(values), { allowInsecureHttp: insecure(values) }).free()
  },
)

export function clientInfo(values: Values): ClientInfo {
  const appId = values['clientInfo.appId']
  const secret = values['clientInfo.secret']
  if (values.mode === 'base') {
    return { appId, secret, baseUrl: values['clientInfo.baseUrl'].trim() || location.origin }
  }
  const platformIp = values['clientInfo.platformIp'].trim()
  return { appId, secret, platformIp, platformPort: values['clientInfo.platformPort'].trim() }
}

export function insecure(values: Values): boolean {
  return values['options.allowInsecureHttp'] !== ''
}

const PREFIXES = ['NORTHBOUND_', 'IOT_', 'HUAWEI_']

const SETTINGS: Record<string, ConnectionField> = {
  BASE_URL: 'clientInfo.baseUrl',
  PLATFORM_IP: 'clientInfo.platformIp',
  PLATFORM_PORT: 'clientInfo.platformPort',
  APP_ID: 'clientInfo.appId',
  SECRET: 'clientInfo.secret',
  APP_SECRET: 'clientInfo.secret',
  ALLOW_INSECURE_HTTP: 'options.allowInsecureHttp',
}

export const ENV_NAMES = Object.fromEntries(
  PREFIXES.flatMap((prefix) =>
    Object.entries(SETTINGS).map(([name, field]) => [prefix + name, field]),
  ),
) as Record<string, ConnectionField>

/** The same in short: each of these may stand before each of those. */
export const ENV_PARTS = {
  prefixes: PREFIXES.join(', '),
  names: Object.keys(SETTINGS).join(', '),
}

/** Fills in what a text said; an address decides which of the two kinds it is. */
export function fillFrom(values: Partial<Values>): void {
  const mode = values['clientInfo.baseUrl'] ? 'base' : values['clientInfo.platformIp'] && 'platform'
  const insecurely = values['options.allowInsecureHttp']
  form.fill({
    ...values,
    ...(mode && { mode }),
    ...(insecurely !== undefined && {
      'options.allowInsecureHttp': /^(1|true|yes|on)$/i.test(insecurely) ? 'yes' : '',
    }),
  })
}
