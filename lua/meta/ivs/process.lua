---@meta ivs.process
-- For editors only: nothing here runs.

---Other programs, without a shell: `local process = require "ivs.process"`, in the program `ivs`.
---@class ivs.process
local process = {}

---@class ivs.process.Options
---@field argv string[] Program and arguments.
---@field env? table<string, string|false> Variables that are added to our own; false takes one away.
---@field stdin? string File; default /dev/null.
---@field log? string File that the output is appended to; default: the output is dropped.
---@field redact? string[] Secrets that are kept out of the log.
---@field files? string[] Up to 8 texts that only the program can read, as files of the names that `process.file_name` gives.

---A running program. It ends, with its group, when this is closed or collected, or when we end. Also a `<close>` variable.
---@class ivs.process.Process
local Process = {}

---@param options ivs.process.Options
---@return ivs.process.Process? process
---@return string? problem
---@return integer? errno
function process.start(options) end

---Whether `start` would find the program, and could write the log, which is made if it is not there. Nothing is started.
---@param options ivs.process.Options Of these, argv and log count.
---@return true? can
---@return string|file*|nil problem Or, of a log that is a named pipe, a file to keep open until `start`, lest its reader leave.
---@return integer? errno
function process.can_start(options) end

---The name that the n-th of `files` has in the program.
---@param n integer
---@return string name Such as "/dev/fd/6".
function process.file_name(n) end

---Whether a file is a terminal.
---@param file file*
---@return boolean
function process.is_terminal(file) end

---Writes a file that is not there yet and that only its owner can read.
---@param name string
---@param text string
---@return true? done
---@return string? problem
---@return integer? errno
function process.write_new(name, text) end

---Waits for the end.
---@param seconds? number 0 or more; default: as long as it takes.
---@return integer? status Exit status, or 128 and the signal's number; nil if it still runs.
---@return string? words Such as "exit status 1".
function Process:wait(seconds) end

---@return boolean
function Process:alive() end

---SIGTERM to the program and its group, SIGKILL when they have not ended in time.
---@param seconds? number Until SIGKILL; default 5.
---@return integer? status
---@return string? words
function Process:stop(seconds) end

---@return integer pid
function Process:pid() end

---The last line of its output, known after the end.
---@return string?
function Process:last_line() end

---The last five lines of its output that are not blank, the oldest first; known after the end.
---@return string[]
function Process:last_lines() end

return process
