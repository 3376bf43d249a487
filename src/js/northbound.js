// Everything that the entries of the package re-export: one glue, one wasm, the same for all of them.

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
export { default as load, initSync as loadSync } from '#glue'

/** This package's version; the build puts it in. */
export const version = __VERSION__
