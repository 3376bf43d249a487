// For entries that have loaded WebAssembly by the time their import is done.

import { loadSync, setLoaded } from './northbound.js'

/**
 * Loads it, unless another entry of this copy of the package has.
 * @param {BufferSource | WebAssembly.Module} module
 */
export function loadNow(module) {
  loadSync({ module })
  setLoaded()
}

/** There is nothing left to load. */
export async function init() {}
