// Finds and makes elements. Data gets into the page as text only.

/**
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  return checked(document.getElementById(id), `#${id}`, type)
}

/**
 * The element of a cloned template that carries `data-part="name"`.
 *
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} name
 * @param {new () => T} type
 * @returns {T}
 */
export function part(root, name, type) {
  return checked(root.querySelector(`[data-part="${name}"]`), name, type)
}

/**
 * @template {Element} T
 * @param {unknown} found
 * @param {string} name
 * @param {new () => T} type
 * @returns {T}
 */
function checked(found, name, type) {
  if (!(found instanceof type)) throw new Error(`index.html has no ${type.name} "${name}"`)
  return found
}

/** @param {string} id Of a template with one root element */
export function clone(id) {
  const copy = byId(id, HTMLTemplateElement).content.cloneNode(true)
  const root = /** @type {DocumentFragment} */ (copy).firstElementChild
  return checked(root, id, HTMLElement)
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {string} text
 */
export function textElement(tag, className, text) {
  const made = document.createElement(tag)
  made.className = className
  made.textContent = text
  return made
}

let fields = 0

/**
 * Ties each field's label, hint and error text to its input.
 *
 * @param {ParentNode} root
 */
export function wireFields(root) {
  for (const field of root.querySelectorAll('.field')) {
    const input = field.querySelector('input, select')
    const label = field.querySelector('label')
    if (!input || !label) continue
    input.id ||= `field-${++fields}`
    label.htmlFor = input.id
    const error = textElement('p', 'field-error', '')
    error.id = `${input.id}-error`
    error.dataset['testid'] = 'field-error'
    error.hidden = true
    field.append(error)
    const hint = field.querySelector('.hint')
    if (hint) hint.id = `${input.id}-hint`
    input.setAttribute('aria-describedby', hint ? `${hint.id} ${error.id}` : error.id)
    input.addEventListener('input', () => clearFieldError(input))
  }
}

/**
 * Writes the text beside the input that `argument` came from; false if the form has none.
 *
 * @param {ParentNode} form
 * @param {string} argument For example "input.timeout"
 * @param {string} text
 */
export function showFieldError(form, argument, text) {
  for (const input of form.querySelectorAll('[data-argument]')) {
    const own = input.getAttribute('data-argument')
    if (argument !== own && !argument.startsWith(`${own}.`)) continue
    const error = input.closest('.field')?.querySelector('.field-error')
    if (!(input instanceof HTMLInputElement) || !(error instanceof HTMLElement)) continue
    input.closest('details')?.setAttribute('open', '')
    input.setAttribute('aria-invalid', 'true')
    error.textContent = text
    error.hidden = false
    input.focus()
    return true
  }
  return false
}

/** @param {ParentNode} form */
export function clearFieldErrors(form) {
  for (const input of form.querySelectorAll('[aria-invalid]')) clearFieldError(input)
}

/** @param {Element} input */
function clearFieldError(input) {
  input.removeAttribute('aria-invalid')
  const error = input.closest('.field')?.querySelector('.field-error')
  if (error instanceof HTMLElement) error.hidden = true
}

/**
 * What the user wrote into a field of that name.
 *
 * @param {HTMLFormElement} form
 * @param {string} name
 */
export function fieldText(form, name) {
  return String(new FormData(form).get(name) ?? '')
}

/**
 * The same, but absent where it is empty.
 *
 * @param {HTMLFormElement} form
 * @param {string} name
 */
export function optionalText(form, name) {
  return fieldText(form, name) || undefined
}

/**
 * A number where the text is one; other text goes on as it is, so that the package says what is
 * wrong with it.
 *
 * @param {HTMLFormElement} form
 * @param {string} name
 * @returns {number | undefined}
 */
export function optionalNumber(form, name) {
  const text = fieldText(form, name).trim()
  if (text === '') return undefined
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : /** @type {any} */ (text)
}

/** @param {string} text Shown in the status line and read out by screen readers */
export function say(text) {
  byId('status', HTMLElement).textContent = text
}

/**
 * @param {HTMLElement} badge
 * @param {string} text
 * @param {'' | 'good' | 'bad'} [tone]
 */
export function setBadge(badge, text, tone = '') {
  badge.className = `badge ${tone}`.trim()
  badge.textContent = text
  badge.hidden = text === ''
}
