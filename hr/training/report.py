"""The report of a package of training, in the words of a Chinese court: who was taught what, when, with what result.

It tells what the rows and events hold and adds nothing; whoever doubts it finds them beside it, as they are hashed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal
from zoneinfo import ZoneInfo

from hr.evidence.tables import Anchor, Evidence
from hr.training import printed
from hr.training.tables import Enrolment, Exam, LessonProgress, TrainingCertificate

TITLE = "培训证据报告"
MOST_EVENTS = 400  # of one training that are printed: all of them lie in the package
_STATUS = {"learning": "学习中", "examining": "待考试", "passed": "已通过", "waived": "已豁免", "ended": "已终止"}
_REASON = {
    "role": "岗位要求",
    "entry": "入职",
    "change": "转岗",
    "yearly": "年度",
    "recertify": "复训",
    "make-up": "离职补学",
    "manual": "指派",
}
_EVENT = {"downloaded": "导出证据", "message.sent": "发出消息", "reminded": "催办"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Everything that the database holds of one enrolment. `lessons` are titles by key, `no` the employee number."""

    enrolment: Enrolment
    no: str
    lessons: Mapping[str, str]
    progress: Sequence[LessonProgress]
    exams: Sequence[Exam]
    certificate: TrainingCertificate | None
    seconds: int
    events: Sequence[Evidence]
    anchors: Sequence[Anchor]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What a package is made of. `id` is an employee number or the slug of a course; `signed` tells how many
    signatures a document bears.
    """

    kind: Literal["person", "course"]
    id: str
    name: str
    learned: Sequence[Learned]
    documents: Mapping[str, bytes]
    signed: Mapping[str, int]


def facts(rows: Rows, *, organisation: str, zone: str, verify_url: str, at: datetime) -> dict[str, Any]:
    """What the template `training-report` prints. A course's report tells of each person in one line."""
    told = _Told(ZoneInfo(zone))
    person = rows.kind == "person"
    return {
        "title": TITLE,
        "organisation": organisation,
        "kind": rows.kind,
        "id": rows.id,
        "name": rows.name,
        "made_at": told.local(at),
        "verify_url": verify_url,
        "counts": _counts(rows),
        "learned": [told.learned(one) for one in rows.learned],
        "events": [told.events(one) for one in rows.learned] if person else [],
        "chains": [told.chain(one) for one in rows.learned],
        "files": [
            {"name": f"documents/{name}", "hash": sha256(content).hexdigest()}
            for name, content in sorted(rows.documents.items())
        ],
    }


def _counts(rows: Rows) -> dict[str, int]:
    statuses = [one.enrolment.status for one in rows.learned]
    events = [event for one in rows.learned for event in one.events]
    return {
        "trainings": len(statuses),
        "passed": statuses.count("passed"),
        "events": len(events),
        "statements": sum("statement" in event.detail for event in events),
    }


class _Told:
    """Rows as text, in the organisation's zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def local(self, instant: datetime | None) -> str:
        return f"{instant.astimezone(self._zone):%Y-%m-%d %H:%M:%S}" if instant else "—"

    def learned(self, one: Learned) -> dict[str, Any]:
        enrolment, paper = one.enrolment, one.certificate
        return {
            "number": enrolment.number,
            "course": enrolment.title,
            "version": enrolment.version,
            "name": enrolment.name,
            "no": one.no,
            "department": enrolment.department,
            "status": _STATUS[enrolment.status],
            "reason": _REASON[enrolment.reason],
            "ended_reason": enrolment.ended_reason,
            "assigned_at": self.local(enrolment.assigned_at),
            "due_at": self.local(enrolment.due_at),
            "begun_at": self.local(enrolment.begun_at),
            "ended_at": self.local(enrolment.ended_at),
            "rounds": enrolment.round,
            "time": printed.learned(one.seconds) if one.seconds else "—",
            "score": str(enrolment.score) if enrolment.score is not None else "—",
            "lessons": [self._lesson(one, row) for row in one.progress],
            "exams": [self._exam(exam) for exam in one.exams],
            "certificate": paper.number if paper else "—",
            "valid_until": printed.chinese(paper.valid_until) if paper and paper.valid_until else "—",
            "certificate_hash": paper.file_hash if paper else "",
        }

    def _lesson(self, one: Learned, row: LessonProgress) -> dict[str, Any]:
        return {
            "round": row.round,
            "title": one.lessons.get(row.lesson, row.lesson),
            "started_at": self.local(row.started_at),
            "completed_at": self.local(row.completed_at),
            "time": printed.learned(round(row.seconds)) if row.seconds else "—",
        }

    def _exam(self, exam: Exam) -> dict[str, Any]:
        return {
            "attempt": exam.attempt,
            "begun_at": self.local(exam.begun_at),
            "submitted_at": self.local(exam.submitted_at),
            "questions": len(exam.paper),
            "score": exam.score,
            "result": "通过" if exam.passed else "未通过",
        }

    def events(self, one: Learned) -> dict[str, Any]:
        rows = one.events[:MOST_EVENTS]
        left = len(one.events) - len(rows)
        return {"number": one.enrolment.number, "course": one.enrolment.title, "rows": list(map(self._event, rows))} | {
            "left": left
        }

    def _event(self, row: Evidence) -> dict[str, Any]:
        return {
            "sequence": row.sequence,
            "at": self.local(row.at),
            "event": _event(row),
            "detail": _detail(row),
            "actor": row.actor_name or row.actor,
            "ip": row.ip or "—",
        }

    def chain(self, one: Learned) -> dict[str, Any]:
        last, stamp = one.events[-1], one.anchors[-1] if one.anchors else None
        return {
            "subject": last.subject,
            "length": last.sequence,
            "head": last.hash,
            "stamps": len(one.anchors),
            "stamped_at": self.local(stamp.stamped_at if stamp else None),
            "authority": stamp.authority if stamp else "—",
        }


def _event(row: Evidence) -> str:
    """The verb of a statement, and what it is about."""
    told = row.detail.get("statement")
    if told is None:
        return _EVENT.get(row.event, row.event)
    definition = told["object"].get("definition", {})
    about = definition.get("name") or definition.get("description") or {}
    words = about.get("zh-CN", "")
    return f"{told['verb']['display']['zh-CN']}　{words[:60]}{'…' if len(words) > 60 else ''}"


def _detail(row: Evidence) -> str:
    """The result of a statement, or why it came to it, where there is one."""
    result = row.detail.get("statement", {}).get("result", {})
    parts = [str(row.detail["reason"])] if row.detail.get("reason") else []
    if "score" in result:
        parts.append(f"{result['score']['raw']} / {result['score']['max']} 分")
    if "success" in result:
        parts.append("正确" if result["success"] else "不正确")
    if "response" in result:
        parts.append(f"答 {result['response'].replace('[,]', '、')}")
    if "duration" in result:
        parts.append(f"{result['duration'][2:-1]} 秒")
    return "　".join(parts)
