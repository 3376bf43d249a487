// console.js in a test of a runner that has globals and the DOM of jsdom.
const { document, test } = /** @type {any} */ (globalThis)

test('each step is done', async () => {
  if (!document.createElement('p').ownerDocument) throw new Error('there is no DOM')
  await import('./console.js')
})
