-- tell(session, event, detail): to whoever wants to know how the session is going. A problem is for everybody.

local function hear(session, event, detail)
  if session.on_event then return session.on_event(event, detail) end
  if event == "problem" then io.stderr:write("ivs: warning: ", (detail.message:gsub("%s*\n%s*", " ")), "\n") end
end

-- What is raised on the way out must not end it: session.raised is the first of that, in a table.
return function(session, event, detail)
  if not session.closed then return hear(session, event, detail or {}) end
  local ran, err = pcall(hear, session, event, detail or {})
  if not ran then session.raised = session.raised or { err } end
end
