"""Everything that a pay gap report holds, worked out once and handed to the pages, the sheets and the return."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from levelup.duties.pay.action_plan import PlanCheck
from levelup.duties.pay.adjusted import AdjustedGap
from levelup.duties.pay.breakdown import Breakdown
from levelup.duties.pay.characteristics import CharacteristicGaps
from levelup.duties.pay.obligations import Obligation
from levelup.duties.pay.records import PayGaps, Worked
from levelup.duties.pay.rules import DEFAULT, Rules
from levelup.duties.pay.trend import Trend
from levelup.duties.pay.uncertainty import GapIntervals
from levelup.terms.errors import Refusal


@dataclass(frozen=True, slots=True)
class PayReport:
    """One employer's figures at one snapshot date, and the rules that they were worked out by.

    `worked` holds the rows and is for the worked sheet alone, which stays in the house; so do `remarks`, in which rows are
    counted and the extract's columns named. Everything else may be published: `public_remarks` are the same without either.
    `obligations` are what is asked of employers, and whether of this one. `return_faults` are why the government's service would
    not take the return. `gaps` are the law's figures; what follows `intervals` goes beyond it. `trend` sets earlier returns
    beside this one, None where there are none.
    """

    employer: str
    snapshot: date
    publish_by: date
    must_publish: bool | None
    worked: Worked
    gaps: PayGaps
    remarks: tuple[str, ...] = ()
    public_remarks: tuple[str, ...] = ()
    rules: Rules = DEFAULT
    obligations: tuple[Obligation, ...] = ()
    intervals: GapIntervals | None = None
    characteristics: tuple[CharacteristicGaps, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    adjusted: AdjustedGap | Refusal | None = None
    plan: PlanCheck | None = None
    service_row: dict[str, str] = field(default_factory=dict)
    return_faults: tuple[str, ...] = ()
    trend: Trend | None = None
    peers: tuple[tuple[str, dict[str, object]], ...] = ()


HEADLINE = ("full_pay", "relevant", "paid_bonus")
"""The counts of men and women that stand behind the law's figures."""


def few_behind(report: PayReport) -> bool:
    """Return whether fewer people of a side than `least_group`, and not nobody, stand behind a figure of the whole employer.

    Parameters
    ----------
    report : PayReport
        The report; only its counts are read.

    Returns
    -------
    bool
        Such figures can tell much about single people.
    """
    least = report.rules.whole("least_group")
    return any(0 < count < least for name in HEADLINE for count in report.gaps.counts.get(name, ()))


def stays_in_house(report: PayReport) -> bool:
    """Return whether nothing of a report is for publication: few people are behind it, and no duty to publish is known."""
    return few_behind(report) and not report.must_publish
