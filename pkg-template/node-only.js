// `northbound/node`: what only Node has.

export { fileTokenStore } from './file-store.js'
export { nodeFetch } from './node-fetch.js'
