-- tell(session, event, detail): to whoever wants to know how the session is going.
return function(session, event, detail)
  if session.on_event then session.on_event(event, detail or {}) end
end
