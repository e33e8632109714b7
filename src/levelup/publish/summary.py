"""What a report comes to: the tally of words, the worst and worsening, what an average masks, what could not be judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from levelup.publish.gap import Gap, group_gaps, main_verdicts
from levelup.publish.publication import Publication
from levelup.publish.sentence import LIKELY
from levelup.terms.errors import REFUSALS
from levelup.terms.record import CERTAINTIES, WORDS, Subject, Verdict


@dataclass(frozen=True, slots=True)
class Tally:
    """How many verdicts carry each word, and how sure.

    `counts` has every word of the grammar, in its order; `established` and `likely` count the words of that certainty, each on
    its own; `firm` counts those still established once all comparisons of the report are allowed for.
    """

    counts: dict[str, int]
    established: dict[str, int]
    likely: dict[str, int]
    firm: dict[str, int]
    total: int

    @property
    def judged(self) -> int:
        """How many the data allowed to be judged, 'not enough evidence' included."""
        return self.total - self.counts["not comparable"] - self.counts["not evaluable"]

    @property
    def worded(self) -> int:
        """How many carry a word that says what happened."""
        return self.judged - self.counts["not enough evidence"]


def tally(verdicts: Iterable[Verdict]) -> Tally:
    """Count verdict words.

    Parameters
    ----------
    verdicts : iterable of Verdict
        Any set: one a gap (`main_verdicts`), one window's, or all.
    """
    counts, sure, likely, firm = ({word: 0 for word in WORDS} for _ in range(4))
    total = 0
    for verdict in verdicts:
        total += 1
        counts[verdict.word] += 1
        if not verdict.is_judged or verdict.word == "not enough evidence":
            continue
        sure[verdict.word] += verdict.certainty == CERTAINTIES[0]
        likely[verdict.word] += verdict.certainty == CERTAINTIES[1]
        firm[verdict.word] += verdict.certainty_adjusted == CERTAINTIES[0]
    return Tally(counts, sure, likely, firm, total)


@dataclass(frozen=True, slots=True)
class Concern:
    """A subject that stands worse than its comparator and is getting worse: the gap, who, over which windows, how sure.

    `against` are all gaps in which this holds of the same subject and indicator; `gap` is the first of them.
    """

    gap: Gap
    verdict: Verdict
    subject: Subject
    end: str
    windows: tuple[str, ...]
    certainty: str
    against: tuple[Gap, ...]


def _worse_end(verdict: Verdict, own: frozenset[str]) -> str:
    """Return which end stands worse at the second date and is one this report is about; '' where neither."""
    after = verdict.gap_levels[1]
    if not verdict.is_judged or after is None or after == 0:
        return ""
    end = "lower" if after > 0 else "upper"
    subject = verdict.lower if end == "lower" else verdict.upper
    if verdict.kind == "districts":
        return end
    inside = subject.place == verdict.place if verdict.kind in ("district", "patch") else subject.place in own
    return end if inside else ""


def worst_and_worsening(publication: Publication) -> tuple[Concern, ...]:
    """List every place or cohort that has the worse figure of its comparison and whose own figure is falling on the good scale.

    Returns
    -------
    tuple of Concern
        One a subject and indicator, over the longest window in which the fall is at least likely. Established ones first, then
        in order of deprivation, then of the catalogue: the order is no ranking.
    """
    own = frozenset((publication.county.code, *publication.districts))
    order = {code: rank for rank, code in enumerate(publication.districts)}
    found: dict[tuple[str, str, str], Concern] = {}
    for gap in group_gaps(publication.verdicts):
        held = [(verdict, _worse_end(verdict, own)) for verdict in gap.verdicts]
        falling = [(verdict, end) for verdict, end in held if end and verdict.statements.get(f"{end}-fell", 0.0) >= LIKELY]
        if not falling:
            continue
        verdict, end = falling[-1]
        sure = CERTAINTIES[0] if f"{end}-fell" in verdict.established else CERTAINTIES[1]
        subject = verdict.lower if end == "lower" else verdict.upper
        key = (gap.indicator, subject.place if verdict.kind != "districts" else subject.label, subject.cohort)
        before = found.get(key)
        windows = tuple(item.window for item, _ in falling)
        if before is None:
            found[key] = Concern(gap, verdict, subject, end, windows, sure, (gap,))
        else:
            found[key] = replace(before, against=(*before.against, gap), certainty=min(before.certainty, sure))
    return tuple(sorted(found.values(), key=lambda item: (item.certainty != CERTAINTIES[0], order.get(item.subject.place, -1))))


def described_worsening(publication: Publication) -> tuple[Gap, ...]:
    """Return gaps whose lower subject moved the wrong way in figures that carry no uncertainty: described, never judged."""
    return tuple(
        gap
        for gap in group_gaps(publication.verdicts)
        if gap.main.refusal is not None
        and gap.main.refusal.code == "no-uncertainty"
        and gap.main.change_lower is not None
        and gap.main.change_lower.value < 0
    )


def masked_by_average(publication: Publication) -> tuple[Verdict, ...]:
    """Return the gaps, by their main window, in which the county did not fall while a district got worse, with evidence.

    The window is the one that summaries quote: no window is picked because it hides something.
    """
    return tuple(verdict for verdict in _hiding(publication) if verdict.masking is not None and not verdict.masking.is_described)


def masked_as_published(publication: Publication) -> tuple[Verdict, ...]:
    """Return the gaps in which published figures without uncertainty show the county better and a district worse."""
    return tuple(verdict for verdict in _hiding(publication) if verdict.masking is not None and verdict.masking.is_described)


def _hiding(publication: Publication) -> list[Verdict]:
    return [verdict for verdict in main_verdicts(publication) if verdict.masking is not None and verdict.masking.worsened]


@dataclass(frozen=True, slots=True)
class Absence:
    """One reason why gaps could not be judged: its code and meaning, how many gaps and which indicators it touches."""

    code: str
    meaning: str
    gaps: int
    indicators: tuple[str, ...]
    example: Verdict


def not_judged(publication: Publication) -> tuple[Absence, ...]:
    """Return the reasons why gaps carry no judgement, the commonest first; each gap counts once, by its main window."""
    groups: dict[str, list[Verdict]] = {}
    for verdict in main_verdicts(publication):
        if verdict.refusal is not None:
            groups.setdefault(verdict.refusal.code, []).append(verdict)
    absences = [
        Absence(code, REFUSALS[code], len(members), tuple(dict.fromkeys(v.indicator for v in members)), members[0])
        for code, members in groups.items()
    ]
    return tuple(sorted(absences, key=lambda item: -item.gaps))


def judged_indicators(publication: Publication) -> tuple[str, ...]:
    """Return the indicators with at least one gap that could be judged, in the order of the verdicts."""
    return tuple(dict.fromkeys(verdict.indicator for verdict in publication.verdicts if verdict.is_judged))


def held_indicators(publication: Publication) -> tuple[str, ...]:
    """Return the indicators for which the report holds any figure, in the order of the catalogue."""
    held = set(publication.observations.indicator.tolist())
    return tuple(key for key in publication.catalogue.indicators if key in held)


def covered_years(publication: Publication) -> tuple[int, int] | None:
    """Return the first and the last year that any verdict compares; None where there is none."""
    starts = [verdict.start.start.year for verdict in publication.verdicts if verdict.start is not None]
    ends = [
        verdict.end.start.year + max(verdict.end.months // 12 - 1, 0)
        for verdict in publication.verdicts
        if verdict.end is not None
    ]
    return (min(starts), max(ends)) if starts and ends else None
