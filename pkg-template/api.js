// What every entry exports beside `init`: the one list of it, which the build puts into each.

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
  memoryTokenStore,
  mqttDeviceLogin,
  mqttSignatureLogin,
  mqttTokenLogin,
  version,
  webTokenStore,
} from './northbound.js'
