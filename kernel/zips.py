"""What a member of a zip is called, whoever made the zip, and whether it is a link."""

import stat
import zipfile

_UTF8 = 0x800  # general purpose bit 11 (APPNOTE.TXT 4.4.4): the name is UTF-8
_MADE_ON_UNIX = 3


def name(member: zipfile.ZipInfo) -> str:
    """The path as its maker wrote it.

    Zips without the mark of UTF-8 are read as cp437; the names in Chinese ones are UTF-8 or GB18030 all the same.
    """
    if member.flag_bits & _UTF8:
        return member.filename
    try:
        raw = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def is_link(member: zipfile.ZipInfo) -> bool:
    """Whether the member stands for another file."""
    return member.create_system == _MADE_ON_UNIX and stat.S_ISLNK(member.external_attr >> 16)
