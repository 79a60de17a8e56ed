"""The whole product in processes of its own, driven by a browser the size of a phone."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, TimeoutError

from tests.peers import SECRET, TOKEN, Counterparts, MailServer, free_port

PASSWORD = "jiaojie-demo"
ROOT = Path(__file__).resolve().parents[2]
PHONE = {"width": 390, "height": 844}


def plain(url: str, **more: Any) -> httpx.Client:
    """A client of this machine alone: to load whom TLS trusts costs 50 ms of CPU, and pollers make many clients."""
    return httpx.Client(base_url=url, timeout=60, trust_env=False, verify=False, **more)


@dataclass
class Product:
    """`jiaojie serve --demo` over a home of its own, with every peer in a process of its own."""

    home: Path
    port: int
    environment: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    log: list[Path] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, worker: bool = True) -> None:
        """Web and worker in one; without a worker, pages alone, and nothing goes on by itself."""
        wanted = ["serve", "--demo"] if worker else ["web"]
        command = [str(Path(sys.executable).parent / "jiaojie"), *wanted, "--port", str(self.port)]
        path = self.home / f"serve-{len(self.log)}.log"
        self.log.append(path)
        with path.open("wb") as out:
            self.process = subprocess.Popen(
                command, env=self.environment, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
            )
        with plain(self.url) as client:
            for _ in range(1200):
                with suppress(httpx.HTTPError):
                    if client.get("/login").status_code == 200:
                        return
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        raise RuntimeError(f"The product does not start: {path.read_text()[-3000:]}")

    def kill(self) -> None:
        """End it at once, server and worker together, as a power cut would."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)

    def api(self, login: str) -> httpx.Client:
        return plain(self.url, auth=(login, PASSWORD))

    def state(self) -> str:
        """What is open and what has stopped, for whoever reads a failure."""
        with self.api("admin") as client:
            tasks = client.post("/v2/user-tasks/search", json={"filter": {"state": "CREATED"}}).json()["items"]
            stopped = client.post("/v2/incidents/search", json={"filter": {"state": "ACTIVE"}}).json()["items"]
            jobs = client.post("/v2/jobs/search", json={"filter": {"state": "CREATED"}}).json()["items"]
        waiting = [f"{job['type']}: {job['errorMessage']}" for job in jobs]
        return f"{[t['elementId'] for t in tasks]} {[(i['elementId'], i['errorMessage']) for i in stopped]} {waiting}"

    def move_clock(self, to: datetime) -> None:
        """The trial's clock."""
        with self.api("admin") as client:
            millis = int(to.timestamp() * 1000)
            client.put("/v2/clock", json={"timestamp": millis}).raise_for_status()

    def until(self, what: str, check: Any, seconds: int = 60) -> Any:
        """Wait until `check()` gives something."""
        for _ in range(seconds * 10):
            if found := check():
                return found
            time.sleep(0.1)
        raise AssertionError(f"waited in vain until {what}; {self.state()}; {self.log[-1].read_text()[-2000:]}")


@contextmanager
def product(counterparts: Counterparts, mail: MailServer, directory: str, **more: str) -> Iterator[Product]:
    home = Path(tempfile.mkdtemp(prefix="jiaojie-e2e-"))
    home.chmod(0o711)  # where the tests run as root, the database runs under a user of its own
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("JIAOJIE_")},
        "JIAOJIE_HOME": str(home),
        "JIAOJIE_DEMO_CASES": "0",
        "JIAOJIE_TRIAL": "1",
        "JIAOJIE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "JIAOJIE_MAIL_URL": mail.url,
        "JIAOJIE_SCIM_URL": directory,
        "JIAOJIE_OA_URL": f"{counterparts.url}/oa",
        "JIAOJIE_OA_SECRET": SECRET,
        **{
            f"JIAOJIE_{system.upper()}_{part}": value
            for system in ("crm", "finance", "assets", "sms")
            for part, value in (("URL", f"{counterparts.url}/{system}"), ("TOKEN", TOKEN))
        },
        **more,
    }
    running = Product(home, port, environment)
    try:
        running.start()
        yield running
    finally:
        running.stop()
        shutil.rmtree(home, ignore_errors=True)


class Phone:
    """One person with a phone in hand."""

    def __init__(self, browser: Browser, product: Product, login: str) -> None:
        self._context = browser.new_context(
            viewport=PHONE, locale="zh-CN", has_touch=True, is_mobile=True, accept_downloads=True
        )
        self.product = product
        self.login = login
        self.page: Page = self._context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.go("/login")
        self.page.locator("[name=login]").fill(login)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url("**/inbox**")

    def go(self, path: str) -> None:
        self.page.goto(self.product.url + path)

    def open_task(self, name: str, about: str = "", tab: str = "mine") -> None:
        """Open a task from the inbox; it may take a moment to arrive."""
        for _ in range(60):
            self.go(f"/inbox?tab={tab}&q={about}")
            row = self.page.locator("a.row", has_text=name).filter(has_text=about).first
            if row.count():
                row.click()
                self.page.get_by_role("heading", name=name, level=1).wait_for()
                self.page.locator(".fjs-form").first.wait_for()
                return
            time.sleep(0.5)
        raise AssertionError(f"{self.login} has no task {name}: {self.product.state()}")

    def choose(self, label: str, option: str) -> None:
        """Pick an option of a select."""
        field = self.page.locator(".fjs-form-field-select", has_text=label)
        field.locator(".fjs-input-group").click()
        self.page.locator(".fjs-dropdownlist-item", has_text=option).first.click()

    def choose_colleague(self, label: str, name: str) -> None:
        """Find a colleague by a few letters and pick him."""
        box = self.page.get_by_label(label)
        box.click()
        box.press_sequentially(name, delay=20)
        self.page.locator("[role=option]", has_text=name).first.click()

    def pick_date(self, label: str, day: date) -> None:
        box = self.page.get_by_label(label)
        box.fill(f"{day:%Y/%m/%d}")
        box.press("Enter")
        self.page.keyboard.press("Escape")

    def errors(self) -> list[str]:
        """The sentences beside fields."""
        return self.page.locator(".fjs-form-field-error:visible").all_inner_texts()

    def sign(self) -> None:
        """Draw a stroke with a finger."""
        canvas = self.page.locator("canvas").first
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + 40, box["y"] + 60)
        self.page.mouse.down()
        for step in range(8):
            self.page.mouse.move(box["x"] + 40 + 20 * step, box["y"] + (40 if step % 2 else 90))
        self.page.mouse.up()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).locator("visible=true").first.click()

    def send(self, name: str) -> None:
        """Press the form's button and wait until the page has moved on."""
        before = self.page.url
        self.press(name)
        try:
            self.page.wait_for_url(lambda url: url != before, timeout=30_000)
        except TimeoutError:
            self.page.screenshot(path=self.product.home / "refused.png", full_page=True)
            said = self.page.locator(".note.bad:visible, [role=alert]:visible").all_inner_texts()
            raise AssertionError(f"{self.login} cannot send {name}: {self.errors()} {said}") from None

    def claim(self) -> None:
        self.press("领取")
        self.page.get_by_role("button", name="退回组内").or_(self.page.locator(".fjs-form")).first.wait_for()

    def close(self) -> None:
        assert not self.faults, self.faults
        self._context.close()
