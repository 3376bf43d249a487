// The headline at its full size: what `make sessions` prints, as assertions.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { FULL, GROUPS } from '../../sessions/groups.js'
import { broken, tooKind } from '../../sessions/table.js'

for (const { name, run } of GROUPS) {
  describe(name, () => {
    test('share one token: no call fails, no login is in vain, no two are in flight', async () => {
      assert.deepEqual(broken(await run(true, FULL), 1000), [])
    })

    test('lose more than half of their calls where each is on its own', async () => {
      assert.deepEqual(tooKind(await run(false, FULL)), [])
    })
  })
}
