"""Pay gaps in exact fractions and plain loops, written from the regulations and not from the package: slow, easy to follow."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

MONTH, YEAR = Fraction("30.44"), Fraction("365.25")
LENGTHS = {
    "weekly": Fraction(7),
    "fortnightly": Fraction(14),
    "four-weekly": Fraction(28),
    "monthly": MONTH,
    "quarterly": 3 * MONTH,
    "year": YEAR,
}
SNAPSHOT = "2026-03-31"
BANDS = ("lower", "lower_middle", "upper_middle", "upper")


def one_decimal(value: Fraction, rounding: str) -> float:
    """Return a fraction to one decimal, halves away from zero or to the even digit."""
    tenths = value * 10
    whole, rest = divmod(abs(tenths), 1)
    up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and (rounding == ROUND_HALF_UP or whole % 2 == 1))
    signed = (whole + up) * (1 if tenths >= 0 else -1)
    return float(Decimal(int(signed)) / 10) + 0.0


def is_employed(job: dict[str, Any]) -> bool:
    """Paragraph 1(1): employed on the snapshot date; regulation 2(3): not at a maintained school."""
    began = job["Start date"] == "" or job["Start date"] <= SNAPSHOT
    goes_on = job["Leaving date"] == "" or job["Leaving date"] >= SNAPSHOT
    return began and goes_on and job["Maintained school"] != "yes"


def week_hours(job: dict[str, Any]) -> Fraction:
    """Paragraph 7: the contract's hours, or twelve worked weeks ending with the last, divided by twelve."""
    if job["Weekly hours"] != "":
        return Fraction(job["Weekly hours"])
    worked = [Fraction(hours) for hours in job["weeks"] if hours != "" and Fraction(hours) > 0]
    return sum(worked[:12], Fraction(0)) / 12


def week_pay(job: dict[str, Any]) -> Fraction:
    """Paragraph 6(1), steps 1 to 5."""
    days = LENGTHS[job["Pay frequency"]]
    ordinary = sum(Fraction(job[name]) for name in ("Basic pay", "Car allowance", "Shift premium", "Holiday pay"))
    ordinary -= Fraction(job["Of which arrears"])
    bonus = Fraction(job["Bonus in period"])
    if bonus:
        bonus = bonus / LENGTHS[job["Bonus period"]] * days
    return (ordinary + bonus) * Fraction(7) / days


def find_people(jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the relevant employees with exact hourly pay (None where pay was reduced by leave) and bonus."""
    people = []
    for name in dict.fromkeys(job["Employee"] for job in jobs):
        own = [job for job in jobs if job["Employee"] == name]
        current = [job for job in own if is_employed(job)]
        if not current:
            continue
        hourly = None
        if all(job["Reduced pay"] != "yes" for job in current):
            hourly = sum(map(week_pay, current), Fraction(0)) / sum(map(week_hours, current), Fraction(0))
        bonus = sum((Fraction(job["Bonus"]) for job in own if job["Maintained school"] != "yes"), Fraction(0))
        people.append({"sex": own[0]["Sex"], "hourly": hourly, "bonus": bonus})
    return people


def average(values: list[Fraction], kind: str) -> Fraction:
    if kind == "mean":
        return sum(values, Fraction(0)) / len(values)
    ranked, half = sorted(values), len(values) // 2
    return ranked[half] if len(values) % 2 else (ranked[half - 1] + ranked[half]) / 2


def gap(men: list[Fraction], women: list[Fraction], kind: str) -> float | None:
    """Paragraphs 8 to 11: (A - B) / A x 100."""
    if not men or not women or average(men, kind) == 0:
        return None
    return one_decimal((average(men, kind) - average(women, kind)) / average(men, kind) * 100, ROUND_HALF_UP)


def band_sizes(people: int) -> list[int]:
    sizes = [people // 4] * 4
    for band in {0: [], 1: [0], 2: [0, 2], 3: [0, 1, 2]}[people % 4]:
        sizes[band] += 1
    return sizes


def band_counts(people: list[dict[str, Any]]) -> list[list[int]]:
    """Paragraph 13: [men, women] of each band, seats filled rate by rate from below."""
    seats = [band for band, size in enumerate(band_sizes(len(people))) for _ in range(size)]
    counts = [[0, 0] for _ in BANDS]
    taken = 0
    for rate in sorted({person["hourly"] for person in people}):
        same = [person for person in people if person["hourly"] == rate]
        own = seats[taken : taken + len(same)]
        taken += len(same)
        women = sum(person["sex"] == "F" for person in same)
        parts = {band: own.count(band) for band in range(4)}
        exact = {band: Fraction(women * part, len(same)) for band, part in parts.items()}
        given = {band: int(share) for band, share in exact.items()}
        for band in sorted(exact, key=lambda band: (-(exact[band] - given[band]), band))[: women - sum(given.values())]:
            given[band] += 1
        for band, part in parts.items():
            counts[band][1] += given[band]
            counts[band][0] += part - given[band]
    return counts


def reference_gaps(jobs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the six calculations of the stable call."""
    people = find_people(jobs)
    full = [person for person in people if person["hourly"] is not None]
    hourly = {sex: [person["hourly"] for person in full if person["sex"] == sex] for sex in "MF"}
    everyone = {sex: [person["bonus"] for person in people if person["sex"] == sex] for sex in "MF"}
    paid = {sex: [bonus for bonus in everyone[sex] if bonus > 0] for sex in "MF"}
    bonus = {kind: gap(paid["M"], paid["F"], kind) for kind in ("mean", "median")}
    if paid["M"] and not paid["F"] and everyone["F"]:
        bonus = {"mean": 100.0, "median": 100.0}
    shares = {
        sex: one_decimal(Fraction(len(paid[sex]), len(everyone[sex])) * 100, ROUND_HALF_UP) if everyone[sex] else None
        for sex in "MF"
    }
    quarters = {}
    for name, (men, women) in zip(BANDS, band_counts(full), strict=True):
        shown = [
            one_decimal(Fraction(side, men + women) * 100, ROUND_HALF_EVEN) if men + women else None for side in (men, women)
        ]
        quarters[name] = {"men": shown[0], "women": shown[1]}
    return {
        "mean_hourly_gap": gap(hourly["M"], hourly["F"], "mean"),
        "median_hourly_gap": gap(hourly["M"], hourly["F"], "median"),
        "mean_bonus_gap": bonus["mean"],
        "median_bonus_gap": bonus["median"],
        "bonus_share": {"men": shares["M"], "women": shares["F"]},
        "quarters": quarters,
    }
