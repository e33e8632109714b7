"""The page of one gap: did it narrow, by how much, by levelling up or down, over every window, and how sure that is."""

from __future__ import annotations

from levelup.catalogue.entry import Indicator
from levelup.publish.account_figure import growth_figure, places_grid, plane_figure, tenths_figure
from levelup.publish.account_sentence import (
    readings_grid,
    say_drift,
    say_fitted,
    say_lorenz,
    say_mixing,
    say_nobody_fell,
    say_readings,
)
from levelup.publish.course_sentence import say_courses
from levelup.publish.fan_figure import gap_forecasts
from levelup.publish.gap import KINDS, Gap
from levelup.publish.gap_figure import districts_figure, levels_figure, moves_figure, split_drawing
from levelup.publish.grid import Cell, Grid, Head
from levelup.publish.page import MARKS, Desk, Figure, Page, change_text, csv_name, gap_size, short_period, unit_label, window_text
from levelup.publish.reading import say_welfare
from levelup.publish.sentence import (
    LIKELY,
    STATEMENT_TEXTS,
    say_gap,
    say_loser,
    say_masking,
    say_otherwise,
    say_settle,
    say_uncertainty,
    say_verdict,
)
from levelup.publish.wording import capital, chance, inline, interval_words, level, number
from levelup.terms.polarity import good_sign
from levelup.terms.record import CERTAINTIES, Estimate, Verdict
from levelup.verdicts.account import Account, key_of


def build_gap(desk: Desk, gap: Gap) -> Page:
    """Return the page of one gap, with all its windows."""
    indicator, verdict = desk.indicator(gap.indicator), gap.main
    account = desk.publication.accounts.get(key_of(verdict), Account(key_of(verdict)))
    source = desk.source_line(indicator)
    windows, csv = _windows_grid(gap, indicator), csv_name("gap", gap.slug, "windows")
    figures = _figures(desk, gap, account, indicator)
    fans = gap_forecasts(desk, gap, indicator)
    moved = places_grid(desk, account.places, verdict, indicator) if account.places is not None else None
    moved_csv = csv_name("gap", gap.slug, "places")
    context: dict[str, object] = {
        "gap": gap,
        "indicator": indicator,
        "verdict": verdict,
        "kind": KINDS.get(gap.kind, gap.kind),
        "comparison": capital(gap.comparison),
        "numbers": _numbers(verdict, indicator),
        "figures": figures,
        "fans": fans,
        "split": split_drawing(verdict),
        "windows": windows,
        "windows_csv": csv,
        "statements": _statements(verdict),
        "places_moved": moved,
        "places_csv": moved_csv,
        "releases": verdict.releases,
        "source_line": source,
        "others": [
            (capital(other.comparison), other.slug, other.main.word)
            for other in desk.by_indicator[gap.indicator]
            if other.slug != gap.slug and other.has_page and other.place == gap.place
        ][:8],
        **_said(gap, verdict, indicator),
        "partner": desk.publication.catalogue.indicators.get(indicator.partner),
        **_accounted(desk, account, verdict, indicator),
    }
    grids = {figure.csv: figure.grid for figure in (*figures, *fans)} | {csv: windows}
    return Page(
        path=f"gaps/{gap.slug}.html",
        title=f"{capital(gap.comparison)}: {inline(indicator.name)}",
        template="gap.html",
        section="gaps",
        context=context,
        crumbs=(("Gaps", "gaps/index.html"), (indicator.name, f"indicators/{indicator.id}.html")),
        tables=grids if moved is None else grids | {moved_csv: moved},
        description=say_gap(verdict, indicator=indicator),
        crumb=capital(gap.comparison),
    )


def _figures(desk: Desk, gap: Gap, account: Account, indicator: Indicator) -> list[Figure]:
    source = desk.source_line(indicator)
    drawn = (
        levels_figure(desk, gap, indicator),
        moves_figure(gap, indicator, source=source),
        plane_figure(gap, indicator, source=source),
        districts_figure(desk, gap, indicator),
        tenths_figure(gap, account.places, indicator, source=source) if account.places is not None else None,
        growth_figure(gap, account.places, indicator, source=source) if account.places is not None else None,
    )
    return [figure for figure in drawn if figure is not None]


def _said(gap: Gap, verdict: Verdict, indicator: Indicator) -> dict[str, object]:
    """Return what is said of the gap itself: the paragraph, what is established, the readings, who lost, and the caveats."""
    ranked = sorted(verdict.losers, key=lambda item: CERTAINTIES.index(item.certainty))
    return {
        "lead": say_verdict(verdict, indicator=indicator),
        "otherwise": say_otherwise(gap.otherwise),
        "settle": say_settle(verdict, indicator=indicator),
        "known": _known(verdict),
        "readings": readings_grid(verdict, indicator=indicator),
        "readings_agree": say_readings(verdict),
        "fitted": say_fitted(verdict, indicator=indicator),
        "losers": [say_loser(loser, indicator=indicator) for loser in ranked],
        "welfare": say_welfare(verdict, indicator=indicator),
        "caveats": _caveats(verdict, indicator),
    }


def _accounted(desk: Desk, account: Account, verdict: Verdict, indicator: Indicator) -> dict[str, object]:
    """Return what is said of what stands behind the word: every date, who moved it, what is masked, people or mix."""
    places, courses = account.places, account.courses
    return {
        "courses": say_courses(courses, indicator=indicator) if courses is not None else [],
        "nobody_fell": say_nobody_fell(places, verdict, indicator=indicator) if places is not None else [],
        "lorenz": say_lorenz(places) if places is not None else [],
        "mix": _mix(desk, account, verdict, indicator),
        "masking": _masking(account, verdict, indicator),
    }


def _masking(account: Account, verdict: Verdict, indicator: Indicator) -> list[str]:
    """Return what averages hide: of the county by its districts, of a place by its cohorts."""
    held = [verdict.masking] if verdict.masking is not None else []
    held += [masking for _, masking in account.masking]
    return [say_masking(masking, verdict=verdict, indicator=indicator) for masking in held]


def _mix(desk: Desk, account: Account, verdict: Verdict, indicator: Indicator) -> list[str]:
    """Return whether people changed or the mix of people, as far as published margins say."""
    sign, said = good_sign(indicator.polarity), []
    if account.mixing is not None:
        place = desk.name(verdict.place)
        said.append(say_mixing(account.mixing, indicator=indicator, place=place, polarity=sign))
    if account.drift is not None:
        said += say_drift(account.drift, indicator=indicator, cohort=verdict.lower.label, polarity=sign)
    return said


def _numbers(verdict: Verdict, indicator: Indicator) -> list[tuple[str, str, str]]:
    """Return three figures with what they are: the gap at each date and its change."""
    if verdict.gap_change is None:
        return []
    moved, interval = change_text(verdict, indicator)
    first, last = short_period(verdict.start), short_period(verdict.end)
    return [
        (f"Gap in {first}", gap_size(verdict, 0, indicator), ""),
        (f"Gap in {last}", gap_size(verdict, 1, indicator), ""),
        ("Change in the gap", moved, f"95% interval {interval}" if interval else "no interval published"),
    ]


def _known(verdict: Verdict) -> list[str]:
    """Return, where no word was found, what is established all the same."""
    if verdict.word != "not enough evidence":
        return []
    names = {"lower": verdict.lower.label, "upper": verdict.upper.label}
    return [capital(text) for key in verdict.established if (text := STATEMENT_TEXTS.get(key, key).format(**names))]


def _statements(verdict: Verdict) -> Grid | None:
    if not verdict.statements:
        return None
    names = {"lower": verdict.lower.label, "upper": verdict.upper.label}
    extra = {
        "from-below": "taken together, the two changes are an improvement",
        "from-above": "taken together, the two changes are a worsening",
    }
    rows = []
    for key, held in verdict.statements.items():
        said = capital((STATEMENT_TEXTS.get(key) or extra.get(key, key)).format(**names))
        sure = "established" if held >= 0.95 else "likely" if held >= 0.8 else "not established"
        rows.append((Cell(said), Cell(chance(held), round(held, 6)), Cell(sure)))
    heads = (Head("Statement"), Head("Probability", figures=True), Head("Certainty"))
    return Grid(f"Every statement tested, {window_text(verdict)}", heads, tuple(rows))


def _ends_of(change: Estimate | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if change is None else (change.value, change.lower, change.upper)


def _levels(pair: tuple[float | None, float | None], change: Estimate | None, indicator: Indicator) -> Cell:
    """Return a subject's levels at both dates with its change below them."""
    first, last = (level(value, indicator=indicator) if value is not None else "[x]" for value in pair)
    parts = (*pair, *_ends_of(change))
    if change is None:
        return Cell(f"{first} to {last}" if pair != (None, None) else "[x]", parts=parts)
    way = "better" if change.value > 0 else "worse" if change.value < 0 else "no change"
    text = f"{number(abs(change.value), decimals=indicator.unit.decimals)} {way}" if change.value else way
    interval = interval_words(change, indicator=indicator, less="worse", more="better")
    return Cell(f"{first} to {last}", small=text + (f" ({interval})" if interval else ""), parts=parts)


def _windows_grid(gap: Gap, indicator: Indicator) -> Grid:
    rows = []
    for verdict in reversed(gap.verdicts):
        moved, interval = change_text(verdict, indicator)
        share = verdict.share_from_below
        narrowed = verdict.statements.get("narrowed", 0.0) >= LIKELY  # a share of a narrowing that may be none says nothing
        sure = verdict.certainty if verdict.is_judged and verdict.word != "not enough evidence" else ""
        rows.append(
            (
                Cell(window_text(verdict), small=verdict.window),
                _levels(verdict.lower_levels, verdict.change_lower, indicator),
                _levels(verdict.upper_levels, verdict.change_upper, indicator),
                Cell(moved, small=f"({interval})" if interval else "", parts=_ends_of(verdict.gap_change)),
                Cell(f"{100 * share:.0f}%", round(share, 4)) if narrowed and share is not None else Cell("[z]"),
                Cell("", verdict.word, tag=verdict.word, small=sure, parts=(verdict.word, sure, verdict.probability)),
            )
        )
    low, up, unit = gap.main.lower.label, gap.main.upper.label, unit_label(indicator.unit)
    ends = ("change, more is better", "change, lower end of 95% interval", "change, upper end of 95% interval")
    heads = (
        Head("Window"),
        Head("Lower subject", parts=(f"{low}, first date", f"{low}, last date", *(f"{low}, {end}" for end in ends))),
        Head("Upper subject", parts=(f"{up}, first date", f"{up}, last date", *(f"{up}, {end}" for end in ends))),
        Head(
            "Gap moved",
            parts=("gap, change, below zero is narrower", "gap, lower end of 95% interval", "gap, upper end of 95% interval"),
        ),
        Head("From below", figures=True, name="share of a narrowing from the lower subject"),
        Head("Verdict", parts=("verdict", "certainty", "probability")),
    )
    note = (
        f"Lower: {low}. Upper: {up}. In brackets: 95% intervals. From below: the lower subject's part of a likely narrowing; "
        f"over 100% where the upper one gained too. {MARKS}"
    )
    return Grid(f"Every window of this gap, in {unit}", heads, tuple(rows), note)


def _caveats(verdict: Verdict, indicator: Indicator) -> list[str]:
    found = [*indicator.caveats, say_uncertainty(indicator)]
    if verdict.order:
        found.append(f"Which subject is the lower one was fixed by: {verdict.order}. It was not chosen from these figures.")
    if indicator.saturates:
        said = (
            f"This indicator counts who reaches a threshold, so it cannot show what happens above it. {indicator.partner_reason}"
        )
        found.append(said.strip())
    return found
