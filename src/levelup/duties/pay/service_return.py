"""The return in the fields of the government's gender pay gap service, and the checks that the service makes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from levelup.duties.pay.records import PayGaps, Sides
from levelup.terms.errors import InputError

_FACTS = Path(__file__).with_name("service_return.yaml")
_NUMBER = re.compile(r"-?\d+(\.\d)?")
_FORMULA = ("=", "+", "-", "@")
"""A text that begins so is a formula to whoever opens the file in a spreadsheet; a mark before it would change the name."""
_SIC_JOINED_BY = ",\n"


NAME_MISSING = "EmployerName must not be empty."


@dataclass(frozen=True, slots=True)
class Employer:
    """The employer as the service knows it, '' for what it does not give; `employees` is the headcount on the snapshot date."""

    name: str
    employees: int | None = None
    id: str = ""
    address: str = ""
    postcode: str = ""
    company_number: str = ""
    sic_codes: tuple[str, ...] = ()
    link: str = ""
    responsible_person: str = ""
    current_name: str = ""


@lru_cache(maxsize=1)
def _facts() -> dict[str, Any]:
    facts: dict[str, Any] = yaml.safe_load(_FACTS.read_text(encoding="utf-8"))
    return facts


def return_fields() -> tuple[str, ...]:
    """Return the names of the service's fields in their order.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> len(return_fields()), return_fields()[6]
    (27, 'DiffMeanHourlyPercent')
    """
    return tuple(item["field"] for item in _facts()["fields"])


def figure_fields() -> dict[str, str]:
    """Return the service's fields that hold figures, by the figure's name and, where there are two, its side.

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> figure_fields()["bonus_share_second"], figure_fields()["upper_second"]
    ('FemaleBonusPercent', 'FemaleTopQuartile')
    """
    figures = (item for item in _facts()["fields"] if item["from"] == "figure")
    return {"_".join(filter(None, (item["figure"], item.get("side")))): item["field"] for item in figures}


def size_name(employees: int | None) -> str:
    """Return the service's name for a size of employer.

    Parameters
    ----------
    employees : int or None
        The headcount, 0 or more; None where it is not given.

    Returns
    -------
    str

    Raises
    ------
    InputError
        The headcount is below 0.

    Examples
    --------
    >>> size_name(249), size_name(250), size_name(20000), size_name(None)
    ('Less than 250', '250 to 499', '20,000 or more', 'Not Provided')
    """
    if employees is not None and employees < 0:
        raise InputError("a headcount must be 0 or more", got=str(employees))
    for size in reversed(_facts()["sizes"]):
        if employees is not None and employees >= size.get("from", 0):
            return str(size["name"])
    return str(_facts()["sizes"][0]["name"])


def service_return(gaps: PayGaps, *, employer: Employer) -> dict[str, str]:
    """Write the six calculations into the service's fields.

    Parameters
    ----------
    gaps : PayGaps
        The six calculations for men (first) and women (second).
    employer : Employer
        Whose they are.

    Returns
    -------
    dict of str to str
        Every field in its order; '' for a figure that does not exist, and for the three fields that the service fills itself.

    Examples
    --------
    >>> from levelup.duties.pay.records import QUARTERS
    >>> quarters = dict.fromkeys(QUARTERS, Sides(25.0, 75.0))
    >>> made = service_return(PayGaps(8.2, 10.1, None, None, Sides(0.0, 0.0), quarters, {}), employer=Employer("A council", 5200))
    >>> made["DiffMeanHourlyPercent"], made["DiffMeanBonusPercent"], made["FemaleTopQuartile"], made["EmployerSize"]
    ('8.2', '', '75.0', '5000 to 19,999')
    """
    own = {
        "EmployerName": employer.name,
        "EmployerId": employer.id,
        "Address": employer.address,
        "PostCode": employer.postcode,
        "CompanyNumber": employer.company_number,
        "SicCodes": _SIC_JOINED_BY.join(employer.sic_codes),
        "CompanyLinkToGPGInfo": employer.link,
        "ResponsiblePerson": employer.responsible_person,
        "EmployerSize": size_name(employer.employees),
        "CurrentName": employer.current_name or employer.name,
    }
    made = {}
    for item in _facts()["fields"]:
        if item["from"] == "figure":
            figure = gaps.quarters.get(item["figure"]) or getattr(gaps, item["figure"])
            value = getattr(figure, item["side"]) if isinstance(figure, Sides) else figure
            made[item["field"]] = "" if value is None else f"{value + 0.0:.1f}"
        else:
            made[item["field"]] = own.get(item["field"], "")
    return made


def check_return(row: Mapping[str, str]) -> tuple[str, ...]:
    """Return what the service would not take in a return, sentence by sentence.

    Parameters
    ----------
    row : mapping of str to str
        Every field of the service.

    Returns
    -------
    tuple of str
        Empty where nothing was found. Every fault names its field.

    Source
    ------
    The service's form: one decimal at most; shares from 0 to 100; the two shares of a quarter add up to 100; both bonus gaps
    where a man was paid a bonus, neither where none was; a bonus gap of 100 at most where a woman was paid one. That no text
    begins as a formula does is a rule of this package.

    Examples
    --------
    >>> check_return({**dict.fromkeys(return_fields(), "1"), "DiffMeanHourlyPercent": "13.59"})[0]
    'DiffMeanHourlyPercent must be a number with one decimal at most.'
    """
    missing = [name for name in return_fields() if name not in row]
    if missing:
        return tuple(f"{name} is not there." for name in missing)
    faults = [] if row["EmployerName"].strip() else [NAME_MISSING]
    faults += _formula_faults(row)
    numbers: dict[str, float | None] = {}
    nobody = row["FemaleBonusPercent"].strip() in ("0", "0.0")
    for item in _facts()["fields"]:
        name, text = item["field"], row[item["field"]].strip()
        if item["from"] != "figure":
            continue
        numbers[name] = float(text) if _NUMBER.fullmatch(text) else None
        if text and numbers[name] is None:
            faults.append(f"{name} must be a number with one decimal at most.")
        elif not text and item["figure"] not in ("mean_bonus_gap", "median_bonus_gap"):
            faults.append(f"{name} must not be empty.")
        number, free = numbers[name], item["figure"] in ("mean_bonus_gap", "median_bonus_gap") and nobody
        if number is not None and ((number > 100 and not free) or ("side" in item and number < 0)):
            faults.append(f"{name} must be {'from 0 to 100' if 'side' in item else '100 at most'}.")
    return (*faults, *_quarter_faults(numbers), *_bonus_faults(row, numbers=numbers))


def _formula_faults(row: Mapping[str, str]) -> list[str]:
    names = [item["field"] for item in _facts()["fields"] if item["from"] == "employer"]
    same = row["CurrentName"] == row["EmployerName"]
    wrong = [name for name in names if row[name].lstrip().startswith(_FORMULA) and not (same and name == "CurrentName")]
    marks = f"{', '.join(_FORMULA[:-1])} or {_FORMULA[-1]}"
    return [f"{name} must not begin with {marks}: a spreadsheet would take it for a formula." for name in wrong]


def _quarter_faults(numbers: Mapping[str, float | None]) -> list[str]:
    faults = []
    for name in numbers:
        if not (name.startswith("Male") and name.endswith("Quartile")):
            continue
        other = name.replace("Male", "Female", 1)
        men, women = numbers[name], numbers[other]
        if men is not None and women is not None and round(men + women, 1) != 100.0:
            faults.append(f"{name} and {other} must add up to 100.")
    return faults


def _bonus_faults(row: Mapping[str, str], *, numbers: Mapping[str, float | None]) -> list[str]:
    faults = []
    men = numbers["MaleBonusPercent"]
    for name in ("DiffMeanBonusPercent", "DiffMedianBonusPercent"):
        given = bool(row[name].strip())
        if men == 0 and given:
            faults.append(f"{name} must be empty where no man was paid a bonus.")
        if men is not None and men > 0 and not given:
            faults.append(f"{name} must not be empty where men were paid a bonus.")
    return faults


def return_csv(rows: Sequence[Mapping[str, str]]) -> str:
    """Write returns as the service's CSV file.

    Parameters
    ----------
    rows : sequence of mapping of str to str
        Returns as `service_return` makes them.

    Returns
    -------
    str
        The header and one line a return.

    Examples
    --------
    >>> return_csv([]).splitlines()[0][:23]
    'EmployerName,EmployerId'
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=return_fields(), lineterminator="\r\n", extrasaction="raise")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def file_name(snapshot_year: int) -> str:
    """Return the name of the service's file for a year of snapshot dates.

    Parameters
    ----------
    snapshot_year : int
        The year of the snapshot date.

    Returns
    -------
    str

    Examples
    --------
    >>> file_name(2026)
    'GPGData_2026-2027.csv'
    """
    return f"GPGData_{snapshot_year}-{snapshot_year + 1}.csv"
