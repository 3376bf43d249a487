// The fields of a registration, by the names that the package gives them, and what they make together.

import type { DeviceInfo, RegDirectDeviceInDTO } from 'northbound'

import { createForm } from '../ui/form.ts'
import { NO_TOKEN, judge, optional, optionalNumber } from './submit.ts'

const ABOUT = [
  'name',
  'manufacturerId',
  'manufacturerName',
  'deviceType',
  'model',
  'protocolType',
] as const

type RegisterField =
  | 'input.nodeId'
  | 'input.verifyCode'
  | 'input.timeout'
  | 'input.productId'
  | 'input.endUserId'
  | 'input.imsi'
  | 'input.psk'
  | 'input.isSecure'
  | `input.deviceInfo.${(typeof ABOUT)[number]}`

export const form = createForm<RegisterField>(
  {
    'input.nodeId': { standIn: 'none' },
    'input.verifyCode': {},
    'input.timeout': {},
    'input.productId': {},
    'input.endUserId': {},
    'input.imsi': {},
    'input.psk': {},
    'input.isSecure': {},
    'input.deviceInfo.name': {},
    'input.deviceInfo.manufacturerId': {},
    'input.deviceInfo.manufacturerName': {},
    'input.deviceInfo.deviceType': {},
    'input.deviceInfo.model': {},
    'input.deviceInfo.protocolType': {},
  },
  (values) => judge((requests) => requests.regDirectDevice(registration(values), NO_TOKEN)),
)

/** An empty field leaves the choice to the platform. */
export function registration(values: Record<RegisterField, string>): RegDirectDeviceInDTO {
  const deviceInfo: DeviceInfo = {}
  for (const name of ABOUT) {
    const text = values[`input.deviceInfo.${name}`]
    if (text !== '') deviceInfo[name] = text
  }
  return {
    nodeId: values['input.nodeId'].trim(),
    verifyCode: optional(values['input.verifyCode']) ?? null,
    timeout: optionalNumber(values['input.timeout']) ?? null,
    productId: optional(values['input.productId']) ?? null,
    endUserId: optional(values['input.endUserId']) ?? null,
    imsi: optional(values['input.imsi']) ?? null,
    psk: optional(values['input.psk']) ?? null,
    isSecure: values['input.isSecure'] === '' ? null : true,
    deviceInfo: Object.keys(deviceInfo).length > 0 ? deviceInfo : null,
  }
}
