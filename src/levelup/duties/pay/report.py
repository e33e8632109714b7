"""Everything that a pay gap report holds, worked out once and handed to the pages, the sheets and the return."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from levelup.duties.pay.action_plan import PlanCheck
from levelup.duties.pay.adjusted import AdjustedGap
from levelup.duties.pay.breakdown import Breakdown
from levelup.duties.pay.characteristics import CharacteristicGaps
from levelup.duties.pay.records import PayGaps, Worked
from levelup.duties.pay.uncertainty import GapIntervals
from levelup.terms.errors import Refusal


@dataclass(frozen=True, slots=True)
class PayReport:
    """One employer's figures at one snapshot date.

    `worked` holds the rows and is for the worked sheet alone, which stays with the employer; everything else may be shown.
    `remarks` are what the reader of the extract should know: rows left out, by rule and number, and columns that were guessed.
    `law` and `beyond` stand apart: the six calculations are law, what follows `intervals` goes beyond it.
    """

    employer: str
    snapshot: date
    publish_by: date
    must_publish: bool | None
    worked: Worked
    gaps: PayGaps
    remarks: tuple[str, ...] = ()
    intervals: GapIntervals | None = None
    characteristics: tuple[CharacteristicGaps, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    adjusted: AdjustedGap | Refusal | None = None
    plan: PlanCheck | None = None
    service_row: dict[str, str] = field(default_factory=dict)
    earlier: dict[int, dict[str, float | None]] = field(default_factory=dict)
    peers: tuple[tuple[str, dict[str, object]], ...] = ()
