// That `nodeFetch` refuses options by name, and shows nothing of what they carry.
import assert from 'node:assert/strict'

/** @param {(options: any) => unknown} nodeFetch */
export function refusedBy(nodeFetch) {
  /**
   * @param {any} options
   * @param {string} argument
   * @param {RegExp} problem
   */
  return (options, argument, problem) =>
    assert.throws(
      () => nodeFetch(options),
      (/** @type {any} */ error) => {
        assert.equal(error.kind, 'invalid-argument')
        assert.equal(error.operation, 'nodeFetch')
        assert.equal(error.argument, argument)
        assert.match(error.message, problem)
        const shown = error.stack + JSON.stringify(error)
        assert.doesNotMatch(shown, /BEGIN|MII|s3cret/)
        return true
      },
    )
}
