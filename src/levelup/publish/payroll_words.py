"""What the terminal says of pay gaps: every figure with what it means, the duty and its day, and nothing that judges."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from levelup.duties.pay.calendar import regulations_at
from levelup.duties.pay.obligations import as_of
from levelup.duties.pay.records import QUARTERS, PayGaps, Sides
from levelup.duties.pay.report import PayReport, few_behind, stays_in_house
from levelup.duties.pay.rules import RuleBook
from levelup.duties.pay.service_return import NAME_MISSING, file_name
from levelup.duties.pay.who import count_heads
from levelup.publish.wording import capital

GAPS = {
    "mean_hourly_gap": ("Mean hourly pay", "mean hourly pay", "full_pay"),
    "median_hourly_gap": ("Median hourly pay", "median hourly pay", "full_pay"),
    "mean_bonus_gap": ("Mean bonus", "mean bonus, where one was paid,", "paid_bonus"),
    "median_bonus_gap": ("Median bonus", "median bonus, where one was paid,", "paid_bonus"),
}
"""The four gaps: name, what is compared, and whom it counts."""
HOURLY = ("mean_hourly_gap", "median_hourly_gap")
WORKED_SHEET = "worked-sheet.xlsx"
"""Holds personal data; so does the file of rows that stands beside it where there are too many for a sheet."""
IN_HOUSE, PUBLIC = "stays-in-house", "may-be-published"
"""The two folders of a report: what holds personal data or small numbers of groups, and what holds neither."""
FEW = "Few men or few women stand behind some figures of the whole employer, so that they can tell much about single people."
"""What is said where fewer people of a side than `least_group` are behind the law's figures; no number stands in it."""
_WIDTH = 22


def say_gap(value: float, *, what: str) -> str:
    """Return a gap with its sign in words.

    Examples
    --------
    >>> say_gap(7.04, what="mean hourly pay"), say_gap(-2.0, what="mean hourly pay")
    ("women's mean hourly pay is 7.0 % lower than men's", "women's mean hourly pay is 2.0 % higher than men's")
    """
    if value == 0:
        return f"women's {what} is the same as men's, to one decimal"
    return f"women's {what} is {abs(value):.1f} % {'lower' if value > 0 else 'higher'} than men's"


def say_people(men: int, women: int, *, joined: str) -> str:
    """Return how many men and women there are.

    Examples
    --------
    >>> say_people(39, 1, joined=" and ")
    '39 men and 1 woman'
    """
    return f"{men:,} {'man' if men == 1 else 'men'}{joined}{women:,} {'woman' if women == 1 else 'women'}"


def say_day(day: date) -> str:
    """Return a day as Britain writes it.

    Examples
    --------
    >>> say_day(date(2027, 3, 30))
    '30 March 2027'
    """
    return f"{day.day} {day.strftime('%B %Y')}"


def say_pay_report(report: PayReport, *, out: Path | None = None, files: Sequence[Path] = ()) -> str:
    """Return a report in words for the terminal of the employer itself.

    Parameters
    ----------
    report : PayReport
        What was worked out; of its rows nothing is said.
    out : Path, optional
        The folder that was written into.
    files : sequence of Path
        What was written there.

    Returns
    -------
    str
        Lines.
    """
    title = f"{report.employer}: gender pay gap" if report.employer else "Gender pay gap"
    lines = [
        f"{title} on the snapshot date {say_day(report.snapshot)} (SI {regulations_at(report.snapshot).number})",
        "",
        *_figures(report.gaps),
        "",
        *_duty(report),
        *_warning(report),
        *_named("What the figures rest on", report.remarks),
        *_plan(report),
        *_earlier(report),
        *_peers(report),
        *_written(report, out, files),
    ]
    return "\n".join(lines)


def _figures(gaps: PayGaps) -> list[str]:
    lines = []
    for key, (name, what, group) in GAPS.items():
        value, (men, women) = getattr(gaps, key), gaps.counts[group]
        behind = say_people(men, women, joined=", ")
        said = gaps.reasons.get(key, "") if value is None else f"{say_gap(value, what=what)} ({behind})"
        lines.append(f"{name:<{_WIDTH}} {_percent(value):>8}   {said}")
    share, (men, women) = gaps.bonus_share, gaps.counts["relevant"]
    said = gaps.reasons.get("bonus_share", "") or f"of {say_people(men, women, joined=' and ')}"
    lines.append(f"{'Paid a bonus':<{_WIDTH}} {_sides(share)}   {said}")
    lines += ["", "Quarters of people on full pay, ranked by hourly pay:"]
    for quarter in QUARTERS:
        name, reason = quarter.replace("_", " ").capitalize(), gaps.reasons.get(quarter, "")
        lines.append(f"{name:<{_WIDTH}} {_sides(gaps.quarters[quarter])}   {reason}".rstrip())
    return lines


def _sides(pair: Sides) -> str:
    return f"men {_percent(pair.first):>8}, women {_percent(pair.second):>8}"


def _percent(value: float | None) -> str:
    return "none" if value is None else f"{value:.1f} %"


def _duty(report: PayReport) -> list[str]:
    heads, least = count_heads(report.worked), report.rules.whole("least_employees")
    said = "at least" if report.must_publish else "fewer than"
    lines = [
        f"{heads:,} employees on the snapshot date, {said} the number that brings the duty to publish ({least:,}).",
    ]
    if report.must_publish:
        lines.append(f"The last day to publish these figures is {say_day(report.publish_by)}.")
    else:
        lines.append(f"Whoever publishes them without being asked does so by {say_day(report.publish_by)}.")
    return [*lines, *_named(f"What is asked of employers (as at {say_day(date.fromisoformat(as_of()))})", _asked(report))]


def _warning(report: PayReport) -> list[str]:
    """Return the warning of few people behind the law's figures, and what follows from it."""
    if not few_behind(report):
        return []
    if stays_in_house(report):
        return ["", f"Warning: {FEW} No law asks for them, so nothing of this report is for publication."]
    return ["", f"Warning: {FEW} The law asks for them all the same. Think of these people in whatever you write beside them."]


def _asked(report: PayReport) -> list[str]:
    """Return what is asked of employers by law, and what is announced, each with whether it is asked of this one."""
    lines = []
    for item in report.obligations:
        who = f"from {item.least:,} employees on, {'so' if item.applies else 'so not'} of this one"
        if item.standing == "law":
            lines.append(f"Law, {who}: {item.says} ({item.paragraph})")
        else:
            lines.append(f"Announced, not law, from {item.least:,} employees on: {item.says}")
    return lines


def _plan(report: PayReport) -> list[str]:
    if report.plan is None:
        return []
    found = report.plan
    lines = ["", f"Action plan: {len(found.passed)} gates passed, {len(found.failed)} failed."]
    lines += [f"  failed: {gate.must} Found: {gate.found}." for gate in found.failed]
    lines += [f"  judgement required: {said}" for said in found.judgement_required]
    return [*lines, *(f"  due {say_day(review.due)}: {review.what}" for review in found.reviews)]


def _earlier(report: PayReport) -> list[str]:
    if report.trend is None:
        return []
    mean, median = (next(item for item in report.trend.series if item.figure == name) for name in HOURLY)
    lines = ["", "Year by year, mean and median hourly gap:"]
    for year, *pair in zip(report.trend.years, mean.values, median.values, strict=True):
        lines.append(f"  {year}: {_percent(pair[0])}, {_percent(pair[1])}")
    for title, series in (("mean", mean), ("median", median)):
        move = series.whole
        said = f"{move.change:+.1f} percentage points" if move.refusal is None else f"not said. {capital(move.refusal.reason)}"
        lines.append(f"  Change of the {title} hourly gap from {move.start} to {move.end}: {said.rstrip('.')}.")
    return lines


def _peers(report: PayReport) -> list[str]:
    if not report.peers:
        return []
    years = ", ".join(year for year, _ in report.peers)
    year, record = report.peers[-1]
    lines = ["", f"Among published returns of {years}:"]
    lines += [f"  {record['remark']}"] if record.get("remark") else []
    held: Any = record["figures"]
    for figure in held:
        all_employers = next((found for found in figure["standings"] if found.get("group") == "all"), None)
        if figure["figure"] in HOURLY and all_employers is not None:
            lines.append(
                f"  {GAPS[figure['figure']][0]}: {figure['value']:.1f} %; of {all_employers['employers']:,} employers of {year} "
                f"{all_employers['below']:,} published a lower figure and {all_employers['above']:,} a higher one."
            )
    return [*lines, "  A lower figure is not a better one: below 0 men are paid less."]


def _written(report: PayReport, out: Path | None, files: Sequence[Path]) -> list[str]:
    if out is None:
        return ["", "Nothing was written. The worked sheet, intervals, groups and the return come with --out FOLDER."]
    lines = ["", f"Written to {out}:"]
    folders = ((PUBLIC, "no row of a person, small groups hidden"), (IN_HOUSE, "a row for each employee: keep it"))
    for folder, said in folders[1 if stays_in_house(report) else 0 :]:
        held = [path.relative_to(out / folder).parts for path in files if path.is_relative_to(out / folder)]
        names = sorted({parts[0] + ("/" if len(parts) > 1 else "") for parts in held})
        lines.append(f"  {folder}/ ({said}): {', '.join(names)}")
    if stays_in_house(report):
        lines.append(f"  Nothing in {PUBLIC}/: few people are behind the figures, and there is no duty to publish them.")
    if report.service_row and not report.return_faults:
        lines.append(
            f"  Keep return.csv as {file_name(report.snapshot.year)}: by that name it is an --earlier file of later years."
        )
    if report.return_faults:
        lines += ["", "return.csv was not written: the government's service would refuse it."]
        lines += [f"  - {fault}{' Add --employer NAME.' if fault == NAME_MISSING else ''}" for fault in report.return_faults]
    return lines


def _named(title: str, entries: Sequence[str]) -> list[str]:
    return ["", f"{title}:", *(f"  - {entry}" for entry in entries)] if entries else []


def rules_record(book: RuleBook) -> tuple[dict[str, Any], str]:
    """Return every rule and parameter as a record for machines, and in words.

    Parameters
    ----------
    book : RuleBook
        The shipped rules.

    Returns
    -------
    tuple of dict and str
    """
    rules = [
        {
            "key": rule.key, "says": rule.says, "SI 2017/353": rule.paragraph, "SI 2017/172": rule.parallel,
            "source": rule.source, "status": rule.status, "question": rule.question,
        }
        for rule in book.rules.values()
    ]  # fmt: skip
    parameters = [
        {
            "name": item.name, "value": item.value, "unit": item.unit, "choices": list(item.choices), "rule": item.rule,
            "says": item.says, "question": item.question,
        }
        for item in book.parameters.values()
    ]  # fmt: skip
    lines = ["Rules, with their paragraphs in SI 2017/353 and in SI 2017/172:", ""]
    for rule in book.rules.values():
        lines.append(f"{rule.key:<28} {rule.paragraph}; {rule.parallel} ({rule.status})")
        lines.append(f"    {rule.says}")
        lines += [f"    Open: {rule.question}"] if rule.question else []
    lines += ["", "Parameters, set by --set NAME=VALUE:", ""]
    for item in book.parameters.values():
        lines.append(f"{item.name:<28} {item.value} {item.unit or 'of ' + ', '.join(item.choices)}")
        lines.append(f"    {item.says}")
        lines += [f"    Open: {item.question}"] if item.question else []
    return {"rules": rules, "parameters": parameters}, "\n".join(lines)
