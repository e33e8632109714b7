"""The page of a pay gap report for members and residents: the law's figures, and clearly apart what goes beyond them."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import levelup
from levelup.duties.pay.adjusted import SAID, AdjustedGap
from levelup.duties.pay.calendar import regulations_at
from levelup.duties.pay.characteristics import CharacteristicGaps
from levelup.duties.pay.compute import CHARACTERISTICS
from levelup.duties.pay.obligations import Standing, as_of
from levelup.duties.pay.report import PayReport, few_behind, stays_in_house
from levelup.duties.pay.rules import cite
from levelup.publish.grid import Grid, grid_csv
from levelup.publish.page import Figure
from levelup.publish.pay_adjusted import adjusted_grid, adjusted_lead, adjusted_notes
from levelup.publish.pay_tables import (
    characteristic_grids,
    group_figure,
    interval_figure,
    is_blank,
    peer_figures,
    plan_grids,
    quarters_figure,
    say_blank,
    six_grid,
    years_figure,
)
from levelup.publish.pay_words import GAPS, SIGN, per_cent, say_bonus_share, say_gap
from levelup.publish.payroll_words import FEW
from levelup.publish.publication import Branding
from levelup.publish.sheet_front import long_date
from levelup.publish.site import STYLES, brand_css, environment

TEMPLATE = "pay.html"
_TABLES = "tables"
NOBODY = "The employer"
"""What the page calls an employer whose name is not given."""


def page_context(report: PayReport) -> dict[str, Any]:
    """Return what the page's template is given; it says whether few people are behind a figure.

    Parameters
    ----------
    report : PayReport
        The report; its rows are not read.

    Returns
    -------
    dict
        Sentences, figures and tables by name, and under `downloads` every table with the name of its file.
    """
    gaps, day = report.gaps, long_date(report.snapshot.isoformat())
    regulations = regulations_at(report.snapshot)
    figures = {
        "quarters": quarters_figure(gaps),
        "intervals": None if report.intervals is None else interval_figure(gaps, report.intervals),
        "years": years_figure(report),
    }
    peers, groups = peer_figures(report), [group_figure(item) for item in report.breakdowns]
    split = report.adjusted if isinstance(report.adjusted, AdjustedGap) else None
    adjusted = None if split is None else (adjusted_grid(split), "adjusted.csv")
    plan = [] if report.plan is None else plan_grids(report.plan)
    six, characteristics = six_grid(gaps), [_characteristic(item) for item in report.characteristics]
    drawn: list[Figure] = [item for item in (*figures.values(), *peers, *(item for item, _ in groups)) if item is not None]
    downloads: dict[str, Grid] = {item.csv: item.grid for item in drawn} | {"six-calculations.csv": six}
    grouped = [pair for _, pair in groups]
    for grid, name in (
        *plan,
        *grouped,
        *(pair for item in characteristics for pair in item["grids"]),
        *([adjusted] if adjusted else ()),
    ):
        downloads[name] = grid
    beyond = {name for name in downloads if name.startswith(("by-", *CHARACTERISTICS))}
    blank = {name: say_blank(downloads[name]) for name in beyond if is_blank(downloads[name])}
    return {
        "owner": report.employer or NOBODY,
        "title": f"Pay gap between men and women, {day}",
        "day": day,
        "duty": _duty(report),
        "law": _asked(report, standing="law"),
        "announced": _asked(report, standing="announced"),
        "as_of": long_date(as_of()),
        "rests_on": _rests_on(report),
        "regulations": f"{regulations.title} (SI {regulations.number})",
        "sign": SIGN,
        "numbers": [(title, per_cent(getattr(gaps, name)), "") for name, title in GAPS.items()],
        "sentences": list(dict.fromkeys((*(say_gap(name, gaps) for name in GAPS), say_bonus_share(gaps, year_end=day)))),
        "six": six,
        "figures": figures,
        "peers": peers,
        "groups": groups,
        "characteristics": characteristics,
        "adjusted": adjusted,
        "adjusted_factors": "" if split is None else SAID[split.hours],
        "adjusted_lead": "" if split is None else adjusted_lead(split),
        "adjusted_words": [] if split is None else list(split.meaning),
        "adjusted_notes": adjusted_notes(report),
        "plan": plan,
        "downloads": {name: grid for name, grid in downloads.items() if name not in blank},
        "blank": blank,
        "about": _about(report),
        "is_kept": stays_in_house(report),
        "version": levelup.__version__,
    }


def _about(report: PayReport) -> str:
    """Return whether the figures can be about one person, without how many stand behind them."""
    if not few_behind(report):
        return "No figure on this page is about one person."
    kept = "It stays in the house: the law does not ask for it, and it is not to be published."
    asked = "The law asks for the figures of the whole employer all the same."
    return f"{FEW} {kept if stays_in_house(report) else asked}"


def _duty(report: PayReport) -> str:
    """Return who must publish, by when, and whether this employer must, as far as its headcount says."""
    least, cited = report.rules.whole("least_employees"), cite("relevant-authority", regulations=regulations_at(report.snapshot))
    day = long_date(report.publish_by.isoformat())
    rule = f"An employer with {least:,} or more employees on the snapshot date must publish these figures by {day} ({cited})."
    if report.must_publish is None:
        return rule
    if report.must_publish:
        return f"{rule} On that date there were at least {least:,} employees."
    return f"{rule} On that date there were fewer, so that the law does not ask for them."


def _asked(report: PayReport, *, standing: Standing) -> list[str]:
    """Return what is asked of employers, or announced, with whether it is asked of this one."""
    said = []
    for item in report.obligations:
        if item.standing == standing:
            own = "this one too" if item.applies else "not this one"
            of = f"Employers with {item.least:,} or more employees, {own if standing == 'law' else 'once it is law'}"
            said.append(f"{of}. {item.says}{f' ({item.paragraph})' if item.paragraph else ''}")
    return said


def _rests_on(report: PayReport) -> list[str]:
    """Return what a reader should know of how the figures came about."""
    faults = [text for text in report.return_faults if report.employer or not text.startswith("EmployerName")]
    said = f"The government's service would not take these figures as they stand: {' '.join(faults)}"
    return [*report.public_remarks, *([said] if faults else [])]


def _characteristic(found: CharacteristicGaps) -> dict[str, Any]:
    declared = (
        "How many said is not shown: so few did not, or did, that their number could be worked out."
        if found.declared is None
        else f"{per_cent(found.declared)} of employees on full pay said."
    )
    among = " Employees are here those with a recorded sex." if found.left_out else ""
    return {
        "key": found.characteristic,
        "title": f"Gaps by {found.characteristic}",
        "declared": f"{declared} People who did not say are in no gap.{among}",
        "note": found.note,
        "open": list(found.open),
        "grids": characteristic_grids(found),
    }


def write_pay_page(report: PayReport, out: Path) -> list[Path]:
    """Write `index.html`, its styles and a CSV file of each of its tables into a folder.

    Parameters
    ----------
    report : PayReport
        The report.
    out : Path
        The folder; made where it is missing.

    Returns
    -------
    list of Path
        Every file written; the same report gives the same bytes.
    """
    context = page_context(report)
    (out / _TABLES).mkdir(parents=True, exist_ok=True)
    html = environment().get_template(TEMPLATE).render(context | {"tables": f"{_TABLES}/", "root": ""})
    contents = {"index.html": html.encode()}
    contents |= {f"{_TABLES}/{name}": grid_csv(grid) for name, grid in context["downloads"].items()}
    static = files("levelup.publish") / "static"
    contents |= {f"static/{name}": static.joinpath(name).read_bytes() for name in STYLES}
    brand = brand_css(Branding(context["owner"]), as_at=report.snapshot.isoformat())
    contents["static/brand.css"] = brand.encode()
    for name, data in contents.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(data)
    return [out / name for name in contents]
