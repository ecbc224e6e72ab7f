"""ivs repl: from a pipe, and on a terminal, with the keys of one."""

import fcntl
import os
import pty
import re
import select
import signal
import stat
import subprocess
import termios
import time

from support import DEADLINE, PROGRAM, ProgramTest, main

UNSHOWN = "ivs: the script raised an error that cannot be shown\n"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class FromAPipe(ProgramTest):
    def test_values(self):
        done = self.ivs("repl", text='1 + 1\n"text"\n{ b = { 1, "x" }, a = true }\nnil, 2\nivs.version ~= nil\n{}\nivs.list {}\nivs.null\n')
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, '2\ntext\n{ a = true, b = { 1, "x" } }\nnil\t2\ntrue\n{}\nivs.list {}\nivs.null\n')

    def test_chunks_of_several_lines(self):
        done = self.ivs("repl", text="for i = 1, 2 do\n  print(i)\nend\nfunction twice(x)\nreturn 2 * x\nend\ntwice(\n4)\n")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "1\n2\n8\n", ""))

    def test_errors_are_one_line_and_not_the_end(self):
        done = self.ivs("repl", text='error("bad")\n)\nerror({})\nprint("on")\nx = (\n')
        self.assertEqual((done.returncode, done.stdout), (0, "on\n"))
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 4, done.stderr)
        self.assertEqual(lines[0], "ivs: input:1: bad")
        for line in lines:
            self.assertRegex(line, "^ivs: ")

    def test_values_that_cannot_be_shown(self):
        """What raises while it is shown is an error of that chunk, whatever was said."""
        for chunk, said in (('setmetatable({}, { __tostring = function() error("odd") end })', "ivs: input:1: odd\n"),
                            ("setmetatable({}, { __tostring = function() end })", "ivs: '__tostring' must return a string\n"),
                            ('error(setmetatable({}, { __tostring = function() error("odd") end }))', UNSHOWN),
                            ('error(setmetatable({}, { __index = function() error("odd") end }))', UNSHOWN),
                            ('error(setmetatable({}, { __eq = function() error("odd") end }))', "ivs: the script raised a table\n"),
                            ("error { text = {} }", "ivs: the script raised a table\n")):
            with self.subTest(chunk):
                done = self.ivs("repl", text=chunk + "\n6 * 7\n")
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "42\n", said))

    def test_globals_that_are_gone(self):
        """A chunk may put anything into the globals."""
        names = ("assert error getmetatable io ipairs load math next os pairs pcall print rawequal rawget require select setmetatable "
                 "string table tonumber tostring type utf8 xpcall _G")
        text = "keep = error\n" + "".join(f"{name} = nil\n" for name in names.split())
        done = self.ivs("repl", text=text + '{ 6, "x" }\nkeep "bad"\nkeep {}\n)\n6 * 7\n')
        self.assertEqual((done.returncode, done.stdout), (0, '{ 6, "x" }\n42\n'), done.stderr)
        self.assertEqual(done.stderr, "ivs: input:1: bad\nivs: the script raised a table\nivs: input:1: unexpected symbol near ')'\n")

    def test_unreadable_input(self):
        self.assertFails(self.ivs_on_folder("repl"), 255, "ivs: standard input: Is a directory")

    def test_what_contains_itself(self):
        done = self.ivs("repl", text="t = { 1 }\nt.t = t\nt\n")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "{ 1, t = (itself) }\n", ""))

    def test_usage(self):
        self.assertFails(self.ivs("repl", "file.lua"), 252, "repl takes no arguments")


class Terminal:
    """The program on a pseudo-terminal, for as long as the `with` lasts."""

    def __init__(self, test, **more):
        self.environment = test.environment(HOME=test.folder, TERM="xterm", **more)
        self.folder = test.folder

    def __enter__(self):
        self.master, slave = pty.openpty()
        self.slave = slave
        self.mode = self.get_mode()
        self.child = subprocess.Popen([PROGRAM, "repl"], env=self.environment, cwd=self.folder, stdin=slave, stdout=slave, stderr=slave,
                                      start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.seen = ""
        self.wait_for("> ")
        return self

    def __exit__(self, *_):
        self.child.kill()
        self.child.wait(DEADLINE)
        os.close(self.master)
        os.close(self.slave)

    def get_mode(self):
        return termios.tcgetattr(self.slave)

    def read_some(self, seconds):
        if select.select([self.master], [], [], seconds)[0]:
            self.seen += os.read(self.master, 65536).decode()

    def wait_for(self, text):
        """Reads until the text has come; what came, without the terminal's escapes."""
        end = time.monotonic() + 20
        while text not in ESCAPES.sub("", self.seen):
            if time.monotonic() > end:
                raise AssertionError(f"{text!r} did not come: {self.seen!r}")
            self.read_some(0.2)
        found, self.seen = ESCAPES.sub("", self.seen), ""
        return found

    def type(self, text):
        os.write(self.master, text.encode())

    def end(self):
        end = time.monotonic() + DEADLINE
        while self.child.poll() is None and time.monotonic() < end:
            self.read_some(0.1)
        return self.child.returncode


class OnATerminal(ProgramTest):
    simulator_options = []

    def test_line_is_run(self):
        with Terminal(self) as terminal:
            terminal.type("6 * 7\r")
            terminal.wait_for("\n42\r\n\r> ")
            terminal.type("\4")
            self.assertEqual(terminal.end(), 0)
            self.assertEqual(terminal.get_mode(), terminal.mode)

    def test_editing(self):
        """Left, Home, End, Backspace, Delete, Ctrl-U, Ctrl-W, and letters of two bytes."""
        with Terminal(self) as terminal:
            terminal.type('rint("bäd")')
            terminal.type("\x1b[H" + "p" + "\x1b[F" + "\x1b[D" * 4 + "\x7f" + "\x1b[3~" + "o" + "\r")
            terminal.wait_for("\nod\r\n")
            terminal.type("nonsense nonsense\x15" + "1 + nonsense\x17" + "1\r")
            terminal.wait_for("\n2\r\n")

    def test_completion(self):
        with Terminal(self) as terminal:
            terminal.type("client = assert(ivs.cli\t())\r")
            terminal.wait_for("\n\r> ")
            terminal.type("#client:list_ch\t{}.channels\r")
            terminal.wait_for("\n0\r\n")
            terminal.type("ivs.js\t\t")
            terminal.wait_for("ivs.json")
            terminal.type("\x15ivs.\t")
            shown = terminal.wait_for("version")
            self.assertIn("operations", shown)

    def test_history(self):
        with Terminal(self) as terminal:
            terminal.type("a = 5\r")
            terminal.wait_for("\n\r> ")
            terminal.type('client = ivs.client { secret_access_key = "unseen", access_key_id = "x" }\r')
            terminal.wait_for("\n\r> ")
            terminal.type("a\r")
            terminal.wait_for("\n5\r\n")
            terminal.type("\x1b[A\x1b[A\x1b[A\x1b[B\x1b[B + 1\r")
            terminal.wait_for("\n6\r\n")
        name = os.path.join(self.folder, ".ivs_history")
        self.assertEqual(stat.S_IMODE(os.stat(name).st_mode), 0o600)
        self.assertEqual(self.read(".ivs_history"), "a = 5\na\na + 1\n")
        with Terminal(self) as terminal:
            terminal.type("a = 1\r")
            terminal.wait_for("\n\r> ")
            terminal.type("\x1b[A\x1b[A\r")
            terminal.wait_for("\n2\r\n")

    def test_incomplete_and_given_up(self):
        with Terminal(self) as terminal:
            terminal.type("for i = 1, 2 do\r")
            terminal.wait_for(">> ")
            terminal.type("\3")
            terminal.wait_for("^C\r\n")
            terminal.type('print("new" .. "line")\r')
            terminal.wait_for("\nnewline\r\n")

    def test_interrupts(self):
        """Ctrl-C ends what runs, not the program, as often as it is pressed."""
        with Terminal(self) as terminal:
            text = "error(setmetatable({}, { __tostring = loop }))"
            for chunk in ("loop()", "loop()", text):
                terminal.type('function loop() print("be" .. "gun") while true do end end %s\r' % chunk)
                terminal.wait_for("begun")
                time.sleep(0.6)
                terminal.type("\3")
                terminal.wait_for("ivs: interrupted")
            terminal.type("1 + 1\r")
            terminal.wait_for("\n2\r\n")

    def test_terminal_is_put_back(self):
        """Also when a signal ends the program in the middle of a line."""
        with Terminal(self) as terminal:
            terminal.type("in the mid")
            terminal.wait_for("in the mid")
            self.assertNotEqual(terminal.get_mode(), terminal.mode)
            terminal.child.send_signal(signal.SIGTERM)
            self.assertEqual(terminal.end(), 143)
            self.assertEqual(terminal.get_mode(), terminal.mode)


if __name__ == "__main__":
    main()
