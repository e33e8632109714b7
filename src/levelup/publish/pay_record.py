"""A pay gap report as data for machines: the figures that may be shown, and the action plan's gates, with no row of a person."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import levelup
from levelup.duties.pay.adjusted import AdjustedGap, Split
from levelup.duties.pay.breakdown import Breakdown
from levelup.duties.pay.characteristics import CharacteristicGaps
from levelup.duties.pay.gaps import as_json
from levelup.duties.pay.records import QUARTERS, PayGaps
from levelup.duties.pay.report import PayReport
from levelup.duties.pay.trend import Move, Trend
from levelup.duties.pay.uncertainty import Doubt, GapIntervals
from levelup.publish.grid import Cell, Grid, Head, grid_csv
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
        "action_plan": None if report.plan is None else _plan(report),
    }


def figures_text(report: PayReport) -> str:
    """Return the record as `figures.json` holds it."""
    return json.dumps(figures_record(report), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def plan_csv(report: PayReport) -> bytes:
    """Return the action plan's gates, judgements and reviews as a CSV table; only its header where there is no plan."""
    rows: list[tuple[Cell, ...]] = []
    if report.plan is not None:
        for word, gates in (("passed", report.plan.passed), ("failed", report.plan.failed)):
            rows += [(Cell(word), Cell(gate.key), Cell(gate.must), Cell(gate.found), Cell(gate.source)) for gate in gates]
        blank = Cell("")
        rows += [(Cell("judgement required"), blank, Cell(text), blank, blank) for text in report.plan.judgement_required]
        rows += [(Cell("review due"), Cell(item.due.isoformat()), Cell(item.what), blank, blank) for item in report.plan.reviews]
        rows += [(Cell("open"), blank, Cell(text), blank, blank) for text in report.plan.open]
    heads = tuple(Head(name) for name in ("kind", "key", "must", "found", "source"))
    return grid_csv(Grid("Action plan", heads, tuple(rows)))


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
    return {"minimum": found.minimum, "declared": found.declared, "levels": levels, "note": found.note, "open": list(found.open)}


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
        "splits": [_split(item, scale=shown.scale) for item in found.splits],
        "one_sided_grades": len(found.one_sided),
        "withheld": found.withheld,
        "meaning": list(found.meaning),
    }


def _split(item: Split, *, scale: float) -> dict[str, Any]:
    made: dict[str, Any] = {name: _doubt(part, scale=scale) for name, part in item.by_factor.items()}
    parts: dict[str, Estimate] = {"gap": item.gap, "explained": item.explained, "unexplained": item.unexplained}
    return {"reference": item.reference, **{name: _doubt(part, scale=scale) for name, part in parts.items()}, "by_factor": made}


def _plan(report: PayReport) -> dict[str, Any]:
    plan = report.plan
    if plan is None:
        return {}
    return {
        "passed": [asdict(gate) for gate in plan.passed],
        "failed": [asdict(gate) for gate in plan.failed],
        "judgement_required": list(plan.judgement_required),
        "reviews": [{"due": item.due.isoformat(), "what": item.what} for item in plan.reviews],
        "open": list(plan.open),
    }
