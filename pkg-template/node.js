// The entry for Node and Bun: WebAssembly is loaded by the time the import is done. Nothing is awaited, so
// that `require('northbound')` works as well.

import { readFileSync } from 'node:fs'

import { loadNow } from './load-now.js'
import { sendLean } from './node-sender.js'
import { invalidArgument } from './northbound.js'

loadNow(readWasm())
sendLean(() => import('./node-exchange.js'))

export * from './api.js'
export { init } from './load-now.js'

function readWasm() {
  try {
    return readFileSync(new URL('./northbound.wasm', import.meta.url))
  } catch (error) {
    const problem =
      'is not beside the code; where a bundler left it behind, import `northbound/inline` instead, ' +
      'or have the bundler leave the package `northbound` external'
    throw invalidArgument('init', 'northbound.wasm', problem, error)
  }
}
