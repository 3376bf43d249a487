// Loads the package, then the console; says what to do where either cannot be loaded.

import { byId, wireFields } from './dom.js'
import { startPlaces } from './places.js'

wireFields(document)
startPlaces(byId('places', HTMLElement))
byId('load-retry', HTMLButtonElement).addEventListener('click', () => location.reload())
await load()

async function load() {
  if (typeof WebAssembly === 'undefined') {
    return fail(
      'This browser has no WebAssembly',
      'Use a browser that has it, or allow it: some hardened modes switch it off.',
    )
  }
  const entry = await import('northbound').catch((cause) => {
    fail(
      'The package northbound could not be loaded',
      'Build it with “make pkg” and serve the folder pkg/ as /northbound/ beside this page, ' +
        'as “make demo” does.',
      cause,
    )
  })
  if (!entry) return
  try {
    await entry.init()
  } catch (cause) {
    return fail(
      'The WebAssembly module could not be loaded',
      'Check that the .wasm file of the package is served beside browser.js, complete and as ' +
        'application/wasm, and that the page’s Content-Security-Policy allows ' +
        '“wasm-unsafe-eval”. Then try again.',
      cause,
    )
  }
  try {
    const { start } = await import('./console.js')
    await start()
  } catch (cause) {
    fail('The page could not be started', 'Reload it without the browser’s cache.', cause)
  }
}

/**
 * @param {string} title
 * @param {string} remedy
 * @param {unknown} [cause]
 */
function fail(title, remedy, cause) {
  byId('load-failure-title', HTMLElement).textContent = title
  byId('load-failure-remedy', HTMLElement).textContent = remedy
  byId('load-failure-detail', HTMLElement).textContent = cause ? String(cause) : ''
  byId('load-failure', HTMLElement).hidden = false
  byId('cards', HTMLElement).hidden = true
  byId('status', HTMLElement).textContent = 'Not loaded'
}
