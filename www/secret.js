// A value that is shown while a button is pressed, and copied; it stands nowhere else in the page.

import { clone, part, say } from './dom.js'
import { formatLife, keepTime } from './time.js'

const MASK = '••••••••••••'

/**
 * @param {string} label
 * @param {string} value
 * @param {number} [lifeSeconds] 0: never expires; absent: says nothing about it
 */
export function secretView(label, value, lifeSeconds) {
  const view = clone('secret-template')
  const shown = part(view, 'value', HTMLElement)
  const life = part(view, 'life', HTMLElement)
  const show = part(view, 'show', HTMLButtonElement)
  const copy = part(view, 'copy', HTMLButtonElement)
  part(view, 'label', HTMLElement).textContent = label
  shown.textContent = MASK

  /** @param {boolean} visible */
  const reveal = (visible) => {
    shown.textContent = visible ? value : MASK
    show.setAttribute('aria-pressed', String(visible))
  }
  show.addEventListener('pointerdown', (event) => {
    // The pointer may wander off before it is lifted.
    show.setPointerCapture(event.pointerId)
    reveal(true)
  })
  for (const end of ['pointerup', 'lostpointercapture', 'blur']) {
    show.addEventListener(end, () => reveal(false))
  }
  // A long touch opens the context menu and would never end with pointerup.
  show.addEventListener('contextmenu', (event) => event.preventDefault())
  show.addEventListener('keydown', (event) => {
    if (event.key === ' ' || event.key === 'Enter') reveal(true)
  })
  show.addEventListener('keyup', () => reveal(false))
  copy.addEventListener('click', () => copyText(label, value))

  if (lifeSeconds === 0) life.textContent = 'never expires'
  if (!lifeSeconds) return view
  const end = Date.now() + lifeSeconds * 1000
  keepTime(view, () => {
    const left = end - Date.now()
    life.textContent = left > 0 ? `expires in ${formatLife(left)}` : 'expired'
    if (left > 0) return true
    value = ''
    reveal(false)
    view.classList.add('expired')
    show.disabled = copy.disabled = true
    return false
  })
  return view
}

/**
 * @param {string} label
 * @param {string | Promise<string>} value
 */
export async function copyText(label, value) {
  try {
    await navigator.clipboard.writeText(await value)
    say(`${label} copied`)
  } catch {
    say(`${label} not copied: the browser allows it on https or localhost, in the active window`)
  }
}
