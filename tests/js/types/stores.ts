// Token stores: the ready ones, one of the user's, and what is refused.
import {
  memoryTokenStore,
  NorthApiClient,
  webTokenStore,
  type ClientInfo,
  type Sealing,
  type SharedToken,
  type TokenStore,
} from 'northbound'
import { fileTokenStore } from 'northbound/node'
import { ioRedis, nodeRedis, redisTokenStore, type RunScript } from 'northbound/redis'
import { checkTokenStore } from 'northbound/testing'

const sealing: Sealing = { seal: (plain) => plain, open: async (sealed) => sealed }

/** A client of another kind, by shape. */
declare const anotherClient: { sendCommand(words: string[]): Promise<string | number | null> }
/** As node-redis and ioredis declare theirs: wider, and with more than is used. */
declare const nodeClient: {
  eval(
    script: string | Uint8Array,
    options?: { keys?: (string | Uint8Array)[]; arguments?: (string | Uint8Array)[] },
  ): Promise<unknown>
}
declare const ioClient: {
  eval(script: string, keyCount: number | string, ...rest: (string | number)[]): Promise<unknown>
}
const run: RunScript = (script, keys, args) =>
  anotherClient.sendCommand(['EVAL', script, String(keys.length), ...keys, ...args])

export const stores: TokenStore[] = [
  memoryTokenStore(),
  webTokenStore(),
  webTokenStore({ name: 'console', sealing }),
  fileTokenStore('/run/app/token.json'),
  fileTokenStore('/run/app/token.json', { sealing }),
  redisTokenStore(run),
  redisTokenStore(nodeRedis(nodeClient), { prefix: 'shop:', sealing }),
  redisTokenStore(ioRedis(ioClient)),
]

export const make = (info: ClientInfo): NorthApiClient[] =>
  stores.map((tokenStore) => new NorthApiClient(info, { tokenStore }))

export class OwnStore implements TokenStore {
  #token: SharedToken | undefined
  async read(): Promise<SharedToken | undefined> {
    return this.#token
  }
  async acquire(): Promise<{ token: SharedToken } | { generation: number }> {
    return this.#token ? { token: this.#token } : { generation: 1 }
  }
  async renew(): Promise<boolean> {
    return true
  }
  async commit(_key: string, _owner: string, token: SharedToken): Promise<boolean> {
    this.#token = token
    return true
  }
  async release(): Promise<void> {}
}

export const checks: Promise<void>[] = [
  checkTokenStore(() => new OwnStore()),
  checkTokenStore(async () => memoryTokenStore(), { separate: false }),
]

export function mustNotCompile(): void {
  // @ts-expect-error a store is made, not given
  void checkTokenStore(memoryTokenStore())
  // @ts-expect-error half a sealing is none
  fileTokenStore('/run/app/token.json', { sealing: { seal: (plain: string) => plain } })
  // @ts-expect-error the path is a text
  fileTokenStore(new URL('file:///run/app/token.json'))
  // @ts-expect-error a client is not yet a function that runs scripts
  redisTokenStore(nodeClient)
  // @ts-expect-error misspelt
  redisTokenStore(run, { Prefix: 'x' })
}
