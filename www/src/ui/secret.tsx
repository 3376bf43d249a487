// A value that is shown while a button is pressed, and copied without being shown.

import { useSignal } from '@preact/signals'

import { say } from '../words.ts'
import { tell } from './status.tsx'
import { formatLife, now } from './time.ts'

const words = say({
  show: ['Show', '显示'],
  showHint: ['Shown while pressed', '按住时显示'],
  copy: ['Copy', '复制'],
  copied: ['{label} copied', '已复制{label}'],
  notCopied: [
    '{label} not copied: the browser allows it on https or localhost, in the active window',
    '未能复制{label}：浏览器仅在 https 或 localhost 的活动窗口中允许复制',
  ],
  expiresIn: ['expires in {time}', '{time} 后过期'],
  expired: ['expired', '已过期'],
  never: ['never expires', '永不过期'],
})

const MASK = '••••••••••••'

interface SecretProps {
  label: string
  /** Asked when it is shown or copied, so that it need not stand in the page before. */
  value: () => string | Promise<string>
  /** When it ends, in milliseconds since the epoch; 0: never; absent: nothing is said of it. */
  endsAt?: number
  /** How long it was good for in all, in milliseconds; draws a bar that empties. */
  lifeMs?: number
  /** What the ids of its parts begin with. */
  id?: string
}

export function Secret({ label, value, endsAt, lifeMs, id = 'secret' }: SecretProps) {
  const shown = useSignal<string | undefined>(undefined)
  const left = endsAt ? endsAt - now.value : undefined
  const expired = left !== undefined && left <= 0
  const hide = () => {
    shown.value = undefined
  }
  const reveal = async () => {
    shown.value = ''
    const text = await value()
    // Let go before it was there.
    if (shown.value !== undefined) shown.value = text
  }
  return (
    <div class={expired ? 'secret expired' : 'secret'} data-testid={id}>
      <span class="secret-label">{label}</span>
      <span class="mono secret-value" data-testid={`${id}-value`}>
        {expired ? MASK : shown.value || MASK}
      </span>
      <span class="secret-buttons">
        <button
          type="button"
          class="small"
          data-testid={`${id}-show`}
          aria-label={`${words.show()}: ${label}`}
          title={words.showHint()}
          aria-pressed={shown.value !== undefined}
          disabled={expired}
          onPointerDown={(event) => {
            // The pointer may wander off before it is lifted.
            event.currentTarget.setPointerCapture(event.pointerId)
            void reveal()
          }}
          onPointerUp={hide}
          onLostPointerCapture={hide}
          onBlur={hide}
          // A long touch opens the menu and would never end with a pointer that is lifted.
          onContextMenu={(event) => event.preventDefault()}
          onKeyDown={(event) => {
            if (!event.repeat && (event.key === ' ' || event.key === 'Enter')) void reveal()
          }}
          onKeyUp={hide}
        >
          {words.show()}
        </button>
        <button
          type="button"
          class="small"
          data-testid={`${id}-copy`}
          aria-label={`${words.copy()}: ${label}`}
          disabled={expired}
          onClick={() => copy(label, value)}
        >
          {words.copy()}
        </button>
      </span>
      {endsAt !== undefined && (
        <span class="secret-life" data-testid={`${id}-life`}>
          {endsAt === 0
            ? words.never()
            : expired
              ? words.expired()
              : words.expiresIn({ time: formatLife(left ?? 0) })}
        </span>
      )}
      {left !== undefined && lifeMs && <Bar left={left / lifeMs} />}
    </div>
  )
}

/** A picture of the time that the text beside it tells. */
function Bar({ left }: { left: number }) {
  const share = Math.min(1, Math.max(0, left))
  return (
    <div class={share < 0.2 ? 'secret-bar low' : 'secret-bar'} aria-hidden="true">
      <div data-testid="secret-bar" style={{ transform: `scaleX(${share.toFixed(4)})` }} />
    </div>
  )
}

/** Puts a text onto the clipboard, and says so. */
export async function copy(label: string, value: () => string | Promise<string>): Promise<void> {
  try {
    await navigator.clipboard.writeText(await value())
    tell(words.copied({ label }))
  } catch {
    tell(words.notCopied({ label }))
  }
}
