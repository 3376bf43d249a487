// Modules of the console in Node: bundled, since they are written in TypeScript.
import { build } from 'esbuild'

import { root } from './simulator.js'

/**
 * @param {string} file below www/src
 * @returns {Promise<any>} what it exports
 */
export async function consoleModule(file) {
  const { outputFiles } = await build({
    entryPoints: [`${root}www/src/${file}`],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2023',
    platform: 'neutral',
    logLevel: 'error',
    alias: { '@preact/signals': `${root}node_modules/@preact/signals-core` },
    mainFields: ['module', 'main'],
    external: ['northbound'],
  })
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')
  return import(`data:text/javascript;base64,${code}`)
}
