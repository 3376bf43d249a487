// What stays in memory: after many prepared requests, after many calls, after clients that come and go.

import { memory, watchWasmMemory } from '../../tests/chaos/summary.js'
import { given, tell } from '../measure.js'
import { KEY, stubbedFetch } from '../subject.js'

const wasmBytes = watchWasmMemory()
// Afterwards: it watches what is loaded from now on.
const { builder, northbound, throttledCaller } = await import('../peers/northbound.js')

const ENDPOINT = 'http://127.0.0.1:8080'

/** How many requests go out at a time. */
const LANES = 50

/** @type {Record<string, (to: number) => Promise<void> | void>} */
const KINDS = {
  requests: (() => {
    const build = builder(ENDPOINT)
    return count(() => void build())
  })(),
  calls: (() => {
    const call = throttledCaller(ENDPOINT, stubbedFetch)
    let made = 0
    return async (to) => {
      for (; made < to; made += LANES) await Promise.all(Array.from({ length: LANES }, call))
    }
  })(),
  freed: count(() => client().free()),
  dropped: (() => {
    const drop = count(() => void client())
    return async (to) => {
      drop(to)
      // The collector tells of them only when it has been there, and between tasks.
      for (let round = 0; round < 3; round += 1) await memory(wasmBytes)
    }
  })(),
}

const { kind, steps } = given()
const figures = []
for (const to of steps) {
  await KINDS[kind]?.(to)
  figures.push({ to, wasm: wasmBytes(), rss: (await memory(wasmBytes)).rss })
}
tell(figures)

/** Does something until it has been done so often. @param {() => void} once @returns {(to: number) => void} */
function count(once) {
  let done = 0
  return (to) => {
    for (; done < to; done += 1) once()
  }
}

function client() {
  return new northbound.OnsMqttClient({ endpoint: ENDPOINT, credentials: KEY })
}
