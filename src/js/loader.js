// Loads WebAssembly and gives it to what wasm-bindgen wrote, once.

import { imports, start } from '#glue'

let started = false

/** @param {WebAssembly.Instance} instance */
function use(instance) {
  if (started) return
  started = true
  start(instance)
}

/** @param {{ module: WebAssembly.Module | BufferSource }} given */
export function loadSync({ module }) {
  if (started) return
  // A module may come from another realm, where edge functions have theirs compiled.
  const compiled = /** @type {WebAssembly.Module} */ (
    String(module) === '[object WebAssembly.Module]'
      ? module
      : new WebAssembly.Module(/** @type {BufferSource} */ (module))
  )
  use(new WebAssembly.Instance(compiled, imports))
}

/** @param {{ module_or_path: any }} given an address, a response, bytes or a module */
export async function load({ module_or_path: source }) {
  if (started) return
  const made = await instantiated(await source)
  use(made.instance ?? made)
}

/**
 * @param {any} source
 * @returns {Promise<any>} an instance, with its module if that is new
 */
async function instantiated(source) {
  const isAddress = typeof source === 'string' || source instanceof URL || source instanceof Request
  const given = isAddress ? await fetch(source) : source
  if (!(given instanceof Response)) return WebAssembly.instantiate(given, imports)
  const { ok, status, statusText, url, headers } = given
  if (!ok) throw new Error(`failed to fetch Wasm: ${status} ${statusText} fetching '${url}'`)
  // Compiled while it arrives, which asks for exactly this type.
  return headers.get('content-type') === 'application/wasm' && WebAssembly.instantiateStreaming
    ? WebAssembly.instantiateStreaming(given, imports)
    : WebAssembly.instantiate(await given.arrayBuffer(), imports)
}
