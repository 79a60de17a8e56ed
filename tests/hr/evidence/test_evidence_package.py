"""The evidence package: built, checked by our own means, and by the verifier in it on a machine that has nothing."""

import ast
import dataclasses
import json
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import pem

from hr.evidence import opened
from hr.evidence.offline import verify
from hr.evidence.package import OFFLINE
from tests.hr.evidence.conftest import Kept, packed

NOTHING = ["env", "-i", sys.executable, "-I"]


def by_the_packaged_verifier(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run it as a court would: its own folder, no environment, no packages, none of our files."""
    command = [*NOTHING, str(folder / "verify.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)


@pytest.fixture
def folder(tmp_path: Path, kept: Kept) -> Path:
    with zipfile.ZipFile(BytesIO(kept.package)) as archive:
        archive.extractall(tmp_path)
    return tmp_path


@pytest.mark.requirement("F69")
def test_a_package_proves_itself_with_openssl_and_nothing_of_ours(kept: Kept, folder: Path) -> None:
    told = by_the_packaged_verifier(folder)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "张龘㛃" in told.stdout
    assert "赵𬎆" in told.stdout
    assert "结论：全部通过" in told.stdout
    assert "Result: everything holds." in told.stdout
    assert kept.authority.root.sha256.hex() in told.stdout


def test_the_zip_itself_can_be_checked_and_the_root_can_be_pinned(kept: Kept, folder: Path, tmp_path: Path) -> None:
    whole, root = tmp_path / "package.zip", tmp_path / "ours.pem"
    whole.write_bytes(kept.package)
    root.write_bytes(pem.armor("CERTIFICATE", kept.authority.root.dump()))
    assert by_the_packaged_verifier(folder, "package.zip", "--root", "ours.pem").returncode == 0
    root.write_bytes(pem.armor("CERTIFICATE", kept.authority.company.certificate.dump()))
    refused = by_the_packaged_verifier(folder, "package.zip", "--root", "ours.pem")
    assert refused.returncode == 1
    assert "不通过" in refused.stdout


def test_a_file_of_roots_that_is_none_is_told_in_both_languages(kept: Kept, folder: Path) -> None:
    (folder / "words.pem").write_text("no certificate")
    (folder / "broken.pem").write_text("-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n")
    for name, zh, en in (
        ("nope.pem", "无法读取根证书文件", "cannot be read"),
        ("words.pem", "没有 PEM 格式的证书", "holds no certificate"),
        ("broken.pem", "没有 PEM 格式的证书", "holds no certificate"),
    ):
        told = by_the_packaged_verifier(folder, "--root", name)
        assert (told.returncode, told.stderr) == (2, ""), name
        assert zh in told.stdout
        assert en in told.stdout


def test_our_own_means_find_the_same(kept: Kept) -> None:
    found = opened.examine(kept.package, kept.trust, at=kept.at)
    assert found.intact, list(map(str, found.problems))
    assert found.document is not None
    assert [one.signer for one in found.document.signatures][:2] == ["张龘㛃", "赵𬎆"]
    assert (found.subject, found.length) == (kept.content.subject, len(kept.content.events))


def test_the_same_facts_give_the_same_bytes_but_for_stamp_and_signature(kept: Kept) -> None:
    one, other = verify.unpack(kept.package), verify.unpack(packed(kept.content, kept.authority))
    assert {name for name in one if one[name] != other[name]} == {"manifest.tst", "manifest.sm2"}


def test_who_has_no_key_cannot_write_the_package_anew(kept: Kept, tmp_path: Path) -> None:
    """An event edited, every hash after it and the manifest written anew: what is left is what takes a key."""
    files = verify.unpack(kept.package)
    events = json.loads(files["events.json"])
    previous = verify.FIRST
    for event in events["events"]:
        event["previous"] = previous
        event["ip"] = "198.51.100.7"
        content = {name: value for name, value in event.items() if name != "hash"}
        event["hash"] = previous = verify.hashlib.sha256(verify.canonical(content)).hexdigest()
    files["events.json"] = verify.canonical(events)
    manifest = json.loads(files["manifest.json"])
    manifest["chain"]["head"] = previous
    for one in manifest["files"]:
        one["sha256"] = verify.hashlib.sha256(files[one["name"]]).hexdigest()
    files["manifest.json"] = verify.canonical(manifest)
    forged = tmp_path / "forged.zip"
    forged.write_bytes(verify.pack(files))
    found, _ = verify.verify(forged)
    assert not all(one.holds for one in found)
    assert not opened.examine(forged.read_bytes(), kept.trust, at=kept.at).intact


def test_a_package_of_another_authority_is_not_ours(kept: Kept) -> None:
    strange = dataclasses.replace(kept.trust, roots=(kept.authority.company.certificate,))
    assert not opened.examine(kept.package, strange, at=kept.at).intact


def test_the_verifier_is_python_3_8_and_knows_nothing_of_ours() -> None:
    for name in ("verify.py", "verify_openssl.py"):
        source = (OFFLINE / name).read_text("utf-8")
        tree = ast.parse(source, feature_version=(3, 8))
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        named = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        known = set(sys.stdlib_module_names) | {"verify_openssl"}
        assert {one.split(".")[0] for one in imported | named} <= known
