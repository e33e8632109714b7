"""Tables of the stable call, as short as tests can have them."""

from __future__ import annotations

COLUMNS = ("indicator", "subject", "role", "period", "value", "se", "polarity", "population", "margin")


def columns(rows: list[tuple[object, ...]], names: tuple[str, ...] = COLUMNS) -> dict[str, list[str]]:
    return {name: ["" if row[i] is None else str(row[i]) for row in rows] for i, name in enumerate(names)}


def four(
    lower: list[float],
    upper: list[float],
    *,
    se: float = 0.4,
    margin: float | None = None,
    indicator: str = "a",
    polarity: str = "more-is-better",
) -> list[tuple[object, ...]]:
    return [
        (indicator, subject, role, period, value, se, polarity, 100, margin)
        for subject, role, values in (("L", "lower", lower), ("U", "upper", upper))
        for period, value in zip(("2016", "2024"), values, strict=True)
    ]
