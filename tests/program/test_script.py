"""Scripts in the program: how they are given, what they find, how they end.

usage: test_script.py [TWO_SIGNALS]        two_signals.c as a shared library; without it that test is left out
"""

import os
import signal
import subprocess
import sys
import time

from support import PROGRAM, ProgramTest, main

TWO_SIGNALS = sys.argv.pop(1) if len(sys.argv) > 1 and sys.argv[1].endswith(".so") else None


class Given(ProgramTest):
    def test_run_with_arguments(self):
        done = self.script("print(arg[0], #arg, table.unpack(arg)) print(...) print(arg[-1])", "a", "--b", "c d")
        self.assertEqual(done.stdout, "script.lua\t3\ta\t--b\tc d\na\t--b\tc d\nrun\n")
        self.assertEqual(done.returncode, 0)

    def test_standard_input(self):
        done = self.ivs("run", "-", "x", text="#!/any/thing\nprint('in', ...)")
        self.assertEqual((done.returncode, done.stdout), (0, "in\tx\n"))

    def test_chunk(self):
        done = self.ivs("-e", "print('chunk', arg[0], ...)", "y")
        self.assertEqual((done.returncode, done.stdout), (0, "chunk\tnil\ty\n"))
        done = self.ivs("-e", "print(ivs == require 'ivs', ivs.version)")
        self.assertRegex(done.stdout, r"^true\t\d+\.\d+\.\d+\n$")

    def test_name_of_an_existing_script(self):
        self.write("hello.lua", "print('hello', ...)")
        self.assertEqual(self.ivs("hello.lua", "z").stdout, "hello\tz\n")
        self.assertEqual(self.ivs("./hello.lua").stdout, "hello\n")

    def test_as_interpreter(self):
        path = self.write("tool", f"#!{PROGRAM}\nprint('tool', arg[1])")
        os.chmod(path, 0o755)
        done = subprocess.run([path, "word"], capture_output=True, text=True, env=self.environment(), timeout=30)
        self.assertEqual((done.returncode, done.stdout), (0, "tool\tword\n"))

    def test_by_env(self):
        path = self.write("tool", "#!/usr/bin/env ivs\nprint('by env')")
        os.chmod(path, 0o755)
        os.symlink(PROGRAM, os.path.join(self.folder, "ivs"))
        environment = self.environment(PATH=self.folder + ":/usr/bin:/bin")
        done = subprocess.run([path], capture_output=True, text=True, env=environment, timeout=30)
        self.assertEqual((done.returncode, done.stdout), (0, "by env\n"))

    def test_options_of_the_script_are_its_own(self):
        done = self.script("print(...)", "--region", "x", "--debug", "--help")
        self.assertEqual(done.stdout, "--region\tx\t--debug\t--help\n")


class StockLua(ProgramTest):
    def test_libraries(self):
        done = self.script("print(_VERSION) for _, n in ipairs{'string','table','math','io','os','coroutine','utf8','debug',"
                           "'package'} do assert(type(_G[n]) == 'table', n) end print(require 'ivs' == package.loaded.ivs)")
        self.assertEqual(done.stdout, "Lua 5.4\ntrue\n")

    def test_nothing_of_ours_is_global(self):
        known = ("_G _VERSION arg assert collectgarbage coroutine debug dofile error getmetatable io ipairs load loadfile math next os "
                 "package pairs pcall print rawequal rawget rawlen rawset require select setmetatable string table tonumber "
                 "tostring type utf8 warn xpcall")
        done = self.script("local names = {} for name in pairs(_G) do names[#names + 1] = name end table.sort(names) "
                           "print(table.concat(names, ' '))")
        self.assertEqual(done.stdout.split(), known.split())

    def test_modules_beside_the_script(self):
        self.write("part.lua", "return { value = 42 }")
        self.assertEqual(self.script("print(require('part').value)").stdout, "42\n")
        self.assertEqual(self.ivs("-e", "print(require('part').value)").stdout, "42\n")

    def test_modules_beside_a_script_of_another_folder(self):
        os.makedirs(os.path.join(self.folder, "with blank", "parts"))
        self.write("with blank/part.lua", "return { value = 42 }")
        self.write("with blank/parts/init.lua", "return require 'parts.one'")
        self.write("with blank/parts/one.lua", "return 43")
        text = "print(require('part').value, (require 'parts'))"
        self.assertEqual(self.script(text, name="with blank/script.lua").stdout, "42\t43\n")
        path = os.path.join(self.folder, "with blank", "script.lua")
        done = subprocess.run([PROGRAM, path], capture_output=True, text=True, cwd="/", env=self.environment(), timeout=30)
        self.assertEqual(done.stdout, "42\t43\n")
        self.write("part.lua", "return { value = 'first' }")
        self.assertEqual(self.ivs("run", path).stdout, "first\t43\n")
        self.assertFails(self.ivs("-e", text.replace("part'", "none'")), 1, "(command line):1: module 'none' not found")

    def test_exit_codes(self):
        for text, code in (("os.exit(7)", 7), ("os.exit(true)", 0), ("os.exit(false)", 1), ("os.exit(3, true)", 3), ("return 5", 0)):
            with self.subTest(text):
                self.assertEqual(self.script(text).returncode, code)

    def test_output_before_exit_is_kept(self):
        self.assertEqual(self.script("io.write('kept') os.exit(2)").stdout, "kept")

    def test_close_runs_at_the_end(self):
        done = self.script("local c <close> = setmetatable({}, {__close = function() print 'closed' end}) print 'body'")
        self.assertEqual(done.stdout, "body\nclosed\n")


class Exit(ProgramTest):
    """os.exit, which closes what a script has opened."""
    HEAD = "local c <close> = setmetatable({}, {__close = function() print 'closed' end})\n"

    def test_closes(self):
        for text, wanted in (("os.exit(3)", (3, "closed\n")), ("os.exit(0, false)", (0, "")), ("os.exit(4, true)", (4, "closed\n")),
                             ("pcall(os.exit) print 'after'", (0, "closed\n")),
                             ("coroutine.wrap(function() local d <close> = c os.exit(5) end)()", (5, "closed\nclosed\n")),
                             ("local d <close> = setmetatable({}, {__close = function() os.exit(6) end}) os.exit()", (6, "closed\n")),
                             ("setmetatable({}, {__gc = function() print 'gone' os.exit(8) end}) os.exit(7)", (8, "closed\ngone\n"))):
            with self.subTest(text):
                done = self.ivs("-e", self.HEAD + text)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (*wanted, ""))

    def test_prompt(self):
        done = self.ivs("repl", text="do " + self.HEAD + "os.exit(3) end\n")
        self.assertEqual((done.returncode, done.stdout), (3, "closed\n"))

    def test_error_in_closing(self):
        for value, said in (("'no\\tluck\\nat all'", "ivs: (command line):2: no?luck"), ("{ code = setmetatable({}, c) }", "ivs: table: "),
                            ("setmetatable({}, {__tostring = error})", "ivs: a <close> variable raised an error that cannot be shown"),
                            ("'sk_us-west-2_' .. ('x'):rep(12)", "<hidden>")):
            with self.subTest(value):
                text = f"{self.HEAD}local d <close> = setmetatable({{}}, {{__close = function() error({value}) end}}) os.exit(...)"
                done = self.ivs("-e", text)
                self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (1, "closed\n", 1))
                self.assertIn(said, done.stderr)
        text = f"local d <close> = setmetatable({{}}, {{__close = error}}) coroutine.wrap(function() {self.HEAD} os.exit(9) end)()"
        self.assertEqual(self.ivs("-e", text).returncode, 9)


class Failing(ProgramTest):
    def test_syntax_error(self):
        self.assertFails(self.script("local a = 1\n\nlocal b == 2\n"), 1, "ivs: script.lua:3:", "near '=='")
        self.assertFails(self.ivs("-e", "x ="), 1, "(command line):1:")

    def test_raise(self):
        self.assertFails(self.script("local function f() error('no luck') end\nf()"), 1, "ivs: script.lua:1: no luck")
        self.assertFails(self.script("local t = nil\nprint(t.x)"), 1, "ivs: script.lua:2: attempt to index a nil value")

    def test_raise_other_values(self):
        self.assertFails(self.script("error({})"), 1, "raised a table")
        self.assertFails(self.script("error()"), 1, "raised a nil")
        self.assertFails(self.script("error(setmetatable({}, {__tostring = function() return 'my words' end}))"), 1, "ivs: my words")

    def test_raise_lines_and_escapes(self):
        """One line, which does nothing to the terminal; with --debug the calls are lines of their own."""
        text = "error('a\\t\\27[31m\\127b\\nc', 0)"
        self.assertEqual(self.script(text).stderr, "ivs: a??[31m?b\n")
        done = self.ivs("--debug", "run", "script.lua")
        self.assertTrue(done.stderr.startswith("ivs: a\t?[31m?b\nc\nstack traceback:\n\t"), done.stderr)
        self.assertEqual(self.script("error('\\n  a\\nb', 0)").stderr, "ivs: a\n")
        self.assertEqual(self.script("error(setmetatable({}, {__tostring = function() return 'a\\nb' end}))").stderr, "ivs: a\n")
        self.assertEqual(self.script("error({ message = 'a\\nb' })").stderr, "ivs: a\n")
        self.assertFails(self.script("x = [[a\n\27b]] y z"), 1, "ivs: script.lua:2: ")
        self.assertFails(self.ivs("-e", "x = 'a\x1b[31m\n"), 1, "near ''a?[31m'")
        self.assertFails(self.ivs("run", "a\nb.lua"), 1, "cannot open script a")

    def test_raise_what_cannot_be_shown(self):
        for text in ("{__tostring = function() error('x') end}", "{__tostring = function() end}", "{__index = function() error('x') end}"):
            with self.subTest(text):
                self.assertFails(self.script(f"error(setmetatable({{}}, {text}))"), 1, "ivs: the script raised an error that cannot be shown")
                self.assertEqual(self.ivs("--debug", "-e", f"error(setmetatable({{}}, {text}))").returncode, 1)
        self.assertFails(self.script("error(setmetatable({}, {__eq = function() error('x') end}))"), 1, "raised a table")
        self.assertFails(self.script("error({ text = setmetatable({}, {__tostring = error}) })"), 1, "raised a table")

    def test_unknown_module(self):
        said = "script.lua:1: module 'no.such' not found: no ./no/such.lua, nor anything in package.path before it"
        self.assertFails(self.script("require 'no.such'"), 1, said)
        os.mkdir(os.path.join(self.folder, "a?b"))
        line = self.assertFails(self.script("require 'no.such'", name="a?b/script.lua"), 1)
        self.assertTrue(line.endswith("script.lua:1: module 'no.such' not found"), line)

    def test_missing_script(self):
        self.assertFails(self.ivs("run", "none.lua"), 1, "none.lua", "No such file")
        self.assertFails(self.ivs("./none"), 1, "none", "No such file")
        self.assertFails(self.ivs("none.lua"), 1, "none.lua", "No such file")
        self.assertFails(self.ivs("run"), 252, "run needs a script")
        self.assertFails(self.ivs("-e"), 252, "-e needs")
        self.assertFails(self.ivs_on_folder("run", "-"), 1, "Is a directory")

    def test_debug_shows_where(self):
        self.write("script.lua", "local function deep() error 'here' end\ndeep()")
        done = self.ivs("--debug", "run", "script.lua")
        self.assertEqual(done.returncode, 1)
        self.assertIn("stack traceback", done.stderr)
        self.assertIn("in upvalue 'deep'" if "upvalue" in done.stderr else "'deep'", done.stderr)

    def test_mistakes_in_requests_name_the_place(self):
        text = "local client = require 'ivs'.client { region = 'us-west-2', sign = false }\nclient:get_channel { ran = 'x' }"
        self.assertFails(self.script(text), 1, "script.lua:2:", "ran", "arn")
        text = "local client = require 'ivs'.client { region = 'us-west-2', sign = false }\nclient:create_channel { name = {} }"
        self.assertFails(self.script(text), 1, "script.lua:2:", "name", "string")


class Signals(ProgramTest):
    def interrupted(self, text, number=signal.SIGINT, again=None):
        """Runs a script that prints "ready", then sends it a signal. (exit code, what it printed, stderr)"""
        self.write("script.lua", "io.stdout:setvbuf 'no' local ivs = require 'ivs'\n" + text)
        child = self.start("run", "script.lua")
        self.addCleanup(child.kill)
        self.assertEqual(child.stdout.readline(), "ready\n")
        time.sleep(0.1)
        child.send_signal(number)
        if again:
            time.sleep(0.7)
            child.send_signal(again)
        out, err = child.communicate(timeout=20)
        return child.returncode, out, err

    def test_sleep(self):
        self.assertEqual(self.interrupted("print 'ready' ivs.sleep(60) print 'after'"), (130, "", ""))

    def test_loop(self):
        self.assertEqual(self.interrupted("print 'ready' while true do end"), (130, "", ""))

    def test_loop_in_text_of_an_error(self):
        text = "error(setmetatable({}, { __tostring = function() print 'ready' while true do end end }))"
        self.assertEqual(self.interrupted(text), (130, "", ""))

    def test_terminate(self):
        self.assertEqual(self.interrupted("print 'ready' ivs.sleep(60)", signal.SIGTERM), (143, "", ""))

    def test_clean_up_runs_and_can_wait(self):
        text = """
        local guard <close> = setmetatable({}, { __close = function(_, err)
          ivs.sleep(0.2)
          print('closing', err, err.code)
        end })
        print 'ready' ivs.sleep(60)"""
        self.assertEqual(self.interrupted(text), (130, "closing\tinterrupted\tInterrupted\n", ""))

    def test_while_exit_closes(self):
        text = """
        local after <close> = setmetatable({}, { __close = function() print 'after' end })
        local guard <close> = setmetatable({}, { __close = function() print 'ready' ivs.sleep(60) print 'not reached' end })
        os.exit(7)"""
        self.assertEqual(self.interrupted(text), (130, "after\n", ""))

    def test_in_a_coroutine_that_exits(self):
        """Nothing of the main thread is left open, whether it comes before os.exit or in what that closes."""
        head = """
        local mt = { __close = function(self) print(self.name) end }
        local outer <close> = setmetatable({ name = 'outer' }, mt)
        local inner <close> = setmetatable({ name = 'inner' }, mt)
        coroutine.wrap(function() %s end)()"""
        text = head % "print 'ready' pcall(ivs.sleep, 60) os.exit(3)"
        self.assertEqual(self.interrupted(text), (3, "inner\nouter\n", ""))
        text = head % """local c <close> = setmetatable({}, { __close = function() print 'ready' ivs.sleep(60) end })
            os.exit(3)"""
        self.assertEqual(self.interrupted(text), (130, "inner\nouter\n", ""))

    def test_with_the_reader(self):
        """Ctrl-C ends all of a pipeline: what cannot be written any more is no trouble with a disk."""
        self.write("script.lua", """
            local ivs = require 'ivs'
            local guard <close> = setmetatable({}, { __close = function() io.write(('x'):rep(100000)) end })
            print 'ready' io.stdout:flush() ivs.sleep(60)""")
        child = self.start("run", "script.lua")
        self.addCleanup(child.kill)
        self.assertEqual(child.stdout.readline(), "ready\n")
        self.addCleanup(child.stderr.close)
        child.stdout.close()
        child.send_signal(signal.SIGINT)
        self.assertEqual((child.stderr.read(), child.wait(20)), ("", 130))

    def test_when_the_state_is_closed(self):
        text = "setmetatable({}, { __gc = function() print 'ready' while true do end end })"
        self.assertEqual(self.interrupted(text), (-signal.SIGINT, "", ""))
        self.assertEqual(self.interrupted(text + " os.exit(0)"), (-signal.SIGINT, "", ""))

    def test_can_be_caught(self):
        text = """
        print 'ready'
        local ok, err = pcall(ivs.sleep, 60)
        print(ok, tostring(err), err.code)"""
        self.assertEqual(self.interrupted(text), (0, "false\tinterrupted\tInterrupted\n", ""))

    def test_coroutine_cannot_swallow_it(self):
        text = """
        local work = coroutine.wrap(function() while true do pcall(ivs.sleep, 60) print 'swallowed' coroutine.yield() end end)
        print 'ready' work() print 'not reached'"""
        code, out, _ = self.interrupted(text)
        self.assertEqual((code, out), (130, "swallowed\n"))

    def test_second_one_ends_at_once(self):
        text = """
        local guard <close> = setmetatable({}, { __close = function() ivs.sleep(60) print 'not reached' end })
        print 'ready' ivs.sleep(60)"""
        code, out, _ = self.interrupted(text, again=signal.SIGINT)
        self.assertEqual((code, out), (-signal.SIGINT, ""))

    def test_one_that_comes_twice_is_one(self):
        text = """
        local guard <close> = setmetatable({}, { __close = function() ivs.sleep(1) print 'clean' end })
        print 'ready' ivs.sleep(60)"""
        self.write("script.lua", "io.stdout:setvbuf 'no' local ivs = require 'ivs'\n" + text)
        child = self.start("run", "script.lua")
        self.addCleanup(child.kill)
        self.assertEqual(child.stdout.readline(), "ready\n")
        child.send_signal(signal.SIGINT)
        time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        out, _ = child.communicate(timeout=20)
        self.assertEqual((child.returncode, out), (130, "clean\n"))

    def test_two_at_once_are_one(self):
        if TWO_SIGNALS is None:
            self.skipTest("two_signals.so was not given")
        self.write("script.lua", "io.stdout:setvbuf 'no' local ivs = require 'ivs'\n"
                                 "local guard <close> = setmetatable({}, { __close = function() print 'clean' end })\n"
                                 "print 'ready' ivs.sleep(60)")
        env = self.environment(LD_PRELOAD=os.path.abspath(TWO_SIGNALS), ASAN_OPTIONS="verify_asan_link_order=0")
        child = self.start("run", "script.lua", env=env)
        self.addCleanup(child.kill)
        self.assertEqual(child.stdout.readline(), "ready\n")
        child.send_signal(signal.SIGINT)
        out, _ = child.communicate(timeout=20)
        self.assertEqual((child.returncode, out), (130, "clean\n"))

    def test_ignored_from_the_start(self):
        self.write("script.lua", "io.stdout:setvbuf 'no' print 'ready' require 'ivs'.sleep(1) print 'end'")
        child = subprocess.Popen(["sh", "-c", "trap '' INT; exec \"$0\" run script.lua", PROGRAM], cwd=self.folder, text=True,
                                 stdout=subprocess.PIPE, env=self.environment())
        self.assertEqual(child.stdout.readline(), "ready\n")
        child.send_signal(signal.SIGINT)
        out, _ = child.communicate(timeout=20)
        self.assertEqual((child.returncode, out), (0, "end\n"))

    def test_reader_that_goes_away(self):
        self.write("script.lua", "local g <close> = setmetatable({}, {__close = function() io.open('closed', 'w'):close() end})\n"
                                 "while true do print(('x'):rep(200)) end")
        child = self.start("run", "script.lua")
        self.addCleanup(child.kill)
        child.stdout.readline()
        child.stdout.close()
        self.assertEqual(child.wait(20), 141)
        self.assertEqual(child.stderr.read(), "")
        child.stderr.close()
        self.assertTrue(os.path.exists(os.path.join(self.folder, "closed")))

    def test_full_disk(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            for text in ("print 'x'", "io.write 'x'"):
                done = subprocess.run([PROGRAM, "-e", text], stdout=full, stderr=subprocess.PIPE, text=True, timeout=30,
                                      env=self.environment())
                self.assertEqual(done.returncode, 255)
                self.assertRegex(done.stderr, "^ivs: standard output: (No space left on device|.*disk full[?])\n$")


class ClientOptions(ProgramTest):
    """What ivs.client tells a script of its connection and of maps."""
    simulator_options = []

    def test_trace(self):
        done = self.script("""
        local ivs, events, sent = require "ivs", {}, ""
        local client <close> = ivs.client { trace = function(event, text)
          if events[#events] ~= event then events[#events + 1] = event end
          if event == "sent" then sent = sent .. text end
          if event == "connecting" then print(text) end
        end }
        assert(client:list_channels())
        assert(client:list_channels())
        print(table.concat(events, " "))
        print(sent:match "^[^\\r]*")""")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, "localhost\nconnecting connected sent received sent received\nPOST /ListChannels HTTP/1.1\n")

    def test_trace_that_raises_ends_the_call(self):
        done = self.script("""
        local client = require "ivs".client { trace = function(event) if event == "sent" then error "enough" end end }
        print(pcall(client.list_channels, client))
        print(pcall(client.list_channels, client))""")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, "false\tscript.lua:2: enough\n" * 2)

    def test_order_of_maps(self):
        done = self.script("""
        local order = {}
        local client = require "ivs".client {
          map_names = function() return { "z", "not there", "a", "m" } end,
          map_order = function(map, names) order[map] = table.concat(names, " ") end,
        }
        local made = assert(client:create_channel { name = "x", tags = { a = "1", m = "2", z = "3" } })
        print(order[made.channel.tags], made.channel.tags.m)""")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "z a m\t2\n", ""))

    def test_limits(self):
        text = 'require "ivs".client { read_timeout = -1 }'
        done = self.script(text)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, "ivs: script.lua:1: ivs.client: 'read_timeout' must be 0.001 to 1e6 seconds, or 0 for no limit\n")


if __name__ == "__main__":
    main()
