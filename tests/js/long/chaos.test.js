// The whole matrix of chaos: every operation, every fault, every way to retry, both senders.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import { nameOf, runMatrix, wholeMatrix } from '../../chaos/matrix.js'
import { memory, summary, watchWasmMemory } from '../../chaos/summary.js'
import { startWorld } from '../../chaos/world.js'
import { watchRejections } from '../support/sharing.js'

const wasmBytes = watchWasmMemory()
const unhandled = watchRejections()
const world = await startWorld(8)

after(() => world.stop())

test('each operation survives each fault, however it is sent and retried', async (t) => {
  const earlier = await memory(wasmBytes)
  const cells = await runMatrix(world, wholeMatrix())
  const later = await memory(wasmBytes)
  for (const line of summary(cells)) t.diagnostic(line)
  t.diagnostic(`MiB before: ${JSON.stringify(earlier)}, afterwards: ${JSON.stringify(later)}`)

  const wrong = cells.flatMap(({ plan, complaints }) =>
    complaints.map((complaint) => `${nameOf(plan)}: ${complaint}`),
  )
  assert.deepEqual(wrong, [])
  assert.deepEqual(unhandled, [])
  assert.ok(later.wasm <= 4, `WebAssembly holds ${later.wasm} MiB`)
  assert.ok(later.external - earlier.external < 30, `external memory: ${later.external} MiB`)
  assert.ok(later.rss < 500, `the process holds ${later.rss} MiB`)
})
