/**
 * A file of records: `{ "version": 1, "records": { key: record } }`, readable by its owner alone.
 * Whatever else is in it counts as empty.
 */
import { randomBytes } from 'node:crypto'
import * as fs from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** @typedef {Map<string, unknown>} Records */

const OWNER_ONLY = 0o600

/**
 * Reads all records; a file that others may read is closed to them, one that another user owns is refused.
 *
 * @param {string} path
 * @returns {Records}
 */
export function readRecords(path) {
  let file
  try {
    // A pipe would otherwise hold this process up until somebody writes into it.
    file = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0))
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return new Map()
    throw error
  }
  try {
    const stat = fs.fstatSync(file)
    if (!stat.isFile()) throw refused('NOT_A_FILE')
    // Root may read what anybody has put here, a token of theirs for example.
    if (stat.uid !== (process.geteuid?.() ?? stat.uid)) throw refused('NOT_OWNER')
    if (process.platform !== 'win32' && stat.mode & 0o077) fs.fchmodSync(file, OWNER_ONLY)
    return parse(fs.readFileSync(file, 'utf8'))
  } finally {
    fs.closeSync(file)
  }
}

/** @param {string} code */
const refused = (code) => Object.assign(new Error('the file is refused'), { code })

/**
 * @param {string} text
 * @returns {Records}
 */
function parse(text) {
  try {
    const { version, records } = JSON.parse(text)
    return new Map(version === 1 ? Object.entries(records) : [])
  } catch {
    return new Map()
  }
}

/**
 * Puts a whole new file in the place of the old one.
 *
 * @param {string} path
 * @param {Records} records
 * @param {{ durable: boolean }} how durable: it is on the disk before it is in its place
 */
export function writeRecords(path, records, { durable }) {
  const text = JSON.stringify({ version: 1, records: Object.fromEntries(records) })
  const temporary = `${path}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`
  const file = fs.openSync(temporary, 'wx', OWNER_ONLY)
  try {
    try {
      fs.writeFileSync(file, text)
      if (durable) fs.fsyncSync(file)
    } finally {
      fs.closeSync(file)
    }
    fs.renameSync(temporary, path)
  } catch (error) {
    fs.rmSync(temporary, { force: true })
    throw error
  }
}

const LEFT_MS = 60_000

/** When each folder and name was looked through, by `performance.now()`. */
const looked = /** @type {Map<string, number>} */ (new Map())

/**
 * Removes what killed processes have left beside a file, at most once a minute. It is no harm if that
 * fails.
 *
 * @param {string} path
 */
export function removeLeftovers(path) {
  const now = performance.now()
  if (now - (looked.get(path) ?? -Infinity) < LEFT_MS) return
  looked.set(path, now)
  const start = `${basename(path)}.`
  try {
    for (const name of fs.readdirSync(dirname(path))) {
      if (!name.startsWith(start) || !/^\d+-[0-9a-f]{12}\.tmp$/.test(name.slice(start.length))) {
        continue
      }
      const file = join(dirname(path), name)
      if (Date.now() - fs.statSync(file).mtimeMs > LEFT_MS) fs.rmSync(file, { force: true })
    }
  } catch {
    // another process was quicker, or the folder may not be listed
  }
}
