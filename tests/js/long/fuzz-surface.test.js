// The fuzzer of tests/js/fuzz-surface.test.js, for longer. NORTHBOUND_SEED repeats a run.
import { test } from 'node:test'

import { fuzzSurface } from '../support/fuzz-surface.js'

const seed = Number(process.env.NORTHBOUND_SEED ?? Date.now() % 2 ** 31)
const rounds = Number(process.env.NORTHBOUND_ROUNDS ?? 60_000)

test(`${rounds} calls with the seed ${seed} end in a result or in an error of the package`, async () => {
  await fuzzSurface({ seed, rounds })
})
