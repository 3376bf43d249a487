// Everything that the entries of the package re-export: one glue, one wasm, the same for all of them.

import { texts } from '#catalogue'
import { setTexts } from '#errors'

setTexts(texts)

export {
  NorthApiClient,
  NorthApiRequests,
  OnsMqttClient,
  OnsMqttRequests,
  errorCatalogue,
  mqttDeviceLogin,
  mqttSignatureLogin,
  mqttTokenLogin,
  setLoaded,
} from './api.js'
export {
  DecodeError,
  InvalidArgumentError,
  NetworkError,
  NorthboundError,
  PlatformError,
  TimeoutError,
  invalidArgument,
  isNorthboundError,
} from '#errors'
export { setSender } from '#host'
export { load, loadSync } from './loader.js'
export * from './stores.js'

/** This package's version; the build puts it in. */
export const version = __VERSION__
