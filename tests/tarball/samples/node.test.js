// console.js in a test of node:test.
import { test } from 'node:test'

test('each step is done', async () => {
  await import('./console.js')
})
