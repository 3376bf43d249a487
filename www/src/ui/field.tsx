// The fields of a form, each with the mistake that the package found in it.

import type { ComponentChildren } from 'preact'

import type { Form } from './form.ts'

interface FieldProps<Name extends string> {
  form: Form<Name>
  /** The package's name of the argument. */
  name: Name
  /** For the element, its label and the tests. */
  id: string
  label: string
  hint?: string | undefined
  /** Typed unseen; never offered for keeping. */
  secret?: boolean
  numeric?: boolean
  placeholder?: string
  /** A long text. */
  rows?: number
}

export function Field<Name extends string>(props: FieldProps<Name>) {
  const { form, name, id, label, hint, secret, numeric, placeholder, rows } = props
  const problem = form.problem.value
  const message = problem && belongs(problem.argument, name) ? problem.message : undefined
  const told = [hint && `${id}-hint`, message && `${id}-error`].filter(Boolean).join(' ')
  const shared = {
    id,
    name: id,
    'data-testid': id,
    autocomplete: secret ? 'new-password' : 'off',
    autocapitalize: 'none',
    spellcheck: false,
    placeholder,
    'aria-invalid': message !== undefined,
    'aria-describedby': told || undefined,
    // A property: what is typed never stands in an attribute.
    value: form.values[name].value,
    onInput: (event: InputEvent) => {
      form.values[name].value = (event.currentTarget as HTMLInputElement).value
      form.touch(name)
    },
  } as const
  return (
    <div class={message === undefined ? 'field' : 'field wrong'}>
      <label for={id}>{label}</label>
      {rows ? (
        <textarea {...shared} rows={rows} />
      ) : secret ? (
        <input {...shared} type="password" />
      ) : (
        <input {...shared} type="text" inputMode={numeric ? 'numeric' : 'text'} />
      )}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {message !== undefined && (
        <p class="field-error" id={`${id}-error`} data-testid={`${id}-error`}>
          {message}
        </p>
      )}
    </div>
  )
}

interface ChoiceProps<Name extends string> {
  form: Form<Name>
  name: Name
  id: string
  label: string
  hint?: string
  /** Value and what it is called. */
  options: readonly (readonly [value: string, label: string])[]
}

export function Choice<Name extends string>({
  form,
  name,
  id,
  label,
  hint,
  options,
}: ChoiceProps<Name>) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        data-testid={id}
        value={form.values[name].value}
        aria-describedby={hint && `${id}-hint`}
        onChange={(event) => {
          form.values[name].value = event.currentTarget.value
          form.touch(name)
        }}
      >
        {options.map(([value, said]) => (
          <option key={value} value={value}>
            {said}
          </option>
        ))}
      </select>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

interface CheckProps<Name extends string> {
  form: Form<Name>
  name: Name
  id: string
  children: ComponentChildren
}

/** A box to tick: `yes` or empty. */
export function Check<Name extends string>({ form, name, id, children }: CheckProps<Name>) {
  return (
    <label class="check">
      <input
        type="checkbox"
        id={id}
        data-testid={id}
        checked={form.values[name].value !== ''}
        onChange={(event) => {
          form.values[name].value = event.currentTarget.checked ? 'yes' : ''
          form.touch(name)
        }}
      />
      <span>{children}</span>
    </label>
  )
}

/** The package may name a member of what the field stands for, or the whole that it is part of. */
function belongs(argument: string, name: string): boolean {
  return argument === name || argument.startsWith(`${name}.`) || argument.startsWith(`${name}[`)
}
