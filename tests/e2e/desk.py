"""A process designer at a desk, with the studio in the browser."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import PASSWORD, PHONE, Product

DESK = {"width": 1440, "height": 900}
# The browser notes each refusal that the product gives on purpose.
EXPECTED = re.compile(r"status of 4(01|04|09|22)|ERR_INTERNET_DISCONNECTED|net::ERR_FAILED|Autofocus processing")


class Desk:
    """Somebody signed in; at the end no page may have complained."""

    def __init__(self, browser: Browser, product: Product, login: str, *, size: dict[str, int] = DESK) -> None:
        phone = size is PHONE
        self._context = browser.new_context(
            base_url=product.url,
            viewport=size,  # type: ignore[arg-type]  # a plain dictionary is a ViewportSize
            locale="zh-CN",
            is_mobile=phone,
            has_touch=phone,
            accept_downloads=True,
        )
        self.page: Page = self._context.new_page()
        self._complaints: list[str] = []
        self.page.on("pageerror", lambda error: self._complaints.append(str(error)))
        self.page.on("console", lambda said: self._complaints.append(said.text) if said.type == "error" else None)
        self.page.goto("/login")
        self.page.locator("[name=login]").fill(login)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/login" not in url)

    def project(self, name: str) -> str:
        """The address of a project of the studio."""
        self.page.goto("/studio")
        found = self.page.locator("a[href^='/studio/']", has_text=name).first.get_attribute("href")
        assert found is not None
        return found

    def close(self) -> None:
        self._context.close()
        assert [text for text in self._complaints if not EXPECTED.search(text)] == []


class Trial:
    """The page on which a draft is tried."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.happened = page.locator(".trial-happened")

    def open(self, project: str, process: str = "") -> None:
        """Begin a run, with nothing done yet."""
        self.page.goto(f"{project}/try" + (f"?process={process}" if process else ""))
        self.page.get_by_role("button", name="开始试运行").click()
        expect(self.page.locator(".trial-start")).to_be_visible(timeout=60_000)

    def start(self, login: str) -> None:
        """Fill in the start form as somebody, with what the page offers as samples."""
        self.page.locator("[name=as]").select_option(login)
        self.page.locator("[data-start=form]").click()
        self.fill_and_send()

    def act(self, element: str, login: str) -> None:
        """Finish a task as somebody, with samples where it has a form."""
        self.tab("待办")
        task = self.page.locator(f".trial-panel [data-task={element}]").first
        task.locator(f"[data-as='{login}']").click()
        self.fill_and_send()

    def fill_and_send(self) -> None:
        form = self.page.locator("dialog.filling")
        form.locator(".fjs-form").wait_for()
        form.locator("[data-fill]").click()
        self.send()

    def send(self) -> None:
        steps = self.steps()
        self.page.locator("[data-send]").click()
        expect(self.page.locator("dialog.filling")).to_have_count(0, timeout=30_000)
        self.stepped(steps + 1)

    def move(self, span: str) -> None:
        """Let time go by: an ISO duration of a button, or `next`."""
        self.does(self.page.locator(f"[data-move={span}]"))

    def switch(self, system: str) -> None:
        """Turn an outside system off or on."""
        self.tab("消息")
        self.does(self.page.locator(f"[data-system={system}]"))

    def does(self, button: Locator) -> None:
        """Press what takes a step, and wait for it."""
        steps = self.steps()
        button.click()
        self.stepped(steps + 1)

    def back(self) -> None:
        steps = self.steps()
        self.page.locator("[data-act=back]").click()
        self.stepped(steps - 1)

    def steps(self) -> int:
        """How many were taken."""
        return int((self.page.locator(".trial-title small").inner_text()).split()[0])

    def stepped(self, number: int) -> None:
        expect(self.page.locator(".trial-title small")).to_have_text(f"{number} 步", timeout=60_000)
        expect(self.page.locator(".trial-busy")).to_have_count(0)

    def tab(self, name: str) -> None:
        self.page.locator(".trial-side [role=tab]", has_text=name).click()

    def badge(self, element: str, kind: str = "active") -> Locator:
        """The token, or the incident, on an element of the diagram."""
        return self.page.locator(f".djs-overlays[data-container-id='{element}'] .jj-badge.{kind}:visible")

    def record(self, name: str, requirements: str = "") -> str:
        """Keep the run as a scenario; the YAML as it was shown before."""
        self.page.locator("[data-act=record]").click()
        self.page.locator("[name=story]").fill(name)
        self.page.locator("[name=requirements]").fill(requirements)
        self.page.get_by_role("button", name="查看 YAML").click()
        written = self.page.locator("textarea.yaml").input_value(timeout=60_000)
        self.page.locator("[data-keep]").click()
        expect(self.page.locator(".trial-saved")).to_be_visible(timeout=60_000)
        return written
