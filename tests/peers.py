"""Peers in processes of their own: the demonstration's counterparts, a SCIM directory, an SMTP server."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from kernel.config import Settings

TOKEN = "a-token"
SECRET = "a-secret"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(*command: str, port: int) -> Iterator[None]:
    """A process that listens on `port`, ended with the block."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        listening(process, port)
        yield
    finally:
        process.terminate()
        process.wait(10)


def listening(process: "subprocess.Popen[bytes]", port: int) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} does not listen on {port}.")


@dataclass(frozen=True, slots=True)
class Counterparts:
    """The counterparts' process, seen from its controls."""

    url: str
    mail_port: int
    control: httpx.Client

    def fault(self, system: str, **what: Any) -> None:
        self.control.post("/_faults", json={"system": system, **what}).raise_for_status()

    def put(self, system: str, key: str, record: Any) -> None:
        self.control.put(f"/_records/{system}/{key}", json=record).raise_for_status()

    def get(self, system: str, key: str) -> Any:
        return self.control.get(f"/_records/{system}/{key}").json()

    def calls(self, key: str) -> list[dict[str, Any]]:
        """The calls that carried this idempotency key."""
        return [call for call in self.control.get("/_calls").json() if call["key"] == f'"{key}"']

    def mail(self) -> list[dict[str, Any]]:
        letters: list[dict[str, Any]] = self.control.get("/_mail").json()
        return letters

    def settings(self, **more: Any) -> Settings:
        """Settings that name every system of this process."""
        return Settings(
            mail_url=f"smtp://127.0.0.1:{self.mail_port}",
            sms_url=f"{self.url}/sms",
            sms_token=TOKEN,
            scim_url=f"{self.url}/scim/v2",
            scim_token=TOKEN,
            oa_url=f"{self.url}/oa",
            oa_secret=SECRET,
            crm_url=f"{self.url}/crm",
            crm_token=TOKEN,
            finance_url=f"{self.url}/finance",
            finance_token=TOKEN,
            assets_url=f"{self.url}/assets",
            assets_token=TOKEN,
            identity_url=f"{self.url}/identity",
            identity_token=TOKEN,
            outbound_timeout_seconds=2.0,
            **more,
        )


@pytest.fixture(scope="session")
def counterparts_process() -> Iterator[Counterparts]:
    port, mail_port = free_port(), free_port()
    command = (sys.executable, "-m", "demo.counterparts", "--port", str(port), "--mail-port", str(mail_port))
    url = f"http://127.0.0.1:{port}"
    with (
        running(*command, "--token", TOKEN, "--secret", SECRET, port=port),
        httpx.Client(base_url=url, timeout=60, trust_env=False) as control,
    ):
        yield Counterparts(url, mail_port, control)


@pytest.fixture
def counterparts(counterparts_process: Counterparts) -> Counterparts:
    """The counterparts without any fault left over."""
    counterparts_process.control.delete("/_faults")
    return counterparts_process


@pytest.fixture(scope="session")
def directory() -> Iterator[str]:
    """The base URL of a SCIM 2.0 server."""
    port = free_port()
    server = Path(sys.executable).parent / "scim2-server"
    with running(str(server), "--hostname", "127.0.0.1", "--port", str(port), port=port):
        yield f"http://127.0.0.1:{port}/v2"


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP server and the maildir that it fills."""

    url: str
    folder: Path


@pytest.fixture(scope="session")
def mail_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    port = free_port()
    folder = tmp_path_factory.mktemp("post") / "maildir"
    listen = ("-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Mailbox", str(folder))
    with running(sys.executable, "-m", "aiosmtpd", *listen, port=port):
        yield MailServer(f"smtp://127.0.0.1:{port}", folder)


@pytest.fixture
def dead_port() -> int:
    """A port that nobody listens on."""
    return free_port()
