// Everybody who can make a whole call, by name. Each is imported only when it is asked for: what nobody asks for
// costs no time at the start and no memory.

/**
 * @typedef {object} Caller
 * @property {() => Promise<unknown>} load imports what it is made of, and does no more
 * @property {(endpoint: string) => Promise<() => unknown>} [build] builds and signs a request without I/O
 * @property {(endpoint: string) => Promise<() => Promise<unknown>>} call
 * @property {true} [bare] sends no signed request and reads no answer: a limit and no client
 */

const ours = () => import('./peers/northbound.js')
const byHand = () => import('./peers/by-hand.js')
const byFetch = () => import('./peers/send-fetch.js')
const byHttp = () => import('./peers/send-http.js')
const sdk = () => import('./peers/openapi-core.js')
const popCore = () => import('./peers/pop-core.js')

/** @type {Record<string, Caller>} */
export const CALLERS = {
  northbound: {
    load: ours,
    build: async (endpoint) => (await ours()).builder(endpoint),
    call: async (endpoint) => (await ours()).caller(endpoint),
  },
  'northbound, global fetch': {
    load: ours,
    call: async (endpoint) => (await ours()).caller(endpoint, (url, init) => fetch(url, init)),
  },
  'by hand, node:http': {
    load: () => Promise.all([byHand(), byHttp()]),
    build: async (endpoint) => (await byHand()).acs3(endpoint),
    call: async (endpoint) => (await byHttp()).calling((await byHand()).acs3(endpoint)),
  },
  'by hand, global fetch': {
    load: () => Promise.all([byHand(), byFetch()]),
    build: async (endpoint) => (await byHand()).acs3(endpoint),
    call: async (endpoint) => (await byFetch()).calling((await byHand()).acs3(endpoint)),
  },
  SDK: {
    load: sdk,
    build: async (endpoint) => (await sdk()).signing(endpoint),
    call: async (endpoint) => (await sdk()).caller(endpoint),
  },
  'pop-core (RPC)': {
    load: popCore,
    call: async (endpoint) => (await popCore()).caller(endpoint),
  },
  'node:http, unsigned': {
    load: byHttp,
    call: async (endpoint) => (await byHttp()).bare(endpoint),
    bare: true,
  },
  'fetch, unsigned': {
    load: byFetch,
    call: async (endpoint) => (await byFetch()).bare(endpoint),
    bare: true,
  },
}

/** @param {string} name */
export function callerOf(name) {
  const caller = CALLERS[name]
  if (caller === undefined) throw new Error(`nobody is called ${name}`)
  return caller
}
