"""Nothing is changed in a sealed file or in an evidence package without being found, and this is by which means.

The page that verifies holds a file's SHA-256 against the stored one; that alone finds every change, so for the 2,000
flipped bits it is asked for each of them. What stands without a stored hash, because the reader has none, is the
examination of the file by itself: asked for a sample of the flips, and for every other kind of tampering. The verifier
in the package is asked as a function for 2,000 flips, and as the court runs it for some.
"""

import dataclasses
import json
import random
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from hr.documents.signing import pades
from hr.documents.verify import pdf
from hr.evidence import opened
from hr.evidence.offline import verify
from hr.evidence.offline.verify_openssl import BYTE_RANGE
from hr.evidence.package import OFFLINE
from tests.hr.documents.conftest import PLACES, paper
from tests.hr.evidence.conftest import Kept, packed, sealed
from tests.hr.evidence.overlays import OVERLAYS

FLIPS = 2000
ALONE = 40  # of them without the stored hash: each takes a whole examination
SEED = 20261102


def flipped(content: bytes, dice: random.Random) -> bytes:
    """The content with one bit of it, anywhere, turned over."""
    changed = bytearray(content)
    changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def by_subprocess(path: Path) -> int:
    """How the packaged verifier ends, run as a court would."""
    command = ["env", "-i", sys.executable, "-I", str(OFFLINE / "verify.py"), str(path)]
    return subprocess.run(command, capture_output=True, check=False).returncode


@pytest.fixture
def offline(tmp_path: Path) -> Callable[[bytes], bool]:
    """Whether the packaged verifier accepts a package."""

    def accepted(content: bytes) -> bool:
        path = tmp_path / "package.zip"
        path.write_bytes(content)
        found, _ = verify.verify(path)
        return bool(found) and all(one.holds for one in found)

    return accepted


def repacked(kept: Kept, name: str, content: bytes) -> bytes:
    """The package with one file replaced and spelled as a package is: what somebody without a key would hand in."""
    return verify.pack(verify.unpack(kept.package) | {name: content})


def test_what_was_not_touched_holds(kept: Kept, offline: Callable[[bytes], bool]) -> None:
    found = pdf.examine(kept.sealed, kept.trust, at=kept.at)
    assert found.intact, list(map(str, found.problems))
    assert found.last_revision_covered
    assert found.trial
    assert {one.changed_since for one in found.signatures} == {"signatures-only"}
    assert offline(kept.package)


@pytest.mark.requirement("F63")
def test_every_flipped_bit_of_a_sealed_file_is_found(kept: Kept) -> None:
    dice, stored = random.Random(SEED), sha256(kept.sealed).digest()
    changed = [flipped(kept.sealed, dice) for _ in range(FLIPS)]
    assert not [one for one in changed if sha256(one).digest() == stored]
    missed = [one for one in changed[:ALONE] if pdf.examine(one, kept.trust, at=kept.at).intact]
    assert missed == []


def test_every_flipped_bit_of_a_package_is_found_by_the_page_and_by_the_verifier_in_it(
    kept: Kept, offline: Callable[[bytes], bool], tmp_path: Path
) -> None:
    dice = random.Random(SEED)
    changed = [flipped(kept.package, dice) for _ in range(FLIPS)]
    assert not [one for one in changed if opened.examine(one, kept.trust, at=kept.at).intact]
    assert not [one for one in changed if offline(one)]
    path = tmp_path / "flipped.zip"
    for one in changed[:3]:
        path.write_bytes(one)
        assert by_subprocess(path) == 1


@pytest.mark.requirement("F63")
@pytest.mark.parametrize("overlay", OVERLAYS, ids=lambda overlay: overlay.__name__)
def test_nothing_can_be_laid_over_a_sealed_file(
    kept: Kept, overlay: Callable[[bytes], bytes], offline: Callable[[bytes], bool]
) -> None:
    changed = overlay(kept.sealed)
    assert changed.startswith(kept.sealed)
    assert not pdf.examine(changed, kept.trust, at=kept.at).intact
    assert not offline(repacked(kept, "documents/sealed.pdf", changed))


@pytest.mark.parametrize("overlay", OVERLAYS[:6], ids=lambda overlay: overlay.__name__)
def test_a_time_stamp_over_an_overlay_makes_it_no_better(kept: Kept, overlay: Callable[[bytes], bytes]) -> None:
    """Whoever can ask a time authority that we trust can stamp what he likes: the stamp then says since when."""
    stamped = pades.renew(overlay(kept.sealed), time=kept.authority.time, trust=kept.trust, at=kept.at)
    found = pdf.examine(stamped, kept.trust, at=kept.at)
    assert not found.intact
    assert found.last_revision_covered
    assert {one.changed_since for one in found.signatures} == {"other"}
    assert all(one.signed and one.trusted for one in found.signatures)


def test_what_a_signature_does_not_cover_is_looked_at_too(kept: Kept) -> None:
    """The filling behind a signature in its gap, and the case of a letter in it."""
    ranges = [tuple(map(int, one.groups())) for one in BYTE_RANGE.finditer(kept.sealed)]
    _, gap, end, _ = ranges[-1]
    letter = next(at for at in range(gap, end) if kept.sealed[at : at + 1].isalpha())
    for at, byte in ((end - 2, b"1"), (letter, kept.sealed[letter : letter + 1].swapcase())):
        changed = kept.sealed[:at] + byte + kept.sealed[at + 1 :]
        found = pdf.examine(changed, kept.trust, at=kept.at)
        assert any("altered where it covers nothing" in str(problem) for problem in found.problems)


def test_a_swapped_page_and_a_removed_signature_are_found(kept: Kept, offline: Callable[[bytes], bool]) -> None:
    """A page of another document in place of one of this; and the file cut back to before the seal."""
    other = pades.prepare(paper(3), PLACES[2:], seam=True)
    swapped = sealed(other, kept.authority)
    ends = [one.end() for one in verify.re.finditer(rb"%%EOF\n?", kept.sealed)]
    cut = kept.sealed[: ends[-3]]
    for changed in (swapped, cut):
        handed_in = repacked(kept, "documents/sealed.pdf", changed)
        assert not opened.examine(handed_in, kept.trust, at=kept.at).intact
        assert not offline(handed_in)
    assert [one.field for one in pdf.examine(cut, kept.trust, at=kept.at).signatures] == ["Employee", "Manager"]


def edited(events: list[dict[str, Any]]) -> None:
    events[2]["ip"] = "198.51.100.7"


def deleted_in_the_middle(events: list[dict[str, Any]]) -> None:
    del events[2]


def deleted_at_the_end(events: list[dict[str, Any]]) -> None:
    del events[-1]


def moved(events: list[dict[str, Any]]) -> None:
    events[1], events[2] = events[2], events[1]


def written_anew(events: list[dict[str, Any]]) -> None:
    """Edited, and every hash behind it computed again."""
    events[2]["ip"], previous = "198.51.100.7", events[1]["hash"]
    for event in events[2:]:
        event["previous"] = previous
        content = {name: value for name, value in event.items() if name != "hash"}
        event["hash"] = previous = sha256(verify.canonical(content)).hexdigest()


CHANGES = (edited, deleted_in_the_middle, deleted_at_the_end, moved, written_anew)


@pytest.mark.requirement("F69")
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("manifest", ["left as it was", "written anew", "by a key of ours"])
def test_changed_events_are_found(
    kept: Kept,
    change: Callable[[list[dict[str, Any]]], None],
    manifest: str,
    offline: Callable[[bytes], bool],
) -> None:
    """Even with the manifest stamped and signed anew by our own keys, the chain and its anchors stand against it."""
    files = verify.unpack(kept.package)
    log = json.loads(files["events.json"])
    change(log["events"])
    files["events.json"] = verify.canonical(log)
    if manifest != "left as it was":
        told = json.loads(files["manifest.json"])
        told["chain"] = {"length": len(log["events"]), "head": log["events"][-1]["hash"]}
        for one in told["files"]:
            one |= {"sha256": sha256(files[one["name"]]).hexdigest(), "sm3": opened.gm.sm3(files[one["name"]])}
        files["manifest.json"] = verify.canonical(told)
    if manifest == "by a key of ours":
        with_keys(files, kept)
    handed_in = verify.pack(files)
    assert not opened.examine(handed_in, kept.trust, at=kept.at).intact
    assert not offline(handed_in)


def with_keys(files: dict[str, bytes], kept: Kept) -> None:
    """Stamp and sign a manifest as `package.build` does."""
    written = files["manifest.json"]
    files["manifest.tst"] = opened.stamps.token(kept.authority.time, sha256(written).digest())
    files["manifest.sm2"] = opened.gm.sign_detached(written + files["manifest.tst"], kept.authority.sm2_key)


def test_a_package_without_its_last_anchor_is_found(kept: Kept, offline: Callable[[bytes], bool]) -> None:
    shorter = dataclasses.replace(kept.content, anchors=kept.content.anchors[:-1])
    assert not offline(packed(shorter, kept.authority))


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7", b"%PDF-1.7\n" + b"1 0 obj\n" * 60_000, b"\x00" * 1000, b"%PDF-1.4\n[[[[[[" * 4000],
    ids=["empty", "only a head", "too many objects", "zeros", "nested"],
)
def test_whatever_is_handed_in_nothing_breaks(kept: Kept, content: bytes) -> None:
    found = pdf.examine(content, kept.trust, at=kept.at)
    assert not found.intact
    assert found.problems
    assert not opened.examine(content, kept.trust, at=kept.at).intact
