"""ivs.process: other programs, started without a shell, logged without secrets, and gone with their group."""

import os
import pty
import re
import signal
import subprocess
import time
import unittest

from support import ProgramTest, main, processes_with

HEAD = "local process, ivs = require 'ivs.process', require 'ivs'\nio.stdout:setvbuf 'no'\n"
UNREAD = "{}: a named pipe that nobody reads; start its reader first"


class Starting(ProgramTest):
    def lua(self, text, *words, env=None):
        done = self.script(HEAD + text, *words, env=env)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_status(self):
        self.assertEqual(self.lua("print(process.start { argv = { 'sh', '-c', 'exit 3' } }:wait())"), "3\texit status 3\n")
        self.assertEqual(self.lua("print(process.start { argv = { 'sh', '-c', 'kill -9 $$' } }:wait())"), "137\tkilled by signal 9\n")
        self.assertEqual(self.lua("print(process.start { argv = { 'true' } }:wait(30))"), "0\texit status 0\n")

    def test_wait_has_a_deadline(self):
        out = self.lua("local p = process.start { argv = { 'sleep', '30' } } local t = ivs.monotonic() "
                       "print(p:wait(0.2)) t = ivs.monotonic() - t print(t >= 0.2 and t < 5, p:alive()) p:stop() print(p:alive())")
        self.assertEqual(out, "nil\ntrue\ttrue\nfalse\n")

    def test_no_shell(self):
        self.lua("process.start { argv = { 'echo', '$HOME `id` *', \"it's\", '' }, log = 'log' }:wait()")
        self.assertEqual(self.read("log"), "$HOME `id` * it's \n")

    def test_missing_program(self):
        self.assertEqual(self.lua("print(process.start { argv = { 'no-such-program' } })"),
                         "nil\tno-such-program: No such file or directory\t2\n")
        self.write("plain", "text")
        self.assertEqual(self.lua("print(process.start { argv = { './plain' } })"), "nil\t./plain: Permission denied\t13\n")

    def test_can_start(self):
        """What start would say, before anything is started."""
        self.write("plain", "text")
        os.makedirs(os.path.join(self.folder, "folder", "sh"))
        os.mkfifo(os.path.join(self.folder, "pipe"))
        for options, said in (("argv = { 'sh' }, log = 'log'", "true\tnil"), ("argv = { '/bin/sh' }", "true"),
                              ("argv = { 'sh' }, log = '/dev/null'", "true\tnil"),
                              ("argv = { 'sh' }, log = 'pipe'", f"nil\t{UNREAD.format('pipe')}\t6"),
                              ("argv = { 'no-such-program' }", "nil\tno-such-program: No such file or directory\t2"),
                              ("argv = { '' }", "nil\t: No such file or directory\t2"),
                              ("argv = { './plain' }", "nil\t./plain: Permission denied\t13"),
                              ("argv = { 'plain' }", "nil\tplain: Permission denied\t13"),
                              ("argv = { './folder' }", "nil\t./folder: Permission denied\t13"),
                              ("argv = { 'true' }, log = 'no/such'", "nil\tno/such: No such file or directory\t2"),
                              ("argv = { 'true' }, log = 'folder'", "nil\tfolder: Is a directory\t21")):
            with self.subTest(options):
                out = self.lua(f"print(process.can_start {{ {options} }})", env=self.environment(PATH=f"folder::{os.environ['PATH']}"))
                self.assertEqual(out, said + "\n")
        self.assertEqual(self.read("log"), "")
        self.assertFails(self.script("require 'ivs.process'.can_start { log = 'x' }"), 1, "argv must name a program")

    def test_log_that_cannot_be_written(self):
        self.assertEqual(self.lua("print(process.start { argv = { 'true' }, log = 'no/such' })"),
                         "nil\tno/such: No such file or directory\t2\n")

    def test_log_is_appended_and_private(self):
        self.lua("for i = 1, 2 do process.start { argv = { 'echo', tostring(i) }, log = 'log' }:wait() end")
        self.assertEqual(self.read("log"), "1\n2\n")
        self.assertEqual(os.stat(os.path.join(self.folder, "log")).st_mode & 0o777, 0o600)

    def test_environment(self):
        self.lua("process.start { argv = { 'env' }, env = { ADDED = 'a=b', CHANGED = 'new' }, log = 'log' }:wait()",
                 env=self.environment(CHANGED="old", KEPT="kept"))
        lines = self.read("log").split("\n")
        for line in ("ADDED=a=b", "CHANGED=new", "KEPT=kept"):
            self.assertEqual(lines.count(line), 1, line)
        self.assertNotIn("CHANGED=old", lines)

    def test_environment_without(self):
        self.lua("process.start { argv = { 'env' }, env = { TAKEN = false, NEVER_THERE = false }, log = 'log' }:wait()",
                 env=self.environment(TAKEN="x", KEPT="kept"))
        self.assertIn("KEPT=kept\n", self.read("log"))
        self.assertNotIn("TAKEN", self.read("log"))
        self.assertNotIn("NEVER_THERE", self.read("log"))

    def test_standard_input(self):
        self.write("input", "from a file\n")
        self.lua("process.start { argv = { 'cat' }, stdin = 'input', log = 'log' }:wait()")
        self.assertEqual(self.read("log"), "from a file\n")
        self.assertEqual(self.lua("print(process.start { argv = { 'cat' } }:wait())"), "0\texit status 0\n")

    def test_inherits_no_descriptors(self):
        self.lua("local f = io.open('kept-open', 'w') process.start { argv = { 'ls', '-l', '/proc/self/fd' }, log = 'log' }:wait()")
        self.assertNotIn("kept-open", self.read("log"))
        numbers = [line.split(" -> ")[0].split()[-1] for line in self.read("log").split("\n") if " -> " in line]
        self.assertEqual(numbers, ["0", "1", "2", "3"])  # 3: the folder that ls reads

    def test_signals_are_as_at_first(self):
        self.lua("process.start { argv = { 'grep', '-E', '^Sig(Blk|Ign)', '/proc/self/status' }, log = 'log' }:wait()")
        seen = dict(re.findall(r"Sig(Blk|Ign):\s*(\w+)", self.read("log")))
        with open("/proc/self/status", encoding="ascii") as status:
            here = dict(re.findall(r"Sig(Blk|Ign):\s*(\w+)", status.read()))
        pythons = 1 << signal.SIGPIPE - 1 | 1 << signal.SIGXFSZ - 1  # ignored here, but not in what it starts
        self.assertEqual(int(seen["Blk"], 16), int(here["Blk"], 16))
        self.assertEqual(int(seen["Ign"], 16), int(here["Ign"], 16) & ~pythons)

    def test_last_line(self):
        out = self.lua("local p = process.start { argv = { 'printf', 'one\\ntwo \\033[1m\\rthree  \\n \\n' } } p:wait() print(p:last_line()) "
                       "p = process.start { argv = { 'true' } } p:wait() print(p:last_line())")
        self.assertEqual(out, "three\nnil\n")

    def test_last_lines(self):
        """The last five that are not blank, the oldest first, cut, and without secrets."""
        out = self.lua("""
        local function lines(command)
          local p = process.start { argv = { "sh", "-c", command }, redact = { "s3cret" } }
          p:wait()
          return table.concat(p:last_lines(), "|")
        end
        print(lines "true")
        print(lines "echo; echo '  one  '; echo")
        print(lines "for n in 1 2 3 4 5 6 7 s3cret; do echo $n; echo; done; printf last")
        print(lines "printf '1\\\\r2\\\\r3'")
        print(#lines "head -c 1000 /dev/zero | tr '\\\\0' x")
        """)
        self.assertEqual(out, "\none\n5|6|7|[redacted]|last\n1|2|3\n239\n")

    def test_files(self):
        """Texts that the program opens by name, as often as it wants, and nobody finds elsewhere."""
        out = self.lua("""
        local texts = { "one\\n", "", ("x"):rep(100000), "with \\0 zero" }
        local argv = { "sh", "-c", 'cat "$1" "$1" "$2"; wc -c <"$3"; tr "\\\\0" 0 <"$4"; ls /proc/self/fd | wc -l', "sh" }
        for i = 1, #texts do argv[#argv + 1] = process.file_name(i) end
        print(process.file_name(1), process.file_name(8))
        process.start { argv = argv, files = texts, log = "log" }:wait()""")
        self.assertEqual(out, "/dev/fd/6\t/dev/fd/13\n")
        self.assertEqual(self.read("log"), "one\none\n100000\nwith 0 zero8\n")
        self.assertEqual([name for name in os.listdir("/tmp") if re.fullmatch("ivs-[A-Za-z0-9]{6}", name)], [])

    def test_is_terminal(self):
        self.assertEqual(self.lua("print(process.is_terminal(io.stdout), process.is_terminal(io.stdin))"), "false\tfalse\n")
        master, terminal = pty.openpty()
        self.addCleanup(os.close, master)
        self.addCleanup(os.close, terminal)
        out = self.lua("local file = io.open(arg[1]) print(process.is_terminal(file)) file:close() "
                       "local other <close> = io.open(arg[1]) -- where the memory of the first may have been\n"
                       "print(process.is_terminal(file))", os.ttyname(terminal))
        self.assertEqual(out, "true\nfalse\n")

    def test_mistakes_raise(self):
        for options, part in (("{}", "argv must name a program"), ("{ argv = {} }", "argv must name a program"),
                              ("{ argv = 'ls -l' }", "argv must be a table"), ("{ argv = { 'a', {} } }", "each word of argv"),
                              ("{ argv = { 'a\\0b' } }", "zero byte"), ("{ argv = { 'true' }, logg = 'x' }", "no option 'logg'"),
                              ("{ argv = { 'true' }, env = { A = 1 } }", "names and values in env"),
                              ("{ argv = { 'true' }, redact = { ('x'):rep(2000) } }", "too long")):
            with self.subTest(options):
                self.assertFails(self.script(f"require 'ivs.process'.start {options}"), 1, "script.lua:1: process.start:", part)


class Redacting(ProgramTest):
    def log_of(self, command, *secrets):
        words = ", ".join(f"'{s}'" for s in secrets)
        done = self.script(HEAD + f"local p = process.start {{ argv = {{ 'sh', '-c', [==[{command}]==] }}, log = 'log', "
                           f"redact = {{ {words} }} }} p:wait() io.write(p:last_line() or '')")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.last_line = done.stdout
        return self.read("log")

    def test_whole(self):
        self.assertEqual(self.log_of("echo rtmps://host/app/sk_key_1 and sk_key_1again", "sk_key_1"),
                         "rtmps://host/app/[redacted] and [redacted]again\n")
        self.assertEqual(self.last_line, "rtmps://host/app/[redacted] and [redacted]again")

    def test_split_at_every_place(self):
        secret = "sk_us-west-2_abcd"
        parts = "; ".join(f"printf %s '{secret[:i]}'; sleep 0.01; printf '%s\\n' '{secret[i:]}'" for i in range(1, len(secret)))
        self.assertEqual(self.log_of(parts, secret), "[redacted]\n" * (len(secret) - 1))

    def test_one_byte_at_a_time(self):
        self.assertEqual(self.log_of("for c in s k s k _ k e y; do printf $c; sleep 0.01; done", "sk_key"), "sk[redacted]")

    def test_longest_of_several(self):
        self.assertEqual(self.log_of("printf abcd; sleep 0.05; printf 'ef abcd abcdX'", "abcd", "abcdef"),
                         "[redacted] [redacted] [redacted]X")

    def test_end_within_a_secret(self):
        self.assertEqual(self.log_of("printf 'key: sk_secret_va'", "sk_secret_value"), "key: [redacted]")
        self.assertEqual(self.log_of("printf ' s'", "sk_secret_value"), "key: [redacted] s")

    def test_much_output(self):
        log = self.log_of("i=0; while [ $i -lt 2000 ]; do echo \"line $i sk_key_value and more words to fill the line with\"; i=$((i+1)); done",
                          "sk_key_value")
        lines = log.split("\n")
        self.assertEqual(len(lines), 2001)
        self.assertEqual(lines[1999], "line 1999 [redacted] and more words to fill the line with")
        self.assertNotIn("sk_key_value", log)

    def test_output_flows_while_lua_does_not_look(self):
        done = self.script(HEAD + "local p = process.start { argv = { 'sh', '-c', 'yes | head -c 1000000; echo done' }, log = 'log' } "
                           "local t = ivs.monotonic() while ivs.monotonic() - t < 2 do local f = io.open 'log' "
                           "if f and f:seek 'end' > 1000000 then break end end print(p:wait(0.5))")
        self.assertEqual(done.stdout, "0\texit status 0\n")
        self.assertEqual(len(self.read("log")), 1000005)


class Log(ProgramTest):
    LIMIT = 8 << 20

    def sizes(self):
        return {name: os.path.getsize(os.path.join(self.folder, name)) for name in os.listdir(self.folder) if name.startswith("log")}

    def fill(self, n):
        done = self.script(HEAD + f"print(process.start {{ argv = {{ 'sh', '-c', 'yes | head -c {n}; echo end' }}, log = 'log' }}:wait())")
        self.assertEqual((done.returncode, done.stdout), (0, "0\texit status 0\n"))

    def test_bound(self):
        """The log has a bound, over several runs too, and of the old ones one is kept."""
        self.fill(self.LIMIT - 10000)
        self.assertEqual(list(self.sizes()), ["log"])
        self.fill(20000)
        sizes = self.sizes()
        self.assertEqual(sum(sizes.values()), self.LIMIT + 10000 + 2 * len("end\n"))
        self.assertEqual(sorted(sizes), ["log", "log.1"])
        self.fill(3 * self.LIMIT)
        sizes = self.sizes()
        self.assertEqual(sorted(sizes), ["log", "log.1"])
        self.assertLessEqual(max(sizes.values()), self.LIMIT)
        self.assertTrue(self.read("log").endswith("y\nend\n"))
        self.assertEqual(os.stat(os.path.join(self.folder, "log")).st_mode & 0o777, 0o600)

    def test_bound_where_nothing_can_be_renamed(self):
        os.makedirs(os.path.join(self.folder, "log.1", "in-the-way"))
        self.fill(self.LIMIT + 10000)
        self.assertLess(os.path.getsize(os.path.join(self.folder, "log")), 20000)
        self.assertTrue(self.read("log").endswith("y\nend\n"))

    def test_pipe_that_nobody_reads(self):
        os.mkfifo(os.path.join(self.folder, "log"))
        done = self.script(HEAD + "print(process.start { argv = { 'true' }, log = 'log' })")
        self.assertEqual((done.returncode, done.stdout), (0, f"nil\t{UNREAD.format('log')}\t6\n"))

    def test_pipe_is_kept_for_its_reader(self):
        """From the question to the start, and between two, it is open: else the reader would take that for the end."""
        os.mkfifo(os.path.join(self.folder, "log"))
        with open(os.path.join(self.folder, "copy"), "w") as copy:
            reader = subprocess.Popen(["cat", "log"], cwd=self.folder, stdout=copy)
        self.addCleanup(reader.wait)
        self.addCleanup(reader.kill)
        done = self.script(HEAD + """
        local can, held
        local deadline = ivs.monotonic() + 20
        repeat
          ivs.sleep(0.05)
          can, held = process.can_start { argv = { 'echo' }, log = 'log' }
        until can or ivs.monotonic() > deadline
        for i = 1, 2 do print(process.start { argv = { 'echo', tostring(i) }, log = 'log' }:wait()) end
        print(io.type(held), held:close(), io.type(held))""")
        self.assertEqual((done.stderr, done.stdout), ("", "0\texit status 0\n" * 2 + "file\ttrue\tclosed file\n"))
        self.assertEqual(reader.wait(20), 0)
        self.assertEqual(self.read("copy"), "1\n2\n")

    def test_reader_that_does_not_read(self):
        """Neither the program nor its end wait for it."""
        os.mkfifo(os.path.join(self.folder, "log"))
        reader = os.open(os.path.join(self.folder, "log"), os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        done = self.script(HEAD + "print(process.start { argv = { 'sh', '-c', 'yes | head -c 1000000' }, log = 'log' }:wait(20)) "
                           "print(process.start { argv = { 'yes' }, log = 'log' }:stop(5))")
        self.assertEqual(done.stdout, "0\texit status 0\n143\tkilled by signal 15\n")
        self.assertEqual(os.read(reader, 4), b"y\ny\n")


class Ending(ProgramTest):
    STUBBORN = "trap '' TERM INT HUP; sleep 60 & sh -c 'sleep 61; sleep 62' & echo up; wait; sleep 63"

    def running(self, text):
        """Starts a script that prints "ready"."""
        self.write("script.lua", HEAD + text)
        child = self.start("run", "script.lua")
        self.addCleanup(child.kill)
        self.addCleanup(child.stdout.close)
        self.addCleanup(child.stderr.close)
        self.assertEqual(child.stdout.readline(), "ready\n")
        self.assertGreater(len(processes_with(self.mark)), 2)
        return child

    def test_stop_kills_the_group(self):
        done = self.script(HEAD + f"local p = process.start {{ argv = {{ 'sh', '-c', [[{self.STUBBORN}]] }}, log = 'log' }} "
                           "repeat ivs.sleep(0.02) until io.open 'log':read 'l' == 'up' local t = ivs.monotonic() print(p:stop(0.3)) "
                           "print(ivs.monotonic() - t < 3)")
        self.assertEqual(done.stdout, "137\tkilled by signal 9\ntrue\n")
        self.assertNothingLeft(0.5)

    def test_stop_is_gentle_first(self):
        done = self.script(HEAD + "local p = process.start { argv = { 'sh', '-c', 'trap \"echo bye; exit 4\" TERM; echo up; sleep 60 & wait' }, "
                           "log = 'log' } repeat ivs.sleep(0.02) until io.open 'log':read 'l' == 'up' print(p:stop()) print(p:stop())")
        self.assertEqual(done.stdout, "4\texit status 4\n" * 2)
        self.assertEqual(self.read("log"), "up\nbye\n")

    def test_grandchildren_go_with_it(self):
        done = self.script(HEAD + "print(process.start { argv = { 'sh', '-c', 'sleep 60 & exit 5' } }:wait(10))")
        self.assertEqual(done.stdout, "5\texit status 5\n")
        self.assertNothingLeft(0.5)

    def test_one_that_left_the_group_is_not_waited_for(self):
        done = self.script(HEAD + "print(process.start { argv = { 'sh', '-c', 'setsid sleep 2 & exit 0' } }:wait(1))")
        self.assertEqual(done.stdout, "0\texit status 0\n")

    def test_end_of_the_script(self):
        for text in ("", "os.exit(0)", "error 'x'", "os.exit(0, true)"):
            with self.subTest(text):
                self.script(HEAD + "P = process.start { argv = { 'sleep', '60' } }\n" + text)
                self.assertNothingLeft()

    def test_close(self):
        done = self.script(HEAD + "do local p <close> = process.start { argv = { 'sleep', '60' } } end "
                           "print(process.start { argv = { 'true' } }:wait())")
        self.assertEqual(done.stdout, "0\texit status 0\n")
        self.assertNothingLeft(0.5)

    def test_no_zombies(self):
        done = self.script(HEAD + "for i = 1, 20 do process.start { argv = { 'true' } }:wait() end "
                           "local p = process.start { argv = { 'sleep', '60' } } p = nil collectgarbage() collectgarbage() "
                           "local stat = io.popen('ps -o stat= --ppid $PPID') for line in stat:lines() do print(line) end")
        self.assertNotIn("Z", done.stdout)
        self.assertNothingLeft(0.5)

    def test_killed_program_takes_it_along(self):
        child = self.running(f"P = process.start {{ argv = {{ 'sh', '-c', [[{self.STUBBORN}]] }} }} print 'ready' ivs.sleep(60)")
        child.send_signal(signal.SIGKILL)
        child.wait(10)
        self.assertNothingLeft(5)

    def test_killed_relay_takes_it_along(self):
        child = self.running("local p = process.start { argv = { 'sleep', '60' } } print 'ready' print(p:wait())")
        for line in processes_with(self.mark):
            pid, words = line.split(" ", 1)
            if "script.lua" in words and int(pid) != child.pid:
                os.kill(int(pid), signal.SIGKILL)
        self.assertEqual(child.stdout.readline(), "137\tkilled by signal 9\n")
        self.assertEqual(child.wait(10), 0)

    def test_relay_that_does_not_answer(self):
        done = self.script(HEAD + "local p = process.start { argv = { 'sh', '-c', 'sleep 60 & exec sleep 60' } } "
                           "local stat = io.open('/proc/' .. p:pid() .. '/stat'):read 'a' "
                           "os.execute('kill -STOP ' .. stat:match '%) %S (%d+)') "
                           "print(p:stop(0.1)) print(p:alive())")
        self.assertEqual(done.stdout, "137\tkilled by signal 9\nfalse\n")
        self.assertNothingLeft(0.5)

    @unittest.skipUnless(os.path.exists("/proc/thread-self/children"), "this kernel does not tell a process its children")
    def test_daemons_go_with_it(self):
        """What left the group, and has no parent any more."""
        daemon = "(setsid sh -c \"sleep 60 & echo up >>ups; wait\" &)"
        ups = "repeat ivs.sleep(0.02) local f = io.open 'ups' local _, n = (f and f:read 'a' or ''):gsub('up', '') until n == 2"
        done = self.script(HEAD + f"local p = process.start {{ argv = {{ 'sh', '-c', [[{daemon}; {daemon}; sleep 60]] }} }} {ups} "
                           "print(p:stop())")
        self.assertEqual(done.stdout, "143\tkilled by signal 15\n")
        self.assertNothingLeft(0.5)

    def test_what_it_left_behind_is_buried(self):
        """While it runs: a program that starts many must not fill the table of processes."""
        done = self.script(HEAD + "local p = process.start { argv = { 'sh', '-c', 'for i in 1 2 3 4 5; do (sleep 0.1 &); done; sleep 1; "
                           "ps -o stat= --ppid $PPID' }, log = 'log' } print(p:wait())")
        self.assertEqual(done.stdout, "0\texit status 0\n")
        self.assertNotIn("Z", self.read("log"))

    def test_interrupt_is_not_for_it(self):
        text = ("local p = process.start { argv = { 'sh', '-c', 'trap \"echo INT\" INT; sleep 60 & wait; echo woken' }, log = 'log' } "
                "local c <close> = setmetatable({}, { __close = function() print(p:alive()) print(p:stop()) end }) print 'ready' p:wait()")
        child = self.running(text)
        time.sleep(0.2)
        os.killpg(child.pid, signal.SIGINT)  # as a terminal does
        out, _ = child.communicate(timeout=20)
        self.assertEqual((child.returncode, out), (130, "true\n143\tkilled by signal 15\n"))
        self.assertEqual(self.read("log"), "")


if __name__ == "__main__":
    main()
