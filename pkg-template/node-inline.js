// `northbound/inline` with the sender of Node: for what a bundler makes for a server, where a file would stay behind.
// All but Node's own modules is imported at once, so that it fits into one file with any bundler.

import * as exchange from './node-exchange.js'
import { sendLean } from './node-sender.js'

sendLean(async () => exchange)

export * from './inline.js'
