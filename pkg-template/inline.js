// `northbound/inline`: loads by itself and at once, anywhere, from text in the code; asks for no file.

import { wasmBytes } from './inline-wasm.js'
import { loadNow } from './load-now.js'

loadNow(wasmBytes())

export * from './api.js'
export { init } from './load-now.js'
