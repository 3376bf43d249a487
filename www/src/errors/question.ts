// What is looked for, kept in the address, so that it can be sent to somebody.
//
// The address holds only what was typed into the search box or came with a link; no secret gets there
// by itself.

import { effect, signal } from '@preact/signals'

import { replace, route } from '../router.ts'
import type { Question } from './catalogue.ts'

export const NOTHING: Question = {
  search: '',
  platform: '',
  operation: '',
  action: '',
  retryable: '',
  entry: '',
}

const NAMES = Object.keys(NOTHING) as (keyof Question)[]

export const question = signal<Question>(NOTHING)

/** Changes some of it. Any change leaves the one entry that a link led to. */
export function ask(changed: Partial<Question>): void {
  question.value = { ...question.peek(), entry: '', ...changed }
  replace('errors', parametersOf(question.peek()))
}

/** Drops what is not asked for. */
function parametersOf(asked: Question): Record<string, string> {
  return Object.fromEntries(NAMES.flatMap((name) => (asked[name] ? [[name, asked[name]]] : [])))
}

effect(() => {
  const { place, parameters } = route.value
  if (place !== 'errors') return
  const present = question.peek()
  if (NAMES.some((name) => parameters.has(name))) {
    // A link or a bookmark says what is asked for.
    const told: Record<keyof Question, string> = { ...NOTHING }
    for (const name of NAMES) told[name] = parameters.get(name) ?? ''
    if (NAMES.some((name) => told[name] !== present[name])) question.value = told
  } else if (NAMES.some((name) => present[name] !== '')) {
    // The bare place leaves it as it was.
    replace('errors', parametersOf(present))
  }
})
