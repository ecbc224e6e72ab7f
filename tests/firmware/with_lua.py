"""The checks of an image that runs Lua scripts, boards/mps2-an386-lua, for run.py."""

import subprocess
import time

ITEMS = 50
FEW = 5
GREEDY = ("table", "string", "doubling", "calls", "patterns", "repetitions", "coroutines", "numeral", "fraction", "hexadecimal",
          "exponent", "blanks", "sign", "script", "json")
HEAP = ("_sbrk", "_sbrk_r", "malloc", "_write", "_open")


class WithLua:
    """Of a Board, which comes after it: the checks in place of its own."""

    def story(self, simulator):
        """a script does the main job, from a clock of 1970, through a dropped connection and a 503, and meets a 404"""
        simulator.control("fault", {"fault": "reset-before-read", "operation": "GetStream"})
        simulator.control("fault", {"fault": "unavailable", "operation": "PutMetadata", "skip": 5})
        run = self.main_job(simulator, self.words(simulator, do="story", items=ITEMS, clock=0), ITEMS)
        self.expect(abs(run.number("time-learned") - time.time()) < 60, run)
        self.expect(run.said["missing"] == ["nil 404 ResourceNotFoundException"], run)
        self.expect(run.said["said"][0].startswith("GetChannel: ResourceNotFoundException: "), run)
        self.expect(sum(simulator.control("faults")["done"].values()) == 2, run)
        self.said = {name: run.number(name) for name in run.said if run.said[name][0].isdecimal()}

    def greedy(self, simulator):
        """a script that takes all memory and all stack is refused, and the next one does the main job"""
        run = self.main_job(simulator, self.words(simulator, first="greedy", do="story", items=FEW, clock=0), FEW)
        for what in GREEDY:
            self.expect(run.said.get(f"greedy-{what}") == ["refused"], run)
        self.expect(run.said["greedy-deep"] == ["true table"], run)
        self.expect(run.said["greedy-numbers"][0].startswith("false "), run)
        self.expect(run.said["failed"] == ["greedy"] and run.said["error"] == ["not enough memory"], run)
        for name in ("pool", "lua", "numbers", "stack"):
            self.expect(0 < run.number(name + "-most") <= run.number(name + "-size"), run)

    def checks(self, simulator):
        """a script finds the module as it has to be on a board: no files, the board's settings, numbers, time"""
        run = self.run(simulator, self.words(simulator, do="checks", items=FEW))
        self.expect(run.code == 0 and run.said["checks"] == ["passed"], run)
        self.expect(simulator.control("counts")["requests"] == 0, "a request was sent")

    def counted(self, simulator):
        """a script does the main job with time that counts instructions"""
        self.main_job(simulator, self.words(simulator, do="story", items=FEW, clock=0), FEW, extra=self.COUNTED)

    def unknown_script(self, simulator):
        """a script that is not in the image ends the firmware with an error"""
        run = self.run(simulator, self.words(simulator, do="another", items=FEW))
        self.expect(run.code == 1 and run.said["error"] == ["no script 'another' in this image"], run)

    def untrusted(self, simulator):
        """a certificate that no trusted root has signed is an error that the script is told"""
        simulator.control("fault", {"fault": "tls-unknown-ca", "times": None})
        run = self.run(simulator, self.words(simulator, do="story", items=FEW))
        self.expect(run.code == 1 and "TlsTrust" in run.said["error"][0], run)
        self.expect(simulator.control("counts")["requests"] == 0, "a request was sent")

    def no_heap(self, _simulator):
        """there is no heap beside the pool, and there are no files"""
        names = subprocess.run(["arm-none-eabi-nm", str(self.folder / self.board / "firmware.elf")], check=True,
                               stdout=subprocess.PIPE, text=True, timeout=60).stdout.split()
        self.expect("_malloc_r" in names and not set(HEAP) & set(names), set(HEAP) & set(names))

    CHECKS = (no_heap, checks, unknown_script, untrusted, counted, greedy, story)
    FIRST = ASIDE = ()

    def print_more(self):
        said = self.said
        print(f"  one pool: Lua's values {said['lua-most']} of {said['lua-size']} bytes, numbers {said['numbers-most']} of "
              f"{said['numbers-size']}; the TLS pool above is all of it\n", flush=True)

    def numbers(self):
        """For figures.json, beside what the linker's map says."""
        said = self.said
        return {name: said[name] for name in ("stack-size", "stack-most", "workspace-most", "lua-size", "lua-most")} | {
            "one-pool-size": said["pool-size"], "one-pool-most": said["pool-most"]}
