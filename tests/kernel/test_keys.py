"""Keys are never given out twice, by no thread and no process."""

from itertools import pairwise
from threading import Thread

from kernel.db import Database
from kernel.ids import BLOCK, Keys


def test_keys_grow_across_blocks(database: Database) -> None:
    keys = Keys(database)
    found = [keys.next() for _ in range(BLOCK * 2 + 10)]
    assert all(one < other for one, other in pairwise(found))
    assert min(found) > 0


def test_threads_never_get_the_same_key(database: Database) -> None:
    keys, found = Keys(database), [[] for _ in range(8)]  # type: list[list[int]]
    threads = [Thread(target=lambda mine=mine: mine.extend(keys.next() for _ in range(BLOCK))) for mine in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everything = [key for mine in found for key in mine]
    assert len(set(everything)) == len(everything) == 8 * BLOCK


def test_processes_never_get_the_same_key(database: Database) -> None:
    """Two of `Keys` share nothing but the sequence, as two processes do."""
    one, other = Keys(database), Keys(database)
    found = [keys.next() for _ in range(BLOCK + 1) for keys in (one, other)]
    assert len(set(found)) == len(found)


def test_most_keys_cost_no_round_trip(database: Database) -> None:
    keys = Keys(database)
    keys.next()
    before = database.once().one("select last_value from key_block")[0]
    for _ in range(BLOCK - 1):
        keys.next()
    assert database.once().one("select last_value from key_block")[0] == before
