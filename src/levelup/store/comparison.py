"""Whether two periods of an indicator in a place may be compared, or why not."""

from __future__ import annotations

from levelup.catalogue.entry import Indicator
from levelup.terms.errors import Refusal
from levelup.terms.period import parse_period
from levelup.terms.place import Place


def refuse_comparison(indicator: Indicator, first: str, second: str, *, place: Place | None = None) -> Refusal | None:
    """Return why two periods of a series must not be joined, or None where they may be compared.

    Parameters
    ----------
    indicator : Indicator
        Whose breaks count.
    first, second : str
        ISO 8601 periods, in any order.
    place : Place, optional
        The place, whose code may have begun or ended between the two.

    Returns
    -------
    Refusal or None
        The first reason found.

    Refuses
    -------
    series-broken
        The catalogue declares a break of the series between the beginnings of the two periods.
    boundary-changed
        The place's code began after the first period began, or ended before the second did.
    """
    early, late = sorted((parse_period(first), parse_period(second)), key=lambda period: period.start)
    for item in indicator.breaks:
        if early.start.isoformat() < item.at <= late.start.isoformat():
            return Refusal(
                "series-broken",
                f"{indicator.short} has a break at {parse_period(item.at).label}: {item.reason}",
                "Compare two periods on the same side of the break.",
            )
    if place is None:
        return None
    if place.valid_from and early.start.isoformat() < place.valid_from:
        return Refusal(
            "boundary-changed",
            f"{place.name} has had its present boundary since {parse_period(place.valid_from).label}, after {early.label} began.",
            "Rebase the earlier figures, or compare from that date on.",
        )
    if place.valid_to and late.start.isoformat() > place.valid_to:
        heirs = f"; {', '.join(place.successors)} followed it" if place.successors else ""
        return Refusal(
            "boundary-changed",
            f"{place.name} ended on {parse_period(place.valid_to).label}, before {late.label} began{heirs}.",
            "Compare the places that followed it.",
        )
    return None
