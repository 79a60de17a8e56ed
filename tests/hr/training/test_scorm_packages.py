"""A package of SCORM is read by the standard it was written to, and unpacked with mistrust."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from hr.training.media import Media
from hr.training.scorm import manifest, package
from hr.training.scorm.manifest import PackageRefused
from kernel.clock import ManualClock
from kernel.db import Unit
from kernel.errors import NotFound
from tests.hr.conftest import actor
from tests.hr.training.scorm_packages import ITEM, SCO, SCO_2004, packed, v1_2, v2004, with_member

HR = actor("hr", "hr")
PAGE = {"index.html"}


def read(text: str, files: set[str] = PAGE) -> manifest.Manifest:
    return manifest.read(text.encode(), files)


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    return tmp_path / "package"


def test_a_package_of_1_2_tells_its_page_and_its_mastery_score() -> None:
    found = read(v1_2())
    assert (found.standard, found.title) == ("1.2", "信息安全")
    assert [(item.key, item.title, item.href, item.mastery) for item in found.items] == [
        ("i1", "第一页", "index.html", 80.0)
    ]


@pytest.mark.parametrize("edition", ["CAM 1.3", "2004 3rd Edition", "2004 4th Edition"])
def test_every_edition_of_2004_is_read(edition: str) -> None:
    found = read(v2004(edition=edition))
    assert (found.standard, found.items[0].mastery) == ("2004", 80.0)


def test_pages_come_in_their_order_with_headings_unfolded_and_hidden_ones_left_out() -> None:
    items = (
        '<item identifier="a"><title>章</title><item identifier="b" identifierref="r1"><title>节</title></item></item>'
        '<item identifier="h" identifierref="r1" isvisible="false"><title>藏</title></item>'
        '<item identifier="b" identifierref="r2" parameters="?page=2"><title>图</title></item>'
    )
    more = '<resource identifier="r2" type="webcontent" adlcp:scormtype="asset" xml:base="img/" href="a%20b.html"/>'
    found = read(v1_2(items, SCO + more), {"index.html", "img/a b.html"})
    assert [(item.key, item.title, item.href, item.sco) for item in found.items] == [
        ("b", "节", "index.html", True),
        ("item-2", "图", "img/a%20b.html?page=2", False),
    ]


def test_what_2004_keeps_for_all_items_counts_for_those_that_refer_to_it() -> None:
    item = (
        '<item identifier="i1" identifierref="r1"><title>页</title><imsss:sequencing IDRef="s"/>'
        '<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.75"/></item>'
    )
    shared = (
        '<imsss:sequencingCollection><imsss:sequencing ID="s"><imsss:objectives><imsss:primaryObjective '
        'satisfiedByMeasure="true"><imsss:minNormalizedMeasure>0.6</imsss:minNormalizedMeasure>'
        "</imsss:primaryObjective></imsss:objectives></imsss:sequencing></imsss:sequencingCollection>"
    )
    found = read(v2004(item, SCO_2004, more=shared)).items[0]
    assert (found.mastery, found.threshold) == (60.0, 0.75)


def test_a_manifest_of_resources_alone_begins_with_its_first_page() -> None:
    text = v1_2("", SCO)
    assert [item.href for item in read(text).items] == ["index.html"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<manifest", "cannot be read as XML"),
        ("<course/>", "is no manifest"),
        (v1_2().replace(">1.2<", ">AICC<"), "SCORM 1.2 and SCORM 2004 are played"),
        (v1_2("", ""), "no page to begin with"),
        (v1_2(ITEM.replace("r1", "r9")), "names a page r9"),
        (v1_2(resources=SCO.replace('href="index.html">', 'href="https://evil.example/x.html">')), "lies outside"),
        (v1_2(resources=SCO.replace('href="index.html">', 'href="../../etc/passwd">')), "lies outside"),
        (v1_2(resources=SCO.replace('href="index.html">', 'href="http://[x/index.html">')), "is no address"),
        (v1_2(resources=SCO.replace('href="index.html">', 'xml:base="//[" href="index.html">')), "is no address"),
        (v1_2(resources=SCO.replace('href="index.html">', 'href="%2e%2e/x.html">')), "lies outside"),
        (v1_2(resources=SCO.replace('href="index.html">', 'href="gone.html">')), "there is no gone.html"),
        (
            '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            + v1_2().partition("?>")[2].replace("第一页", "&x;"),
            "declares a document type",
        ),
    ],
)
def test_a_manifest_that_cannot_be_played_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(PackageRefused, match=why):
        read(text)


def test_a_package_is_taken_in_and_unpacked_when_it_is_first_played(
    unit: Unit, tmp_path: Path, clock: ManualClock
) -> None:
    media = Media(tmp_path / "media", limit=1 << 20)
    found = media.add(unit, "course.zip", packed(v1_2()), actor=HR, at=clock.now())
    assert (found.kind, found.facts["standard"], found.facts["items"][0]["href"]) == ("scorm", "1.2", "index.html")
    assert manifest.kept(found.facts) == read(v1_2())
    folder = media.folder(found.hash)
    assert package.file(folder, "index.html").read_bytes() == b"<!doctype html><p>page</p>"
    assert media.folder(found.hash) == folder
    for path in ("../secret", "/etc/passwd", "gone.html", "", "index.html/..", "a\0b"):
        with pytest.raises(NotFound):
            package.file(folder, path)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (with_member("../out.html"), "leads elsewhere"),
        (with_member("/etc/cron.d/x"), "leads elsewhere"),
        (with_member("C:/x.html"), "leads elsewhere"),
        (with_member("a/./b.html"), "leads elsewhere"),
        (with_member("link.html", b"/etc/passwd", link=True), "is a link"),
        (with_member("n" * 230 + ".html"), "too long a path"),
        (with_member("/".join(["n" * 190] * 15)), "too long a path"),
        (with_member("index.html/x.html"), "a file and a folder of one name"),
        (packed(None), "The zip has no imsmanifest.xml"),
        (packed(None, **{"course/imsmanifest__xml": v1_2()}), "lies in the folder course"),
        (packed(v1_2())[:-200], "is damaged"),
        (
            packed(v1_2()).replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"),
            "password",
        ),
    ],
)
def test_a_zip_that_is_not_safe_is_refused_in_words(zipped: Path, content: bytes, why: str) -> None:
    zipped.write_bytes(content)
    with pytest.raises(PackageRefused, match=why):
        package.inspected(zipped)


def test_more_files_or_bytes_than_a_course_has_are_refused(zipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zipped.write_bytes(packed(v1_2(), index__html="x", big__bin=b"\0" * 300_000))
    monkeypatch.setattr(package, "RATIO_FROM", 100_000)
    with pytest.raises(PackageRefused, match="times its size"):
        package.inspected(zipped)
    monkeypatch.setattr(package, "UNPACKED_MOST", 200_000)
    with pytest.raises(PackageRefused, match="unpacks to more than"):
        package.inspected(zipped)
    monkeypatch.setattr(package, "MEMBERS_MOST", 2)
    with pytest.raises(PackageRefused, match="more than 2 files"):
        package.inspected(zipped)


def test_a_member_whose_bytes_were_changed_is_found_when_it_is_brought(zipped: Path) -> None:
    content = bytearray(packed(v1_2(), index__html="x" * 50))
    with zipfile.ZipFile(BytesIO(bytes(content))) as archive:
        at = archive.getinfo("index.html").header_offset
    content[at + 42] ^= 0xFF
    zipped.write_bytes(bytes(content))
    with pytest.raises(PackageRefused, match="is damaged"):
        package.inspected(zipped)
