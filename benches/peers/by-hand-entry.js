// The hand-written client as its bundle has it.

export { ApiError } from './by-hand-common.js'
export { acs3, rpc } from './by-hand.js'
export { calling } from './send-http.js'
