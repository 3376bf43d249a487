// Runs one call for a button: busy while it lasts, with a way to cancel, and errors where they
// belong.

import { clearFieldErrors, say, textElement } from './dom.js'
import { dismissError, showError } from './errors.js'

/**
 * @param {{
 *   button: HTMLButtonElement
 *   slot: HTMLElement
 *   form?: HTMLFormElement
 *   doing: string
 *   call: (signal: AbortSignal) => Promise<string>
 *   offers?: import('./errors.js').Offers
 * }} task
 *   `doing` and what `call` returns go to the status line; `slot` is where an error appears
 */
export async function perform({ button, slot, form, doing, call, offers }) {
  if (button.getAttribute('aria-busy') === 'true') return
  const controller = new AbortController()
  const cancel = busy(button, controller)
  if (form) clearFieldErrors(form)
  dismissError(slot)
  say(doing)
  try {
    say(await call(controller.signal))
  } catch (error) {
    if (controller.signal.aborted) return say('Cancelled')
    say('Failed')
    showError(error, { slot, form, offers })
  } finally {
    idle(button, cancel)
  }
}

/**
 * Disabled by `aria-disabled`: the attribute `disabled` would take the focus away.
 *
 * @param {HTMLButtonElement} button
 * @param {AbortController} controller
 */
function busy(button, controller) {
  button.setAttribute('aria-busy', 'true')
  button.setAttribute('aria-disabled', 'true')
  const cancel = /** @type {HTMLButtonElement} */ (textElement('button', 'cancel', 'Cancel'))
  cancel.type = 'button'
  cancel.dataset['testid'] = 'cancel'
  cancel.addEventListener('click', () => controller.abort())
  button.after(cancel)
  return cancel
}

/**
 * @param {HTMLButtonElement} button
 * @param {HTMLButtonElement} cancel
 */
function idle(button, cancel) {
  const focused = document.activeElement === cancel
  cancel.remove()
  button.removeAttribute('aria-busy')
  button.removeAttribute('aria-disabled')
  if (focused) button.focus()
}
