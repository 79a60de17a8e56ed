"""A worker in a process of its own, for tests that kill it: `python -m tests.tasks.toiler URL HOME`."""

import sys
from pathlib import Path

from kernel.clock import SystemClock
from kernel.db import Database
from tasks.worker import Worker
from tests.tasks import shop

if __name__ == "__main__":
    url, home = sys.argv[1:]
    Worker(shop.house(Database(url), SystemClock(), Path(home), poll_seconds=0.2), "toiler", 1).run()
