// Stands in for the bundle of the package, so that no build is needed: what its modules import of it.

export * from '../../../src/js/errors.js'
export * from '../../../src/js/stores.js'
