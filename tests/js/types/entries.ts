// Every entry, for its declarations alone: they need no more than ES2018.
export * as northbound from 'northbound'
export * as inline from 'northbound/inline'
export * as node from 'northbound/node'
export * as redis from 'northbound/redis'
export * as testing from 'northbound/testing'
