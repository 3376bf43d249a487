// Where the focus goes when a part of a device is folded.

import { unfolded } from './devices-list.ts'

/** Folds the unfolded part of a device; the button that unfolded it is next. */
export function fold(deviceId: string, opener: string): void {
  if (unfolded.peek()?.deviceId !== deviceId) return
  unfolded.value = undefined
  const row = document.querySelector(`[data-device="${CSS.escape(deviceId)}"]`)
  row?.querySelector<HTMLElement>(`[data-testid="${opener}"]`)?.focus()
}
