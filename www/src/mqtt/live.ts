// The device's side as a whole: which login it has, whether it is connected, what it listens to.

import { signal } from '@preact/signals'
import type { DeviceRef, MqttLogin } from 'northbound'

import { createTask } from '../ui/task.tsx'
import { type Link, connect } from './broker.ts'
import { onForget } from './keys.ts'
import { clear, receive } from './messages.ts'

export interface Known {
  readonly login: MqttLogin
  readonly instanceId: string
  /** What the password is made of. */
  readonly by: 'credential' | 'token'
  /** False: it was unregistered or revoked here, so the broker will refuse it. */
  readonly valid: boolean
}

export interface Subscription {
  readonly filter: string
  readonly qos: number
}

export const known = signal<Known | undefined>(undefined)
export const link = signal<Link | undefined>(undefined)
export const subscriptions = signal<readonly Subscription[]>([])
export const connecting = createTask()
export const talking = createTask()

export function offerLogin(login: MqttLogin, instanceId: string, by: Known['by']): void {
  known.value = { login, instanceId, by, valid: true }
}

/** The login of this device will be refused; it stays, so that one can see it refused. */
export function voidLogin({ clientId, instanceId }: DeviceRef, by: Known['by']): void {
  const found = known.peek()
  if (found?.login.clientId !== clientId || found.instanceId !== instanceId) return
  if (found.by === by) known.value = { ...found, valid: false }
}

/** Connects with the login; `address` empty: the instance's own. */
export async function open(address: string, abort: AbortSignal): Promise<void> {
  const found = known.peek()
  if (!found) throw new Error('Register or get a credential first')
  disconnect()
  talking.dismiss()
  const made = await connect(address || instanceAddress(found.instanceId), found.login, {
    signal: abort,
    onMessage: receive,
    onEnd(error) {
      if (link.peek() !== made) return
      drop()
      connecting.fail(error)
    },
  })
  link.value = made
}

export function instanceAddress(instanceId: string): string {
  return `wss://${instanceId}.mqtt.aliyuncs.com/mqtt`
}

export async function subscribe(filter: string, qos: number): Promise<number> {
  const granted = await connected().subscribe(filter, qos)
  const others = subscriptions.peek().filter((each) => each.filter !== filter)
  subscriptions.value = [...others, { filter, qos: granted }]
  return granted
}

export async function unsubscribe(filter: string): Promise<void> {
  await connected().unsubscribe(filter)
  subscriptions.value = subscriptions.peek().filter((each) => each.filter !== filter)
}

export function connected(): Link {
  const found = link.peek()
  if (!found) throw new Error('Connect first')
  return found
}

export function disconnect(): void {
  link.peek()?.close()
  drop()
}

function drop(): void {
  link.value = undefined
  subscriptions.value = []
}

onForget(() => {
  connecting.drop()
  talking.drop()
  disconnect()
  known.value = undefined
  clear()
})
