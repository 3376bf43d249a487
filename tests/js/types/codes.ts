// The codes of errors, by operation: offered where they are known, and open for what is not documented.
import {
  PlatformError,
  errorCatalogue,
  type AliyunErrorCode,
  type ErrorCode,
  type ErrorCodes,
  type HuaweiErrorCode,
} from 'northbound'

export function advice(error: PlatformError): string {
  const text: string = error.code
  const code: ErrorCode<'refreshDeviceKey'> = error.code
  switch (code) {
    case '100611':
      return 'take it offline'
    case '100610':
      return 'let it connect'
    case 'a code that is not documented':
      return text
    default:
      return code.startsWith('100') ? error.remedy : code
  }
}

export const open: [ErrorCode, ErrorCode<'applyToken'>, HuaweiErrorCode, AliyunErrorCode] = [
  'A',
  'B',
  'C',
  'InvalidParameter.ClientId',
]
export const documented: ErrorCodes['applyToken'][] = ['ApplyTokenOverFlow', 'Throttling.User']
export const codes: string[] = errorCatalogue().map(({ code }) => code)

export function mustNotCompile(): void {
  // @ts-expect-error documented for a login, not for a key
  const other: ErrorCodes['refreshDeviceKey'] = '100449'
  // @ts-expect-error misspelt: the platform itself spells it Exsit
  const spelling: ErrorCodes['registerDeviceCredential'] = 'DeviceCredentialExist'
  // @ts-expect-error there is no such operation
  const operation: ErrorCode<'refreshDevice'> = '100611'
  // @ts-expect-error a code is a text
  const number: ErrorCode = 100611
  return void [other, spelling, operation, number]
}
