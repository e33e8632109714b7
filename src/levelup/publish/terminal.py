"""What the terminal says: the summary of a report, the outcome of a verification, a verdict in a line."""

from __future__ import annotations

from pathlib import Path

from levelup.publish.answer import ReportResult, VerifyResult
from levelup.publish.gap import main_verdicts
from levelup.publish.publication import Publication
from levelup.publish.sentence import between, capital, say_established, say_masking, say_move
from levelup.publish.summary import (
    Concern,
    masked_as_published,
    masked_by_average,
    not_judged,
    tally,
    worst_and_worsening,
)
from levelup.terms.record import Verdict
from levelup.verdicts.readings import disagree
from levelup.verdicts.table import CHOSEN

SHOWN = 5
"""How many entries of a list the terminal shows; the report holds all."""


def report_result(publication: Publication, out: Path, *, seconds: float) -> ReportResult:
    """Put a report into a terminal's words: how many indicators, the tally, the worst, what is masked, what was not judged."""
    held = {verdict.indicator for verdict in publication.verdicts}
    counted = tally(main_verdicts(publication))
    worst, masked, absent = worst_and_worsening(publication), masked_by_average(publication), not_judged(publication)
    indicators, shown = publication.catalogue.indicators, masked_as_published(publication)
    pages = sum(1 for _ in out.rglob("*.html"))
    lines = [
        f"{publication.title}: {counted.total} gaps in {len(held)} indicators, {len(publication.verdicts)} verdicts in all.",
        "",
        "Words, by each gap's longest window:",
        *(f"  {count:5d}  {word}" for word, count in counted.counts.items() if count),
        "",
        "Of the words still established when every comparison over every window is allowed for,",
        f"about {publication.expected_false:.0f} are expected to be wrong by chance.",
        *_list("Worst and worsening", [_concern(item, publication) for item in worst]),
        *_list(
            "What the county average hides",
            [say_masking(item.masking, verdict=item, indicator=indicators[item.indicator]) for item in masked if item.masking],
        ),
        f"  As published, without uncertainty: {len(shown)} more, in which the county's figure rose and a district's fell."
        if shown
        else "",
        *_list("What could not be judged, and why", [f"{item.gaps} gaps: {item.meaning}" for item in absent]),
        "",
        f"Wrote {pages} pages, committee.docx, tables.xlsx, data/ and verdicts.json in {seconds:.0f} s.",
        f"Open    {out / 'index.html'}",
        f"Verify  levelup verify {out / 'run.json'}",
    ]
    record = {
        "out": str(out),
        "indicators": len(held),
        "gaps": counted.total,
        "verdicts": len(publication.verdicts),
        "tally": counted.counts,
        "expected_false": publication.expected_false,
        "worst_and_worsening": [item.verdict.id for item in worst],
        "masked": [item.id for item in masked],
        "not_judged": {item.code: item.gaps for item in absent},
        "pages": pages,
        "seconds": round(seconds, 1),
    }
    return ReportResult("\n".join(lines), record)


def _concern(concern: Concern, publication: Publication) -> str:
    indicator = publication.catalogue.indicators[concern.verdict.indicator]
    move = say_move(concern.verdict, end=concern.end, indicator=indicator)
    return f"{indicator.name}, {between(concern.verdict)[0].lower()}{between(concern.verdict)[1:]}: {move} ({concern.certainty})."


def _list(title: str, entries: list[str]) -> list[str]:
    if not entries:
        return ["", f"{title}: none."]
    more = [f"  ... and {len(entries) - SHOWN} more in the report"] if len(entries) > SHOWN else []
    return ["", f"{title} ({len(entries)}):", *(f"  - {entry}" for entry in entries[:SHOWN]), *more]


def verify_result(publication: Publication, run: Path, *, files: int) -> VerifyResult:
    """Put a passed verification into words."""
    words = (
        f"Verified {run}: {files} files made again from {len(publication.releases)} releases, "
        f"{len(publication.verdicts)} verdicts; every one is the same."
    )
    return VerifyResult(
        words,
        {
            "run": str(run),
            "files": files,
            "releases": len(publication.releases),
            "verdicts": len(publication.verdicts),
            "passed": True,
        },
    )


def table_sentence(verdict: Verdict) -> str:
    """Say a verdict on a person's own table, whose unit is not known, in one line."""
    if verdict.gap_change is None:
        return f"{capital(verdict.word)}: {verdict.refusal.reason if verdict.refusal else ''}".strip()
    change = verdict.gap_change
    way = table_way(verdict)
    interval = (
        f" (95% interval {change.lower:+.3g} to {change.upper:+.3g})"
        if change.lower is not None and change.upper is not None
        else ""
    )
    sure = f" ({verdict.certainty})" if verdict.probability is not None else ""
    gains = (
        f"{verdict.lower.label} {verdict.change_lower.value:+.3g}, {verdict.upper.label} {verdict.change_upper.value:+.3g}"
        if verdict.change_lower and verdict.change_upper
        else ""
    )
    which = "gap, corrected for the choice of its ends by the figures," if verdict.order.startswith(CHOSEN) else "published gap"
    by = f" by {abs(change.value):.3g}{interval}" if change.value else interval
    moved = f"From {verdict.window} the {which} {way}{by}: {gains} on the good scale."
    parts = [f"{capital(verdict.word)}{sure}.", moved]
    if verdict.word == "not enough evidence":
        parts.append(say_established(verdict))
    if verdict.refusal:
        parts.append(verdict.refusal.reason)
    trend = verdict.trend
    if trend is not None and trend.probability is not None and trend.word != verdict.word:
        parts.append(f"Along a line through all {trend.points} dates: {trend.word} ({trend.certainty}).")
    if "left out" in verdict.method:
        parts.append(f"{verdict.method.partition('and left out: ')[2]} left out: a subject has no level.")
    if disagree(verdict.readings):
        parts.append("As a difference and as a ratio the gap moved in opposite directions.")
    return " ".join(parts)


def table_way(verdict: Verdict) -> str:
    """Return how the gap of a table moved, in words that hold where the lower subject stands above the other too."""
    change, (before, after) = verdict.gap_change, verdict.gap_levels
    if change is None or not change.value:
        return "did not move"
    if before is not None and after is not None and before * after < 0:
        return "turned round, moving"
    if before is not None and before < 0:
        return f"(in favour of {verdict.lower.label}) {'grew' if change.value < 0 else 'shrank'}"
    return "narrowed" if change.value < 0 else "widened"
