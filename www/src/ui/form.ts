// A form whose values the package itself judges while they are typed.
//
// Fields are named as the package names arguments (`clientInfo.appId`), so that its errors find them.

import { type ReadonlySignal, type Signal, computed, signal } from '@preact/signals'
import { InvalidArgumentError } from 'northbound'

export interface FieldSpec {
  initial?: string
  /** Stands in for a field that nobody has filled in yet: its absence shall not hide other mistakes. */
  standIn?: string
}

export interface Problem {
  argument: string
  message: string
}

export interface Form<Name extends string> {
  readonly values: Readonly<Record<Name, Signal<string>>>
  /** The first mistake, as the package tells it, in a field that was touched. */
  readonly problem: ReadonlySignal<Problem | undefined>
  /** All values, to be sent; from here on fields that are empty count as mistakes too. */
  submit(): Record<Name, string>
  /** Shows an error of a call at the field that it names. */
  refuse(error: unknown): void
  touch(name: string): void
  /** Sets fields, which need no reproach until they are changed. */
  fill(values: Partial<Record<Name, string>>): void
  reset(): void
}

/**
 * @param specs the fields
 * @param check builds what the values are for, and throws the package's error where that cannot be done
 */
export function createForm<Name extends string>(
  specs: Record<Name, FieldSpec>,
  check: (values: Record<Name, string>) => void,
): Form<Name> {
  const names = Object.keys(specs) as Name[]
  const record = <T>(of: (name: Name) => T) =>
    Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, T>
  const values = record((name) => signal(specs[name].initial ?? ''))
  const touched = signal<ReadonlySet<string>>(new Set())
  const refused = signal<Problem | undefined>(undefined)

  const problem = computed(() => {
    const seen = touched.value
    if (seen.size === 0) return undefined
    const judged = record((name) => {
      const value = values[name].value
      return value === '' && !seen.has(name) ? (specs[name].standIn ?? '') : value
    })
    return mistake(() => check(judged)) ?? refused.value
  })

  return {
    values,
    problem,
    submit() {
      refused.value = undefined
      touched.value = new Set(names)
      return record((name) => values[name].peek())
    },
    refuse(error) {
      if (error instanceof InvalidArgumentError) refused.value = told(error)
    },
    touch(name) {
      refused.value = undefined
      if (!touched.peek().has(name)) touched.value = new Set([...touched.peek(), name])
    },
    fill(filled) {
      refused.value = undefined
      touched.value = new Set([...touched.peek()].filter((name) => !(name in filled)))
      for (const name of names) if (filled[name] !== undefined) values[name].value = filled[name]
    },
    reset() {
      refused.value = undefined
      touched.value = new Set()
      for (const name of names) values[name].value = specs[name].initial ?? ''
    },
  }
}

function mistake(check: () => void): Problem | undefined {
  try {
    check()
  } catch (error) {
    if (error instanceof InvalidArgumentError) return told(error)
    throw error
  }
  return undefined
}

function told(error: InvalidArgumentError): Problem {
  return { argument: error.argument, message: error.message }
}
