// Values of other fetches and signals fit what the package takes.
import { AbortController as AbortController1 } from 'abort-controller'
import crossFetch, { Response as CrossResponse } from 'cross-fetch'
import nodeFetch3, { Response as NodeResponse3 } from 'node-fetch'
import nodeFetch2, { Response as NodeResponse2 } from 'node-fetch-2'
import * as undici from 'undici'

import {
  NorthApiClient,
  init,
  type AbortSignalLike,
  type ClientInfo,
  type FetchLike,
  type ResponseLike,
} from 'northbound'

export const fetches: FetchLike[] = [
  undici.fetch,
  nodeFetch2,
  nodeFetch3,
  crossFetch,
  (url, init) => undici.fetch(url, { ...init, dispatcher: new undici.Agent() }),
  (url, init) => nodeFetch2(url, { ...init, compress: false }),
  (url, init) => nodeFetch3(url, { ...init, compress: false }),
]
export const responses: ResponseLike[] = [
  new undici.Response('{}'),
  new NodeResponse2('{}'),
  new NodeResponse3('{}'),
  new CrossResponse('{}'),
]
export const signals: AbortSignalLike[] = [
  new AbortController1().signal,
  new AbortController().signal,
  AbortSignal.timeout(1),
]

export async function use(info: ClientInfo): Promise<void> {
  for (const fetch of fetches) new NorthApiClient(info, { fetch }).free()
  await init(undici.fetch('https://platform.example/northbound.wasm'))
  await init(await nodeFetch3('https://platform.example/northbound.wasm'))
  const client = new NorthApiClient(info)
  for (const signal of signals) await client.getAuthToken({ signal })
}

export function mustNotCompile(info: ClientInfo): void {
  // @ts-expect-error a function that answers with text is no fetch
  new NorthApiClient(info, { fetch: async (url: string) => (await nodeFetch3(url)).text() })
  // @ts-expect-error a response has an address, not one of its own kind
  const response: ResponseLike = new URL('https://platform.example')
  return void response
}
