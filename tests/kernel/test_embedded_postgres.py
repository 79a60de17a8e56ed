"""The embedded server: private, shared by processes, there again after any of them is killed."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from kernel.postgres import MAJOR, WHEEL, PostgresFailed, Server

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = Path("/var/lib/jiaojie")
AS_ROOT = os.geteuid() == 0
CLIENT = """
import sys
from pathlib import Path
from kernel.postgres import Server
server = Server(Path(sys.argv[1]))
print(server.start(), flush=True)
sys.stdin.read()
server.stop()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A data directory that the server's own user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="jiaojie-pg-"))
    folder.chmod(0o711)
    yield folder / "home"
    Server(folder / "home").stop()
    with contextlib.suppress(FileNotFoundError):
        kill(postmaster(Server(folder / "home")))
    shutil.rmtree(folder)


@pytest.fixture
def server(home: Path) -> Iterator[Server]:
    made = Server(home)
    made.start()
    yield made
    made.stop()


@contextlib.contextmanager
def client(home: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that uses the server."""
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-c", CLIENT, home], stdin=pipe, stdout=pipe, text=True, cwd=ROOT)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline().strip()
    yield process
    process.stdin.close()
    process.stdout.close()
    process.wait()


def postmaster(server: Server) -> int:
    return int((server.data / "postmaster.pid").read_text().split("\n", 1)[0])


def runs(pid: int) -> bool:
    """The process exists and is no corpse that waits for its parent."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def kill(pid: int) -> None:
    """End a process at once, and wait until it has ended."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    for _ in range(500):
        if not runs(pid):
            return
        time.sleep(0.02)
    raise AssertionError(f"{pid} does not end.")


def answer(server: Server, question: str) -> object:
    with psycopg.connect(server.url, autocommit=True) as connection:
        cursor = connection.execute(question)
        return cursor.fetchone()[0] if cursor.description else None


def test_a_server_is_made_started_and_stopped(home: Path) -> None:
    server = Server(home)
    server.start()
    assert int(str(answer(server, "show server_version_num"))) // 10000 == MAJOR
    assert answer(server, "select current_database()") == "jiaojie"
    assert answer(server, "show listen_addresses") == ""
    pid = postmaster(server)
    server.stop()
    assert not runs(pid)


def test_starting_and_stopping_twice_is_the_same_as_once(server: Server) -> None:
    pid = postmaster(server)
    assert server.start() == server.url
    assert postmaster(server) == pid
    server.stop()
    server.stop()
    assert not runs(pid)


def test_what_was_written_is_there_after_a_restart(server: Server) -> None:
    answer(server, "create table kept as select 7 as n")
    server.stop()
    server.start()
    assert answer(server, "select n from kept") == 7


def test_processes_share_one_server_and_the_last_one_stops_it(server: Server, home: Path) -> None:
    pid = postmaster(server)
    with client(home):
        server.stop()
        assert runs(pid)
        assert answer(server, "select 1") == 1
    assert not runs(pid)


def test_many_processes_that_start_at_once_start_one_server(home: Path) -> None:
    with contextlib.ExitStack() as stack:
        started = [
            subprocess.Popen(
                [sys.executable, "-c", CLIENT, home], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
            )
            for _ in range(4)
        ]
        for process in started:
            stack.enter_context(process)
        urls = {process.stdout.readline() for process in started}
        pid = postmaster(Server(home))
        assert len(urls) == 1
        assert runs(pid)
    assert not runs(pid)


def test_a_killed_server_is_started_again_with_all_that_was_committed(server: Server) -> None:
    answer(server, "create table kept as select 7 as n")
    pid = postmaster(server)
    kill(pid)
    server.ensure()
    assert postmaster(server) != pid
    assert answer(server, "select n from kept") == 7


def test_a_server_killed_with_all_its_processes_is_started_again(server: Server) -> None:
    """As when the machine runs out of memory: nobody is left to bury anything."""
    pid = postmaster(server)
    backend = int(str(answer(server, "select pg_backend_pid()")))
    os.killpg(pid, signal.SIGKILL)
    kill(pid)
    kill(backend)
    server.ensure()
    assert answer(server, "select 1") == 1


def test_ensuring_a_server_that_runs_changes_nothing(server: Server) -> None:
    pid = postmaster(server)
    server.ensure()
    assert postmaster(server) == pid


def test_whoever_watches_does_not_start_what_the_last_user_has_stopped(server: Server, home: Path) -> None:
    watcher = Server(home)
    pid = postmaster(server)
    server.stop()
    watcher.ensure()
    assert not runs(pid)
    assert not (server.data / "postmaster.pid").exists()


def test_a_killed_process_leaves_the_server_to_the_next(home: Path) -> None:
    with client(home) as process:
        kill(process.pid)
    server = Server(home)
    pid = postmaster(server)
    assert runs(pid)
    server.start()
    assert postmaster(server) == pid
    server.stop()
    assert not runs(pid)


def test_a_stale_pid_file_of_a_stranger_does_not_mislead(home: Path) -> None:
    """After a crash the number can belong to any other process."""
    server = Server(home)
    server.start()
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n0\n5432\n{server.socket}\n\n")
    owner = server.data.stat()
    os.chown(server.data / "postmaster.pid", owner.st_uid, owner.st_gid)
    server.start()
    assert answer(server, "select 1") == 1
    server.stop()


def test_a_cluster_of_another_major_version_is_not_touched(home: Path) -> None:
    old = home / "postgres" / "15"
    old.mkdir(parents=True)
    (old / "PG_VERSION").write_text("15\n")
    with pytest.raises(PostgresFailed, match=r"made by PostgreSQL 15, .* Dump them .* or set JIAOJIE_DATABASE_URL"):
        Server(home).start()
    assert [path.name for path in old.iterdir()] == ["PG_VERSION"]


def test_the_newest_cluster_is_the_one_that_is_served(home: Path) -> None:
    for major in ("9", "18", "17"):
        (home / "postgres" / major).mkdir(parents=True)
        (home / "postgres" / major / "PG_VERSION").write_text(f"{major}\n")
    assert Server(home).major == 18


def test_a_broken_cluster_says_so_and_where_its_log_is(home: Path) -> None:
    server = Server(home)
    server.start()
    server.stop()
    (server.data / "global" / "pg_control").unlink()
    with pytest.raises(PostgresFailed, match=r"does not start: .*pg_control"):
        server.start()


def test_everything_is_private(server: Server) -> None:
    for folder in (server.root, server.data, server.socket):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder


def test_a_socket_has_a_short_path_where_the_home_has_a_long_one(home: Path) -> None:
    deep = home.parent.joinpath(*["a-folder-with-a-rather-long-name"] * 4)
    deep.parent.mkdir(parents=True)
    server = Server(deep / "home")
    server.start()
    assert len(bytes(server.socket)) < 80
    assert answer(server, "select 1") == 1
    server.stop()
    shutil.rmtree(server.socket, ignore_errors=True)


@pytest.mark.skipif(not AS_ROOT, reason="only root can be another user")
def test_no_other_user_of_the_machine_gets_in(server: Server) -> None:
    nobody = pwd.getpwnam("nobody")
    change = f"os.setgroups([]); os.setgid({nobody.pw_gid}); os.setuid({nobody.pw_uid})"
    code = f"import os, sys, psycopg; {change}; psycopg.connect(sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", code, server.url], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Permission denied" in done.stderr


@pytest.mark.skipif(not AS_ROOT, reason="only root runs the server as another user")
def test_root_never_runs_the_server(server: Server) -> None:
    assert Path(f"/proc/{postmaster(server)}").stat().st_uid == pwd.getpwnam("jiaojie").pw_uid


@pytest.mark.skipif(not AS_ROOT, reason="only root has homes that the server's user cannot enter")
def test_a_home_that_others_cannot_enter_keeps_its_permissions(home: Path) -> None:
    home.parent.chmod(0o700)
    server = Server(home)
    assert server.root.is_relative_to(ELSEWHERE)
    server.start()
    try:
        assert answer(server, "select 1") == 1
        assert stat.S_IMODE(home.parent.stat().st_mode) == 0o700
        assert Server(home).root == server.root
    finally:
        server.stop()
        shutil.rmtree(server.root.parent)


@pytest.mark.skipif(not AS_ROOT, reason="only root has folders that the server's user cannot enter")
def test_binaries_that_others_cannot_reach_are_copied_beside_the_data(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when root installs the product under its own home."""
    locked = home.parent / "locked"
    locked.mkdir(mode=0o700)
    installed = importlib.util.find_spec(WHEEL)
    assert installed is not None
    for folder in Path(str(installed.origin)).parents[1].glob(f"{WHEEL}*"):
        if not folder.name.endswith(".dist-info"):
            shutil.copytree(folder, locked / folder.name, symlinks=True)
    monkeypatch.syspath_prepend(locked)
    server = Server(home)
    server.start()
    try:
        runs_from = Path(f"/proc/{postmaster(server)}/exe").resolve()
        assert runs_from.is_relative_to(home)
        assert answer(server, "select 1") == 1
    finally:
        server.stop()
