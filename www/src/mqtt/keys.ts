// The keys of the platform: the client holds them, and nothing else in the page does.

import { signal } from '@preact/signals'
import { type ClientOptions, OnsMqttClient, type OnsMqttConfig, OnsMqttRequests } from 'northbound'

import { createRecorder } from '../record/recorder.ts'

export interface Held {
  readonly client: OnsMqttClient
  readonly accessKeyId: string
  /** STS keys, which end by themselves. */
  readonly temporary: boolean
  readonly address: string
  readonly signature: string
}

export const held = signal<Held | undefined>(undefined)

export const recorder = createRecorder({ budget: { calls: 100, perMs: 1000 } })

const forgetful: (() => void)[] = []

/** Takes part in forgetting: clears what came from the keys. */
export function onForget(clears: () => void): void {
  forgetful.push(clears)
}

/** Makes the client that holds the keys; fails with the package's error. */
export function hold(
  config: OnsMqttConfig,
  options: ClientOptions,
  told: Omit<Held, 'client'>,
): void {
  const client = new OnsMqttClient(config, { ...options, ...recorder.tap() })
  const former = held.peek()
  former?.client.free()
  held.value = { client, ...told }
  // What another platform gave is none of this one's. Temporary keys change each hour: they keep it.
  if (former && former.address !== told.address) clear()
}

export function forget(): void {
  held.peek()?.client.free()
  held.value = undefined
  clear()
}

function clear(): void {
  for (const clears of forgetful) clears()
}

export function client(): OnsMqttClient {
  const found = held.peek()
  if (!found) throw new Error('Give the page keys first')
  return found.client
}

const NO_KEYS = { regionId: 'cn-hangzhou', credentials: { accessKeyId: 'a', accessKeySecret: 'b' } }

/** Has the package judge the input of an operation; nothing is sent, so it needs no keys. */
export function judge(prepare: (requests: OnsMqttRequests) => void): void {
  const requests = new OnsMqttRequests(NO_KEYS)
  try {
    prepare(requests)
  } finally {
    requests.free()
  }
}
