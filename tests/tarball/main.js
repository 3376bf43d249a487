// Tries the packed package in every runtime and tool and prints one table. Exit code 1: a cell is not as expected.
// Run by scripts/tarball: main.js TOOLS_FOLDER [--long] [--only=PART_OF_A_NAME]

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { root } from '../js/support/simulator.js'
import { PATHS, walk } from './newcomer.js'
import { POLICY } from './rows-pages.js'
import { ROWS } from './rows.js'
import { grid, judge, table } from './table.js'
import { openWorkbench } from './workbench.js'

const HEAD = `# Where the package runs

The tarball of \`npm pack\`, installed in an empty folder. Each row imports it, calls \`await init()\`, logs in, gives a
device a new key and registers a device credential, all against the simulator.

The strict Content-Security-Policy is \`${POLICY}\`.
`

const [tools = '', ...flags] = process.argv.slice(2)
const only = flags.find((flag) => flag.startsWith('--only='))?.slice('--only='.length)
const rows = ROWS.filter(({ long, name }) => chosen(name, long))
const paths = PATHS.filter(({ name }) => chosen(`newcomer: ${name}`))
if (rows.length + paths.length === 0) throw new Error(`no row has ${only} in its name`)

const bench = await openWorkbench(tools)
/** @type {string[]} */
const complaints = []
const results = []
for (const row of rows) results.push(await tryRow(row))
const walked = []
for (const path of paths) walked.push(await tryPath(path))
await bench.close()

const tables = []
if (results.length > 0) tables.push(table(results))
if (walked.length > 0) {
  tables.push(grid([['Quick start of the README, unchanged', 'Result'], ...walked]))
}
const printed = `${tables.join('\n\n')}\n`
mkdirSync(join(root, 'artifacts'), { recursive: true })
if (only === undefined) writeFileSync(join(root, 'artifacts/tarball.md'), `${HEAD}\n${printed}`)
console.log(`\n${printed}`)
for (const complaint of complaints) console.error(`FAILED: ${complaint}`)
process.exit(complaints.length === 0 ? 0 : 1)

/** @param {string} name @param {boolean} [long] */
function chosen(name, long) {
  return only === undefined ? !long || flags.includes('--long') : name.includes(only)
}

/** @param {import('./rows.js').Row} row */
async function tryRow({ name, version, run, ...row }) {
  const known = { name, version: '?', ...row }
  return timed(name, async () => {
    try {
      known.version = await version(bench)
      const { received, ...outcome } = await run(bench)
      return judge(known, outcome, received)
    } catch (error) {
      return judge(known, { done: [], problem: messageOf(error) }, undefined)
    }
  })
}

/** @param {(typeof PATHS)[number]} path */
async function tryPath(path) {
  const name = `newcomer: ${path.name}`
  const { complaint } = await timed(name, () =>
    walk(bench, path).then(
      () => ({ complaint: undefined }),
      (error) => ({ complaint: messageOf(error) }),
    ),
  )
  return [path.name, complaint === undefined ? 'ok' : 'FAILED']
}

/**
 * Runs one try, tells how long it took, and keeps its complaint for the end.
 * @template {{ complaint?: string | undefined }} Result
 * @param {string} name
 * @param {() => Promise<Result>} attempt
 */
async function timed(name, attempt) {
  const start = performance.now()
  process.stderr.write(`${name} ... `)
  const result = await attempt()
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  const { complaint } = result
  process.stderr.write(`${complaint === undefined ? 'as expected' : 'FAILED'}, ${seconds} s\n`)
  if (complaint !== undefined) complaints.push(`${name}: ${complaint}`)
  return result
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error)
}
