// Seals the shared token with a key of this browser that no script can read out: AES-GCM, kept in IndexedDB.

import type { Sealing } from 'northbound'

const DATABASE = 'northbound-console-key'
const KEYS = 'keys'
const TOKEN_KEY = 'token'
const IV_BYTES = 12

/** Browsers offer encryption to pages of https and of this machine alone. */
export function canSeal(): boolean {
  return globalThis.crypto?.subtle !== undefined
}

export async function openSealing(): Promise<Sealing> {
  const key = await openKey()
  return {
    async seal(plain) {
      // A second text under the same key and vector would give both away.
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
      const content = new TextEncoder().encode(plain)
      const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, content)
      return base64(iv, new Uint8Array(sealed))
    },
    async open(sealed) {
      const bytes = Uint8Array.from(atob(sealed), (letter) => letter.charCodeAt(0))
      const iv = bytes.subarray(0, IV_BYTES)
      const content = bytes.subarray(IV_BYTES)
      const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, content)
      return new TextDecoder().decode(plain)
    },
  }
}

export function forgetKey(): Promise<void> {
  return deleteDatabase(DATABASE)
}

/** Done as well where there is none; tabs that have it open let go of it. */
export function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => resolve()
    request.onerror = () => reject(request.error)
  })
}

/** The key of this origin; of two tabs that make one at the same time, the first one's counts. */
async function openKey(): Promise<CryptoKey> {
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
  const database = await openDatabase()
  try {
    return await new Promise<CryptoKey>((resolve, reject) => {
      let key = made
      const transaction = database.transaction(KEYS, 'readwrite')
      const keys = transaction.objectStore(KEYS)
      const stored: IDBRequest<CryptoKey | undefined> = keys.get(TOKEN_KEY)
      stored.onsuccess = () => {
        if (stored.result) key = stored.result
        else keys.put(made, TOKEN_KEY)
      }
      transaction.oncomplete = () => resolve(key)
      transaction.onabort = () => reject(transaction.error)
    })
  } finally {
    database.close()
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore(KEYS)
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function base64(...parts: Uint8Array[]): string {
  const letters = parts.flatMap((part) => Array.from(part, (byte) => String.fromCharCode(byte)))
  return btoa(letters.join(''))
}
