// The choice to share the token between the tabs of this browser, with what it means.

import { say } from '../words.ts'
import { connection } from './session.ts'
import { canSeal } from './sealing.ts'
import { forget, sharing, unsealedAllowed, wanted } from './sharing.ts'
import { tell } from '../ui/status.tsx'

const words = say({
  share: ['Share the token between tabs', '在标签页之间共享令牌'],
  hint: [
    'Kept in this browser, sealed with a key that no script can read. Unticking removes both.',
    '令牌保存在本浏览器中，以脚本无法读出的密钥加密。取消勾选即删除两者。',
  ],
  later: ['Takes effect at the next login.', '下次登录时生效。'],
  warning: [
    'This browser cannot seal anything here: it offers encryption on https and on this machine alone. Every script of this address could read the shared token.',
    '浏览器仅在 https 或本机地址提供加密，此处无法加密。此地址的任何脚本都能读取共享的令牌。',
  ],
  unsealed: ['Share it unsealed all the same', '仍以未加密方式共享'],
  notYet: ['It is not shared until you agree to that.', '在您同意之前不会共享。'],
  removed: ['The token is no longer shared; nothing of it is kept', '令牌不再共享，未保留任何内容'],
  notRemoved: [
    'The token is no longer shared, but could not be removed: clear this site’s data in the browser',
    '令牌不再共享，但未能删除：请在浏览器中清除此网站的数据',
  ],
})

export function Share() {
  const current = connection.value
  const pending = current && sharing.value !== current.sharing.value
  return (
    <div class="share">
      <label class="check">
        <input
          type="checkbox"
          data-testid="share"
          aria-describedby="share-hint"
          checked={wanted.value}
          onChange={(event) => {
            if (event.currentTarget.checked) wanted.value = true
            else void stop()
          }}
        />
        <span>{words.share()}</span>
      </label>
      {wanted.value && !canSeal() ? (
        <Unsealed />
      ) : (
        <p class="hint" id="share-hint">
          {words.hint()}
        </p>
      )}
      {pending && (
        <p class="share-pending" data-testid="share-pending">
          {words.later()}
        </p>
      )}
    </div>
  )
}

function Unsealed() {
  return (
    <div class="warning" role="alert" data-testid="share-warning">
      <p id="share-hint">
        {words.warning()} {!unsealedAllowed.value && words.notYet()}
      </p>
      <label class="check">
        <input
          type="checkbox"
          data-testid="share-unsealed"
          checked={unsealedAllowed.value}
          onChange={(event) => {
            unsealedAllowed.value = event.currentTarget.checked
          }}
        />
        <span>{words.unsealed()}</span>
      </label>
    </div>
  )
}

/** Removes what is kept, and says so. Answers whether that worked. */
export async function stop(): Promise<boolean> {
  const done = await forget().then(
    () => true,
    () => false,
  )
  tell(done ? words.removed() : words.notRemoved())
  return done
}
