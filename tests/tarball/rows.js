// All rows of the table, in its order.

import { BUNDLERS } from './rows-bundlers.js'
import { NEXT } from './rows-next.js'
import { PAGES } from './rows-pages.js'
import { RUNTIMES } from './rows-runtimes.js'

/** @typedef {import('./workbench.js').Workbench} Workbench */
/** @typedef {import('./page.js').Outcome & { received?: string[] }} RowOutcome `received`: what the platform granted */

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {(bench: Workbench) => string | Promise<string>} version
 * @property {boolean} [long] only `make test-all` has the time
 * @property {import('./table.js').Expected} [expected] a step that cannot be done
 * @property {(bench: Workbench) => Promise<RowOutcome>} run
 */

/** @type {Row[]} */
export const ROWS = [...RUNTIMES, ...PAGES, ...BUNDLERS, ...NEXT]
