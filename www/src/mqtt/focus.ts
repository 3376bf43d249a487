// Where the keyboard goes on, once what it goes to is drawn.

export function focusLater(id: string): void {
  setTimeout(() => document.getElementById(id)?.focus())
}

/** To the field that has a mistake. */
export function focusWrong(formId: string): void {
  setTimeout(() => {
    document.querySelector<HTMLElement>(`#${formId} [aria-invalid='true']`)?.focus()
  })
}
