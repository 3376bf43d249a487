// Whether this browser's tabs share one token, where it is kept for that, and how all of it is removed again.

import { type ReadonlySignal, computed, signal } from '@preact/signals'
import { type TokenStore, webTokenStore } from 'northbound'

import { PageError } from '../ui/error-card.tsx'
import { recall, remember, say } from '../words.ts'
import { canSeal, deleteDatabase, forgetKey, openSealing } from './sealing.ts'

const words = say({
  noKey: ['The token cannot be shared', '无法共享令牌'],
  noKeyMeaning: [
    'The browser keeps no key for this page: {reason}',
    '浏览器未能为本页面保存密钥：{reason}',
  ],
  noKeyRemedy: [
    'Allow this page to store data, or untick the sharing.',
    '请允许本页面存储数据，或取消勾选共享。',
  ],
})

const DATABASE = 'northbound-console-token'
const ISSUED = 'northbound.issued'

export type Sharing = 'none' | 'sealed' | 'unsealed'

/** Ticked by the user. */
export const wanted = signal(false)
/** Ticked too, where nothing can be sealed. */
export const unsealedAllowed = signal(false)
/** Something of it is kept on this machine, by this tab or another one. */
export const kept = signal(false)

/** What the next login does. */
export const sharing = computed<Sharing>(() => {
  if (!wanted.value) return 'none'
  if (canSeal()) return 'sealed'
  return unsealedAllowed.value ? 'unsealed' : 'none'
})

/** When a token was issued and for how long: sharers are told only what is left. */
export interface Issued {
  generation: number
  lifeMs: number
  at: number
}

export interface SharedStore extends TokenStore {
  /** Until somebody, in whatever tab, has the machine forget the token. */
  readonly live: ReadonlySignal<boolean>
  /** Of the token with this number, if a tab of this browser obtained it. */
  issued(generation: number): Issued | undefined
}

/** How often sharing was stopped; a store that was opened before the last time may be used no more. */
const stops = signal(0)

const channel = new BroadcastChannel('northbound-console')
channel.onmessage = ({ data }) => {
  if (data === 'kept') kept.value = true
  if (data === 'stopped') stop()
}

/** Ticks the box of a new tab where a token is kept already. */
export async function startSharing(): Promise<void> {
  kept.value = await hasDatabase().catch(() => false)
  wanted.value ||= kept.value
}

/** Fails where the page may store nothing. */
async function hasDatabase(): Promise<boolean> {
  const databases = await indexedDB.databases?.()
  return databases?.some(({ name }) => name === DATABASE) ?? false
}

/** Undefined: the token is for this tab alone. */
export async function openStore(how: Sharing): Promise<SharedStore | undefined> {
  if (how === 'none') return undefined
  const sealing = how === 'sealed' ? await openSealing().catch(noKey) : undefined
  const store = webTokenStore({ name: DATABASE, ...(sealing && { sealing }) })
  kept.value = true
  channel.postMessage('kept')
  return watched(store)
}

function noKey(cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const meaning = words.noKeyMeaning({ reason })
  throw new PageError({ title: words.noKey(), meaning, remedy: words.noKeyRemedy() })
}

/** Removes what is kept on this machine, key included; no tab shares any longer. */
export async function forget(): Promise<void> {
  const some = kept.peek()
  stop()
  channel.postMessage('stopped')
  const removed = Promise.all([deleteDatabase(DATABASE), forgetKey()])
  // Where the page may store nothing, there is nothing to remove.
  await (some ? removed : removed.catch(() => {}))
}

function stop(): void {
  stops.value += 1
  wanted.value = false
  unsealedAllowed.value = false
  kept.value = false
  try {
    localStorage.removeItem(ISSUED)
  } catch {
    // Nothing was kept there.
  }
}

/** Notes lives as tokens are stored, and refuses to be used once sharing has stopped. */
function watched(store: TokenStore): SharedStore {
  const opened = stops.peek()
  const live = computed(() => stops.value === opened)
  const still = async <T>(use: () => Promise<T>): Promise<T> => {
    if (live.value) return use()
    // The client then goes on with the token that it has, and asks no more.
    throw Object.assign(new Error('the token is no longer shared'), { retryable: false })
  }
  const { take } = store
  return {
    live,
    read: (key) => still(() => store.read(key)),
    acquire: (...asked) => still(() => store.acquire(...asked)),
    renew: (...asked) => still(() => store.renew(...asked)),
    release: (...asked) => still(() => store.release(...asked)),
    commit: (key, owner, token) =>
      still(() => {
        const { generation, lifeMs } = token
        remember(ISSUED, JSON.stringify({ generation, lifeMs, at: Date.now() } satisfies Issued))
        return store.commit(key, owner, token)
      }),
    ...(take && { take: (key, budget) => still(() => take(key, budget)) }),
    issued(generation) {
      const issued = readIssued()
      return issued?.generation === generation ? issued : undefined
    },
  }
}

function readIssued(): Issued | undefined {
  try {
    return JSON.parse(recall(ISSUED) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}
