// Hand-written sending by the global fetch.

import { decode } from './by-hand-common.js'

/**
 * @param {() => import('../subject.js').Wire} build
 * @param {(url: string, init: any) => Promise<{ status: number, arrayBuffer(): Promise<ArrayBuffer> }>} [send]
 */
export function calling(build, send = fetch) {
  const decoder = new TextDecoder()
  return async () => {
    const { url, ...init } = build()
    const answer = await send(url, init)
    return decode(answer.status, decoder.decode(await answer.arrayBuffer()))
  }
}

/** No signature, no reading: the ceiling of whatever uses the global fetch. @param {string} endpoint */
export function bare(endpoint) {
  return async () => {
    const answer = await fetch(`${endpoint}/`, { method: 'POST' })
    await answer.arrayBuffer()
  }
}
