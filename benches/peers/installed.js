// Where the peers of package.json are installed: scripts/setup bench puts them into a cache.

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** The folder that has their node_modules/. */
export function peersFolder() {
  const folder = process.env['NORTHBOUND_PEERS']
  if (!folder || !existsSync(join(folder, 'node_modules')))
    throw new Error('NORTHBOUND_PEERS names no folder with the peers; run `scripts/setup bench`')
  return folder
}

/** Loads a peer, of which none is an ES module. @param {string} name @returns {any} */
export function peer(name) {
  return createRequire(join(peersFolder(), 'package.json'))(name)
}
