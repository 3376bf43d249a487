/// <reference lib="esnext.disposable" />
/**
 * `northbound`: the application-side APIs of two IoT platforms. {@link NorthApiClient} calls Huawei
 * Cloud IoT, {@link OnsMqttClient} calls ApsaraMQ for MQTT.
 *
 * - Every operation is `name(input, options?)`: the platform's own members in `input`, how to call in
 *   `options`.
 * - Asynchronous methods never throw, they reject. Constructors, the Requests classes and the login
 *   functions throw.
 * - A member that is not known is refused by name in inputs, options and constructor arguments alike
 *   (`deviceInfo` is passed through); `undefined` counts as absent. Members of answers that are not
 *   known are ignored.
 * - Arguments are read once, when the call is made: changing them afterwards changes nothing; a getter
 *   or proxy that throws is an {@link InvalidArgumentError}.
 * - Times are milliseconds unless a name says otherwise, integers of 0 to 2147483647; wire fields keep
 *   the platform's unit.
 * - No secret, token, password or signature gets into an error, an event, a log or an inspection.
 *   Results and prepared requests carry secrets by purpose: their members are plain, but what
 *   `console.log` prints of them is masked.
 * - `free()` twice does nothing; calls under way, their login included, still answer; a method after
 *   `free()`, or called on another `this`, is an {@link InvalidArgumentError}.
 *
 * @packageDocumentation
 * @module northbound
 */
import type { WasmSource } from './types-host.js'

export type * from './types-host.js'
export type * from './types-options.js'
export type * from './types-events.js'
export type * from './types-huawei.js'
export * from './types-north-api.js'
export type * from './types-request.js'
export * from './types-token-store.js'
export type * from './types-ons-mqtt.js'
export * from './types-ons-mqtt-api.js'
export * from './types-mqtt-login.js'
export * from './types-errors.js'
export type * from './types-error-codes.js'

/**
 * Loads the WebAssembly module. Browsers await it once before the first use; Node, Deno, Bun and
 * `northbound/inline` load by themselves, and there it resolves at once.
 *
 * Safe to call twice or at the same time; a failed load may be tried again. Any use before it is an
 * {@link InvalidArgumentError} that names `init`.
 *
 * @param source where the module is. Default: the file of the package, `northbound.wasm`, beside the
 *   script.
 * @returns resolves when everything else may be used.
 * @throws Rejects with the host's own error where the file cannot be had or is no such module.
 *
 * @example
 * ```js
 * import { init } from 'northbound'
 *
 * await init() // the file of the package
 * ```
 *
 * @example A copy of the file at another address
 * ```js
 * import { init } from 'northbound'
 *
 * await init('/assets/northbound.wasm')
 * ```
 */
export function init(source?: WasmSource): Promise<void>

/** This package's version, for example `"1.2.3"`. */
export const version: string
