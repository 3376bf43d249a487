// What a host has fits what the package takes: compiled once with the types of the DOM alone, once with Node's.
import {
  NorthApiClient,
  init,
  type AbortSignalLike,
  type ClientInfo,
  type FetchLike,
  type ResponseLike,
  type SendInit,
} from 'northbound'

export const ownFetch: FetchLike = fetch
export const lateFetch: FetchLike = (url, init) => fetch(url, init)
export const stubFetch: FetchLike = async () => new Response('{}', { status: 200 })
export const smallFetch: FetchLike = async (url, { method, headers, body }) => ({
  status: [url, method, headers['authorization'], body].length,
  headers: { get: () => null },
  arrayBuffer: async () => new ArrayBuffer(0),
})

export const signals: AbortSignalLike[] = [
  new AbortController().signal,
  AbortSignal.timeout(1000),
  AbortSignal.abort('why'),
  { aborted: false, addEventListener() {}, removeEventListener() {} },
]
export const response: ResponseLike = new Response('{}')
export const request = (url: string, init: SendInit): Request => new Request(url, init)

export async function use(info: ClientInfo, signal: AbortSignal): Promise<void> {
  await init(fetch('northbound.wasm'))
  await init(await fetch('northbound.wasm'))
  await init(new URL('https://platform.example/northbound.wasm'))
  await init(new Uint8Array(8))
  const client = new NorthApiClient(info, { fetch })
  await client.queryDeviceStatus({ deviceId: 'd' }, { signal })
}
