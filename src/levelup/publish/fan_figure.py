"""Which forecasts a page shows: the county's on an indicator's page, each subject's own on a gap's."""

from __future__ import annotations

from levelup.catalogue.entry import Indicator
from levelup.publish.fan import fan_figure
from levelup.publish.gap import Gap
from levelup.publish.page import Desk, Figure, short_period


def forecast_figure(desk: Desk, indicator: Indicator) -> Figure | None:
    """Return the fan of the county, or of its nation where the county has none; None where neither has."""
    for code in (desk.publication.county.code, desk.comparator("nation")):
        found = _figure(desk, indicator, code, "all", name=desk.name(code), slug=f"indicator-{indicator.id}")
        if found is not None:
            return found
    return None


def gap_forecasts(desk: Desk, gap: Gap, indicator: Indicator) -> list[Figure]:
    """Return the fans of a gap's subjects that have a series of their own, the lower one first."""
    found = []
    for end, subject in (("lower", gap.main.lower), ("upper", gap.main.upper)):
        own = gap.kind == "cohort" or (gap.kind in ("district", "county") and subject.place == gap.place)
        if own:
            slug = f"gap-{gap.slug}-{end}"
            found.append(_figure(desk, indicator, subject.place, subject.cohort, name=subject.label, slug=slug, key=f"fan-{end}"))
    return [figure for figure in found if figure is not None]


def _figure(
    desk: Desk, indicator: Indicator, place: str, cohort: str, *, name: str, slug: str, key: str = "fan"
) -> Figure | None:
    fan, track = desk.publication.fans.get((indicator.id, cohort, place)), desk.track(indicator.id, place, cohort)
    if fan is None or track is None:
        return None
    since = max((item.at for item in indicator.breaks), default="")
    spots = [
        (point.period.middle, point.value, short_period(point.period))
        for point in track.held
        if point.value is not None
        and point.period.middle <= fan.origin.middle
        and point.period.months == fan.origin.months
        and point.period.start.isoformat() >= since
    ]
    return fan_figure(fan, spots=spots, indicator=indicator, name=name, source=desk.source_line(indicator), slug=slug, key=key)
