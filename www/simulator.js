// The panel that plays the devices, where the simulator serves this page.

import { perform } from './calls.js'
import { byId, say } from './dom.js'
import * as session from './session.js'

/** @typedef {{ deviceId: string; nodeId: string; name: string; state: string }} SimulatedDevice */

/** @type {Map<string, SimulatedDevice>} */
let devices = new Map()
let answers = false

export function simulatedDevices() {
  return devices
}

/** Asks once whether a simulator is there; a platform has no such address. */
export async function startSimulator() {
  answers = await reload()
  if (!answers) return
  byId('simulator-card', HTMLElement).hidden = false
  byId('devices-load', HTMLElement).hidden = false
  for (const [id, action] of /** @type {const} */ ([
    ['simulator-activate', 'activate'],
    ['simulator-online', 'online'],
    ['simulator-offline', 'offline'],
  ])) {
    const button = byId(id, HTMLButtonElement)
    button.addEventListener('click', () =>
      perform({
        button,
        slot: byId('simulator-errors', HTMLElement),
        doing: 'Asking the simulator…',
        call: (signal) => play(byId('simulator-device', HTMLSelectElement).value, action, signal),
      }),
    )
  }
  byId('simulator-reload', HTMLButtonElement).addEventListener('click', async () => {
    say((await reload()) ? 'Simulator reloaded' : 'The simulator does not answer')
  })
}

/**
 * Makes a simulated device go online or offline, or connect for the first time.
 *
 * @param {string} deviceId
 * @param {'activate' | 'online' | 'offline'} action
 * @param {AbortSignal} [signal]
 */
export async function play(deviceId, action, signal = AbortSignal.timeout(10_000)) {
  if (!deviceId) throw new Error('The simulator has no device yet. Register one first.')
  const response = await fetch(`/_sim/devices/${encodeURIComponent(deviceId)}/${action}`, {
    method: 'POST',
    signal,
  })
  if (!response.ok) throw new Error(`The simulator answered ${response.status} to ${action}.`)
  await reload()
  return `${devices.get(deviceId)?.nodeId || deviceId} is ${devices.get(deviceId)?.state || action}`
}

/** Reads the devices anew if a simulator is there, and tells the page. */
export async function reload() {
  const found = await read().catch(() => undefined)
  if (!found) return false
  devices = found
  drawChoice()
  session.changed()
  return true
}

export function reloadIfThere() {
  if (answers) void reload()
}

/** @returns {Promise<Map<string, SimulatedDevice> | undefined>} */
async function read() {
  const response = await fetch('/_sim/devices', { cache: 'no-store' })
  if (!response.ok) return undefined
  const answer = await response.json()
  if (!Array.isArray(answer?.devices)) return undefined
  const found = new Map()
  for (const device of answer.devices) {
    const deviceId = String(device.deviceId)
    found.set(deviceId, {
      deviceId,
      nodeId: String(device.nodeId ?? ''),
      name: String(device.name ?? ''),
      state: String(device.state ?? device.status ?? '').toLowerCase(),
    })
  }
  return found
}

function drawChoice() {
  const select = byId('simulator-device', HTMLSelectElement)
  const chosen = select.value
  select.replaceChildren(
    ...[...devices.values()].map((device) => {
      const label = [device.nodeId || device.deviceId, device.state].filter(Boolean).join(' · ')
      return new Option(label, device.deviceId, false, device.deviceId === chosen)
    }),
  )
}
