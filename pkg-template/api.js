// What every entry exports beside `init`: the one list of it.

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
export { memoryTokenStore, webTokenStore } from './stores.js'
