// The devices that this page works with, and the codes that it was given for them.

import { type Signal, signal } from '@preact/signals'

import { type Task, createTask } from '../ui/task.tsx'
import { onLeave } from './session.ts'

/** A verification code or key; it is dropped when it ends. */
export interface Code {
  readonly kind: 'code' | 'psk'
  readonly text: string
  /** In milliseconds since the epoch; 0: never; absent: nothing is known of it. */
  readonly endsAt: number | undefined
  readonly lifeMs: number | undefined
}

export interface Device {
  readonly deviceId: string
  /** The owner, where that is another application. */
  readonly appId: string | undefined
  readonly nodeId: Signal<string>
  readonly name: Signal<string>
  /** Undefined until the platform was asked. */
  readonly activated: Signal<boolean | undefined>
  readonly codes: Signal<readonly Code[]>
  readonly query: Task
  readonly refresh: Task
  readonly remove: Task
}

/** What was registered or added last comes first. */
export const devices = signal<readonly Device[]>([])

/** The one part that is unfolded: of which device, and what. */
export const unfolded = signal<{ deviceId: string; part: 'refresh' | 'remove' } | undefined>(
  undefined,
)

onLeave(() => {
  for (const { query, refresh, remove } of devices.peek()) {
    for (const task of [query, refresh, remove]) task.drop()
  }
  devices.value = []
  unfolded.value = undefined
})

interface About {
  appId?: string | undefined
  nodeId?: string
  name?: string
}

/** Lists a device, unless it is listed already. */
export function list(
  deviceId: string,
  { appId, nodeId = '', name = '' }: About = {},
  place: 'first' | 'last' = 'first',
): Device {
  const known = devices.peek().find((device) => device.deviceId === deviceId)
  if (known) return known
  const device: Device = {
    deviceId,
    appId,
    nodeId: signal(nodeId),
    name: signal(name),
    activated: signal(undefined),
    codes: signal([]),
    query: createTask(),
    refresh: createTask(),
    remove: createTask(),
  }
  const others = devices.peek()
  devices.value = place === 'first' ? [device, ...others] : [...others, device]
  return device
}

export function unlist({ deviceId }: Device): void {
  devices.value = devices.peek().filter((device) => device.deviceId !== deviceId)
}

/** Keeps what the platform gave, until it ends. */
export function give(device: Device, verifyCode: string, timeout: number, psk?: string): void {
  const lifeMs = timeout * 1000
  const endsAt = timeout === 0 ? 0 : Date.now() + lifeMs
  const code: Code = { kind: 'code', text: verifyCode, endsAt, lifeMs }
  const key: Code[] = psk ? [{ kind: 'psk', text: psk, endsAt: undefined, lifeMs: undefined }] : []
  device.codes.value = [code, ...key]
}

/** Overwrites codes that have ended: they stay as lines that say so. */
export function dropEnded(device: Device, at: number): void {
  const ended = ({ endsAt, text }: Code) => endsAt && endsAt <= at && text !== ''
  if (!device.codes.peek().some(ended)) return
  device.codes.value = device.codes
    .peek()
    .map((code) => (ended(code) ? { ...code, text: '' } : code))
}
