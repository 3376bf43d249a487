// The entry for Node: WebAssembly is loaded by the time the import is done.

import { readFileSync } from 'node:fs'

import { loadSync, setLoaded } from './northbound.js'

loadSync({ module: readFileSync(new URL('./northbound.wasm', import.meta.url)) })
setLoaded()

/** There is nothing left to load. */
export async function init() {}

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
