"""The demo organisation on paper: departments, people, contracts, things. Pure: the same size, seed and day give the
same.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from demo import names
from hr.people.staff import Hire


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A department: its share of the people in per cent (0 for one that only holds others), family, posts by level."""

    id: str
    name: str
    share: float
    family: str
    parent: str | None = "office"
    posts: tuple[str, str, str] = ("专员", "高级专员", "主管")
    head: str = "总监"


COMPANY = (
    Unit(id="office", name="总经办", share=0, family="other", parent=None, head="总经理"),
    Unit(id="rnd", name="研发中心", share=0, family="rnd", head="研发副总裁"),
    Unit(
        id="rnd-algorithm", name="算法部", share=16, family="rnd", parent="rnd",
        posts=("算法工程师", "高级算法工程师", "算法专家"), head="算法总监",
    ),
    Unit(
        id="rnd-platform", name="平台部", share=16, family="rnd", parent="rnd",
        posts=("平台工程师", "高级平台工程师", "架构师"), head="平台总监",
    ),
    Unit(
        id="rnd-test", name="测试部", share=8, family="rnd", parent="rnd",
        posts=("测试工程师", "高级测试工程师", "测试专家"), head="测试经理",
    ),
    Unit(id="product", name="产品部", share=8, family="rnd", posts=("产品经理", "高级产品经理", "产品专家")),
    Unit(id="sales", name="销售中心", share=0, family="sales", head="销售副总裁"),
    Unit(
        id="sales-1", name="销售一部", share=11, family="sales", parent="sales",
        posts=("销售代表", "高级销售代表", "大客户经理"), head="销售经理",
    ),
    Unit(
        id="sales-2", name="销售二部", share=11, family="sales", parent="sales",
        posts=("销售代表", "高级销售代表", "大客户经理"), head="销售经理",
    ),
    Unit(
        id="success", name="客户成功部", share=8, family="sales",
        posts=("客户成功经理", "高级客户成功经理", "客户成功专家"),
    ),
    Unit(id="marketing", name="市场部", share=6, family="other", posts=("市场专员", "高级市场专员", "市场主管")),
    Unit(id="finance", name="财务部", share=4, family="admin", posts=("会计", "高级会计", "财务主管")),
    Unit(id="people", name="人力行政部", share=7, family="admin", posts=("人事专员", "行政专员", "人事主管")),
    Unit(id="it", name="IT 部", share=5, family="rnd", posts=("运维工程师", "高级运维工程师", "信息安全工程师")),
)  # fmt: skip

# Staff who have a login by their office: login, department, post, further groups; heads come first in their department.
OFFICES = (
    ("hr-head", "people", "人力行政总监", ("hr-head", "hr", "seal")),
    ("hr", "people", "人事专员", ("hr",)),
    ("administration", "people", "行政专员", ("administration",)),
    ("designer", "people", "流程设计师", ("designer",)),
    ("finance", "finance", "会计", ("finance",)),
    ("it", "it", "运维工程师", ("it",)),
    ("admin", "it", "平台管理员", ("admin",)),
)
_GROUPS = {"人事专员": "hr", "人事主管": "hr", "行政专员": "administration"}
_TEAM = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A labour contract on paper."""

    number: str
    starts_on: date
    ends_on: date | None
    probation_ends_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A thing that the company lent."""

    tag: str
    kind: str
    name: str
    serial: str
    value_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One person on paper."""

    hire: Hire
    groups: tuple[str, ...]
    heads: str | None
    terms: tuple[Term, ...]
    things: tuple[Thing, ...]


@dataclass(slots=True)
class _Draft:
    department: Unit
    login: str | None = None
    post: str = ""
    groups: tuple[str, ...] = ()
    heads: str | None = None
    full: str | None = None
    level: str = "middle"


def members(size: int, seed: int, today: date) -> list[Member]:
    """`size` people, give or take a few that every department needs, heads before those who report to them."""
    chance = random.Random(seed)
    drafts = [draft for department in COMPANY for draft in _posts(department, size, chance)]
    for draft, full in zip((d for d in drafts if d.login is None and d.heads is None), names.RARE, strict=False):
        draft.full = full
    taken = {login for login, *_ in OFFICES}
    made: list[Member] = []
    seen: dict[str, list[str]] = {}
    for place, draft in enumerate(drafts, start=1):
        manager = _manager(draft, seen)
        member = _member(draft, place, manager, chance, taken, today)
        seen.setdefault(draft.department.id, []).append(member.hire.login)
        made.append(member)
    return made


def _posts(department: Unit, size: int, chance: random.Random) -> list[_Draft]:
    offices = [row for row in OFFICES if row[1] == department.id]
    head = _Draft(department, post=department.head, heads=department.id, level="executive")
    if department.id == "people":
        login, _, post, groups = offices.pop(0)
        head.login, head.post, head.groups = login, post, groups
    drafts = [head]
    drafts += [_Draft(department, login=login, post=post, groups=groups) for login, _, post, groups in offices]
    wanted = max(round(size * department.share / 100), 2) if department.share else 1
    while len(drafts) < wanted:
        rank = chance.choices((0, 1, 2), weights=(55, 30, 15))[0]
        post = department.posts[rank]
        group = _GROUPS.get(post) if department.id == "people" else department.id
        own = (group,) if group in ("hr", "administration", "finance", "it") else ()
        drafts.append(_Draft(department, post=post, groups=own, level=("junior", "middle", "senior")[rank]))
    return drafts


def _manager(draft: _Draft, seen: dict[str, list[str]]) -> str | None:
    """The head of the department; beyond a team's size, every eighth colleague leads those who follow."""
    if draft.heads:
        parent = draft.department.parent
        return seen[parent][0] if parent else None
    colleagues = seen[draft.department.id]
    place = len(colleagues)
    leads = place > _TEAM and place % _TEAM
    return colleagues[place - place % _TEAM] if leads else colleagues[0]


def _member(
    draft: _Draft, place: int, manager: str | None, chance: random.Random, taken: set[str], today: date
) -> Member:
    female = chance.random() < 0.45
    surname, given = names.split(draft.full) if draft.full else names.name(chance, female)
    login = draft.login or names.login(surname, given, taken)
    # One in twelve joined lately and is in probation; heads never did.
    fresh = place % 12 == 7 and not draft.heads
    hired_on = today - timedelta(days=chance.randint(20, 150) if fresh else chance.randint(200, 8 * 365))
    hire = Hire(
        no=f"QM{place:04d}",
        login=login,
        name=surname + given,
        department=draft.department.id,
        position=draft.post,
        hired_on=hired_on,
        level=draft.level,
        family=draft.department.family,
        manager=manager,
        mail=f"{login}@qiming.example",
        phone=names.phone(place),
        id_number=names.id_number(chance, place, names.birthday(chance, hired_on), female),
        knows_secrets=draft.level in ("executive", "senior") and draft.department.family == "rnd",
    )
    groups = tuple(sorted({"employee", *draft.groups}))
    return Member(
        hire=hire,
        groups=groups,
        heads=draft.heads,
        terms=tuple(_terms(place, hired_on, today)),
        things=tuple(_things(place, draft.department, chance)),
    )


def _terms(place: int, hired_on: date, today: date) -> list[Term]:
    """Two contracts of three years, then an open-ended one (LCL 14); six months of probation in the first (LCL 19)."""
    terms: list[Term] = []
    starts_on = hired_on
    while not terms or starts_on <= today:
        fixed = len(terms) < 2
        ends_on = _years_on(starts_on, 3) - timedelta(days=1) if fixed else None
        probation = None if terms else starts_on + timedelta(days=181)
        number = f"HT-{hired_on.year}-{place:04d}-{len(terms) + 1}"
        terms.append(Term(number=number, starts_on=starts_on, ends_on=ends_on, probation_ends_on=probation))
        if ends_on is None:
            break
        starts_on = ends_on + timedelta(days=1)
    return terms


def _years_on(day: date, years: int) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if leap else day.day)


def _things(place: int, department: Unit, chance: random.Random) -> list[Thing]:
    lent = [("laptop", "笔记本电脑", 899_900), ("card", "门禁卡", 5_000)]
    if department.family == "sales":
        lent.append(("phone", "工作手机", 399_900))
    if department.family == "rnd":
        lent.append(("monitor", "显示器", 189_900))
    if department.id in ("people", "finance"):
        lent.append(("key", "档案柜钥匙", 2_000))
    return [
        Thing(
            tag=f"ZC-{place:04d}-{kind.upper()}",
            kind=kind,
            name=name,
            serial=f"{chance.getrandbits(40):010X}",
            value_cents=cents,
        )
        for kind, name, cents in lent
    ]
