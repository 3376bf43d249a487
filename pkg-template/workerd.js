// The entry for workerd, which compiles no bytes: the import of a file is a compiled module.

// @ts-ignore it is made by the build, and its import by the runtime or its bundler
import module from './northbound.wasm'

import { loadNow } from './load-now.js'

loadNow(module)

export * from './api.js'
export { init } from './load-now.js'
