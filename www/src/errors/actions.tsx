// What to do about an error, as the package's word for programs and in plain words.

import type { ErrorAction } from 'northbound'

import type { Tone } from '../ui/card.tsx'
import { say } from '../words.ts'

const words = say({
  title: ['What the actions mean', '各处理方式的含义'],
  'login-again': ['Log in again', '重新登录'],
  'login-again-more': [
    'The token, or the STS keys, are no longer good. A client of Huawei’s platform logs in anew and repeats the call once by itself; STS keys have to be obtained anew.',
    '令牌或 STS 密钥已失效。华为平台的客户端会自动重新登录并重试一次；STS 密钥则须重新获取。',
  ],
  'fix-input': ['Correct the input', '更正输入'],
  'fix-input-more': [
    'Something in the call is wrong or names what is not there. The same call fails again until it is corrected.',
    '调用中有错误内容，或引用了不存在的对象。更正之前，相同的调用仍会失败。',
  ],
  wait: ['Wait', '等待'],
  'wait-more': [
    'The call is right, but comes at a bad moment: too many calls, or something is not ready. The client waits and repeats by itself where that helps.',
    '调用正确，但时机不对：调用过多，或尚未就绪。在有帮助时，客户端会自动等待并重试。',
  ],
  'contact-platform': ['Ask the platform’s operator', '联系平台运营方'],
  'contact-platform-more': [
    'The platform failed, or lacks something that only its operator can give: a right, a quota, a service. Tell them the code and the request ID.',
    '平台发生故障，或缺少只有运营方才能提供的权限、配额或服务。请告知其错误码和请求 ID。',
  ],
  'take-device-offline': ['Take the device offline', '让设备离线'],
  'take-device-offline-more': [
    'The device is online, and the call works only while it is not.',
    '设备在线，而此调用仅在设备离线时有效。',
  ],
  'activate-device': ['Activate the device', '激活设备'],
  'activate-device-more': [
    'The device has never connected. Let it connect once with its code, then repeat the call.',
    '设备从未连接过。请先让它使用验证码连接一次，然后重试。',
  ],
  none: ['Nothing to mend', '无需修复'],
  'none-more': [
    'What was asked for exists already, or has gone too far to be changed: go on with what is there.',
    '所请求的内容已经存在，或已无法更改：请以现有状态继续。',
  ],
  laterTitle: ['May succeed later', '稍后可能成功'],
  later: [
    'The same call may succeed without any change: the client repeats it by itself where that is safe. For all others waiting alone does not help.',
    '相同的调用无需任何更改即可能成功：在安全的情况下，客户端会自动重试。其余错误仅靠等待无济于事。',
  ],
})

export const ACTIONS: readonly ErrorAction[] = [
  'login-again',
  'fix-input',
  'wait',
  'contact-platform',
  'take-device-offline',
  'activate-device',
  'none',
]

export const TONES: Record<ErrorAction, Tone> = {
  'login-again': 'busy',
  'fix-input': 'bad',
  wait: 'busy',
  'contact-platform': 'bad',
  'take-device-offline': 'busy',
  'activate-device': 'busy',
  none: 'neutral',
}

export function actionLabel(action: ErrorAction): string {
  return words[action]()
}

export function actionText(action: ErrorAction): string {
  return words[`${action}-more`]()
}

/** The explanations of all of them. */
export function Legend() {
  return (
    <details class="errors-legend" data-testid="errors-legend">
      <summary>{words.title()}</summary>
      <dl>
        {ACTIONS.map((action) => (
          <div key={action}>
            <dt>
              {actionLabel(action)} <span class="mono quiet">{action}</span>
            </dt>
            <dd>{actionText(action)}</dd>
          </div>
        ))}
        <div>
          <dt>
            {words.laterTitle()} <span class="mono quiet">retryable</span>
          </dt>
          <dd>{words.later()}</dd>
        </div>
      </dl>
    </details>
  )
}
