"""Figures as the terminal shows them: rounded to what their interval can tell apart, else to four significant digits."""

from __future__ import annotations

from math import floor, log10

_DIGITS = 4
_OF_HALF_WIDTH = 2
_GROUPED = 10_000
_SMALL = 1e-6


def decimals_of(lower: float | None, upper: float | None) -> int | None:
    """Return how many decimals show two significant digits of half an interval's width; None where there is no width.

    Examples
    --------
    >>> decimals_of(12.14, 16.46), decimals_of(1000.0, 3000.0), decimals_of(None, None)
    (1, -2, None)
    """
    if lower is None or upper is None or not upper > lower:
        return None
    return _OF_HALF_WIDTH - 1 - floor(log10((upper - lower) / 2.0))


def figure(value: float, decimals: int | None = None) -> str:
    """Return a figure in words: to so many decimals, or to four significant digits, without an exponent unless it is tiny.

    Examples
    --------
    >>> figure(14.317, 1), figure(14.317), figure(0.000123456), figure(1234567.0)
    ('14.3', '14.32', '0.0001235', '1,234,567')
    """
    if value == 0.0:
        return "0"
    if decimals is None:
        if abs(value) < _SMALL:
            return f"{value:.{_DIGITS}g}"
        places = max(0, _DIGITS - 1 - floor(log10(abs(value))))
        text = f"{value:,.{places}f}" if abs(value) >= _GROUPED else f"{value:.{places}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    rounded = round(value, decimals) + 0.0
    text = f"{rounded:,.{max(0, decimals)}f}" if abs(value) >= _GROUPED else f"{rounded:.{max(0, decimals)}f}"
    return text
