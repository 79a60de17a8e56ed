"""核验程序的密码学部分 / The part of the verifier that asks `openssl`, and reads as little DER as it takes."""

from __future__ import annotations

import calendar
import hashlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

SM2_IDENTITY = "1234567812345678"
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
GAP = re.compile(rb"<(?:[0-9a-f]+|[0-9A-F]+)>")
TST_INFO = bytes.fromhex("060b2a864886f70d0109100104")
SIGNATURE_STAMP = bytes.fromhex("060b2a864886f70d010910020e")


class Finding(NamedTuple):
    """One thing that was checked: whether it holds, and what it is in both languages."""

    holds: bool
    zh: str
    en: str


class Fault(Exception):
    """Something does not hold; in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


# --- openssl -------------------------------------------------------------------------------------------------------


class Tools:
    """What the checks need of cryptography; this one asks the command `openssl`."""

    def __init__(self, roots: bytes, others: bytes, folder: Path) -> None:
        found = shutil.which("openssl") or shutil.which("openssl", path="/usr/local/bin:/usr/bin:/bin")
        if found is None:
            raise Fault("本机没有 openssl 命令，无法核验。", "There is no command openssl on this machine.")
        self.command = found
        self.folder = folder
        self.roots = self._file("roots.pem", roots)
        self.others = self._file("others.pem", others or roots)

    def _file(self, name: str, content: bytes) -> str:
        path = self.folder / name
        path.write_bytes(content)
        return str(path)

    def run(self, *words: str) -> tuple[bool, bytes]:
        """Whether openssl says yes, and what it says. It trusts none of the machine's roots."""
        nowhere = str(self.folder / "none")
        environment = {"SSL_CERT_FILE": nowhere, "SSL_CERT_DIR": nowhere, "PATH": os.defpath, "LC_ALL": "C"}
        done = subprocess.run([self.command, *words], capture_output=True, env=environment, timeout=60, check=False)
        return done.returncode == 0, done.stdout

    def stamp(self, token: bytes, digest: bytes) -> str:
        """The time that a token proves for a SHA-256 digest. Raises Fault."""
        path = self._file("token.tst", token)
        chain = ("-CAfile", self.roots, "-untrusted", self.others)
        holds, _ = self.run("ts", "-verify", "-digest", digest.hex(), "-token_in", "-in", path, *chain)
        if not holds:
            raise Fault(
                "时间戳与内容不符，或不是受信任的时间戳机构所出具。",
                "A time stamp does not fit, or its authority is not trusted.",
            )
        return stamped_at(token)

    def sm2(self, signature: bytes, content: bytes, certificate: bytes) -> bool:
        """Whether the SM2 signature fits, by a certificate that leads to a root."""
        pem, data = self._file("sm2.pem", certificate), self._file("data", content)
        trusted, _ = self.run("verify", "-CAfile", self.roots, pem)
        _, key = self.run("x509", "-in", pem, "-noout", "-pubkey")
        made = ("-verify", self._file("sm2.pub", key), "-signature", self._file("sm2.sig", signature))
        return trusted and self.run("dgst", "-sm3", *made, "-sigopt", f"distid:{SM2_IDENTITY}", data)[0]

    def sm3(self, contents: dict[str, bytes]) -> dict[str, str]:
        """SM3 of each content, in hexadecimal."""
        paths = [self._file(f"content-{place}", content) for place, content in enumerate(contents.values())]
        lines = iter(self.run("dgst", "-sm3", "-r", *paths)[1].splitlines())
        return {name: next(lines, b"-").split()[0].decode() for name in contents}

    def document(self, pdf: bytes, count: int) -> Iterator[Finding]:
        """Every signature and time stamp of a PDF; the last one reaches to its end."""
        found = [tuple(map(int, one.groups())) for one in BYTE_RANGE.finditer(pdf)]
        told = [self._signature(pdf, ranges) for ranges in found]
        yield from told
        if sum(one.en.startswith("Signature") for one in told) != count:
            yield Finding(
                False, f"文件应有 {count} 个签名，实际不是。", f"The document does not bear {count} signatures."
            )
        if not found or found[-1][2] + found[-1][3] != len(pdf):
            yield Finding(False, "最后一个签名之后还有内容：文件在签署后被追加改动。",
                          "Something stands behind the last signature: the document was changed after it.")  # fmt: skip

    def _signature(self, pdf: bytes, ranges: Sequence[int]) -> Finding:
        first, length, second, rest = ranges
        gap = pdf[length:second]
        if first != 0 or not GAP.fullmatch(gap) or second + rest > len(pdf):
            raise Fault("签名所覆盖的范围不完整。", "A signature does not cover what it must.")
        cms = bytes.fromhex(gap[1:-1].decode())
        size = header(cms, 0)[2]
        if cms[size:].strip(b"\0"):
            raise Fault("签名的填充区域被改动。", "The filling behind a signature was changed.")
        covered = pdf[:length] + pdf[second : second + rest]
        if TST_INFO in cms[:64]:
            told = self.stamp(cms[:size], hashlib.sha256(covered).digest())
            return Finding(True, f"文档时间戳有效：{told}。", f"Time stamp of the document holds: {told}.")
        return self._signed(cms[:size], covered)

    def _signed(self, cms: bytes, covered: bytes) -> Finding:
        signer = signer_info(cms)
        at = stamped = ""
        token = signature_token(signer.unsigned)
        if token:
            stamped = self.stamp(token, hashlib.sha256(signer.signature).digest())
            at = epoch(stamped)
        chain = ("-CAfile", self.roots, "-certfile", self.others, "-purpose", "any", *(("-attime", at) if at else ()))
        named = ("-in", self._file("signature.der", cms), "-content", self._file("covered", covered))
        out = ("-out", os.devnull, "-signer", str(self.folder / "signer.pem"))
        holds, _ = self.run("cms", "-verify", "-binary", "-inform", "DER", *named, *chain, *out)
        if not holds or not at:
            raise Fault(
                "有一个签名与文件不符，或没有有效的时间戳或证书。",
                "A signature does not fit, or lacks a valid time stamp or certificate.",
            )
        options = ("-noout", "-subject", "-nameopt", "utf8,sep_comma_plus_space,sname,-esc_msb")
        subject = (
            self.run("x509", "-in", str(self.folder / "signer.pem"), *options)[1].decode("utf-8", "replace").strip()
        )
        return Finding(True, f"签名有效：{subject}，{stamped}。", f"Signature holds: {subject}, {stamped}.")


# --- DER, as little as it takes ------------------------------------------------------------------------------------


class Signer(NamedTuple):
    signature: bytes
    unsigned: bytes


def header(data: bytes, at: int) -> tuple[int, int, int]:
    """Tag, start and end of the content of the element there."""
    length, start = data[at + 1], at + 2
    if length & 0x80:
        width = length & 0x7F
        length, start = int.from_bytes(data[start : start + width], "big"), start + width
    if start + length > len(data):
        raise Fault("签名的编码损坏。", "The encoding of a signature is damaged.")
    return data[at], start, start + length


def elements(data: bytes) -> list[tuple[int, bytes]]:
    """Tag and content of each element in a row."""
    at, found = 0, []
    while at < len(data):
        tag, start, at = header(data, at)
        found.append((tag, data[start:at]))
    return found


def signed_data(cms: bytes) -> list[tuple[int, bytes]]:
    """The elements of the SignedData in a ContentInfo (RFC 5652 3, 5.1)."""
    inside = elements(elements(cms)[0][1])[1][1]
    return elements(elements(inside)[0][1])


def signer_info(cms: bytes) -> Signer:
    infos = elements(signed_data(cms)[-1][1])
    if len(infos) != 1:
        raise Fault("签名的结构异常。", "A signature does not have one signer.")
    parts = elements(infos[0][1])
    unsigned = parts[-1][1] if parts[-1][0] == 0xA1 else b""
    return Signer(next(content for tag, content in parts if tag == 0x04), unsigned)


def signature_token(unsigned: bytes) -> bytes | None:
    """The time stamp among the unsigned attributes of a signature (RFC 3161, appendix A)."""
    for _, attribute in elements(unsigned):
        if attribute.startswith(SIGNATURE_STAMP):
            return elements(attribute)[1][1]
    return None


def stamped_at(token: bytes) -> str:
    """The time in a token, as `2026-11-02 01:00:00 UTC` (RFC 3161 2.4.2: the fifth part of TSTInfo)."""
    content = elements(elements(signed_data(token)[2][1])[1][1])[0][1]
    text = elements(elements(content)[0][1])[4][1].decode("ascii")
    return f"{text[:4]}-{text[4:6]}-{text[6:8]} {text[8:10]}:{text[10:12]}:{text[12:14]} UTC"


def epoch(stamped: str) -> str:
    """Seconds since 1970 of such a time, rounded up: the certificate existed then."""
    return str(calendar.timegm(time.strptime(stamped, "%Y-%m-%d %H:%M:%S UTC")) + 1)
