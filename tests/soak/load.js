// The load of the soak: calls of both clients in a random mix. Each success leaves a claim, which the
// simulator's journal has to confirm.

import { INSTANCE } from '../js/support/aliyun.js'

/**
 * A call of the journal.
 * @typedef {{ method: string, path: string, query: string, headers: Record<string, string>, body: string,
 *   status: number | null, code: string | null }} Entry
 */

/**
 * What a success claims: that the platform has such an entry.
 * @typedef {{ what: string, holds: (entry: Entry) => boolean }} Claim
 */

/**
 * @typedef {object} Tools
 * @property {import('northbound').NorthApiClient[]} north
 * @property {import('northbound').OnsMqttClient[]} ons
 * @property {string[]} devices devices that are there, offline
 * @property {<T>(call: () => Promise<T>, claim: (result: T) => Claim) => Promise<T | undefined>} attempt
 *   makes a call and counts what comes of it; nothing for one that failed
 */

let last = 0

/** @template T @param {readonly T[]} list @returns {T} */
export const pick = (list) => /** @type {T} */ (list[Math.floor(Math.random() * list.length)])

/** One after another, until it is told to stop. @param {Tools} tools @param {() => boolean} goesOn */
export async function lane(tools, goesOn) {
  while (goesOn()) await pick(SCENARIOS)(tools)
}

/** @type {((tools: Tools) => Promise<unknown>)[]} */
const SCENARIOS = [
  async function status({ north, devices, attempt }) {
    const deviceId = pick(devices)
    return attempt(
      () => pick(north).queryDeviceStatus({ deviceId }),
      (found) => ({
        what: `status of ${found.deviceId}, asked of ${deviceId}`,
        holds: ({ method, path, status }) =>
          found.deviceId === deviceId &&
          method === 'GET' &&
          path.endsWith(deviceId) &&
          status === 200,
      }),
    )
  },

  async function key({ north, devices, attempt }) {
    const [deviceId, verifyCode] = [pick(devices), `code-${(last += 1)}`]
    return attempt(
      () => pick(north).refreshDeviceKey({ deviceId, verifyCode }),
      (made) => ({
        what: `key ${made.verifyCode} of ${deviceId}`,
        holds: ({ body, status }) =>
          made.verifyCode === verifyCode && body.includes(`"${verifyCode}"`) && status === 200,
      }),
    )
  },

  async function registration({ north, attempt }) {
    const nodeId = `node-${(last += 1)}`
    const made = await attempt(
      () => pick(north).regDirectDevice({ nodeId, timeout: 0 }),
      ({ deviceId }) => ({
        what: `registration of ${nodeId} as ${deviceId}`,
        holds: ({ body, status }) => body.includes(`"${nodeId}"`) && status === 200,
      }),
    )
    if (made === undefined) return
    const { deviceId } = made
    await attempt(
      () => pick(north).deleteDirectDevice({ deviceId }),
      () => ({
        what: `removal of ${deviceId}`,
        holds: ({ method, path, status }) =>
          method === 'DELETE' && path.endsWith(deviceId) && status === 204,
      }),
    )
  },

  async function credential({ ons, attempt }) {
    const device = { clientId: `GID_soak@@@device-${(last += 1)}`, instanceId: INSTANCE }
    const client = pick(ons)
    /** @param {string} action @param {string} [clientId] */
    const claim = (action, clientId = device.clientId) => ({
      what: `${action} of ${clientId}`,
      holds: (/** @type {Entry} */ { headers, query, body, status }) =>
        clientId === device.clientId &&
        headers['x-acs-action'] === action &&
        decodeURIComponent(query + body).includes(`${clientId}&`) &&
        status === 200,
    })
    const made = await attempt(
      () => client.registerDeviceCredential(device),
      ({ deviceCredential }) => claim('RegisterDeviceCredential', deviceCredential.clientId),
    )
    if (made === undefined) return
    await attempt(
      () => client.getDeviceCredential(device),
      ({ deviceCredential }) => claim('GetDeviceCredential', deviceCredential.clientId),
    )
    await attempt(
      () => client.refreshDeviceCredential(device),
      ({ deviceCredential }) => claim('RefreshDeviceCredential', deviceCredential.clientId),
    )
    await attempt(
      () => client.unRegisterDeviceCredential(device),
      () => claim('UnRegisterDeviceCredential'),
    )
  },

  async function login({ north, attempt }) {
    return attempt(
      () => (Math.random() < 0.5 ? pick(north).getAuthToken() : pick(north).refreshAuthToken()),
      // The token may be older than what is left of the journal; that it is good the other calls show.
      ({ accessToken }) => ({ what: 'a token', holds: () => accessToken !== '' }),
    )
  },
]
