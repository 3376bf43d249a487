// Where the keyboard goes on when a form has a mistake.

/** To the field that has a mistake. */
export function focusWrong(formId: string): void {
  setTimeout(() => {
    document.querySelector<HTMLElement>(`#${formId} [aria-invalid='true']`)?.focus()
  })
}
