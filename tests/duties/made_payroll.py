"""A made payroll: the same rows for the same seed, with people, jobs, grades and pay such as a council's extract has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Texts = NDArray[np.str_]
GRADES = tuple(f"Grade {number}" for number in range(1, 13))
DIRECTORATES = ("Adult social care", "Children and families", "Corporate services", "Place and environment", "Public health")
ETHNICITIES = ("White British", "Indian", "African", "White and Asian", "Prefer not to say")
SHARES = (0.86, 0.05, 0.04, 0.02, 0.03)


def made_payroll(people: int, *, seed: int = 5) -> dict[str, Texts]:
    """Return the columns of an extract as texts: one row a contract, about one person in fifty with a second one.

    Parameters
    ----------
    people : int
        How many persons.
    seed : int
        Of the generator.

    Returns
    -------
    dict of str to ndarray of str, shape (contracts,)
    """
    draw = np.random.default_rng(seed)
    person = np.concatenate([np.arange(people), np.sort(draw.choice(people, people // 50, replace=False))])
    n, is_second = len(person), np.arange(len(person)) >= people
    is_woman = (draw.random(people) < 0.66)[person]
    grade = np.clip(np.round(draw.normal(5.0, 2.2, people)[person] - 0.7 * is_woman), 0, 11).astype(int)
    hours = np.where(is_second, 7.4, np.where(draw.random(n) < np.where(is_woman, 0.45, 0.12), 22.2, 37.0))
    rate = 12.4 * 1.11**grade * np.exp(draw.normal(0.0, 0.04, n))
    is_four_weekly = draw.random(n) < 0.1
    basic = rate * hours * np.where(is_four_weekly, 4.0, 30.44 / 7.0)
    bonus = np.where((draw.random(n) < np.where(is_woman, 0.04, 0.08)) & ~is_second, draw.gamma(2.0, 400.0, n), 0.0)
    return {
        "Employee": text_of(person, "E{:07d}"),
        "Job": np.where(is_second, "2", "1"),
        "Sex": np.where(is_woman, "F", "M"),
        "Start date": np.datetime_as_string(np.datetime64("2026-03-01") - draw.integers(200, 9000, n)),
        "Leaving date": np.where(draw.random(n) < 0.01, "2025-12-31", ""),
        "Pay frequency": np.where(is_four_weekly, "four-weekly", "monthly"),
        "Basic pay": pence(basic),
        "Shift premium": pence(np.where(draw.random(n) < 0.2, 0.12 * basic, 0.0)),
        "Car allowance": pence(np.where(draw.random(n) < 0.05, 80.33, 0.0)),
        "Overtime": pence(np.where(draw.random(n) < 0.1, draw.gamma(2.0, 60.0, n), 0.0)),
        "Bonus (12 months)": np.where(bonus > 0, pence(bonus), ""),
        "Weekly hours": text_of(hours, "{:.1f}"),
        "Reduced pay": np.where(draw.random(n) < 0.03, "yes", "no"),
        "Grade": np.array(GRADES)[grade],
        "Directorate": np.array(DIRECTORATES)[draw.integers(0, len(DIRECTORATES), n)],
        "Ethnicity": draw.choice(np.array(ETHNICITIES), people, p=SHARES)[person],
        "Disability": draw.choice(np.array(["Yes", "No", ""]), people, p=(0.07, 0.83, 0.10))[person],
    }


def text_of(figures: NDArray[Any], form: str) -> Texts:
    """Return figures written one by one, each distinct one once."""
    found, which = np.unique(figures, return_inverse=True)
    return np.array([form.format(item) for item in found.tolist()])[which]


def pence(figures: NDArray[np.float64]) -> Texts:
    """Return pounds with two decimals."""
    return text_of(np.round(figures, 2), "{:.2f}")


def write_payroll(columns: dict[str, Texts], path: Path) -> None:
    """Write columns as a CSV file."""
    lines = [",".join(columns), *map(",".join, zip(*(column.tolist() for column in columns.values()), strict=True))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
