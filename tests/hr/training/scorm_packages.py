"""SCORM packages as authoring tools export them, written by the letter of the standards."""

import io
import stat
import zipfile

V1_2 = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="course" version="1" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
<organizations default="org"><organization identifier="org">
<title>信息安全</title>{items}</organization></organizations>
<resources>{resources}</resources></manifest>"""
V2004 = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="course" version="1" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
<metadata><schema>ADL SCORM</schema><schemaversion>{edition}</schemaversion></metadata>
<organizations default="org"><organization identifier="org">
<title>信息安全</title>{items}</organization></organizations>
<resources>{resources}</resources>{more}</manifest>"""

ITEM = (
    '<item identifier="i1" identifierref="r1"><title>第一页</title><adlcp:masteryscore>80</adlcp:masteryscore></item>'
)
SCO = (
    '<resource identifier="r1" type="webcontent" adlcp:scormtype="sco" href="index.html">'
    '<file href="index.html"/></resource>'
)
ITEM_2004 = (
    '<item identifier="i1" identifierref="r1"><title>第一页</title><imsss:sequencing><imsss:objectives>'
    '<imsss:primaryObjective satisfiedByMeasure="true"><imsss:minNormalizedMeasure>0.8</imsss:minNormalizedMeasure>'
    "</imsss:primaryObjective></imsss:objectives></imsss:sequencing></item>"
)
SCO_2004 = SCO.replace("scormtype", "scormType")


def v1_2(items: str = ITEM, resources: str = SCO) -> str:
    return V1_2.format(items=items, resources=resources)


def v2004(
    items: str = ITEM_2004, resources: str = SCO_2004, *, edition: str = "2004 4th Edition", more: str = ""
) -> str:
    return V2004.format(items=items, resources=resources, edition=edition, more=more)


def packed(manifest: str | None, **files: str | bytes) -> bytes:
    """A zip with this manifest; `index__html` is the file `index.html`."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        if manifest is not None:
            archive.writestr("imsmanifest.xml", manifest)
        for name, content in (files or {"index__html": "<!doctype html><p>page</p>"}).items():
            archive.writestr(name.replace("__", "."), content)
    return held.getvalue()


def with_member(name: str, content: bytes = b"x", *, link: bool = False) -> bytes:
    """A sound package with one more member of this very name."""
    held = io.BytesIO(packed(v1_2()))
    with zipfile.ZipFile(held, "a") as archive:
        member = zipfile.ZipInfo(name)
        member.create_system = 3
        member.external_attr = ((stat.S_IFLNK if link else stat.S_IFREG) | 0o644) << 16
        archive.writestr(member, content)
    return held.getvalue()
