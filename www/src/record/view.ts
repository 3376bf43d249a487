// How one timeline is looked at: what is listed, how much time is shown, which call is open.

import { type ReadonlySignal, type Signal, computed, signal } from '@preact/signals'

import { type Call, present } from './call.ts'
import { type Filter, listed } from './filter.ts'
import type { Recorder } from './recorder.ts'
import type { Zoom } from './scale.ts'

export interface View {
  readonly filter: Signal<Filter>
  readonly zoom: Signal<Zoom>
  /** Whether the newest call is kept in view. */
  readonly follow: Signal<boolean>
  /** The call whose row has the keyboard. */
  readonly active: Signal<Call | undefined>
  /** The call whose details are shown. */
  readonly opened: Signal<Call | undefined>
  readonly rows: ReadonlySignal<readonly Call[]>
  /** The present; it goes on while a call is under way. */
  readonly now: ReadonlySignal<number>
  /** Keeps the present going; answers how to end that. */
  start(): () => void
}

/** Often enough to look alive; motion that is not wanted is left out. */
const FRAME_MS = 80
const CALM_MS = 1000

export function createView(recorder: Recorder): View {
  const filter = signal<Filter>({ operation: '', kind: 'all', text: '' })
  const now = signal(present())
  return {
    filter,
    zoom: signal<Zoom>('minute'),
    follow: signal(true),
    active: signal<Call | undefined>(undefined),
    opened: signal<Call | undefined>(undefined),
    rows: computed(() => listed(recorder.calls.value, filter.value)),
    now,
    start() {
      const calm = matchMedia('(prefers-reduced-motion: reduce)')
      let ticking = 0
      let last = 0
      const tick = () => {
        ticking = 0
        const at = present()
        if (at - last >= (calm.matches ? CALM_MS : FRAME_MS)) {
          last = at
          now.value = at
        }
        go(recorder.calls.peek())
      }
      const go = (calls: readonly Call[]) => {
        if (ticking === 0 && calls.some((call) => call.end === undefined)) {
          ticking = requestAnimationFrame(tick)
        }
      }
      const end = recorder.calls.subscribe((calls) => {
        now.value = present()
        go(calls)
      })
      return () => {
        end()
        cancelAnimationFrame(ticking)
      }
    },
  }
}
