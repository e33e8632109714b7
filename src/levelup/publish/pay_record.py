"""A pay gap report as data for machines: the figures that may be shown, and the action plan, with no row of a person."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import levelup
from levelup.duties.pay.adjusted import SAID, AdjustedGap, Split
from levelup.duties.pay.breakdown import Breakdown
from levelup.duties.pay.characteristics import CharacteristicGaps
from levelup.duties.pay.gaps import as_json
from levelup.duties.pay.records import QUARTERS, PayGaps
from levelup.duties.pay.report import PayReport
from levelup.duties.pay.trend import Move, Trend
from levelup.duties.pay.uncertainty import Doubt, GapIntervals
from levelup.publish.pay_plan import plan_record
from levelup.publish.pay_words import GAPS, adjusted_unit
from levelup.terms.errors import Refusal
from levelup.terms.record import Estimate


def figures_record(report: PayReport) -> dict[str, Any]:
    """Return everything of a report that may be shown, the law's figures apart from the rest; the rows are not read.

    Parameters
    ----------
    report : PayReport
        The report.

    Returns
    -------
    dict
        `law` is the stable object of the six calculations; a refused figure stands as its code, reason and what would lift it.
        No figure has more decimals than the page shows: with more, the pay of one person could be worked out.
    """
    return {
        "employer": report.employer,
        "snapshot": report.snapshot.isoformat(),
        "publish_by": report.publish_by.isoformat(),
        "must_publish": report.must_publish,
        "obligations": [asdict(item) for item in report.obligations],
        "version": levelup.__version__,
        "law": as_json(report.gaps),
        "return": {"would_be_taken": not report.return_faults, "faults": list(report.return_faults)},
        "rests_on": {"remarks": list(report.public_remarks), "set_otherwise": dict(report.rules.changed)},
        "beyond_the_law": _round(
            {
                "intervals": None if report.intervals is None else _intervals(report.intervals),
                "years": None if report.trend is None else _years(report.trend),
                "peers": {year: record for year, record in report.peers},
                "characteristics": {item.characteristic: _characteristic(item) for item in report.characteristics},
                "groups": {item.by: _groups(item) for item in report.breakdowns},
                "adjusted": _adjusted(report.adjusted),
            }
        ),
        "action_plan": None if report.plan is None else plan_record(report.plan),
    }


def figures_text(report: PayReport) -> str:
    """Return the record as `figures.json` holds it."""
    return json.dumps(figures_record(report), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _round(held: Any, *, decimals: int = 1) -> Any:
    """Return a record with every figure in it rounded, confidence levels apart."""
    if isinstance(held, float):
        return round(held, decimals) + 0.0
    if isinstance(held, dict):
        return {key: part if key == "confidence" else _round(part, decimals=decimals) for key, part in held.items()}
    return [_round(part, decimals=decimals) for part in held] if isinstance(held, list | tuple) else held


def _doubt(found: Doubt, *, scale: float = 1.0) -> dict[str, Any]:
    if isinstance(found, Refusal):
        return {"refusal": found.as_dict()}
    ends = {"value": found.value, "lower": found.lower, "upper": found.upper}
    return {key: None if end is None else scale * end for key, end in ends.items()} | {"confidence": found.confidence}


def _intervals(found: GapIntervals) -> dict[str, Any]:
    made: dict[str, Any] = {name: _doubt(getattr(found, name)) for name in GAPS}
    made["bonus_share"] = {"men": _doubt(found.bonus_share[0]), "women": _doubt(found.bonus_share[1])}
    made["quarters_women"] = {name: _doubt(found.quarters[name]) for name in QUARTERS}
    return made


def _years(found: Trend) -> dict[str, Any]:
    """Return every figure by year, its change from the first to the last, and where the series breaks."""
    return {
        "years": list(found.years),
        "figures": {item.figure: list(item.values) for item in found.series},
        "changes": {item.figure: _move(item.whole) for item in found.series},
        "breaks": [asdict(item) for item in found.breaks],
    }


def _move(found: Move) -> dict[str, Any]:
    made = {"from": found.start, "to": found.end, "percentage_points": found.change}
    return made if found.refusal is None else made | {"refusal": found.refusal.as_dict()}


def _characteristic(found: CharacteristicGaps) -> dict[str, Any]:
    levels = [
        {
            "level": level.key,
            "name": level.name,
            "reference": level.reference,
            "reference_on_full_pay": level.people,
            "groups": [
                {
                    "group": item.key,
                    "name": item.name,
                    "on_full_pay": item.people,
                    "share": item.share,
                    "figures": None if item.gaps is None else _shown(item.gaps, sides=("reference", "group")),
                    "mean_hourly_gap_interval": None if item.interval is None else _doubt(item.interval),
                    "refusal": None if item.refusal is None else item.refusal.as_dict(),
                }
                for item in level.groups
            ],
        }
        for level in found.levels
    ]
    return {
        "minimum": found.minimum,
        "declared": found.declared,
        "levels": levels,
        "note": found.note,
        "left_out": found.left_out,
        "open": list(found.open),
    }


def _shown(gaps: PayGaps, *, sides: tuple[str, str]) -> dict[str, object]:
    """Return a group's figures and how many were paid a bonus; what was withheld stands as null, with its reason."""
    first, second = sides
    pair = gaps.counts.get("paid_bonus")
    paid = None if pair is None else dict(zip(sides, pair, strict=True))
    return as_json(gaps, first=first, second=second) | {"paid_bonus": paid}


def _groups(found: Breakdown) -> list[dict[str, Any]]:
    sides = ("men", "women")
    return [
        {
            "group": item.group,
            "on_full_pay": dict(zip(sides, item.people, strict=True)),
            "figures": None if item.gaps is None else _shown(item.gaps, sides=sides),
            "mean_hourly_gap_interval": None if item.interval is None else _doubt(item.interval),
            "refusal": None if item.refusal is None else item.refusal.as_dict(),
        }
        for item in found.groups
    ]


def _adjusted(found: AdjustedGap | Refusal | None) -> dict[str, Any] | None:
    if found is None:
        return None
    if isinstance(found, Refusal):
        return {"refusal": found.as_dict()}
    shown = adjusted_unit(found)
    outside = {"whole_gap": found.whole_gap, "gap_outside": found.gap_outside}
    return {
        "scale": found.scale,
        "unit": shown.name,
        **{key: None if value is None else shown.scale * value for key, value in outside.items()},
        "adjusted_for": SAID[found.hours],
        "splits": [_split(item, hours=found.hours.replace("-", "_"), scale=shown.scale) for item in found.splits],
        "one_sided_grades": len(found.one_sided),
        "withheld": found.withheld,
        "meaning": list(found.meaning),
    }


def _split(item: Split, *, hours: str, scale: float) -> dict[str, Any]:
    """Return one split; the factor of hours goes by how hours entered, such as full_or_part_time."""
    made: dict[str, Any] = {
        hours if name == "hours" else name: _doubt(part, scale=scale) for name, part in item.by_factor.items()
    }
    parts: dict[str, Estimate] = {"gap": item.gap, "explained": item.explained, "unexplained": item.unexplained}
    return {"reference": item.reference, **{name: _doubt(part, scale=scale) for name, part in parts.items()}, "by_factor": made}
