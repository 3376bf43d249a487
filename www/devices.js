// The list of devices, and the form that registers one.

import { perform } from './calls.js'
import { byId, clone, fieldText, optionalNumber, optionalText, say } from './dom.js'
import { Device } from './device.js'
import * as session from './session.js'
import { reload, reloadIfThere, simulatedDevices } from './simulator.js'

/** @type {Map<string, Device>} */
const listed = new Map()

export function startDevices() {
  startAdding()
  startRegistering()
  byId('devices-load', HTMLButtonElement).addEventListener('click', loadSimulated)
  session.onChange(draw)
  draw()
}

/**
 * @param {string} deviceId
 * @param {{ appId?: string | undefined; nodeId?: string | undefined }} [about]
 */
function list(deviceId, about = {}) {
  const known = listed.get(deviceId)
  if (known) return known
  const device = new Device(clone('device-template'), deviceId, about, () => {
    listed.delete(deviceId)
    draw()
    byId('devices', HTMLElement).focus()
  })
  listed.set(deviceId, device)
  byId('devices', HTMLElement).prepend(device.element)
  draw()
  return device
}

function startAdding() {
  const form = byId('device-add', HTMLFormElement)
  const button = form.querySelector('button')
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (!button) return
    perform({
      button,
      form,
      slot: byId('devices-errors', HTMLElement),
      doing: 'Asking for the device…',
      call: async (signal) => {
        const deviceId = fieldText(form, 'deviceId').trim()
        const appId = optionalText(form, 'appId')
        const status = await session
          .client()
          .queryDeviceStatus({ deviceId }, { ...(appId && { appId }), signal })
        list(deviceId, { appId }).showStatus(status)
        form.reset()
        return 'Device added'
      },
    })
  })
}

function startRegistering() {
  const form = byId('register-form', HTMLFormElement)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    perform({
      button: byId('register-submit', HTMLButtonElement),
      form,
      slot: byId('register-errors', HTMLElement),
      doing: 'Registering the device…',
      call: async (signal) => {
        const input = registration(form)
        const answer = await session.client().regDirectDevice(input, { signal })
        const device = list(answer.deviceId, { nodeId: input.nodeId })
        device.showName(input.deviceInfo?.name)
        device.showCode(answer.verifyCode, answer.timeout, answer.psk)
        form.reset()
        reloadIfThere()
        return `Registered ${input.nodeId}`
      },
    })
  })
}

/** @param {HTMLFormElement} form */
function registration(form) {
  /** @type {import('northbound').DeviceInfo} */
  const deviceInfo = {}
  for (const name of [
    'name',
    'manufacturerId',
    'manufacturerName',
    'deviceType',
    'model',
    'protocolType',
  ]) {
    const text = optionalText(form, name)
    if (text !== undefined) deviceInfo[name] = text
  }
  return {
    nodeId: fieldText(form, 'nodeId').trim(),
    verifyCode: optionalText(form, 'verifyCode'),
    timeout: optionalNumber(form, 'timeout'),
    productId: optionalText(form, 'productId'),
    endUserId: optionalText(form, 'endUserId'),
    imsi: optionalText(form, 'imsi'),
    psk: optionalText(form, 'psk'),
    isSecure: fieldText(form, 'isSecure') ? true : undefined,
    deviceInfo: Object.keys(deviceInfo).length > 0 ? deviceInfo : undefined,
  }
}

/** Takes every device off the list, and the codes with them; the platform keeps them. */
export function forgetDevices() {
  for (const device of listed.values()) device.element.remove()
  listed.clear()
  draw()
}

async function loadSimulated() {
  await reload()
  const found = [...simulatedDevices().values()].reverse()
  for (const { deviceId, nodeId, name } of found) list(deviceId, { nodeId }).showName(name)
  const count = found.length
  say(count === 1 ? 'Loaded 1 device' : `Loaded ${count} devices`)
}

function draw() {
  const open = Boolean(session.connection())
  for (const form of [byId('device-add', HTMLElement), byId('register-form', HTMLElement)]) {
    form.querySelector('fieldset')?.toggleAttribute('disabled', !open)
  }
  byId('devices-empty', HTMLElement).hidden = listed.size > 0
  for (const device of listed.values()) {
    device.draw(open, simulatedDevices().get(device.deviceId)?.state)
  }
}
