// The page of service-worker.js.
/** @type {string[]} */
const told = []
Object.assign(globalThis, { northboundSteps: told })
navigator.serviceWorker.onmessage = (/** @type {MessageEvent} */ { data }) => told.push(data)
try {
  await navigator.serviceWorker.register(new URL('./service-worker.js', import.meta.url), {
    type: 'module',
  })
  const { active } = await navigator.serviceWorker.ready
  active?.postMessage('begin')
} catch (error) {
  told.push(`problem: ${error}`)
}
