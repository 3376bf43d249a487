// This package, as it is built into pkg/.

import { DEVICE, KEY } from '../subject.js'

/** @type {typeof import('northbound')} */
const northbound = await import(new URL('../../pkg/node.js', import.meta.url).href)

/** @typedef {import('northbound').OnsMqttConfig['signature']} Signature */

/**
 * Requests without I/O.
 * @param {string} endpoint
 * @param {Signature} [signature]
 */
export function builder(endpoint, signature = 'ACS3-HMAC-SHA256') {
  const requests = new northbound.OnsMqttRequests({ endpoint, credentials: KEY, signature })
  return () => requests.registerDeviceCredential(DEVICE)
}

/**
 * Whole calls, as many as wanted at a time.
 * @param {string} endpoint
 * @param {import('northbound').FetchLike} [fetch] absent: Node's default sender
 */
export function caller(endpoint, fetch) {
  const client = clientOf(endpoint, { fetch, throttle: false })
  return () => client.registerDeviceCredential(DEVICE)
}

/** @param {string} endpoint @param {import('northbound').ClientOptions} options */
function clientOf(endpoint, options) {
  return new northbound.OnsMqttClient({ endpoint, credentials: KEY }, options)
}

/**
 * With a throttle that holds nobody up. Its window is short, so that its log is no longer than with the default of
 * 100 calls a second: nobody has a window of thousands of calls.
 * @param {string} endpoint
 * @param {import('northbound').FetchLike} fetch
 */
export function throttledCaller(endpoint, fetch) {
  const client = clientOf(endpoint, { fetch, throttle: { calls: 1_000_000, perMs: 1 } })
  return () => client.registerDeviceCredential(DEVICE)
}

export { northbound }
