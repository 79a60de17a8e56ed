"""A short run of the fuzzer; `python -m tests.feel.fuzz -max_total_time=600` is a long one."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(not importlib.util.find_spec("atheris"), reason="the fuzzer has packages for Linux on x86-64 alone")
def test_fuzzing_finds_neither_a_crash_nor_a_hang(tmp_path: Path) -> None:
    # By a shell that stays: the peak of memory that the fuzzer reads would else be that of this very process.
    command = ["/bin/sh", "-c", '"$@"; exit $?', "sh", sys.executable, "-m", "tests.feel.fuzz", "-runs=5000", "-seed=7"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done 5000 runs" in done.stderr
