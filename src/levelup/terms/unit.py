"""Units that indicators are measured in, with the decimals and wording that figures in them are shown with."""

from __future__ import annotations

from dataclasses import dataclass

from levelup.terms.errors import InputError


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: its key, what a column header says, what follows or precedes a figure, decimals, and its natural bounds."""

    key: str
    label: str
    prefix: str = ""
    suffix: str = ""
    decimals: int = 1
    low: float | None = None
    high: float | None = None
    change: str = ""

    def show(self, value: float) -> str:
        """Return a figure in words' company, for example '£682.80' or '47.4%'."""
        sign = "-" if value < 0 else ""
        return f"{sign}{self.prefix}{abs(value):,.{self.decimals}f}{self.suffix}"

    def show_change(self, value: float) -> str:
        """Return the size of a change, unsigned, for example '3.1 percentage points', with decimals enough not to be 0."""
        tail = f" {self.change}" if self.change else self.suffix
        text = f"{abs(value):,.{self.decimals}f}"
        if value and not any(digit in text for digit in "123456789"):
            text = f"{abs(value):.1g}"
        return f"{self.prefix}{text}{tail}"


UNITS: dict[str, Unit] = {
    unit.key: unit
    for unit in (
        Unit("percent", "%", suffix="%", low=0.0, high=100.0, change="percentage points"),
        Unit("percent-change", "%", suffix="%", change="percentage points"),
        Unit("rate-per-1000", "per 1,000", suffix=" per 1,000", low=0.0),
        Unit("rate-per-10000", "per 10,000", suffix=" per 10,000", low=0.0),
        Unit("rate-per-100000", "per 100,000", suffix=" per 100,000", low=0.0),
        Unit("years", "years", suffix=" years", low=0.0),
        Unit("pounds", "£", prefix="£", decimals=0, low=0.0),
        Unit("pounds-and-pence", "£", prefix="£", decimals=2, low=0.0),
        Unit("million-pounds", "£ million", prefix="£", suffix=" million", low=None),
        Unit("score-0-10", "score out of 10", decimals=2, low=0.0, high=10.0, change="points"),
        Unit("score", "score", change="points"),
        Unit("ratio", "ratio", decimals=2, low=0.0),
        Unit("index-100", "index, 100 at the base", change="points"),
        Unit("count", "number", decimals=0, low=0.0),
        Unit("minutes", "minutes", suffix=" minutes", low=0.0),
        Unit("nights", "nights", suffix=" nights", low=0.0),
        Unit("kilowatt-hours", "kWh", suffix=" kWh", decimals=0, low=0.0),
        Unit("tonnes", "tonnes", suffix=" tonnes", low=None),
        Unit("micrograms", "µg/m³", suffix=" µg/m³", low=0.0),
        Unit("vehicles-per-day", "vehicles a day", decimals=0, low=0.0),
    )
}
"""Every unit, by key."""


def unit_of(key: str) -> Unit:
    """Return the unit with this key.

    Raises
    ------
    InputError
        The key is not one of `UNITS`.
    """
    if key not in UNITS:
        raise InputError("unit must be one of the units of the ground", got=repr(key), next=f"Use one of: {', '.join(UNITS)}.")
    return UNITS[key]
