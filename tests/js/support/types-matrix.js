// Compiles what users write by versions of TypeScript, in every module setting, with the types of every host.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { compile, userFolder } from './typescripts.js'

const RESOLUTIONS = ['bundler', 'node16', 'nodenext']

const CALLS = ['calls.ts', 'codes.ts', 'node.ts', 'stores.ts']

/** What a compiler knows of the host, and what is compiled then. */
const HOSTS = {
  'ES2018 alone': { lib: ['es2018'], types: [], files: ['entries.ts'] },
  'ES2022 alone': { lib: ['es2022'], types: [], files: CALLS },
  DOM: { lib: ['es2022', 'dom'], types: [], files: [...CALLS, 'host.ts'] },
  Node: { lib: ['es2022'], types: ['node'], files: [...CALLS, 'host.ts'] },
  'DOM and Node': { lib: ['es2022', 'dom'], types: ['node'], files: [...CALLS, 'host.ts'] },
}

const WRONG = `import { NorthApiClient } from 'northbound'
export const client: number = new NorthApiClient({ appId: 'a', secret: 's', baseUrl: '/iot' })
`

/**
 * @param {string} name
 * @param {string[]} files
 * @param {string} resolution
 * @param {{ lib: string[], types: string[] }} host
 */
const job = (name, files, resolution, { lib, types }) => ({
  name,
  files,
  compilerOptions: {
    target: 'es2022',
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    ...(resolution === 'bundler' && { module: 'esnext', moduleResolution: 'bundler' }),
    ...(resolution !== 'bundler' && { module: resolution, moduleResolution: resolution }),
    lib,
    types,
  },
})

const JOBS = [
  ...RESOLUTIONS.flatMap((resolution) =>
    Object.entries(HOSTS).map(([name, host]) =>
      job(`${resolution}, ${name}`, host.files, resolution, host),
    ),
  ),
  job('wrong', ['wrong.ts'], 'nodenext', HOSTS['ES2022 alone']),
]

/**
 * Defines a test for each compiler, and prints one table of all.
 * @param {string[]} compilers
 */
export function compilesEverywhere(compilers) {
  /** @type {Record<string, Record<string, string>>} */
  const table = {}
  /** @type {string} */
  let folder

  describe('what users write compiles', () => {
    for (const compiler of compilers) {
      test(`with ${compiler}, in every module setting and with the types of every host`, async () => {
        folder ??= userFolder([...CALLS, 'entries.ts', 'host.ts'])
        writeFileSync(join(folder, 'wrong.ts'), WRONG)
        const complaints = await compile(compiler, folder, JOBS)
        for (const resolution of RESOLUTIONS) {
          table[`${compiler}, ${resolution}`] = Object.fromEntries(
            Object.keys(HOSTS).map((host) => [
              host,
              complaints.get(`${resolution}, ${host}`) === '' ? 'ok' : 'FAILED',
            ]),
          )
        }
        // Without this a package that is not found, or any, would pass.
        const wrong = complaints.get('wrong') ?? ''
        complaints.delete('wrong')
        assert.match(wrong, /^wrong\.ts[^\n]*TS2322: Type 'NorthApiClient' is not/)
        const first = [...complaints].map(([name, said]) => [name, said.slice(0, 400)])
        assert.deepEqual(
          first.filter(([, said]) => said !== ''),
          [],
        )
      })
    }
    after(() => {
      console.log('strict, skipLibCheck off; what the compiler knows of the host:')
      console.table(table)
    })
  })
}
