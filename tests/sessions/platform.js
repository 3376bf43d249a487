// The simulated platform as the groups meet it, and what its journal proves about them.

import { startSimulator } from '../js/support/simulator.js'

/** Devices that the calls are about. */
export const DEVICES = ['dev-1', 'dev-2', 'dev-3', 'dev-4']

/** Real seconds after which the platform ends a token, while it says that a token lives an hour. */
export const TOKEN_LIFE_S = 4

/** What the platform tells clients, and their clock counts. */
export const HOUR_S = 3600

/**
 * Every login ends the former token at once. The platform's clock runs so fast that a token's hour is
 * over after `tokenLifeS` real seconds; clients count an hour of their own, so each such end comes as
 * a surprise. An hour: the clock is the real one.
 *
 * @param {{ tokenLifeS?: number, limit?: number | 'off', args?: string[] }} [options] `args`: further
 *   flags of the simulator
 */
export async function startPlatform({ tokenLifeS = TOKEN_LIFE_S, limit = 'off', args = [] } = {}) {
  const speed = Math.round(HOUR_S / tokenLifeS)
  const flags = ['--limit', String(limit), '--latency-ms', '30', '--speed', String(speed)]
  const simulator = await startSimulator({ args: [...flags, ...args] })
  try {
    for (const deviceId of DEVICES) {
      const device = { deviceId, nodeId: `node-of-${deviceId}`, state: 'offline' }
      await simulator.control('POST', '/devices', device)
    }
  } catch (error) {
    await simulator.stop()
    throw error
  }
  return simulator
}

/**
 * What the platform has seen since its start, or since its journal was cleared.
 *
 * @typedef {object} Seen
 * @property {number} logins that gave a token
 * @property {number} refreshes that gave a token
 * @property {number} tokensEndedByClock tokens that grew old as the application's newest
 * @property {number} maxTokenCallsInFlight logins and refreshes that were open together
 * @property {number} maxCallsInWindow calls with a live token in the fullest window of the throttle
 * @property {Record<string, number>} answers how often each status and code was given
 */

/**
 * @param {Awaited<ReturnType<typeof startSimulator>>} simulator
 * @returns {Promise<Seen>}
 */
export function seenBy(simulator) {
  return simulator.control('GET', '/journal?summary=1')
}
