// Where the keyboard goes on, once what it goes to is drawn.

export function focusLater(name: string): void {
  setTimeout(() => document.querySelector<HTMLElement>(`[data-testid="${name}"]`)?.focus())
}
