"""The two clocks of a case: the statutory one, which never stops, and the internal one, which escalates. Pure.

Every moment is computed in the organisation's zone and kept as an instant. No internal limit reaches past the last day.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hr.people.calendar import WorkCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The organisation's own limits. `transfer_days` is the law's (LCL 50: fifteen calendar days) and can only be
    shorter.
    """

    zone: str = "Asia/Shanghai"
    opens: time = time(9)
    closes: time = time(18)
    manager_working_days: int = 1
    handover_working_days: int = 3
    countdown_days: int = 3
    certificate_working_days: int = 1
    transfer_days: int = 15

    def at(self, day: date, hour: time) -> datetime:
        """The instant at which it is `hour` on `day` in the organisation's zone."""
        return datetime.combine(day, hour, ZoneInfo(self.zone))

    def day_of(self, instant: datetime) -> date:
        """The calendar day of an instant in the organisation's zone."""
        return instant.astimezone(ZoneInfo(self.zone)).date()


DEFAULT = Policy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When each thing of a case is due.

    `last_day_at` is the morning of the last day, when the certificate is issued whatever is still open;
    `certificate_due_at` the close of that day at the latest (LCL 50, 89). `insurance_stop_on` is a calendar day.
    """

    manager_due_at: datetime
    handover_due_at: datetime
    handover_countdown_at: datetime
    last_day_at: datetime
    freeze_at: datetime
    certificate_due_at: datetime
    insurance_stop_on: date
    transfer_due_at: datetime
    closes_at: datetime

    def variables(self) -> dict[str, str]:
        """The plan as process variables: camelCase names, ISO 8601 with the zone's offset."""
        return {_camel(field.name): getattr(self, field.name).isoformat() for field in fields(self)}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


def plan(
    *,
    filed_at: datetime,
    leaving_on: date,
    calendar: WorkCalendar,
    policy: Policy = DEFAULT,
    handover_from: datetime | None = None,
    manager_from: datetime | None = None,
) -> Plan:
    """The plan of a case that was filed at one instant and ends on `leaving_on`.

    Handover is due `handover_working_days` working days after `handover_from`, the manager's confirmation so many after
    `manager_from` (both after filing, where not given). Whatever
    would be due before the filing is due at the filing: a resignation under LCL 38 may end the same day.
    """
    zone = ZoneInfo(policy.zone)
    filed_at = filed_at.astimezone(zone)
    close = policy.at(leaving_on, policy.closes)
    handover = _working_days_after(
        policy.day_of(handover_from or filed_at), policy.handover_working_days, calendar, policy
    )
    handover = max(min(handover, close), filed_at)
    transfer_on = leaving_on + timedelta(days=min(policy.transfer_days, 15))
    return Plan(
        manager_due_at=max(
            min(
                _working_days_after(
                    policy.day_of(manager_from or filed_at), policy.manager_working_days, calendar, policy
                ),
                close,
            ),
            filed_at,
        ),
        handover_due_at=handover,
        handover_countdown_at=max(handover - timedelta(days=policy.countdown_days), filed_at),
        last_day_at=max(policy.at(leaving_on, policy.opens), filed_at),
        freeze_at=max(close, filed_at),
        certificate_due_at=max(close, filed_at),
        insurance_stop_on=leaving_on,
        transfer_due_at=policy.at(transfer_on, policy.closes),
        closes_at=policy.at(transfer_on + timedelta(days=1), time(0)),
    )


def certificate_due(
    *, cleared_at: datetime, leaving_on: date, calendar: WorkCalendar, policy: Policy = DEFAULT
) -> datetime:
    """When HR must have reviewed the certificate: one working day after clearance, never later than the last day's
    close. It is issued on the last day (LCL 50).
    """
    after = _working_days_after(policy.day_of(cleared_at), policy.certificate_working_days, calendar, policy)
    return min(after, policy.at(leaving_on, policy.closes))


def _working_days_after(day: date, days: int, calendar: WorkCalendar, policy: Policy) -> datetime:
    return policy.at(calendar.add_working_days(day, days), policy.closes)
