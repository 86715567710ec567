-- Somebody with a browser who opens another page each time: its address is the visit's mark. The first is an argument.
local visit
local headers = {
  ["Accept"] = "text/html",
  ["Sec-Fetch-Dest"] = "document",
  ["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36",
}

function init(args)
  visit = tonumber(args[1])
end

function request()
  local path = wrk.path .. "?visit=~" .. visit .. "~"
  visit = visit + 1
  return wrk.format("GET", path, headers)
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    'result {"perSecond":%f,"p99Ms":%f,"failed":%d}',
    summary.requests * 1e6 / summary.duration,
    latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
