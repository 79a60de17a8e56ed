"""How a labour relation may end, and how early: the notice periods of the Labour Contract Law (LCL). Pure.

A notice period is counted in calendar days; the day of the notice is not counted (Civil Code 201), so that a notice
of 2 November with 30 days lets the relation end on 2 December at the earliest. Nobody's consent is needed to resign
(LCL 37).
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from kernel.errors import Invalid
from kernel.text import Text, say

Side = Literal["employee", "both", "employer", "term"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A lawful way to end: its article, the notice in calendar days, who declares it, and whether it dissolves a
    contract.

    `compensated` tells whether economic compensation is due as a rule (LCL 46); None where it depends on who proposed
    it.
    """

    article: Text
    days: int
    side: Side
    compensated: bool | None
    verb: str = "解除"


GROUNDS: dict[str, Ground] = {
    "36": Ground(article=say("LCL 36"), days=0, side="both", compensated=None),
    "37": Ground(article=say("LCL 37"), days=30, side="employee", compensated=False),
    "37-probation": Ground(article=say("LCL 37"), days=3, side="employee", compensated=False),
    "38": Ground(article=say("LCL 38"), days=0, side="employee", compensated=True),
    "39": Ground(article=say("LCL 39"), days=0, side="employer", compensated=False),
    "40": Ground(article=say("LCL 40"), days=30, side="employer", compensated=True),
    "41": Ground(article=say("LCL 41"), days=30, side="employer", compensated=True),
    "44": Ground(article=say("LCL 44"), days=0, side="term", compensated=None, verb="终止"),
}


class TooEarly(Invalid):
    """The last day lies before the one that the law allows on this ground."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A lawful notice: the days it has to run, the article, the earliest lawful last day, and what else to know."""

    leaving_type: str
    days: int
    article: str
    statutory_last_day: date
    remarks: tuple[Text, ...] = ()
    asked_for: date | None = None  # an earlier day that the company has not agreed to yet

    def variables(self) -> dict[str, object]:
        known = {"days": self.days, "article": self.article, "statutoryLastDay": self.statutory_last_day.isoformat()}
        return known | ({"askedFor": self.asked_for.isoformat()} if self.asked_for else {})


def earliest_last_day(filed_on: date, in_probation: bool) -> date:
    """The first day on which a resignation without consent may end the relation: 30 days on, 3 in probation."""
    return filed_on + timedelta(days=GROUNDS[resignation(in_probation)].days)


def resignation(in_probation: bool) -> str:
    """The leaving type of a plain resignation."""
    return "37-probation" if in_probation else "37"


def asked(*, filed_on: date, leaving_on: date, in_probation: bool, contract_ends_on: date | None = None) -> Notice:
    """The notice of a resignation that asks for an earlier day: until both sides agree (LCL 36), what holds is the
    plain resignation and its day (LCL 37). Raises TooEarly for a day before the notice itself.
    """
    lawful = earliest_last_day(filed_on, in_probation)
    early = filed_on <= leaving_on < lawful and not _by_term(filed_on, leaving_on, contract_ends_on)
    plain = check(
        filed_on=filed_on,
        leaving_on=lawful if early else leaving_on,
        in_probation=in_probation,
        contract_ends_on=contract_ends_on,
    )
    return replace(plain, asked_for=leaving_on) if early else plain


def check(
    *,
    filed_on: date,
    leaving_on: date,
    in_probation: bool,
    leaving_type: str = "",
    mutual_consent: bool = False,
    contract_ends_on: date | None = None,
    paid_instead: bool = False,
) -> Notice:
    """The notice for a last day, or TooEarly with the article, the earliest lawful date and what to do.

    `leaving_type` is a key of `GROUNDS`; empty means a plain resignation, or LCL 36 where both sides consent. Consent
    waives the period of any ground; `paid_instead` (a month's pay, LCL 40) that of ground 40. A contract that runs
    out within the period ends by its term (LCL 44), which is never too early.
    """
    type_ = leaving_type or ("36" if mutual_consent else resignation(in_probation))
    ground = GROUNDS.get(type_)
    if ground is None:
        raise Invalid(say("There is no leaving type {type}. Types are: {known}.", type=type_, known=", ".join(GROUNDS)))
    if leaving_on < filed_on:
        raise TooEarly(
            say(
                "The last day {leaving_on} lies before the notice of {filed_on}. Choose {filed_on} or a later day.",
                leaving_on=leaving_on.isoformat(),
                filed_on=filed_on.isoformat(),
            )
        )
    waived = mutual_consent or (type_ == "40" and paid_instead)
    earliest = filed_on + timedelta(days=0 if waived else ground.days)
    if leaving_on < earliest and not _by_term(filed_on, leaving_on, contract_ends_on):
        raise _too_early(ground, leaving_on, earliest)
    return Notice(
        leaving_type=type_,
        days=ground.days,
        article=str(ground.article),
        statutory_last_day=earliest,
        remarks=_remarks(leaving_on, contract_ends_on),
    )


def _by_term(filed_on: date, leaving_on: date, contract_ends_on: date | None) -> bool:
    return contract_ends_on is not None and filed_on <= contract_ends_on <= leaving_on


def _too_early(ground: Ground, leaving_on: date, earliest: date) -> TooEarly:
    if ground.side == "employee":
        sentence = say(
            "The last day {leaving_on} is too early: {article} asks for {days} days of written notice, so that the "
            "earliest lawful day is {earliest}. Choose {earliest} or a later day, or tick mutual consent (LCL 36) "
            "once the company has agreed to an earlier one.",
            leaving_on=leaving_on.isoformat(),
            article=ground.article,
            days=ground.days,
            earliest=earliest.isoformat(),
        )
    else:
        sentence = say(
            "The last day {leaving_on} is too early: {article} asks the company for {days} days of notice, so that the "
            "earliest lawful day is {earliest}. Choose {earliest} or a later day, or record the pay instead of notice.",
            leaving_on=leaving_on.isoformat(),
            article=ground.article,
            days=ground.days,
            earliest=earliest.isoformat(),
        )
    return TooEarly(sentence, earliest=earliest.isoformat(), article=str(ground.article))


def _remarks(leaving_on: date, contract_ends_on: date | None) -> tuple[Text, ...]:
    if contract_ends_on is None or contract_ends_on >= leaving_on:
        return ()
    return (
        say(
            "The contract runs out on {ends_on}, before the last day. Without a renewal it ends then by its "
            "term (LCL 44).",
            ends_on=contract_ends_on.isoformat(),
        ),
    )
