// The promises of a token store, each with what proves it.

import {
  described,
  expect,
  kindOf,
  leaseAtLast,
  leaseOf,
  LONG_MS,
  SHORT_MS,
  sleep,
  stored,
  tokenOf,
} from './testing-expect.js'
import { TAKE_CHECKS } from './testing-take.js'

/**
 * @typedef {import('./testing-expect.js').Check} Check
 * @typedef {import('./testing-expect.js').Holders} Holders
 */

/** @type {Check[]} */
export const CHECKS = [
  { promise: 'a key that nobody has used is empty', check: empty },
  { promise: 'a token comes back whole, and its life shrinks', check: whole },
  { promise: 'keys do not mix', check: apart },
  { promise: 'of 8 holders that ask at once exactly one may log in', check: oneOfEight },
  {
    promise: 'a lease ends by itself and passes on, and a late commit is refused',
    check: passesOn,
  },
  {
    promise: 'the last generation may be committed after the end of its lease',
    check: lateButLast,
  },
  { promise: 'only the owner releases a lease', check: release },
  { promise: 'only the owner renews a lease, and only while it lives', check: renew },
  { promise: 'a rejected token leads to a lease, another one that is stored is used', check: heal },
  { promise: 'a token whose life is over counts as none', check: expired },
  { promise: 'generations grow', check: generations },
  ...TAKE_CHECKS,
]

/** @type {Check['check']} */
async function empty(holders, key) {
  expect((await holders(0).read(key)) === undefined, 'read() gave something')
  await leaseOf(holders(0), key, 'a', { when: 'though nobody holds a lease' })
  expect((await holders(1).read(key)) === undefined, 'read() gave something before a commit')
}

/** @type {Check['check']} */
async function whole(holders, key) {
  const started = performance.now()
  const token = await stored(holders(0), key, 'whole "ü\\ \n')
  const committed = performance.now()
  const { lifeMs = 0, refreshLifeMs = 0, ...rest } = (await holders(1).read(key)) ?? {}
  const { lifeMs: life, refreshLifeMs: refreshLife, ...texts } = token
  const same = Object.entries(texts).every(
    ([name, value]) => /** @type {Record<string, unknown>} */ (rest)[name] === value,
  )
  expect(same, 'read() gave another token, or none')
  const spent = performance.now() - started + 2
  for (const [name, left, given] of /** @type {const} */ ([
    ['lifeMs', lifeMs, life],
    ['refreshLifeMs', refreshLifeMs, refreshLife],
  ])) {
    expect(left <= given, `${name} is ${left} and was committed as ${given}`)
    expect(left >= given - spent, `${name} lost more than the time that went by`)
  }
  await sleep(100)
  const asked = performance.now()
  const later = await holders(2).read(key)
  expect(
    later && later.lifeMs <= life - (asked - committed) + 2,
    'lifeMs did not shrink with the time that went by',
  )
  expect(
    later.refreshLifeMs <= refreshLife - (asked - committed) + 2,
    'refreshLifeMs did not shrink with the time that went by',
  )
}

/** @type {Check['check']} */
async function apart(holders, key) {
  await stored(holders(0), key, 'one')
  expect((await holders(1).read(`${key}-2`)) === undefined, 'a token is read under another key')
  await leaseOf(holders(1), `${key}-2`, 'b', { when: 'on another key than the one with a token' })
}

/** @type {Check['check']} */
async function oneOfEight(holders, key) {
  const each = Array.from({ length: 8 }, (_, index) => ({
    store: holders(index),
    owner: `owner-${index}`,
  }))
  const all = () => Promise.all(each.map(({ store, owner }) => store.acquire(key, owner, LONG_MS)))
  const answers = await all()
  const kinds = answers.map(kindOf)
  const winners = kinds.filter((kind) => kind === 'generation').length
  expect(winners === 1, `${winners} of them were given a lease`)
  expect(!kinds.includes('token'), 'acquire() gave a token that nobody committed')
  for (const answer of answers) {
    if (!('retryAfterMs' in answer)) continue
    const { retryAfterMs } = answer
    const fits = Number.isFinite(retryAfterMs) && retryAfterMs > 0 && retryAfterMs <= LONG_MS
    expect(fits, `retryAfterMs is ${retryAfterMs}, for a lease of ${LONG_MS} ms`)
  }

  const at = kinds.indexOf('generation')
  const { store, owner } = /** @type {(typeof each)[number]} */ (each[at])
  const { generation } = /** @type {{ generation: number }} */ (answers[at])
  const kept = await store.commit(key, owner, tokenOf('shared', generation))
  expect(kept === true, `commit() by the one that was given the lease gave ${kept}`)
  for (const answer of await all()) {
    const token = 'token' in answer ? answer.token : undefined
    expect(token?.accessToken === 'access-shared', 'another one was not given the committed token')
  }
}

/** @type {Check['check']} */
async function passesOn(holders, key) {
  const [a, b] = [holders(0), holders(1)]
  const started = performance.now()
  const lost = await leaseOf(a, key, 'a', { leaseMs: SHORT_MS, when: 'on an empty key' })
  const early = await b.acquire(key, 'b', LONG_MS)
  const certain = performance.now() - started < SHORT_MS
  expect(!certain || 'retryAfterMs' in early, `acquire() gave ${described(early)} before its end`)
  const later = 'generation' in early ? early.generation : await leaseAtLast(b, key, 'b')
  const late = await a.commit(key, 'a', tokenOf('late', lost))
  expect(late === false, `commit() of a generation that has a successor gave ${late}`)
  expect((await b.read(key)) === undefined, 'the refused token was stored')
  const kept = await b.commit(key, 'b', tokenOf('right', later))
  expect(kept === true, `commit() of the last generation gave ${kept}`)
  const again = await a.commit(key, 'a', tokenOf('late', lost))
  expect(again === false, `commit() after that of a later generation gave ${again}`)
  expect((await a.read(key))?.accessToken === 'access-right', 'the late token took its place')
}

/** @type {Check['check']} */
async function lateButLast(holders, key) {
  const when = 'on an empty key'
  const generation = await leaseOf(holders(0), key, 'a', { leaseMs: SHORT_MS, when })
  await sleep(SHORT_MS + 50)
  const kept = await holders(0).commit(key, 'a', tokenOf('slow', generation))
  expect(kept === true, `commit() gave ${kept}, though no later generation was given out`)
  const read = await holders(1).read(key)
  expect(read?.accessToken === 'access-slow', 'what was committed was not stored')
}

/** @type {Check['check']} */
async function release(holders, key) {
  const generation = await leaseOf(holders(0), key, 'a', { when: 'on an empty key' })
  await holders(1).release(key, 'b', generation)
  const other = await holders(2).acquire(key, 'c', LONG_MS)
  expect('retryAfterMs' in other, `acquire() gave ${described(other)} after a foreign release`)
  await holders(0).release(key, 'a', generation)
  const next = await leaseOf(holders(2), key, 'c', { when: 'after the release' })
  await holders(0).release(key, 'a', generation)
  const third = await holders(1).acquire(key, 'b', LONG_MS)
  expect('retryAfterMs' in third, 'a second release ended the lease of the next holder')
  await holders(2).release(key, 'c', next)
}

/** @type {Check['check']} */
async function renew(holders, key) {
  const [a, b] = [holders(0), holders(1)]
  const started = performance.now()
  const generation = await leaseOf(a, key, 'a', { leaseMs: 2 * SHORT_MS, when: 'on an empty key' })
  const foreign = await b.renew(key, 'b', generation, LONG_MS)
  expect(foreign === false, `renew() by another gave ${foreign}`)
  const former = await a.renew(key, 'a', generation - 1, LONG_MS)
  expect(former === false, `renew() of another generation gave ${former}`)
  const longer = await a.renew(key, 'a', generation, LONG_MS)
  // Where the store is so slow that the lease may be over, nothing is proven and nothing broken.
  const certain = performance.now() - started < 2 * SHORT_MS
  expect(longer === true || !certain, `renew() by the owner gave ${longer}`)
  if (longer) {
    await sleep(2 * SHORT_MS + 50)
    const other = await b.acquire(key, 'b', LONG_MS)
    expect('retryAfterMs' in other, `acquire() gave ${described(other)} during a renewed lease`)
  }
  await a.commit(key, 'a', tokenOf('renewed', generation))
  const ended = await a.renew(key, 'a', generation, LONG_MS)
  expect(ended === false, `renew() after the commit gave ${ended}`)

  const next = `${key}-2`
  const lost = await leaseOf(a, next, 'a', { leaseMs: SHORT_MS, when: 'on an empty key' })
  await leaseAtLast(b, next, 'b')
  const late = await a.renew(next, 'a', lost, LONG_MS)
  expect(late === false, `renew() of a lease that another one has now gave ${late}`)
}

/** @type {Check['check']} */
async function heal(holders, key) {
  const token = await stored(holders(0), key, 'dead')
  const other = await holders(1).acquire(key, 'b', LONG_MS, 'access-older')
  const found = 'token' in other ? other.token.accessToken : undefined
  expect(found === token.accessToken, 'acquire() did not give the token that is not the rejected')
  const when = 'though the only token is the rejected one'
  const generation = await leaseOf(holders(1), key, 'b', { rejected: token.accessToken, when })
  const third = await holders(2).acquire(key, 'c', LONG_MS, token.accessToken)
  expect('retryAfterMs' in third, `acquire() gave ${described(third)} during the lease`)
  await holders(1).commit(key, 'b', tokenOf('fresh', generation))
  const healed = await holders(2).acquire(key, 'c', LONG_MS, token.accessToken)
  const fresh = 'token' in healed && healed.token.accessToken === 'access-fresh'
  expect(fresh, `acquire() gave ${described(healed)} instead of the new token`)
}

/** @type {Check['check']} */
async function expired(holders, key) {
  await stored(holders(0), key, 'short', { lifeMs: SHORT_MS })
  await sleep(SHORT_MS + 50)
  expect((await holders(1).read(key)) === undefined, 'read() gave it')
  await leaseOf(holders(1), key, 'b', { when: 'though no token lives' })
}

/** @type {Check['check']} */
async function generations(holders, key) {
  const seen = [(await stored(holders(0), key, 'g1')).generation]
  const when = 'though the only token is the rejected one'
  const how = { rejected: 'access-g1', when }
  const released = await leaseOf(holders(1), key, 'b', how)
  await holders(1).release(key, 'b', released)
  const left = await leaseOf(holders(2), key, 'c', { ...how, leaseMs: SHORT_MS })
  const last = await leaseAtLast(holders(3), key, 'd', 'access-g1')
  seen.push(released, left, last)
  const grow = seen.every((each, index) => index === 0 || each > (seen[index - 1] ?? 0))
  const fit = seen.every((each) => Number.isSafeInteger(each) && each > 0)
  expect(grow && fit, `those given out one after the other were ${seen.join(', ')}`)
  const kept = await holders(3).commit(key, 'd', tokenOf('g2', last))
  const read = kept ? await holders(0).read(key) : undefined
  expect(read?.generation === last, 'read() gave another generation than was committed')
}
