/**
 * The scripts in Redis. Times are by its clock, so that the clocks of relays need not agree.
 *
 * A request is counted when it is permitted, not when the API responds: the requests of a relay that was killed are
 * spent once, and never twice. The rules are those of core's `Gate`, for all relays instead of one tracker; both run the
 * same table of cases.
 */
const prelude = `
local key = KEYS[1]
-- A full Redis rejects a script whose first write takes memory. This one takes none, so the others are accepted too:
-- relays can send what they hold, and make room again. It also removes the budget of an unused token.
redis.call('PEXPIRE', key, 86400000)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local budget = {}
local flat = redis.call('HGETALL', key)
for i = 1, #flat, 2 do
  local value = tonumber(flat[i + 1])
  -- No time is ever stored that is further off than the longest wait: the clock was set back since.
  if value > now + 1000000 then redis.call('HDEL', key, flat[i]) else budget[flat[i]] = value end
end

local function set(field, value)
  if budget[field] == value then return end
  budget[field] = value
  if value == nil then redis.call('HDEL', key, field) else redis.call('HSET', key, field, value) end
end

-- After the reset there is a new window. It is assumed to have the limit of the last one, for five minutes.
if budget.resetsAt and now >= budget.resetsAt then
  set('believedUntil', budget.resetsAt + 300000)
  set('remaining', budget.limit)
  set('resetsAt', nil)
end
if budget.believedUntil and now >= budget.believedUntil then
  set('remaining', nil)
  set('believedUntil', nil)
end
`;

/** After three failures in a row, all relays wait for one that probes. Fewer may be the fault of an event. */
const tolerance = 'local isDown = (budget.failures or 0) >= 3';

export const takeScript: string = `${prelude}
local waiting = 'waiting:' .. ARGV[1]
local isPageview, hasMoreEvents, probeMs = ARGV[2] == '1', ARGV[3] == '1', tonumber(ARGV[4])
${tolerance}

-- Records for five seconds that explicit events wait in this relay, or that none do.
local function claim(isWaiting)
  set(waiting, isWaiting and now + 5000 or nil)
end

local function wait(ms)
  claim(hasMoreEvents or not isPageview)
  return {0, math.max(1, ms)}
end

local isCounted = budget.remaining and (budget.remaining > 1 or budget.resetsAt)
if budget.resetsAt and budget.remaining and budget.remaining < 1 then return wait(budget.resetsAt - now) end
if isPageview and budget.remaining then
  for field, untilMs in pairs(budget) do
    if field ~= waiting and string.sub(field, 1, 8) == 'waiting:' then
      if now < untilMs then return wait(100) end
      set(field, nil)
    end
  end
end

-- One request at a time, of all relays: until the first response, while the API is down, and where the budget was
-- counted down to 1 without a reset from the API. Only the API knows when it is spent.
local isProbe = isDown or not budget.isAnswering or (budget.remaining and not isCounted)
if isProbe then
  if isDown and budget.probeAt and now < budget.probeAt then return wait(budget.probeAt - now) end
  if budget.probedUntil and now < budget.probedUntil then return wait(100) end
  set('probedUntil', now + probeMs)
end
if isCounted then set('remaining', budget.remaining - 1) end
claim(hasMoreEvents)
return {1, isProbe and 1 or 0}
`;

export const learnScript: string = `${prelude}
local status, isProbe = ARGV[1], ARGV[2] == '1'
local limit, remaining, resetsInMs = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local minDelayMs, maxDelayMs, random = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
${tolerance}

if isProbe then set('probedUntil', nil) end
if limit then set('limit', limit) end
-- A response that comes after its window has ended is not about this one.
if resetsInMs ~= 0 then
  -- The API has not counted the permitted requests that are still under way. With a probe, there are none.
  if remaining then set('remaining', isProbe and remaining or math.min(remaining, budget.remaining or remaining)) end
  if resetsInMs then
    set('resetsAt', now + resetsInMs)
    set('believedUntil', nil)
  end
  if status == 'rate_limited' and budget.resetsAt then set('remaining', 0) end
end

local isUnexplained = status == 'rate_limited' and not budget.resetsAt
if status == 'unavailable' or status == 'misconfigured' or isUnexplained then
  if isProbe or not isDown then
    local failures = (budget.failures or 0) + 1
    -- Only an API that is unavailable may be so for one event.
    if status ~= 'unavailable' then failures = math.max(3, failures) end
    set('failures', failures)
    set('downSince', budget.downSince or now)
    local longest = math.min(maxDelayMs, math.max(minDelayMs * 4, (now - budget.downSince) / 5))
    local delayMs = random * math.min(longest, minDelayMs * 2 ^ math.min(math.max(failures - 3, 0), 30))
    if isUnexplained then delayMs = math.max(minDelayMs, delayMs) end
    set('probeAt', math.floor(now + (status == 'misconfigured' and 60000 or delayMs)))
  end
else
  set('isAnswering', 1)
  for _, field in ipairs({'failures', 'downSince', 'probeAt'}) do set(field, nil) end
end
return 1
`;

export const stateScript: string = `${prelude}
return {budget.limit or -1, budget.remaining or -1, budget.resetsAt and budget.resetsAt - now or -1}
`;
