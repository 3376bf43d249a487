// The entry for edge functions of Next and Vercel: as in workerd, but the query asks for the compiled module.

// @ts-ignore it is made by the build, and its import by the bundler
import module from './northbound.wasm?module'

import { loadNow } from './load-now.js'

loadNow(module)

export * from './api.js'
export { init } from './load-now.js'
