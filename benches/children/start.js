// From nothing to the modules, to the first built request or to the first answer, in a process of its own. Only
// node's own modules and a list of names are there before the clock begins.

import { callerOf } from '../callers.js'

const { who, until, endpoint } = JSON.parse(process.argv[2] ?? '')

const begin = performance.now()
if (until !== 'nothing') await steps()[until]?.()
const tookMs = performance.now() - begin
// The parent takes its time when this arrives.
process.stdout.write(`${JSON.stringify({ tookMs })}\n`, () => process.exit())

/** @returns {Record<string, () => Promise<unknown>>} */
function steps() {
  const caller = callerOf(who)
  return {
    imported: caller.load,
    built: async () => (await caller.build?.(endpoint))?.(),
    answered: async () => (await caller.call(endpoint))(),
  }
}
