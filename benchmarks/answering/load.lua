-- Sends the questions of a file by turns, and counts the answers that are none; prints a line of JSON at the end.
-- The file has a header on each of its first lines, then an empty line, then the body of a question on each line.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  local lines = io.lines(args[1])
  for line in lines do
    if line == "" then break end
    local name, value = line:match("^([^:]+): (.*)$")
    wrk.headers[name] = value
  end
  questions, number, failed, first = {}, 0, 0, ""
  for line in lines do
    table.insert(questions, wrk.format("POST", nil, nil, line))
  end
end

function request()
  number = number % #questions + 1
  return questions[number]
end

function response(status, headers, body)
  if status ~= 200 or body:find('"errors":', 1, true) then
    failed = failed + 1
    if first == "" then
      first = status .. " " .. body:sub(1, 400):gsub('[%c"\\]', " ")
    end
  end
end

function done(summary, latency, requests)
  local wrong = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  local said = ""
  for _, thread in ipairs(threads) do
    wrong = wrong + thread:get("failed")
    said = said == "" and thread:get("first") or said
  end
  io.write(string.format(
    '\n{"answers": %d, "wrong": %d, "said": "%s", "seconds": %.6f, "p50": %.3f, "p99": %.3f}\n',
    summary.requests, wrong, said, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
