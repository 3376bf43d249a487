// What the simulator knows from its start, and where its broker is. Not a secret of any platform.

import { effect, signal } from '@preact/signals'

import { route } from '../router.ts'

export const SIMULATOR = {
  key: { accessKeyId: 'LTAI5tSIMULATORONLY0001', accessKeySecret: 'simulatorSecretNotReal0001' },
  sts: {
    accessKeyId: 'STS.SIMULATORONLY0002',
    accessKeySecret: 'simulatorStsSecret0002',
    securityToken: 'CAISsimulator+token/with=special&chars==',
  },
  instanceId: 'post-cn-simulator01',
  groupId: 'GID_demo',
  clientId: 'GID_demo@@@device-1',
}

/** The demo tells the port of its broker in the address, `#mqtt?broker=8082`. */
const told = signal('')

effect(() => {
  const port = route.value.parameters.get('broker') ?? ''
  if (/^\d{1,5}$/.test(port)) told.value = port
})

/** The port that the address told, else the one after the page's. */
export function simulatedBroker(): string {
  const port = told.value || String(Number(location.port || 80) + 1)
  return `ws://${location.hostname}:${port}/mqtt`
}
