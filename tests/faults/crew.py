"""Threads that share out the work of a test."""

import queue
import threading


class Crew:
    """Workers that take items from one list. What a worker does, work(), is of who inherits this."""

    def __init__(self, workers, items):
        self._items = queue.SimpleQueue()
        for item in items:
            self._items.put(item)
        self.problems = []
        self._threads = [threading.Thread(target=self._work) for _ in range(workers)]

    def run(self):
        """To the end of the list. The problems."""
        for thread in self._threads:
            thread.start()
        for thread in self._threads:
            thread.join()
        return self.problems

    def items(self):
        """Those that no worker has taken yet, one after another."""
        while True:
            try:
                yield self._items.get_nowait()
            except queue.Empty:
                return

    def say(self, problem):
        print(problem, flush=True)
        self.problems.append(problem)

    def _work(self):
        try:
            self.work()
        except Exception as error:  # of a thread: it must not go unseen
            self.say(f"the test itself failed: {error!r}")
