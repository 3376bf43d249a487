// The declarations by every TypeScript.
import { compilesEverywhere } from '../support/types-matrix.js'
import { COMPILERS } from '../support/typescripts.js'

compilesEverywhere(COMPILERS)
