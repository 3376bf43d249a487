// The entry for browsers: WebAssembly is loaded by `init()`.

import { invalidArgument, load, setLoaded } from './northbound.js'

/** @type {Promise<void> | undefined} */
let loading

/**
 * Loads the WebAssembly module, once however often it is called; after a failure it may be tried again.
 * @param {any} [source] an address, a response, bytes or a module; by default the packaged file
 * @returns {Promise<void>}
 */
export function init(source) {
  loading ??= instantiate(source).catch((error) => {
    loading = undefined
    const problem =
      'could not be loaded as WebAssembly; see `cause`, and check that northbound.wasm is served ' +
      'beside northbound.js and that the Content-Security-Policy allows wasm-unsafe-eval'
    throw invalidArgument('init', 'source', problem, error)
  })
  return loading
}

/** @param {any} source */
async function instantiate(source) {
  const given = await source
  const address = typeof given?.href === 'string' ? given.href : given
  if (ArrayBuffer.isView(given)) {
    // Older engines take whole buffers and byte arrays, but no other view.
    const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
    await load({ module_or_path: bytes })
    return setLoaded()
  }
  const duckTyped = typeof given?.arrayBuffer === 'function' && !(given instanceof Response)
  await load({ module_or_path: duckTyped ? await given.arrayBuffer() : address })
  setLoaded()
}

export {
  DecodeError,
  InvalidArgumentError,
  NetworkError,
  NorthApiClient,
  NorthApiRequests,
  NorthboundError,
  OnsMqttClient,
  OnsMqttRequests,
  PlatformError,
  TimeoutError,
  errorCatalogue,
  isNorthboundError,
  mqttDeviceLogin,
  mqttSignatureLogin,
  mqttTokenLogin,
  version,
} from './northbound.js'
export { memoryTokenStore } from './memory-store.js'
export { webTokenStore } from './web-store.js'
