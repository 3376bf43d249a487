// `northbound/node` beside the package itself.
import { NorthApiClient, type ClientInfo, type FetchLike } from 'northbound'
import { nodeFetch, type NodeFetchOptions } from 'northbound/node'

const options: NodeFetchOptions = { ca: 'pem', cert: [new Uint8Array(1), 'pem'], key: 'pem' }

export const sender: FetchLike = nodeFetch(options)

export const make = (info: ClientInfo): NorthApiClient =>
  new NorthApiClient(info, { fetch: nodeFetch({ ...options, maxSockets: 4, passphrase: 'p' }) })

export function mustNotCompile(): void {
  // @ts-expect-error no option turns the check of the server off
  nodeFetch({ rejectUnauthorized: false })
  // @ts-expect-error a number of connections is no text
  nodeFetch({ maxSockets: '4' })
}
