"""Verdicts as the JSON array of the stable call: one object per indicator, comparison and window."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from levelup.publish.tabular import finite
from levelup.terms.period import Period
from levelup.terms.record import Estimate, Loser, Reading, Subject, Trend, Verdict

STABLE_KEYS: tuple[str, ...] = (
    "indicator", "word", "certainty", "probability", "change_lower", "change_upper", "gap_change", "share_from_below", "refusal",
)  # fmt: skip
"""The keys others script against, in order; further keys follow them and may grow."""


def verdict_as_dict(verdict: Verdict, *, sentence: str = "") -> dict[str, object]:
    """Return one verdict as the object of the stable call.

    Parameters
    ----------
    verdict : Verdict
        Judged, described or refused.
    sentence : str
        The sentence that says it, where the caller has one.

    Returns
    -------
    dict
        The keys of `STABLE_KEYS`, then the further ones. Changes are on the good scale in the indicator's unit; `gap_change`
        below zero means narrowed. Every absent number is None; none is NaN.
    """
    refusal = verdict.refusal
    return {
        "indicator": verdict.indicator,
        "word": verdict.word,
        "certainty": verdict.certainty,
        "probability": finite(verdict.probability),
        "change_lower": _value(verdict.change_lower),
        "change_upper": _value(verdict.change_upper),
        "gap_change": _estimate(verdict.gap_change),
        "share_from_below": finite(verdict.share_from_below),
        "refusal": None if refusal is None else dict(refusal.as_dict()),
        "id": verdict.id,
        "kind": verdict.kind,
        "comparison": verdict.comparison,
        "place": verdict.place,
        "lower_subject": _subject(verdict.lower),
        "upper_subject": _subject(verdict.upper),
        "window": verdict.window,
        "start": _period(verdict.start),
        "end": _period(verdict.end),
        "levels": {
            "lower": _pair(verdict.lower_levels),
            "upper": _pair(verdict.upper_levels),
            "gap": _pair(verdict.gap_levels),
        },
        "change_lower_interval": _interval(verdict.change_lower),
        "change_upper_interval": _interval(verdict.change_upper),
        "statements": {name: finite(value) for name, value in verdict.statements.items()},
        "established": list(verdict.established),
        "certainty_adjusted": verdict.certainty_adjusted,
        "order": verdict.order,
        "method": verdict.method,
        "releases": list(verdict.releases),
        "sentence": sentence,
        "losers": [_loser(loser) for loser in verdict.losers],
        "regions": {name: finite(value) for name, value in verdict.regions.items()},
        "readings": [_reading(reading) for reading in verdict.readings],
        "trend": _trend(verdict.trend),
    }


def verdicts_text(verdicts: Iterable[Verdict], *, sentences: Mapping[str, str] | None = None) -> str:
    """Return verdicts as the text of a JSON array, one object a line, in the order given.

    Parameters
    ----------
    verdicts : iterable of Verdict
        Judged, described and refused alike.
    sentences : mapping of str to str, optional
        A verdict's id to the sentence that says it.

    Returns
    -------
    str
        JSON as RFC 8259 has it: no NaN, no infinity.
    """
    known = sentences or {}
    objects = (verdict_as_dict(verdict, sentence=known.get(verdict.id, "")) for verdict in verdicts)
    lines = ",\n".join(json.dumps(item, ensure_ascii=False, allow_nan=False) for item in objects)
    return f"[\n{lines}\n]\n" if lines else "[]\n"


def write_verdicts(verdicts: Iterable[Verdict], path: Path, *, sentences: Mapping[str, str] | None = None) -> Path:
    """Write `verdicts.json` and return its path; the same verdicts give the same bytes."""
    path.write_text(verdicts_text(verdicts, sentences=sentences), encoding="utf-8", newline="\n")
    return path


def _value(estimate: Estimate | None) -> float | None:
    return None if estimate is None else finite(estimate.value)


def _interval(estimate: Estimate | None) -> list[float] | None:
    if estimate is None:
        return None
    lower, upper = finite(estimate.lower), finite(estimate.upper)
    return None if lower is None or upper is None else [lower, upper]


def _estimate(estimate: Estimate | None) -> dict[str, float | None] | None:
    if estimate is None or finite(estimate.value) is None:
        return None
    return {"value": finite(estimate.value), "lower": finite(estimate.lower), "upper": finite(estimate.upper)}


def _pair(levels: tuple[float | None, float | None]) -> list[float | None]:
    return [finite(level) for level in levels]


def _period(period: Period | None) -> str | None:
    return None if period is None else period.iso


def _subject(subject: Subject) -> dict[str, str]:
    return {"place": subject.place, "cohort": subject.cohort, "label": subject.label}


def _loser(loser: Loser) -> dict[str, object]:
    return {
        "subject": _subject(loser.subject),
        "change": _estimate(loser.change),
        "probability": finite(loser.probability),
        "certainty": loser.certainty,
    }


def _reading(reading: Reading) -> dict[str, object]:
    return {
        "name": reading.name,
        "before": finite(reading.before),
        "after": finite(reading.after),
        "change": finite(reading.change),
        "interval": None if reading.lower is None else [finite(reading.lower), finite(reading.upper)],
        "probability_narrowed": finite(reading.probability),
    }


def _trend(trend: Trend | None) -> dict[str, object] | None:
    if trend is None:
        return None
    return {
        "points": trend.points,
        "word": trend.word,
        "certainty": trend.certainty,
        "probability": finite(trend.probability),
        "change_lower": _estimate(trend.change_lower),
        "change_upper": _estimate(trend.change_upper),
        "gap_change": _estimate(trend.gap_change),
        "share_from_below": finite(trend.share_from_below),
        "departure": finite(trend.departure),
    }
