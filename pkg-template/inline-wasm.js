// northbound.wasm as text, for where no file can be had.

/** Base64; scripts/pkg puts it in. */
const TEXT = '__WASM__'

/** @returns {Uint8Array<ArrayBuffer>} */
export function wasmBytes() {
  // Newer than the types, and than many an engine.
  const { fromBase64 } = /** @type {any} */ (Uint8Array)
  if (fromBase64) return fromBase64.call(Uint8Array, TEXT)
  const binary = atob(TEXT)
  const bytes = new Uint8Array(binary.length)
  // A sixth of the time of `Uint8Array.from`.
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at)
  return bytes
}
