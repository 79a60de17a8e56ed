"""A school with a course of one SCORM package, served: who signs in, and what their lesson's package is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest

from hr.people import accounts
from hr.training.course import CourseText, Lesson, Stratum
from tasks.house import House
from tests.api.company import served
from tests.tasks.human.training.conftest import School, actor, school

__all__ = ["school"]  # a fixture of those who import this

PASSWORD = "handover-2026"


@dataclass
class Served:
    """The address of the school's pages, and who comes in."""

    school: School
    url: str

    @property
    def content(self) -> str:
        """The origin that plays packages."""
        return self.url.replace("127.0.0.1", "localhost")

    def account(self, login: str, *groups: str) -> str:
        with self.school.database.transaction() as unit:
            hashed = accounts.hash_password(PASSWORD)
            accounts.create(unit, login, password_hash=hashed, groups=("employee", *groups), clock=self.school.clock)
        return login

    @contextmanager
    def signed_in(self, login: str) -> Iterator[httpx.Client]:
        """A client with the session and token of a page."""
        with httpx.Client(base_url=self.url, headers={"accept-language": "zh-CN"}, timeout=30) as client:
            assert client.post("/login", data={"login": login, "password": PASSWORD}).status_code == 303
            client.headers["x-csrf-token"] = client.get("/me").text.split('data-csrf="')[1].split('"')[0]
            yield client

    def package(self, slug: str, title: str, content: bytes, seconds: int = 0) -> None:
        """Publish a course of this package alone."""
        with self.school.database.transaction() as unit:
            who, at = actor("hr", "hr"), self.school.clock.now()
            media = self.school.house.world.media.add(unit, f"{slug}.zip", content, actor=who, at=at)
        lesson = Lesson(key="play", title=title, kind="scorm", scorm=media.hash, seconds=seconds)
        self.school.publish(CourseText(slug=slug, title=title, lessons=(lesson,), draw=(Stratum("easy", 1, 100),)))

    def learner(self, slug: str) -> tuple[str, str]:
        """Someone with an account who is given the course: login and number."""
        login = self.account(self.school.learner())
        return login, self.school.enrol(login, slug)


@pytest.fixture(scope="module")
def pages(school: School) -> Iterator[Served]:
    with serving(school, school.house) as made:
        made.account("hr.one", "hr")
        yield made


@contextmanager
def serving(school: School, house: House) -> Iterator[Served]:
    with served(house) as url:
        yield Served(school, url)
