// What the type check knows of names that only the build makes; the types for users are in pkg-template/.

// What src/js/api.js wraps, and types there.
export const NorthApiClient: any
export const NorthApiRequests: any
export const OnsMqttClient: any
export const OnsMqttRequests: any
export const mqttDeviceLogin: any
export const mqttSignatureLogin: any
export const mqttTokenLogin: any
export const decodeAnswer: any
export const catalogueText: any

export default function init(options?: { module_or_path?: unknown }): Promise<unknown>
export function initSync(options: { module: WebAssembly.Module | BufferSource }): unknown

declare global {
  /** The version in Cargo.toml; scripts/pkg puts it in. */
  const __VERSION__: string
}
