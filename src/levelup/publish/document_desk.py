"""What the pages of the paper share: one verdict a gap, their tally, the order of lists, and how a gap is said and drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from levelup.catalogue.entry import Indicator
from levelup.publish.document_block import Bullets, Figure
from levelup.publish.document_chart import Move, moves_figure
from levelup.publish.gap import main_verdicts
from levelup.publish.publication import Publication
from levelup.publish.sentence import say_gap, say_verdict, say_word
from levelup.publish.summary import Tally, tally
from levelup.terms.cohort import parse_cohort
from levelup.terms.record import CERTAINTIES, Subject, Verdict

MORE = "And {n} more in tables.xlsx, sheet "
"""What stands after a list that is cut, before the name of the sheet; '{n}' is the number left out."""
_KIND_ORDER = ("districts", "cohort", "county", "patch", "district")


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page of the paper reads, worked out once: the publication, one verdict a gap, and their tally."""

    publication: Publication
    mains: tuple[Verdict, ...]
    count: Tally
    run: str
    sentences: Mapping[str, str] = field(default_factory=dict)

    @property
    def own(self) -> frozenset[str]:
        """The codes of the county and its districts."""
        return frozenset((self.publication.county.code, *self.publication.districts))

    def entry(self, verdict: Verdict) -> Indicator:
        """Return the catalogue's entry for a verdict's indicator."""
        return self.publication.catalogue.indicators[verdict.indicator]

    def source(self, verdict: Verdict) -> str:
        """Return who publishes a verdict's figures, as a source line."""
        catalogue = self.publication.catalogue
        source = catalogue.sources.get(self.entry(verdict).source)
        publisher = catalogue.publishers.get(source.publisher) if source else None
        return f"Source: {publisher.name}, {source.title}." if source and publisher else ""


def make_desk(publication: Publication, *, run: str, sentences: Mapping[str, str] | None = None) -> Desk:
    """Work out, once, what the pages of the paper share; `run` identifies the run that the paper comes from."""
    mains = main_verdicts(publication)
    return Desk(publication, mains, tally(mains), run, sentences or {})


def count_words(number: int, one: str, many: str) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> count_words(1, "gap", "gaps"), count_words(1200, "gap", "gaps")
    ('1 gap', '1,200 gaps')
    """
    return f"{number:,} {one if number == 1 else many}"


def chosen(desk: Desk, words: Iterable[str]) -> tuple[Verdict, ...]:
    """Return the gaps that carry one of these words: the county's own, the surest first, indicators in turn, never by size.

    The same comparison made in another place comes last. Certainty that allows for all comparisons counts before the row's own;
    then come comparisons over all districts, between groups of people, of the county, of single districts. Of each indicator
    one gap comes before a second of any.
    """
    wanted = frozenset(words)

    def rank(verdict: Verdict) -> tuple[bool, int, int, int]:
        return (
            verdict.place not in desk.own,
            CERTAINTIES.index(verdict.certainty_adjusted),
            CERTAINTIES.index(verdict.certainty),
            _KIND_ORDER.index(verdict.kind) if verdict.kind in _KIND_ORDER else len(_KIND_ORDER),
        )

    seen: set[str] = set()
    first: list[Verdict] = []
    later: list[Verdict] = []
    for verdict in sorted((verdict for verdict in desk.mains if verdict.word in wanted), key=rank):
        (later if verdict.indicator in seen else first).append(verdict)
        seen.add(verdict.indicator)
    return (*first, *later)


def gap_item(desk: Desk, verdict: Verdict) -> str:
    """Return one gap as an entry of a list: how far it moved, over which dates, how sure, and the word."""
    return f"{say_gap(verdict, indicator=desk.entry(verdict))} {say_word(verdict)}"


def gap_list(desk: Desk, verdicts: Sequence[Verdict], *, empty: str, least: int, sheet: str = "Verdicts") -> Bullets:
    """Return gaps as a list that can be cut, pointing to the sheet that holds them all."""
    return Bullets(tuple(gap_item(desk, verdict) for verdict in verdicts), empty=empty, least=least, more=f"{MORE}{sheet}.")


def gap_figure(desk: Desk, verdicts: Sequence[Verdict]) -> tuple[Figure, ...]:
    """Return a picture of what both ends of the first of these gaps did; none where there is no gap."""
    verdict = next((item for item in verdicts if item.change_lower is not None and item.change_upper is not None), None)
    if verdict is None:
        return ()
    entry = desk.entry(verdict)
    ends = ((verdict.lower, verdict.change_lower), (verdict.upper, verdict.change_upper))
    figure = moves_figure(
        tuple(Move(_short_label(verdict, subject), change) for subject, change in ends if change is not None),
        finding=f"{entry.short}: {verdict.word}",
        verdict=verdict,
        indicator=entry,
        said=desk.sentences.get(verdict.id) or say_verdict(verdict, indicator=entry),
        source=desk.source(verdict),
        branding=desk.publication.branding,
    )
    return (figure,)


def _short_label(verdict: Verdict, subject: Subject) -> str:
    """Return what a narrow row calls a subject: without the place that both ends share."""
    if verdict.kind == "cohort":
        return parse_cohort(subject.cohort).label.removeprefix("pupils ")
    head, end, _ = subject.label.partition(" end of ")
    return f"{head}{end.removesuffix(' of ')}"
