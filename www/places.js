// The two platforms as tabs: one is shown, both stay in the document.

/** @param {HTMLElement} list With role="tablist"; its tabs name their panels by `aria-controls` */
export function startPlaces(list) {
  const tabs = [...list.querySelectorAll('button')]

  /** @param {HTMLButtonElement} chosen */
  const choose = (chosen) => {
    for (const tab of tabs) {
      const selected = tab === chosen
      tab.setAttribute('aria-selected', String(selected))
      tab.tabIndex = selected ? 0 : -1
      const panel = document.getElementById(tab.getAttribute('aria-controls') ?? '')
      if (panel) panel.hidden = !selected
    }
  }
  for (const [at, tab] of tabs.entries()) {
    tab.addEventListener('click', () => choose(tab))
    tab.addEventListener('keydown', (event) => {
      const next = neighbour(event.key, at, tabs.length)
      const target = next === undefined ? undefined : tabs[next]
      if (!target) return
      event.preventDefault()
      choose(target)
      target.focus()
    })
  }
}

/**
 * @param {string} key
 * @param {number} at
 * @param {number} count
 */
function neighbour(key, at, count) {
  if (key === 'ArrowRight') return (at + 1) % count
  if (key === 'ArrowLeft') return (at + count - 1) % count
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  return undefined
}
