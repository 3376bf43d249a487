// A fuzzer over the whole public surface: whatever goes in, only errors of the package or a signal's reason
// come out, soon, without secrets, and what was called works afterwards.
//
// NORTHBOUND_SEED repeats a run; NORTHBOUND_ROUNDS says how long it is.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ENTRIES } from './support/fuzz-entries.js'
import { fuzzSurface } from './support/fuzz-surface.js'

// The same cases each time: what is new is looked for by the long one.
const seed = Number(process.env.NORTHBOUND_SEED ?? 1)
const rounds = Number(process.env.NORTHBOUND_ROUNDS ?? 2000)

test(`${rounds} calls with the seed ${seed} end in a result or in an error of the package`, async (t) => {
  const counts = await fuzzSurface({ seed, rounds })
  for (const { entry } of ENTRIES) t.diagnostic(`${counts.get(entry) ?? 0} calls of ${entry}`)
  const missed = ENTRIES.filter(({ entry }) => !counts.has(entry))
  assert.deepEqual(rounds < 2000 ? [] : missed, [])
})
