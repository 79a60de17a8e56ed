"""Anyone, without a login, asks whether a file or a code is genuine, and learns it in words and no name in full."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from api import bootstrap
from api.pages import verify as page
from hr.documents.signing import pades
from hr.people import staff
from hr.people.staff import Hire
from kernel.clock import ManualClock
from kernel.config import Settings
from kernel.db import Database
from tasks.house import House
from tests.api.company import database_of_its_own, served
from tests.hr.documents.conftest import PLACES, paper
from tests.hr.evidence import agreed, overlays
from tests.hr.evidence.agreed import CODE, NUMBER, Place

NAME = "赵𬎆龘"


@dataclass(frozen=True, slots=True)
class Scene:
    """A house with one agreement in it, served; `prepared` and `sealed` are its file before and after."""

    house: House
    clock: ManualClock
    site: httpx.Client
    sealed: bytes
    prepared: bytes

    def upload(self, content: bytes, name: str = "agreement.pdf") -> str:
        """What the page says about a file, as it reads. Each upload comes a while after the one before."""
        self.clock.advance(timedelta(minutes=11))
        answer = self.site.post("/verify", files={"file": (name, content)})
        assert answer.status_code == 200, answer.text
        assert NAME not in answer.text
        return answer.text


@pytest.fixture(scope="module")
def scene(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    clock = ManualClock("2026-11-02T01:00:00+00:00")
    with database_of_its_own(server, template) as address:
        database = Database(address)
        try:
            settings = Settings(home=tmp_path_factory.mktemp("home"), database_url=address, secret="s", language="en")
            house = bootstrap.build(settings, database, clock)
            sealed = concluded(house)
            with served(house) as url, httpx.Client(base_url=url, timeout=60, trust_env=False) as site:
                yield Scene(house, clock, site, sealed, pades.prepare(paper(2), [], seam=False))
        finally:
            database.close()


def concluded(house: House) -> bytes:
    with house.database.transaction() as unit:
        staff.add_department(unit, "sales", "销售一部")
        hired = house.clock.now().date()
        joining = Hire(no="QM5", login="zhao", name=NAME, department="sales", position="销售代表", hired_on=hired)
        staff.hire(unit, house.world.files.cipher, joining)
    place = Place(house.database, house.world.files, house.world.seals.authority, house.clock)
    return agreed.concluded(place, "zhao", NAME)


@pytest.mark.requirement("F63")
def test_the_sealed_file_is_genuine_and_its_signers_are_named_in_part(scene: Scene) -> None:
    said = scene.upload(scene.sealed)
    assert "This is genuine" in said
    assert NUMBER in said
    assert "赵＊＊" in said
    assert "Signed on trial" in said
    assert sha256(scene.sealed).hexdigest() in said


def test_a_changed_file_is_told_with_what_does_not_hold_and_where(scene: Scene) -> None:
    said = scene.upload(overlays.white_box(scene.sealed))
    assert "This was changed" in said
    assert "Revision 6 of 6 changes the document after it was signed." in said
    assert NUMBER not in said


def test_a_flipped_bit_is_told(scene: Scene) -> None:
    at = scene.sealed.index(b"/Reason") + 12
    said = scene.upload(scene.sealed[:at] + bytes([scene.sealed[at] ^ 1]) + scene.sealed[at + 1 :])
    assert "This was changed" in said
    assert "does not hold" in said


def test_an_earlier_state_is_no_agreement_yet(scene: Scene) -> None:
    with scene.house.database.transaction() as unit:
        earlier = unit.one("select prepared_hash from agreement")[0]
        content = scene.house.world.files.read(unit, earlier).content
    said = scene.upload(content)
    assert "Not concluded" in said
    assert "before everyone had signed" in said


def test_a_file_of_somebody_else_is_not_from_us(scene: Scene) -> None:
    said = scene.upload(pades.prepare(paper(1), PLACES, seam=False))
    assert "This is not from us" in said
    assert "bears no signature" in said


def test_a_damaged_file_of_ours_is_never_told_to_bear_no_signature(scene: Scene) -> None:
    damaged = {
        "appended": scene.sealed + b"\n%%EOF\n",
        "cut short": scene.sealed[:-200],
        "cut in half": scene.sealed[: len(scene.sealed) // 2],
        "prefixed": b"%!\n\n" + scene.sealed,
    }
    for how, content in damaged.items():
        said = scene.upload(content)
        assert "This was changed" in said, how
        assert "bears no signature of ours" not in said, how
    assert "altered or damaged after it was sealed" in scene.upload(damaged["cut short"])


def test_of_a_file_that_cannot_be_read_nothing_is_said_of_its_signatures(scene: Scene) -> None:
    said = scene.upload(pades.prepare(paper(1), PLACES, seam=False)[:-300])
    assert "This cannot be read" in said
    assert "bears no signature of ours" not in said


def test_an_archive_of_somebody_else_is_not_from_us(scene: Scene) -> None:
    for packing in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", packing) as archive:
            archive.writestr("manifest.json", b'{"manifest_version": 3, "name": "a browser extension"}')
            archive.writestr("popup.html", b"<p>")
        assert "This is not from us" in scene.upload(made.getvalue(), "extension.zip")


def test_a_package_that_was_packed_anew_was_changed(scene: Scene) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("certificates/sm2.pem", "events.json", "manifest.json", "manifest.sm2", "manifest.tst"):
            archive.writestr(name, b"{}" * 20)
    assert "This was changed" in scene.upload(made.getvalue(), "evidence.zip")


def test_words_that_are_no_address_share_one_window(scene: Scene) -> None:
    scene.clock.advance(timedelta(minutes=11))
    asked = [
        scene.site.get(f"/verify/{CODE}", headers={"x-forwarded-for": f"anyone-{number}"}).status_code
        for number in range(page.CODES.most + 1)
    ]
    assert asked == [200] * page.CODES.most + [429]
    assert scene.site.get(f"/verify/{CODE}", headers={"x-forwarded-for": "203.0.113.77"}).status_code == 200
    with scene.house.database.transaction() as unit:
        keys = {key for (key,) in unit.all("select key from rate_window")}
    assert "verify-code/unknown" in keys
    assert not any("anyone" in key for key in keys)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"GIF89a" + b"\x00" * 40, "neither a PDF nor an evidence package"),
        (b"", "Choose a file"),
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "neither a PDF nor an evidence package"),
    ],
    ids=["picture", "empty", "xml"],
)
def test_what_is_no_file_of_ours_is_refused_in_words(scene: Scene, content: bytes, words: str) -> None:
    scene.clock.advance(timedelta(minutes=11))
    answer = scene.site.post("/verify", files={"file": ("a.pdf", content)})
    assert answer.status_code == 400
    assert words in answer.text


def test_a_bomb_in_a_package_is_not_unpacked(scene: Scene) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b"0" * 100_000_000)
    said = scene.upload(bomb.getvalue(), "evidence.zip")
    assert "This is not from us" in said
    assert "packed anew" in said


def test_too_large_a_file_is_refused(scene: Scene) -> None:
    scene.clock.advance(timedelta(minutes=11))
    answer = scene.site.post("/verify", files={"file": ("a.pdf", b"%PDF-1.7" + b"\x00" * (20 * 1024 * 1024))})
    assert answer.status_code == 400
    assert "more than 20 MB" in answer.text


def test_a_code_tells_what_to_compare_with(scene: Scene) -> None:
    scene.clock.advance(timedelta(minutes=11))
    said = scene.site.get(f"/verify/{CODE.lower()}").text
    assert "There is a document with this code" in said
    assert sha256(scene.sealed).hexdigest() in said
    assert "赵＊＊" in said
    assert NAME not in said


def test_a_typed_code_leads_to_its_address_and_nonsense_does_not(scene: Scene) -> None:
    scene.clock.advance(timedelta(minutes=11))
    led = scene.site.post("/verify", files={"file": ("", b"")}, data={"code": f" {CODE.lower()} "})
    assert led.headers["location"] == f"/verify/{CODE}"
    assert scene.site.post("/verify", data={"code": "//evil.example"}).status_code == 400
    assert scene.site.get("/verify/0000-0000-0000-0000").status_code == 404


def test_an_agreement_that_is_not_signed_by_all_tells_nothing_of_itself(scene: Scene) -> None:
    scene.clock.advance(timedelta(minutes=11))
    change = "update agreement set status = %s, ended_at = %s"
    with scene.house.database.transaction() as unit:
        ended = unit.one("select ended_at from agreement")[0]
        unit.run(change, ("signing", None))
    try:
        said = scene.site.get(f"/verify/{CODE}").text
    finally:
        with scene.house.database.transaction() as unit:
            unit.run(change, ("sealed", ended))
    assert "Not everybody has signed" in said
    assert NUMBER not in said
    assert "赵" not in said


def test_who_asks_too_often_is_told_when_to_come_back(scene: Scene) -> None:
    scene.clock.advance(timedelta(minutes=11))
    codes = [scene.site.get(f"/verify/{CODE}") for _ in range(page.CODES.most + 1)]
    assert {one.status_code for one in codes[:-1]} == {200}
    assert codes[-1].status_code == 429
    assert codes[-1].headers["retry-after"] == "600"
    assert "Try again in 10 minutes" in codes[-1].text
    files = [scene.site.post("/verify", files={"file": ("a", b"no")}).status_code for _ in range(page.FILES.most + 1)]
    assert files == [400] * page.FILES.most + [429]


def test_nothing_that_was_handed_in_is_kept(scene: Scene) -> None:
    def held() -> tuple[int, list[Path]]:
        with scene.house.database.transaction() as unit:
            rows = unit.one("select count(*) from stored_file")[0]
        return rows, sorted(scene.house.settings.home.rglob("*"))

    before = held()
    scene.upload(overlays.annotation(scene.sealed))
    assert held() == before
