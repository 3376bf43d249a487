// Which device and instance the calls are about; the list of a group and tokens use it too.

import type { DeviceRef } from 'northbound'

import { createForm } from '../ui/form.ts'
import { judge } from './keys.ts'

export const deviceForm = createForm(
  {
    'input.clientId': { standIn: 'GID_a@@@b' },
    'input.instanceId': { standIn: 'i' },
  },
  (values) => judge((requests) => requests.getDeviceCredential(toDevice(values))),
)

export function toDevice(values: Record<'input.clientId' | 'input.instanceId', string>): DeviceRef {
  return {
    clientId: values['input.clientId'].trim(),
    instanceId: values['input.instanceId'].trim(),
  }
}

/** The device of the moment, without finding fault. */
export function chosenDevice(): DeviceRef {
  const { values } = deviceForm
  return toDevice({
    'input.clientId': values['input.clientId'].peek(),
    'input.instanceId': values['input.instanceId'].peek(),
  })
}
