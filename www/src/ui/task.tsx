// Something that takes time: begun by a button, ended by its result, an error, or the button again.

import { type ReadonlySignal, signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'

import { say } from '../words.ts'
import { type Offers, ErrorCard } from './error-card.tsx'
import { tell } from './status.tsx'

const words = say({
  cancel: ['Cancel', '取消'],
  cancelled: ['Cancelled', '已取消'],
})

export interface Task {
  readonly busy: ReadonlySignal<boolean>
  readonly error: ReadonlySignal<unknown>
  /** Runs `work`; its text is told in the status line. Answers whether it succeeded. */
  run(work: (signal: AbortSignal) => Promise<string | void>): Promise<boolean>
  /** Shows an error that happened elsewhere. */
  fail(error: unknown): void
  abort(): void
  dismiss(): void
  /** Ends it and tells nothing of that: what it was about is gone. */
  drop(): void
}

export function createTask(): Task {
  const busy = signal(false)
  const error = signal<unknown>(undefined)
  let controller: AbortController | undefined
  let dropped = false
  return {
    busy,
    error,
    async run(work) {
      if (busy.value) return false
      controller = new AbortController()
      dropped = false
      busy.value = true
      error.value = undefined
      try {
        const told = await work(controller.signal)
        if (told && !dropped) tell(told)
        return true
      } catch (thrown) {
        if (dropped) return false
        if (controller.signal.aborted) tell(words.cancelled())
        else error.value = thrown
        return false
      } finally {
        busy.value = false
      }
    },
    fail(thrown) {
      error.value = thrown
    },
    abort() {
      controller?.abort()
    },
    dismiss() {
      error.value = undefined
    },
    drop() {
      dropped = true
      controller?.abort()
      error.value = undefined
    },
  }
}

interface ActionProps {
  task: Task
  /** What the button says. */
  children: ComponentChildren
  /** For the element, its label and the tests. */
  id?: string
  /** For tests, where several have the same. */
  testId?: string
  primary?: boolean
  small?: boolean
  disabled?: boolean
  /** Without it the button submits its form. */
  onClick?: () => void
}

/** A button that begins a task and, while it runs, ends it. It keeps its width. */
export function Action({
  task,
  children,
  id,
  testId = id,
  primary,
  small,
  disabled,
  onClick,
}: ActionProps) {
  const busy = task.busy.value
  const kind = [primary && 'primary', small && 'small', busy && 'busy'].filter(Boolean).join(' ')
  return (
    <button
      type={onClick || busy ? 'button' : 'submit'}
      class={kind}
      id={id}
      data-testid={testId}
      disabled={!busy && disabled}
      // Held down, it would begin and end the task over and over.
      onKeyDown={(event) => {
        if (event.repeat && event.key === 'Enter') event.preventDefault()
      }}
      onClick={(event) => {
        if (busy) event.preventDefault()
        // The second half of a double click shall not end what the first one began.
        if (busy && event.detail > 1) return
        if (busy) task.abort()
        else onClick?.()
      }}
    >
      {busy ? words.cancel() : children}
    </button>
  )
}

/** What a task failed with. */
export function Failure({ task, offers }: { task: Task; offers?: Offers | undefined }) {
  const error = task.error.value
  if (error === undefined) return null
  return <ErrorCard error={error} offers={offers} onDismiss={() => task.dismiss()} />
}
