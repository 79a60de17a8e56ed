"""The crew: what waits gets its turn, what raises is raised, the thread that finished last works next."""

import asyncio
import threading
import time

import pytest

from api.v2.crew import Crew


def test_results_and_errors_come_back() -> None:
    async def story() -> None:
        crew = Crew(2)
        assert await crew.run(divmod, 7, 2) == (3, 1)
        with pytest.raises(ZeroDivisionError):
            await crew.run(divmod, 1, 0)
        with pytest.raises(KeyboardInterrupt):
            await crew.run(interrupt)
        assert await crew.run(divmod, 7, 2) == (3, 1)

    asyncio.run(story())


def interrupt() -> None:
    raise KeyboardInterrupt


def test_one_caller_is_served_by_one_thread() -> None:
    async def story() -> set[int]:
        crew = Crew(8)
        return {await crew.run(threading.get_ident) for _ in range(50)}

    assert len(asyncio.run(story())) == 1


def test_more_work_than_threads_waits_in_line() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def work(number: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.002)
        with lock:
            running -= 1
        return number

    async def story() -> list[int]:
        crew = Crew(3)
        return list(await asyncio.gather(*(crew.run(work, number) for number in range(40))))

    assert asyncio.run(story()) == list(range(40))
    assert most == 3


def test_a_caller_who_gave_up_leaves_the_thread_free() -> None:
    async def story() -> int:
        crew = Crew(1)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(crew.run(time.sleep, 0.05), 0.005)
        return await crew.run(len, "abc")

    assert asyncio.run(story()) == 3
