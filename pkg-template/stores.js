// The token stores that need no further package, and what the others are made of. scripts/pkg puts all of it
// into this one file, so that a page without a bundler asks for one and not for six.

export { memoryTokenStore } from './memory-store.js'
export { showing, shownName, tokenStore } from './sealed-store.js'
export { readStoreOptions } from './store-options.js'
export * from './token-record.js'
export { recordsOf } from './web-database.js'
export { webTokenStore } from './web-store.js'
