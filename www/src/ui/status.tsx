// The line that says what has just happened; screen readers read it out.

import { signal } from '@preact/signals'

const text = signal('')

/** Says something in the status line. */
export function tell(said: string): void {
  text.value = said
}

export function Status() {
  return (
    <p class="status" id="status" data-testid="status" role="status">
      {text.value}
    </p>
  )
}
