"""SQLite's writers line up: in the order in which they came, across threads and processes."""

import multiprocessing
import os
import signal
import threading
import time
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from core.writers_line import WritersLine

FORK = multiprocessing.get_context("fork")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "common-purse.db-line"


def test_threads_write_in_the_order_in_which_they_came(file: Path) -> None:
    line, wrote = WritersLine(file), list[int]()

    def write(number: int) -> None:
        assert line.join(10)
        wrote.append(number)
        line.leave()

    assert line.join(0)
    threads = []
    for number in range(6):
        threads.append(threading.Thread(target=write, args=(number,)))
        threads[-1].start()
        time.sleep(0.02)  # so that they come one after the other
    line.leave()
    for thread in threads:
        thread.join(10)

    assert wrote == [0, 1, 2, 3, 4, 5]
    line.close()


def test_who_waited_too_long_leaves_the_line_and_holds_up_nobody(file: Path) -> None:
    line = WritersLine(file)
    assert line.join(0)

    assert not line.join(0.02)

    line.leave()
    assert line.join(0)
    line.leave()
    line.close()


def hold(file: Path, hand: Connection) -> None:
    """Another process takes its turn and keeps it until it is told to go on."""
    line = WritersLine(file)
    assert line.join(10)
    hand.send("writes")
    hand.recv()
    line.leave()


def test_another_process_has_its_turn_and_one_that_dies_loses_it(file: Path) -> None:
    here, there = FORK.Pipe()
    process = FORK.Process(target=hold, args=(file, there), daemon=True)
    process.start()
    assert here.poll(20)
    line = WritersLine(file)

    assert not line.join(0.02)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join(10)
    assert line.join(1)

    line.leave()
    line.close()
    here.close()
    there.close()


def write_often(file: Path, hand: Connection, times: int) -> None:
    """Takes turn after turn, and answers with the moments at which it had them."""
    line, turns = WritersLine(file), list[float]()
    hand.send("ready")
    hand.recv()
    for _ in range(times):
        assert line.join(20)
        turns.append(time.monotonic())
        time.sleep(0.002)
        line.leave()
    hand.send(turns)


def test_processes_that_all_want_to_write_take_turns(file: Path) -> None:
    """None writes more than a few times while another waits."""
    pairs = [FORK.Pipe() for _ in range(2)]
    for _, there in pairs:
        FORK.Process(target=write_often, args=(file, there, 30), daemon=True).start()
    for here, _ in pairs:
        assert here.recv() == "ready"
    for here, _ in pairs:
        here.send("go")
    first, second = (here.recv() for here, _ in pairs)

    both_wait = [turn for turn in first if second[0] < turn < second[-1]]
    between = [sum(a < turn < b for turn in first) for a, b in pairwise(second)]
    assert len(both_wait) >= 10
    assert max(between) <= 5
    for pair in pairs:
        for end in pair:
            end.close()


def test_without_its_file_the_line_refuses_nobody(tmp_path: Path) -> None:
    line = WritersLine(tmp_path / "no" / "such" / "folder")

    assert line.join(0)
    line.leave()
    assert line.join(0)
