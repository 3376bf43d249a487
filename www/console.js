// Starts every card, once the package is loaded.

import { version } from 'northbound'
import { startConnection } from './connection.js'
import { startDevices } from './devices.js'
import { byId, say } from './dom.js'
import { startEvents } from './events.js'
import { startOns } from './ons.js'
import { startSimulator } from './simulator.js'

export async function start() {
  byId('version', HTMLElement).textContent = version
  startEvents('events')
  startConnection()
  startDevices()
  startOns()
  byId('connection-form', HTMLElement).querySelector('fieldset')?.removeAttribute('disabled')
  say('Ready')
  await startSimulator()
}
