"""Give each YAML entry the shape of its record."""

from __future__ import annotations

from collections.abc import Mapping

from levelup.catalogue.entry import (
    Break,
    Framework,
    Goal,
    Indicator,
    Licence,
    Publisher,
    Series,
    Source,
    Stratifier,
)
from levelup.catalogue.form import Form
from levelup.terms.errors import InputError
from levelup.terms.polarity import Polarity
from levelup.terms.unit import Unit, unit_of

_NO_UNIT = Unit("", "")


def publisher(where: str, entry: object, faults: list[str]) -> Publisher | None:
    """Return one publisher, or None where its entry is at fault."""
    form = Form(where, entry, faults)
    record = Publisher(form.text("id"), form.text("name"), form.text("short"), form.text("address"))
    form.close()
    return record if form.is_sound else None


def licence(where: str, entry: object, faults: list[str]) -> Licence | None:
    """Return one licence, or None where its entry is at fault."""
    form = Form(where, entry, faults)
    record = Licence(form.text("id"), form.text("name"), form.text("address"), form.text("attribution"), form.flag("open"))
    form.close()
    return record if form.is_sound else None


def stratifier(where: str, entry: object, faults: list[str]) -> Stratifier | None:
    """Return one stratifier, or None where its entry is at fault."""
    form = Form(where, entry, faults)
    record = Stratifier(
        id=form.text("id"),
        name=form.text("name"),
        source=form.text("source"),
        high_is=form.text("high_is"),
        column=form.text("column"),
        level=form.text("level"),
        vintage=int(form.number("vintage") or 0),
        description=form.text("description"),
    )
    form.close()
    return record if form.is_sound else None


def source(where: str, entry: object, faults: list[str], *, place_codes: Mapping[str, dict[str, str]]) -> Source | None:
    """Return one source with its maps of place codes put in place, or None where its entry is at fault."""
    form = Form(where, entry, faults)
    options: dict[str, object] = form.mapping("options")
    named = options.get("place_codes", {})
    if isinstance(named, Mapping):
        for key, name in named.items():
            if name not in place_codes:
                form.fault(f"`options`, `place_codes`, {key!r} must name a file of place_codes", name)
        options = {**options, "place_codes": {str(key): place_codes.get(str(name), {}) for key, name in named.items()}}
    else:
        form.fault("`options`, `place_codes` must be a mapping", named)
    record = Source(
        id=form.text("id"),
        title=form.text("title"),
        publisher=form.text("publisher"),
        licence=form.text("licence"),
        address=form.text("address"),
        kind=form.text("kind"),
        reader=form.text("reader"),
        file=form.text("file"),
        sheet=form.text("sheet", ""),
        vintage=form.text("vintage"),
        published=form.text("published", ""),
        columns=form.texts_mapping("columns"),
        missing=form.text_mapping("missing"),
        period=form.text_mapping("period"),
        options=options,
        caveats=form.texts("caveats"),
    )
    form.close()
    return record if form.is_sound else None


def indicator(where: str, entry: object, faults: list[str]) -> Indicator | None:
    """Return one indicator, or None where its entry is at fault."""
    form = Form(where, entry, faults)
    series = tuple(_series(f"{where}, series {place}", item, faults) for place, item in enumerate(form.items("series"), start=1))
    record = Indicator(
        id=form.text("id"),
        name=form.text("name"),
        short=form.text("short"),
        description=form.text("description"),
        topic=form.text("topic"),
        unit=_unit(form),
        polarity=_polarity(form),
        bounds=_bounds(form),
        saturates=form.flag("saturates"),
        partner=form.text("partner", ""),
        partner_reason=form.text("partner_reason", ""),
        uncertainty=form.text("uncertainty"),
        source=form.text("source"),
        series=series,
        cohorts=tuple(dict.fromkeys(item.cohort for item in series)),
        levels=form.texts("levels"),
        period_kind=form.text("period_kind"),
        breaks=tuple(_break(f"{where}, break {place}", item, faults) for place, item in enumerate(form.items("breaks"), start=1)),
        smallest_change=form.number("smallest_change"),
        smallest_change_reason=form.text("smallest_change_reason", ""),
        status=form.text("status", "live"),
        caveats=form.texts("caveats"),
        references=form.texts("references"),
        designated=form.text_mapping("designated"),
        kind=form.text("kind", "level"),
    )
    form.close()
    return record if form.is_sound else None


def framework(where: str, entry: object, faults: list[str]) -> Framework | None:
    """Return one framework, or None where its entry is at fault."""
    form = Form(where, entry, faults)
    goals = tuple(_goal(f"{where}, goal {place}", item, faults) for place, item in enumerate(form.items("goals"), start=1))
    record = Framework(form.text("id"), form.text("title"), form.text("owner"), form.text("reference"), goals)
    form.close()
    return record if form.is_sound else None


def text_map(where: str, entry: object, *, faults: list[str]) -> dict[str, str]:
    """Return a file that maps text to text."""
    if entry is None:
        return {}
    if not isinstance(entry, Mapping):
        faults.append(f"{where}: must map text to text")
        return {}
    return {str(key): str(value) for key, value in entry.items()}


def _series(where: str, entry: object, faults: list[str]) -> Series:
    form = Form(where, entry, faults)
    record = Series(
        where=form.texts_mapping("where"),
        cohort=form.text("cohort"),
        take=form.text_mapping("take"),
        scale=form.number("scale", 1.0) or 1.0,
        source=form.text("source", ""),
        period=form.text_mapping("period"),
        combine=form.text("combine", ""),
    )
    form.close()
    return record


def _break(where: str, entry: object, faults: list[str]) -> Break:
    form = Form(where, entry, faults)
    at = form.entry.get("at")
    form.asked.add("at")
    record = Break(str(at) if at is not None else form.text("at"), form.text("reason"))
    form.close()
    return record


def _goal(where: str, entry: object, faults: list[str]) -> Goal:
    form = Form(where, entry, faults)
    record = Goal(
        id=form.text("id"),
        title=form.text("title"),
        parent=form.text("parent", ""),
        indicators=form.texts("indicators"),
        status=form.text("status", "live"),
        note=form.text("note", ""),
    )
    form.close()
    return record


def _unit(form: Form) -> Unit:
    key = form.text("unit")
    try:
        return unit_of(key) if key else _NO_UNIT
    except InputError as fault:
        form.fault(f"`unit` {fault.sentence()}")
        return _NO_UNIT


def _polarity(form: Form) -> Polarity:
    key = form.text("polarity")
    if key not in (item.value for item in Polarity):
        if key:
            form.fault(f"`polarity` must be one of {', '.join(item.value for item in Polarity)}", key)
        return Polarity.MORE
    return Polarity(key)


def _bounds(form: Form) -> tuple[float | None, float | None]:
    bounds = form.items("bounds")
    ends = [None if end is None else float(end) for end in bounds if end is None or isinstance(end, int | float)]
    if len(bounds) != 2 or len(ends) != 2:
        form.fault("`bounds` must be a list of two: the lowest and the highest possible figure, null where there is none", bounds)
        return (None, None)
    return (ends[0], ends[1])
