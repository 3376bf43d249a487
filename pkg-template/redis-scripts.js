/**
 * The steps of the Redis store, in Lua. KEYS are those that `parts` names, in this order; ARGV are
 * texts. Answers are `{kind, …}` in texts and integers. A key of a foreign type, without an end or
 * with a malformed value counts as empty and is removed.
 */

/** Longer than any token lives, so that no generation is given out twice while one matters. */
const GENERATION_MS = 30 * 24 * 3600 * 1000

/** The longest that anybody waits before asking again. */
const POLL_MS = 50

/** `text(key)`: the value of a key and what is left of its life; nil if there is none to use. */
const TEXT = `
local function text(key)
  local kind = redis.call('TYPE', key).ok
  if kind == 'none' then return nil end
  local left = redis.call('PTTL', key)
  if kind == 'string' and left >= 0 then return redis.call('GET', key), left end
  redis.call('DEL', key)
  return nil
end
`

/** `token(key)`: the answer that carries the stored token, and its payload; nil if there is none. */
const TOKEN = `
local function token(key)
  local value, left = text(key)
  if not value then return nil end
  local generation, life, refresh, payload = value:match('^1 (%d+) (%d+) (%d+) (.*)$')
  if not generation then
    redis.call('DEL', key)
    return nil
  end
  left = math.max(1, math.min(left, tonumber(life)))
  refresh = math.max(0, refresh - (life - left))
  return {'token', payload, left, refresh, tonumber(generation)}, payload
end
`

/** `last(key)`: the last generation that was given out, 0 for none, and to whom. */
const LAST = `
local function last(key)
  local value = text(key)
  if not value then return 0, nil end
  local generation, owner = value:match('^(%d+) (.*)$')
  if generation then return tonumber(generation), owner end
  redis.call('DEL', key)
  return 0, nil
end
`

/** `mine(key, owner, generation)`: whether the lease is. */
const MINE = `
local function mine(key, owner, generation)
  return text(key) == generation .. ' ' .. owner
end
`

const READ = `${TEXT}${TOKEN}
return (token(KEYS[1])) or {'number', 0}
`

// ARGV: owner, life of the lease, '-' or '+' and the payload that counts as none.
const ACQUIRE = `${TEXT}${TOKEN}${LAST}
local stored, payload = token(KEYS[1])
if stored and '+' .. payload ~= ARGV[3] then return stored end
local value, left = text(KEYS[2])
if value then
  local holder = value:match('^%d+ (.*)$')
  if holder and holder ~= ARGV[1] then
    return {'number', math.max(1, math.min(left, ${POLL_MS}))}
  end
  redis.call('DEL', KEYS[2])
end
local generation = last(KEYS[3]) + 1
local given = string.format('%.0f', generation) .. ' ' .. ARGV[1]
redis.call('SET', KEYS[3], given, 'PX', ${GENERATION_MS})
redis.call('SET', KEYS[2], given, 'NX', 'PX', math.max(1, ARGV[2]))
return {'lease', generation}
`

// ARGV: owner, generation, life of the lease.
const RENEW = `${TEXT}${MINE}
if not mine(KEYS[1], ARGV[1], ARGV[2]) then return {'number', 0} end
redis.call('PEXPIRE', KEYS[1], math.max(1, ARGV[3]))
return {'number', 1}
`

// ARGV: owner, generation, life, life of the refresh token, payload. The generation is the fence; one
// that is not known was lost since.
const COMMIT = `${TEXT}${LAST}
local generation, owner = last(KEYS[3])
if generation > 0 and (generation ~= tonumber(ARGV[2]) or owner ~= ARGV[1]) then
  return {'number', 0}
end
redis.call('SET', KEYS[3], ARGV[2] .. ' ' .. ARGV[1], 'PX', ${GENERATION_MS})
redis.call('DEL', KEYS[2])
if tonumber(ARGV[3]) > 0 then
  local value = table.concat({'1', ARGV[2], ARGV[3], ARGV[4], ARGV[5]}, ' ')
  redis.call('SET', KEYS[1], value, 'PX', ARGV[3])
else
  redis.call('DEL', KEYS[1])
end
return {'number', 1}
`

// ARGV: owner, generation.
const RELEASE = `${TEXT}${MINE}
if mine(KEYS[1], ARGV[1], ARGV[2]) then redis.call('DEL', KEYS[1]) end
return {'number', 0}
`

// ARGV: calls, length of the window. A stamp from the future is from before the clock was set back: it
// counts as now, which makes one long wait instead of too many calls. Stamps are in order, so those that
// have aged out are the first, which are cut off; only what should not be there makes the rest anew.
const TAKE = `
local key, calls, span = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local kind = redis.call('TYPE', key).ok
local stamps = {}
if kind == 'list' then
  stamps = redis.call('LRANGE', key, 0, -1)
elseif kind ~= 'none' then
  redis.call('DEL', key)
end

local function aged(stamp)
  local at = tonumber(stamp)
  return at and now - at >= span
end
local first = 1
while stamps[first] and aged(stamps[first]) do first = first + 1 end
if first > 1 then redis.call('LTRIM', key, first - 1, -1) end

local kept, changed = {}, false
for index = first, #stamps do
  local at = tonumber(stamps[index])
  if at and at > now then
    at = now
    changed = true
  end
  if at and now - at < span then
    kept[#kept + 1] = at
  else
    changed = true
  end
end

local function rewrite()
  redis.call('DEL', key)
  for _, at in ipairs(kept) do redis.call('RPUSH', key, string.format('%.0f', at)) end
end
local wait = 0
if #kept < calls then
  if changed then rewrite() end
  redis.call('RPUSH', key, string.format('%.0f', now))
  redis.call('PEXPIRE', key, math.max(1, span))
elseif calls < 1 then
  wait = math.max(1, span)
else
  wait = math.max(1, kept[#kept - calls + 1] + span - now)
  if changed then rewrite() end
  if changed or first > 1 then redis.call('PEXPIRE', key, math.max(1, span)) end
end
return {'number', wait}
`

export const SCRIPTS = {
  read: { script: READ, parts: ['token'] },
  acquire: { script: ACQUIRE, parts: ['token', 'lease', 'generation'] },
  renew: { script: RENEW, parts: ['lease'] },
  commit: { script: COMMIT, parts: ['token', 'lease', 'generation'] },
  release: { script: RELEASE, parts: ['lease'] },
  take: { script: TAKE, parts: ['calls'] },
}
