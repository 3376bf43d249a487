// Everything that the entries of the package re-export: one glue, one wasm, the same for all of them.

import { errorCatalogue } from './api.js'
import { isNorthboundError, setTexts } from '#errors'
import { texts } from './catalogue.js'

setTexts(texts)

// The build shortens names; these two are public and have no other way to keep theirs.
for (const [name, value] of Object.entries({ errorCatalogue, isNorthboundError })) {
  Object.defineProperty(value, 'name', { value: name, configurable: true })
}

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

/** This package's version; the build puts it in. */
export const version = __VERSION__
