-- Asks Gatehouse whether a request may go on to its service. HAProxy has no such question of its own;
-- this needs nothing but its HTTP client (HAProxy 2.5 and later).
-- Environment: GATEHOUSE_UPSTREAM (host:port), GATEWAY_TOKEN.

local upstream = os.getenv("GATEHOUSE_UPSTREAM")
local token = os.getenv("GATEWAY_TOKEN")
if not upstream or not token then
  error("gatehouse.lua needs GATEHOUSE_UPSTREAM and GATEWAY_TOKEN")
end

local TIMEOUT_MS = 5000
-- What the service gets, each over a client's own; an empty one is none.
local GIVEN = { "gatehouse-assertion", "cookie", "authorization", "x-request-id", "traceparent", "tracestate" }
-- What the client is told of a refusal.
local TOLD = {
  ["location"] = true,
  ["www-authenticate"] = true,
  ["retry-after"] = true,
  ["content-type"] = true,
  ["cache-control"] = true,
  ["gatehouse-decision-id"] = true,
}
-- Of the connection, or of a body that is not sent along.
local LEFT_OUT = {
  ["host"] = true,
  ["connection"] = true,
  ["content-length"] = true,
  ["transfer-encoding"] = true,
  ["expect"] = true,
}

local function refuse(txn, status, headers, body)
  local reply = txn:reply({ status = status, body = body })
  for name, values in pairs(headers) do
    if TOLD[name] then
      for _, value in pairs(values) do
        reply:add_header(name, value)
      end
    end
  end
  txn:done(reply)
end

local function authorize(txn)
  local asked = {}
  for name, values in pairs(txn.http:req_get_headers()) do
    if not LEFT_OUT[name] then
      asked[name] = {}
      for _, value in pairs(values) do
        table.insert(asked[name], value)
      end
    end
  end
  asked["host"] = { upstream }
  asked["gatehouse-gateway-token"] = { token }
  asked["x-forwarded-method"] = { txn.f:method() }
  asked["x-forwarded-proto"] = { txn.f:ssl_fc() == 1 and "https" or "http" }
  asked["x-forwarded-host"] = { txn.f:req_hdr("host") or "" }
  asked["x-forwarded-uri"] = { txn.f:pathq() }
  asked["x-forwarded-for"] = { txn.f:src() }
  asked["x-request-id"] = nil

  local answer = core.httpclient():get({
    url = "http://" .. upstream .. "/api/gateway/authorize",
    headers = asked,
    timeout = TIMEOUT_MS,
  })
  if answer.status ~= 200 then
    -- The client of HAProxy says 0 or 5xx where nobody answered: that is no yes either.
    local status = answer.status
    if not status or status < 300 then status = 503 end
    return refuse(txn, status, answer.headers or {}, answer.body or "")
  end
  for _, name in ipairs(GIVEN) do
    txn.http:req_del_header(name)
    local values = answer.headers[name]
    if values and values[0] and values[0] ~= "" then
      txn.http:req_set_header(name, values[0])
    end
  end
end

core.register_action("gatehouse", { "http-req" }, authorize, 0)
