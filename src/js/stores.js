// The token stores that need no further package, and what the others are made of.

export { memoryTokenStore } from './memory-store.js'
export { showing, shownName, tokenStore } from './sealed-store.js'
export { readStoreOptions } from './store-options.js'
export * from './token-record.js'
export { recordsOf } from './web-database.js'
export { webTokenStore } from './web-store.js'
