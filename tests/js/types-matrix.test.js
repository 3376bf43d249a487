// The declarations by the oldest and the newest TypeScript; tests/js/long/ has those between.
import { compilesEverywhere } from './support/types-matrix.js'
import { COMPILERS } from './support/typescripts.js'

compilesEverywhere([...COMPILERS.slice(0, 1), ...COMPILERS.slice(-1)])
