// The simulator, where it serves this page: what devices it has, and how they are played.

import { signal } from '@preact/signals'

import { say } from '../words.ts'

const words = say({
  noDevice: [
    'The simulator has no device yet. Register one first.',
    '模拟器中还没有设备。请先注册一个。',
  ],
  refused: [
    'The simulator answered {status} to {action}.',
    '模拟器对 {action} 的应答为 {status}。',
  ],
  now: ['{device} is {state}', '{device}：{state}'],
})

const states = say({
  inactive: ['inactive', '未激活'],
  offline: ['offline', '离线'],
  online: ['online', '在线'],
  abnormal: ['abnormal', '异常'],
})

/** The simulator's word for a state, in the language of the page. */
export function stateName(state: string): string {
  return state in states ? states[state as keyof typeof states]() : state
}

export interface SimulatedDevice {
  readonly deviceId: string
  readonly nodeId: string
  readonly name: string
  readonly state: string
}

export type Play = 'activate' | 'online' | 'offline'

/** Whether one answers at this address; a platform has no such paths. */
export const simulator = signal(false)

export const simulated = signal<ReadonlyMap<string, SimulatedDevice>>(new Map())

/** Makes a device go online or offline, or connect for the first time. Answers what it did. */
export async function play(deviceId: string, action: Play, abort: AbortSignal): Promise<string> {
  if (!deviceId) throw new Error(words.noDevice())
  const path = `/_sim/devices/${encodeURIComponent(deviceId)}/${action}`
  const { ok, status } = await fetch(path, { method: 'POST', signal: abort })
  if (!ok) throw new Error(words.refused({ status, action }))
  await reload()
  const device = simulated.peek().get(deviceId)
  return words.now({
    device: device?.nodeId || deviceId,
    state: stateName(device?.state || action),
  })
}

/** Reads the devices anew; answers whether there is a simulator. */
export async function reload(): Promise<boolean> {
  const found = await read().catch(() => undefined)
  if (!found) return false
  simulated.value = found
  simulator.value = true
  return true
}

export function reloadIfThere(): void {
  if (simulator.peek()) void reload()
}

interface Listed {
  deviceId: unknown
  nodeId?: unknown
  name?: unknown
  state?: unknown
}

async function read(): Promise<Map<string, SimulatedDevice> | undefined> {
  const response = await fetch('/_sim/devices', { cache: 'no-store' })
  if (!response.ok) return undefined
  const answer: { devices?: Listed[] } | null = await response.json()
  if (!Array.isArray(answer?.devices)) return undefined
  const entries = answer.devices.map((device): [string, SimulatedDevice] => {
    const deviceId = String(device.deviceId)
    const nodeId = String(device.nodeId ?? '')
    const name = String(device.name ?? '')
    return [deviceId, { deviceId, nodeId, name, state: String(device.state ?? '').toLowerCase() }]
  })
  return new Map(entries)
}
