// `northbound/inline` with the sender of Node: for what a bundler makes for a server, where a file would stay behind.
// All is imported at once, so that it fits into one file with any bundler.

import { sendBy } from './load-sender.js'
import * as sender from './node-sender.js'

sendBy(async () => sender)

export * from './inline.js'
