// The page of worker.js.
/** @type {string[]} */
const told = []
Object.assign(globalThis, { northboundSteps: told })
const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
worker.onmessage = (/** @type {MessageEvent} */ { data }) => told.push(data)
worker.onerror = (/** @type {ErrorEvent} */ event) =>
  told.push(`problem: ${event.message || 'the worker could not be started'}`)
