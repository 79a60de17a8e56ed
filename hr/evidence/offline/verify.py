#!/usr/bin/env python3
"""证据包核验程序 / Checks an evidence package. Needs Python 3.8 or newer and the command `openssl` (1.1.1 or newer).

    python3 verify.py                       the folder in which this file lies
    python3 verify.py PACKAGE.zip           a package, or a folder into which one was unpacked
    python3 verify.py PACKAGE.zip --root R.pem   trusts this root alone, instead of those in the package

It prints what it found in Chinese and English and ends with 0 if everything holds, with 1 if anything does not, with 2
if a file named by --root is missing or holds no certificate. The
roots in a package prove nothing by themselves: compare their fingerprints with those that the company publishes, or
name the root that you have from elsewhere. README.txt describes the format, so that anyone can write such a program.
"""

from __future__ import annotations

import argparse
import binascii
import hashlib
import io
import json
import re
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

if __package__:
    from .verify_openssl import Fault, Finding, Tools
else:  # as a script, which Python may keep from looking beside itself (-I)
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from verify_openssl import Fault, Finding, Tools  # type: ignore[import-not-found,no-redef]  # the same, by its name there

FIRST = "0" * 64
APART = ("manifest.json", "manifest.tst", "manifest.sm2")  # what the manifest cannot list
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----\s+(.+?)-----END CERTIFICATE-----", re.DOTALL)


# --- the container -------------------------------------------------------------------------------------------------


def pack(files: dict[str, bytes]) -> bytes:
    """The one spelling of a package: names sorted, nothing compressed, no dates. So any changed bit shows."""
    body, index = io.BytesIO(), io.BytesIO()
    for name in sorted(files):
        encoded, content, at = name.encode(), files[name], body.tell()
        size, checksum = len(content), binascii.crc32(content)
        fixed = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 33, checksum, size, size, len(encoded), 0)
        body.write(b"PK\x03\x04" + fixed + encoded + content)
        index.write(b"PK\x01\x02" + struct.pack("<H", 20) + fixed + struct.pack("<HHHII", 0, 0, 0, 0, at) + encoded)
    directory, start, count = index.getvalue(), body.tell(), len(files)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(directory), start, 0)
    return body.getvalue() + directory + end


def unpack(content: bytes) -> dict[str, bytes]:
    """The files of a package. Raises Fault for what is none, or is not spelled as `pack` spells it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            plain = all(entry.compress_type == zipfile.ZIP_STORED for entry in entries)
            if not plain or sum(entry.file_size for entry in entries) > len(content):
                raise Fault(
                    "压缩包经过重新打包或压缩，不是原始文件。", "The package was packed anew; it is not the original."
                )
            files = {entry.filename: archive.read(entry) for entry in entries}
    except (
        zipfile.BadZipFile,
        ValueError,
        OSError,
        NotImplementedError,
        RuntimeError,
        struct.error,
        EOFError,
    ) as fault:
        raise Fault(f"压缩包损坏（{fault}）。", f"The package is damaged ({fault}).") from None
    if not all(NAME.fullmatch(name) for name in files) or pack(files) != content:
        raise Fault("压缩包的字节不是出具时的字节。", "The bytes of the package are not those it was issued with.")
    return files


# --- what needs no cryptography but SHA-256 ------------------------------------------------------------------------


def canonical(value: Any) -> bytes:
    """JSON with sorted names and no spaces, in UTF-8: the spelling that is hashed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def check_files(files: dict[str, bytes], manifest: Any) -> Iterator[Finding]:
    """Every file is the one that the manifest lists, and there is none besides."""
    listed = {one["name"]: one for one in manifest["files"]}
    for name in sorted(set(files) - set(APART) - set(listed)):
        yield Finding(False, f"清单中没有文件 {name}。", f"The manifest does not list the file {name}.")
    for name, one in sorted(listed.items()):
        content = files.get(name)
        if content is None:
            yield Finding(False, f"缺少文件 {name}。", f"The file {name} is missing.")
        elif hashlib.sha256(content).hexdigest() != one["sha256"]:
            yield Finding(False, f"文件 {name} 已被改动。", f"The file {name} was changed.")
    count = len(listed)
    yield Finding(
        True, f"清单列出 {count} 个文件，逐一比对 SHA-256。", f"{count} files compared with the manifest (SHA-256)."
    )


def check_chain(events: Sequence[Any]) -> Iterator[Finding]:
    """Every event bears the hash of its own content, which holds the hash of the one before it."""
    previous = FIRST
    for place, event in enumerate(events, start=1):
        content = {name: value for name, value in event.items() if name != "hash"}
        if event["sequence"] != place or event["previous"] != previous:
            yield Finding(False, f"第 {place} 条事件与前一条不相接：有事件被删除或移动。",
                          f"Event {place} does not follow the one before: one was deleted or moved.")  # fmt: skip
            return
        previous = hashlib.sha256(canonical(content)).hexdigest()
        if previous != event["hash"]:
            yield Finding(False, f"第 {place} 条事件的内容已被改动。", f"The content of event {place} was changed.")
            return
    count = len(events)
    yield Finding(
        True, f"{count} 条事件首尾相接，散列值全部相符。", f"{count} events follow each other; every hash fits."
    )


def check_anchors(
    files: dict[str, bytes], events: Sequence[Any], anchors: Sequence[Any], tools: Tools
) -> Iterator[Finding]:
    """Each time stamp over a head of the chain fits the event at which it was taken."""
    hashes = {event["sequence"]: event["hash"] for event in events}
    for anchor in anchors:
        place = anchor["sequence"]
        if hashes.get(place) != anchor["head"]:
            yield Finding(False, f"第 {place} 条事件的时间戳没有对应的事件：事件被改动，或末尾的事件被删除。",
                          f"The time stamp at event {place} has no event that fits: one was changed, or the last "
                          f"ones were deleted.")  # fmt: skip
            continue
        told = tools.stamp(files[anchor["file"]], bytes.fromhex(anchor["head"]))
        yield Finding(
            True, f"时间戳：事件 1 至 {place} 在 {told} 已存在。", f"Time stamp: events 1 to {place} existed at {told}."
        )
    if not anchors or anchors[-1]["sequence"] != len(events):
        yield Finding(False, "最后一条事件没有时间戳。", "The last event bears no time stamp.")


def chains(manifest: Any) -> Any:
    """What the manifest says of each chain of events: file, subject, length, head."""
    if "chains" in manifest:
        return manifest["chains"]
    return [dict(manifest["chain"], file="events.json", subject=manifest["subject"])]


def check_log(files: dict[str, bytes], chain: Any, tools: Tools) -> Iterator[Finding]:
    """The events of one matter: whole, and of that matter alone."""
    log = json.loads(files[chain["file"]])
    events = log["events"]
    yield from check_chain(events)
    if any(event["subject"] != chain["subject"] for event in events):
        yield Finding(False, "其中有属于别的事项的事件。", "Some events are those of another matter.")
    if chain["length"] != len(events) or not events or events[-1]["hash"] != chain["head"]:
        yield Finding(
            False,
            "事件的条数或末尾与清单不符：有事件被删除。",
            "The events do not end as the manifest says: some were deleted.",
        )
    yield from check_anchors(files, events, log["anchors"], tools)


def check_logs(files: dict[str, bytes], manifest: Any, tools: Tools) -> Iterator[Finding]:
    """Every chain of events. Where there are several, each is told in a line, with all that does not hold in it."""
    if "chains" not in manifest:
        yield from check_log(files, chains(manifest)[0], tools)
        return
    for chain in chains(manifest):
        subject, count = chain["subject"], chain["length"]
        try:
            bad = [one for one in check_log(files, chain, tools) if not one.holds]
        except Fault as fault:
            bad = [Finding(False, fault.zh, fault.en)]
        for one in bad:
            yield Finding(False, f"{subject}：{one.zh}", f"{subject}: {one.en}")
        if not bad:
            yield Finding(
                True,
                f"{subject}：{count} 条事件首尾相接，散列值与时间戳全部相符。",
                f"{subject}: {count} events follow each other; every hash and time stamp fits.",
            )


def check_statements(files: dict[str, bytes], manifest: Any, events: Sequence[Any]) -> Iterator[Finding]:
    """The statements of learning (xAPI), one a line, are those that the events hold."""
    if manifest.get("statements") is None:
        return
    told = [canonical(event["detail"]["statement"]) for event in events if "statement" in event["detail"]]
    lines = files[manifest["statements"]].splitlines()
    same, count = sorted(lines) == sorted(told), len(lines)
    if same:
        yield Finding(
            True, f"{count} 条学习记录（xAPI）与事件逐条相符。", f"{count} statements (xAPI) are those of the events."
        )
    else:
        yield Finding(False, "学习记录（xAPI）与事件不符。", "The statements (xAPI) are not those of the events.")


def check_documents(files: dict[str, bytes], manifest: Any, events: Sequence[Any], tools: Tools) -> Iterator[Finding]:
    """The documents are those that the events speak of, and the sealed ones hold with all their signatures."""
    spoken = {event["content_hash"] for event in events}
    for name in manifest["documents"]:
        if hashlib.sha256(files[name]).hexdigest() not in spoken:
            yield Finding(False, f"没有任何事件提到文件 {name}。", f"No event speaks of the file {name}.")
    sealed, prepared = manifest.get("sealed"), manifest.get("prepared")
    if sealed and prepared and not files[sealed].startswith(files[prepared]):
        yield Finding(
            False, "签署的文件不是展示给签署人的文件。", "What was signed is not what was shown to the signers."
        )
    if sealed:
        yield from tools.document(files[sealed], int(manifest["signatures"]))
    for one in manifest.get("signed", ()):
        yield from tools.document(files[one["file"]], int(one["signatures"]))


# --- the whole -----------------------------------------------------------------------------------------------------


def examine(files: dict[str, bytes], tools: Tools) -> list[Finding]:
    """Everything about an unpacked package."""
    found: list[Finding] = []
    try:
        found.extend(_examine(files, tools))
    except Fault as fault:
        found.append(Finding(False, fault.zh, fault.en))
    except (KeyError, IndexError, ValueError, TypeError, AttributeError, RecursionError) as fault:
        what = f"{type(fault).__name__}: {fault}"
        found.append(
            Finding(False, f"证据包内容不完整或已损坏（{what}）。", f"The package is incomplete or damaged ({what}).")
        )
    return found


def _examine(files: dict[str, bytes], tools: Tools) -> Iterator[Finding]:
    written = files["manifest.json"]
    manifest = json.loads(written)
    yield from check_files(files, manifest)
    sums = tools.sm3({one["name"]: files.get(one["name"], b"") for one in manifest["files"]})
    for one in manifest["files"]:
        if sums.get(one["name"]) != one["sm3"]:
            yield Finding(False, f"文件 {one['name']} 的 SM3 不符。", f"SM3 of the file {one['name']} does not fit.")
    stamped = tools.stamp(files["manifest.tst"], hashlib.sha256(written).digest())
    yield Finding(True, f"清单的时间戳有效：{stamped}。", f"Time stamp of the manifest holds: {stamped}.")
    if not tools.sm2(files["manifest.sm2"], written + files["manifest.tst"], files["certificates/sm2.pem"]):
        yield Finding(False, "清单的 SM2 签名无效。", "The SM2 signature of the manifest does not hold.")
    else:
        yield Finding(True, "清单的 SM2 签名有效。", "The SM2 signature of the manifest holds.")
    yield from check_logs(files, manifest, tools)
    events = [event for chain in chains(manifest) for event in json.loads(files[chain["file"]])["events"]]
    yield from check_statements(files, manifest, events)
    yield from check_documents(files, manifest, events, tools)


def fingerprints(roots: bytes) -> list[str]:
    """SHA-256 of each certificate of a PEM file."""
    return [hashlib.sha256(binascii.a2b_base64(one)).hexdigest() for one in CERTIFICATE.findall(roots)]


def read(path: Path) -> dict[str, bytes]:
    """The files of a package, or of a folder that holds the files of one."""
    if not path.is_dir():
        return unpack(path.read_bytes())
    inside = {one.relative_to(path).as_posix(): one for one in path.rglob("*") if one.is_file()}
    strange = re.compile(r"(.*/)?(\.|__pycache__/).*")  # what computers leave in folders
    return {name: one.read_bytes() for name, one in inside.items() if not strange.fullmatch(name)}


def root_of(path: Path) -> bytes:
    """A file of roots to trust. Raises Fault for one that cannot be read or holds no certificate."""
    try:
        content = path.read_bytes()
        if fingerprints(content):
            return content
    except OSError as fault:
        why = fault.strerror
        raise Fault(
            f"无法读取根证书文件 {path}（{why}）。请检查路径。", f"The file of roots {path} cannot be read ({why})."
        ) from None
    except binascii.Error:
        pass  # as if there were none in it
    raise Fault(f"文件 {path} 中没有 PEM 格式的证书。", f"The file {path} holds no certificate in PEM.")


def verify(path: Path, pinned: bytes = b"") -> tuple[list[Finding], list[str]]:
    """What was found in a package, and the fingerprints of the roots that were trusted."""
    try:
        files = read(path)
        roots = pinned or files.get("certificates/roots.pem", b"")
        others = b"\n".join(content for name, content in sorted(files.items()) if name.endswith(".pem"))
        with tempfile.TemporaryDirectory() as folder:
            return examine(files, Tools(roots, others, Path(folder))), fingerprints(roots)
    except Fault as fault:
        return [Finding(False, fault.zh, fault.en)], []
    except (OSError, subprocess.SubprocessError, binascii.Error) as fault:
        return [Finding(False, f"无法核验（{fault}）。", f"Cannot be checked ({fault}).")], []


def main(words: Sequence[str]) -> int:
    """Prints what was found. 0 if everything holds."""
    parser = argparse.ArgumentParser(description="核验证据包 / checks an evidence package")
    parser.add_argument("path", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument(
        "--root", type=Path, action="append", default=[], help="受信任的根证书（PEM）/ the roots to trust"
    )
    given = parser.parse_args(words)
    try:
        pinned = b"\n".join(root_of(path) for path in given.root)
    except Fault as fault:
        sys.stdout.buffer.write(f"× {fault.zh}\n  {fault.en}\n".encode())
        return 2
    found, roots = verify(given.path, pinned)
    lines = [f"{'√ 通过' if one.holds else '× 不通过'}  {one.zh}\n          {one.en}" for one in found]
    whose = (
        "命令行指定 / named on the command line"
        if pinned
        else "证据包自带，请与出具单位公布的指纹核对 / from the package: compare"
    )
    lines += [f"根证书 / root ({whose}): SHA-256 {one}" for one in roots]
    good = bool(found) and all(one.holds for one in found)
    if good:
        lines.append("结论：全部通过，证据包完整、未被改动。\nResult: everything holds.")
    else:
        lines.append("结论：有不通过的项目，证据包不可信。\nResult: something does not hold. Do not rely on it.")
    sys.stdout.buffer.write(("\n".join(lines) + "\n").encode())
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
