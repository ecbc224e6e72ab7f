"""Clients on two threads against the simulator, over TLS: test_threads.py PATH_OF_threads"""

import pathlib
import subprocess
import sys
import unittest

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
program = None


class Threads(unittest.TestCase):
    def test_two_clients(self):
        said = subprocess.run([TOP / "scripts/ivs-sim", "--quiet", "--run", program], text=True, timeout=100,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(said.returncode, 0, said.stdout)
        self.assertNotIn("ThreadSanitizer", said.stdout)


if __name__ == "__main__":
    program = sys.argv.pop(1)
    unittest.main()
