// Judges and sends forms: what the package finds wrong is pointed at, and only what it accepts is sent.

import { NorthApiRequests } from 'northbound'

import type { Form } from '../ui/form.ts'
import type { Task } from '../ui/task.tsx'

/** Only there so that a request can be built; nothing of it is ever sent. */
const NOBODY = { appId: 'none', secret: 'none', baseUrl: 'https://localhost' }

export const NO_TOKEN = { accessToken: 'none' }

/** Throws the package's error where the request cannot be built. */
export function judge(build: (requests: NorthApiRequests) => unknown): void {
  const requests = new NorthApiRequests(NOBODY)
  try {
    build(requests)
  } finally {
    requests.free()
  }
}

/** Begins the task with the values of the form, unless there is a mistake in them. */
export function submit<Name extends string>(
  event: SubmitEvent,
  form: Form<Name>,
  task: Task,
  work: (values: Record<Name, string>, abort: AbortSignal) => Promise<string | void>,
): void {
  event.preventDefault()
  const element = event.currentTarget as HTMLFormElement
  const values = form.submit()
  // A task that begins takes the focus nowhere, and a mistake is at a field once it is drawn.
  setTimeout(() => {
    const wrong = element.querySelector<HTMLElement>('[aria-invalid="true"]')
    if (wrong && form.problem.peek()) {
      const folded = wrong.closest('details')
      if (folded) folded.open = true
      task.dismiss()
      wrong.focus()
      return
    }
    void task.run(async (abort) => {
      try {
        return await work(values, abort)
      } catch (error) {
        form.refuse(error)
        throw error
      }
    })
  })
}

/** What an optional field says; the package never sees an empty one. */
export function optional(text: string): string | undefined {
  return text === '' ? undefined : text
}

/** A number where it is one; the package judges everything else, as the text that it is. */
export function optionalNumber(text: string): number | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  return /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : (text as unknown as number)
}
