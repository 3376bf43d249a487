// The one client of this place and what is known of its token. The token itself stays in the client.

import { type ReadonlySignal, type Signal, computed, signal } from '@preact/signals'
import { type AuthOutDTO, type ClientEvent, type ClientInfo, NorthApiClient } from 'northbound'

import { createRecorder } from '../record/recorder.ts'
import { type Sharing, type SharedStore, openStore } from './sharing.ts'

export type Cause = 'login' | 'refresh' | 'shared' | 'rejected'

/** What a client has told of its token. */
export interface Token {
  cause: Cause
  /** Absent until the client has told it. */
  generation: number | undefined
  /** From its issue to its end, as far as known. */
  lifeMs: number
  endsAt: number
  /** So long before its end the client begins to renew it. */
  leadMs: number
}

export interface Connection {
  readonly client: NorthApiClient
  readonly appId: string
  readonly address: string
  readonly sharing: ReadonlySignal<Sharing>
  readonly token: Signal<Token | undefined>
  /** As the platform named them. */
  readonly kind: Signal<{ scope: string; tokenType: string }>
  /** The last warning about the token. */
  readonly warning: Signal<string>
}

/** As documented: ten minutes before the end, at most a third of the life. */
const LEAD_MS = 600_000

export const recorder = createRecorder()

export const connection = signal<Connection | undefined>(undefined)

/** The client in use; what needs it is disabled until there is one. */
export function client(): NorthApiClient {
  const current = connection.peek()
  if (!current) throw new Error('Log in first')
  return current.client
}

/** Logs in with a new client, which takes the place of the former one once the platform agreed. */
export async function connect(
  info: ClientInfo,
  options: { allowInsecureHttp: boolean; sharing: Sharing },
  abort: AbortSignal,
): Promise<Connection> {
  const store = await openStore(options.sharing)
  const tap = recorder.tap()
  const told = {
    token: signal<Token | undefined>(undefined),
    kind: signal({ scope: '', tokenType: '' }),
    warning: signal(''),
  }
  const opened = new NorthApiClient(info, {
    allowInsecureHttp: options.allowInsecureHttp,
    fetch: tap.fetch,
    ...(store && { tokenStore: store }),
    onEvent(event) {
      tap.onEvent(event)
      listen(told, event, store)
    },
  })
  const made: Connection = {
    client: opened,
    appId: info.appId,
    address: info.baseUrl ?? `https://${info.platformIp}:${info.platformPort}`,
    sharing: computed(() => (store?.live.value ? options.sharing : 'none')),
    ...told,
  }
  try {
    take(made, await opened.getAuthToken({ signal: abort }))
  } catch (error) {
    opened.free()
    throw error
  }
  connection.peek()?.client.free()
  connection.value = made
  return made
}

const leavers: (() => void)[] = []

/** Takes part in leaving: drops what belongs to the connection, answers that are still awaited included. */
export function onLeave(drop: () => void): void {
  leavers.push(drop)
}

/** Forgets what came from the connection; a client that was freed still answers the calls under way. */
export function leave(): void {
  for (const drop of leavers) drop()
}

export function disconnect(): void {
  connection.peek()?.client.free()
  connection.value = undefined
  leave()
}

export async function renew(how: 'refresh' | 'login', abort: AbortSignal): Promise<void> {
  const current = connection.peek()
  if (!current) return
  const answer =
    how === 'refresh'
      ? await current.client.refreshAuthToken({ signal: abort })
      : await current.client.getAuthToken({ force: true, signal: abort })
  take(current, answer)
}

/** The live token, for the clipboard. */
export async function accessToken(): Promise<string> {
  return (await client().getAuthToken()).accessToken
}

function take({ kind }: Connection, { scope, tokenType }: AuthOutDTO): void {
  kind.value = { scope, tokenType }
}

function listen(
  { token, warning }: Pick<Connection, 'token' | 'warning'>,
  event: ClientEvent,
  store: SharedStore | undefined,
): void {
  if (event.type === 'warning' && event.about !== 'throttle') warning.value = event.message
  if (event.type !== 'token') return
  const { cause, generation, lifeMs: left } = event
  if (cause === 'rejected' || left === undefined) {
    if (token.peek()) token.value = { ...(token.peek() as Token), cause }
    return
  }
  warning.value = ''
  const endsAt = Date.now() + left
  const lifeMs = cause === 'shared' ? wholeLife(endsAt, left, store, generation) : left
  token.value = { cause, generation, lifeMs, endsAt, leadMs: Math.min(LEAD_MS, left / 3) }
}

/** A sharer is told what is left alone; the tab that obtained the token has noted the rest. */
function wholeLife(
  endsAt: number,
  left: number,
  store: SharedStore | undefined,
  generation = 0,
): number {
  const issued = store?.issued(generation)
  // Another application's token may have the same number.
  const same = issued && Math.abs(issued.at + issued.lifeMs - endsAt) < 5000
  return same ? issued.lifeMs : left
}
