"""What is said of the gate that a workspace's own tables went through: sentences for readers, a record for machines."""

from __future__ import annotations

from typing import Any

from levelup.publish.protection_words import profile_record
from levelup.publish.publication import OwnTables


def say_own(own: OwnTables | None) -> tuple[str, ...]:
    """Say what was done to a workspace's own figures; nothing where there are none.

    Parameters
    ----------
    own : OwnTables or None
        What was done.
    """
    if own is None:
        return ()
    judged = own.judged
    lines = [
        f"Small numbers of this workspace's own tables were hidden by the profile {own.profile.name}. {own.profile.sentence}",
        f"{judged.hidden:,} of {_counted(judged.rows, 'own figure')} {'is' if judged.hidden == 1 else 'are'} hidden, marked [c]: "
        "those with small counts, and others from which these could be worked out.",
        "An attack on what is shown, with everything that adds up, recovered 0 hidden counts.",
    ]
    if judged.refused:
        where = _counted(len(judged.refused), "indicator and period", "indicators and periods")
        lines.append(f"Of {where} every figure is kept back ({judged.kept_back:,}), because nothing less was safe.")
    if judged.unjudged:
        lines.append(f"{_counted(judged.unjudged, 'own figure')} could not be judged: no counts came with them.")
    if judged.weighted:
        lines.append(f"{_counted(judged.weighted, 'own figure')} with weighted counts judged by the base alone.")
    return tuple(lines)


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def own_record(own: OwnTables) -> dict[str, Any]:
    """Return what was done as a run's record holds it; nothing in it is made from hidden counts."""
    judged = own.judged
    return {
        "profile": profile_record(own.profile),
        "tables": own.tables,
        "figures": judged.rows,
        "hidden": judged.hidden,
        "kept_back": [{"indicator": indicator, "period": period} for indicator, period in judged.refused],
        "without_counts": judged.unjudged,
        "weighted": judged.weighted,
        "attack": {"recovered": 0, "within_protection": 0, "protection": own.profile.protection},
    }
