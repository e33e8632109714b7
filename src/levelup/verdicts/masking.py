"""What a place's average hides: the cohorts and tenths of its people who worsened while the place as a whole did not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from levelup.catalogue.entry import Indicator
from levelup.terms.cohort import CHARACTERISTICS, parse_cohort
from levelup.terms.errors import InputError, Refusal
from levelup.terms.period import Period, overlap
from levelup.terms.polarity import on_good_scale
from levelup.terms.record import Masking, Subject
from levelup.verdicts.loser import gains, losers, masked
from levelup.verdicts.panel import Panel

EVERYBODY = "all"


def mask_groups(
    panels: Mapping[tuple[str, str], Panel],
    *,
    indicator: Indicator,
    place: str,
    start: Period,
    end: Period,
    name: str = "",
) -> list[tuple[str, Masking]] | Refusal:
    """Say which cohorts or tenths of a place worsened while the place's own figure did not fall, one characteristic at a time.

    Parameters
    ----------
    panels : mapping of (indicator, cohort) to Panel
        As `levelup.verdicts.panel.build_panels` gives them.
    indicator : Indicator
        The catalogue's entry: which way is good, and where the series breaks.
    place : str
        A code.
    start, end : Period
        The two dates, the earlier one first.
    name : str
        What sentences call the place; its code where empty.

    Returns
    -------
    list of (str, Masking) or Refusal
        In the order of the characteristics' keys, those in which a part worsened with evidence (Holm's step-down over the parts
        of that characteristic that are held at both dates), or, where no part has published uncertainty, fell as published.
        Empty where the place itself fell or no part is known to have worsened. Gains are on the good scale.

    Refuses
    -------
    series-broken
        The series has a break between the two dates.
    no-data
        The place's own figure is not held at both dates.

    Raises
    ------
    InputError
        The second date is not after the first.

    Source
    ------
    Holm (1979), Scandinavian Journal of Statistics 6:65, as in `levelup.verdicts.loser.masked`.

    Notes
    -----
    Only whole characteristics are looked at, not crossings of several. A cohort's membership may have drifted between the dates:
    see `levelup.verdicts.drift`.
    """
    if start.middle >= end.middle:
        raise InputError("the second date must be after the first", got=f"{start.iso} and {end.iso}")
    for item in indicator.breaks:
        if start.start.isoformat() < item.at <= end.start.isoformat():
            return Refusal("series-broken", item.reason, "Compare dates on one side of the break.")
    held = {
        cohort: moved
        for (measured, cohort), panel in panels.items()
        if measured == indicator.id and (moved := _gain(panel, indicator, place, start, end)) is not None
    }
    if EVERYBODY not in held:
        return Refusal(
            "no-data",
            f"{name or place} has no figure for everybody at {start.label} and at {end.label}.",
            "The place's own figure at both dates.",
        )
    whole = Subject(place, EVERYBODY, name or place)
    gain, error = held[EVERYBODY]
    found = []
    for characteristic in sorted(CHARACTERISTICS):
        cohorts = tuple(key for key in sorted(held, key=_rank) if _is_of(key, characteristic))
        subjects = tuple(Subject(place, key, f"{parse_cohort(key).label} in {name or place}") for key in cohorts)
        changes, errors = (np.asarray([held[key][side] for key in cohorts], dtype=np.float64) for side in (0, 1))
        fell = losers(subjects, gain=changes, se=errors)
        hidden = masked(whole, gain=gain, se=error, parts=fell, looked_at=len(cohorts)) if fell else None
        if hidden is not None:
            found.append((characteristic, hidden))
    return found


def _gain(panel: Panel, indicator: Indicator, place: str, start: Period, end: Period) -> tuple[float, float] | None:
    """Return a cohort's gain on the good scale and its standard error, or None where a date has no figure."""
    if place not in panel.places or start not in panel.periods or end not in panel.periods:
        return None
    value, se = panel.rows((place,))
    at = [panel.periods.index(start), panel.periods.index(end)]
    good = on_good_scale(value[0, at], indicator.polarity)
    gain, error = gains(good[:1], after=good[1:], se_before=se[0, at[:1]], se_after=se[0, at[1:]], overlap=overlap(start, end))
    return (float(gain[0]), float(error[0])) if np.isfinite(gain[0]) else None


def _is_of(cohort: str, characteristic: str) -> bool:
    parts = parse_cohort(cohort).parts
    return len(parts) == 1 and parts[0][0] == characteristic


def _rank(cohort: str) -> tuple[str, int, str]:
    """Return what cohorts are put in order by: the tenth tenth stands last, not second."""
    name, _, category = cohort.partition("=")
    return name, int(category) if category.isdigit() else 0, category
