"""The wording of one measurement: who and how much, what it means, how it was made, and what to beware of."""

from __future__ import annotations

from levelup.measures.registry import MEASURES
from levelup.publish.measurement_table import part_tables
from levelup.publish.rounding import decimals_of, figure
from levelup.terms.errors import Refusal
from levelup.terms.record import Measurement

_INEQUALITY = ("simple", "complex")
_GAPS = {"difference": "Gap", "ratio": "Ratio"}
_PICKED = {
    "difference": "Picked as best and worst, so the gap is too large on average.",
    "ratio": "Picked as best and worst, so the ratio is too large on average.",
}
_RESIDUAL = 1e-12


def measure_sentence(result: Measurement | Refusal) -> str:
    """Say a measurement, or why it was refused: what it is and what it means, then its method, a warning, and its parts.

    Examples
    --------
    >>> found = Measurement("proportion", "wilson", 20.0, None, None, None, 0.95, "By hand.", 1)
    >>> measure_sentence(found).splitlines()[0]
    'Proportion (wilson) over 1 row: 20.'
    """
    if isinstance(result, Refusal):
        return f"Refused ({result.code}): {result.reason} {result.next}".strip()
    card = MEASURES[result.measure].card
    worse = " Bigger is worse." if card.kind in _INEQUALITY and "bigger number is worse" not in card.sentence else ""
    lines = [_headline(result)]
    if result.parts.get("chosen_by") == ["values"] and result.n > 2:
        lines.append(_PICKED[result.measure])
    lines += [f"{card.sentence}{worse}", *_also(result)]
    if result.method:
        lines.append(_made(result.method))
    return "\n".join([*lines, f"Warning: {card.warning}", *part_tables(result)])


def _headline(result: Measurement) -> str:
    places = decimals_of(result.lower, result.upper)
    value = figure(_clean(result.value, result), places)
    interval = ""
    if result.lower is not None and result.upper is not None:
        interval = f", {100 * result.confidence:g}% interval {figure(result.lower, places)} to {figure(result.upper, places)}"
    return f"{_over(result, places)}: {value}{interval}."


def _over(result: Measurement, places: int | None) -> str:
    """Return what the figure is about: the two subjects of a gap by their names, else the measure and how many rows."""
    card = MEASURES[result.measure].card
    upper, lower = result.parts.get("upper_subject"), result.parts.get("lower_subject")
    if result.measure in _GAPS and upper and lower:
        beside = places if result.measure == "difference" else None
        sides = [
            f"{' and '.join(map(str, names))} ({figure(result.also[level], beside)})"
            for names, level in ((upper, "upper_level"), (lower, "lower_level"))
        ]
        return f"{_GAPS[result.measure]} between {sides[0]} and {sides[1]}"
    noun = "subject" if card.row == "a subject" else "row"
    return f"{card.title} ({result.convention}) over {result.n:,} {noun}{'s' * (result.n != 1)}"


def _also(result: Measurement) -> list[str]:
    is_named = "upper_subject" in result.parts
    shown = {name: value for name, value in result.also.items() if not (is_named and name in ("upper_level", "lower_level"))}
    said = "; ".join(f"{name.replace('_', ' ')}: {figure(_clean(value, result))}" for name, value in shown.items())
    return [f"Also: {said}."] * bool(said)


def _clean(value: float, result: Measurement) -> float:
    """Return 0 for what is left of rounding: a figure far below the largest beside it."""
    whole = max(map(abs, (result.value, *result.also.values())))
    return 0.0 if abs(value) < _RESIDUAL * whole else value


def _made(method: str) -> str:
    """Return how an interval was made, or why there is none."""
    for beginning in ("estimate alone: ", "No interval: "):
        if method.startswith(beginning):
            return f"No interval: {_ended(method.removeprefix(beginning))}"
    return f"Method: {_ended(method[0].upper() + method[1:])}"


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
