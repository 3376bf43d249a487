// The entry for browsers, and for whatever has no entry of its own: WebAssembly is loaded by `init()`.
//
// By default that is the packaged file, and where it is not at hand, the same as text. Most bundlers bring the
// file along, under a name with a hash; others leave it behind without a word. docs/loading.md has the table.

import { invalidArgument, load, setLoaded } from './northbound.js'

export * from './api.js'

/** @type {Promise<void> | undefined} */
let loading

/**
 * Loads the WebAssembly module, once however often it is called; after a failure it may be tried again.
 * @param {any} [source] an address, a response, bytes or a module; by default the packaged one
 * @returns {Promise<void>}
 */
export function init(source) {
  loading ??= instantiate(source).catch((error) => {
    loading = undefined
    const problem =
      'could not be loaded as WebAssembly; see `cause`, and check that northbound.wasm is served ' +
      'beside browser.js and that the Content-Security-Policy allows wasm-unsafe-eval'
    throw invalidArgument('init', 'source', problem, error)
  })
  return loading
}

/** @param {any} source */
async function instantiate(source) {
  const given = await source
  await load({ module_or_path: given === undefined ? await packaged() : await readable(given) })
  setLoaded()
}

/**
 * What the glue reads: it takes fewer kinds of values than are accepted here.
 * @param {any} given
 */
async function readable(given) {
  if (ArrayBuffer.isView(given)) {
    // Older engines take whole buffers and byte arrays, but no other view.
    return new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
  }
  if (typeof given?.href === 'string') return given.href
  const duckTyped = typeof given?.arrayBuffer === 'function' && !(given instanceof Response)
  return duckTyped ? given.arrayBuffer() : given
}

/** The packaged module: the file, which is the smaller download, else the text. */
async function packaged() {
  const address = fileAddress()
  /** @type {unknown} */
  let problem
  if (address !== undefined) {
    try {
      return await fetchFile(address)
    } catch (error) {
      problem = error
    }
  }
  try {
    const { wasmBytes } = await import('./inline-wasm.js')
    return wasmBytes()
  } catch (error) {
    // The file is what was to be had; the text only stood in for it.
    throw problem ?? error
  }
}

/**
 * Where the file is; nothing where a bundler has left it behind, since a request that must fail would be seen
 * in the console. A bundler that brings it gives it a name of its own; without one, this module has its own.
 */
function fileAddress() {
  try {
    const file = new URL('./northbound.wasm', import.meta.url)
    // webpack would write a path of the machine that builds in place of the bare `import.meta.url`.
    const own = typeof __webpack_require__ === 'undefined' ? import.meta.url : ''
    const known = !/\/northbound\.wasm$/.test(file.pathname) || /\/browser\.js([?#]|$)/.test(own)
    return known ? file : undefined
  } catch {
    // Formats without modules, such as a classic script, have no `import.meta.url`.
    return undefined
  }
}

/**
 * Refuses a page that says "not found", also one that says it with status 200. What is wrong inside of the
 * file is found out later, and is no reason to try the text.
 * @param {URL} address
 */
async function fetchFile(address) {
  const answer = await fetch(address)
  if (!answer.ok) throw new Error(`${address.pathname} was answered with status ${answer.status}`)
  // Compiled while it arrives.
  if (/^application\/wasm/i.test(answer.headers.get('content-type') ?? '')) return answer
  const bytes = new Uint8Array(await answer.arrayBuffer())
  if (!isWasm(bytes)) throw new Error(`${address.pathname} was answered with something else`)
  return bytes
}

/** @param {Uint8Array} bytes */
function isWasm([zero, a, s, m]) {
  return zero === 0 && a === 0x61 && s === 0x73 && m === 0x6d
}
