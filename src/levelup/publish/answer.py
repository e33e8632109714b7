"""What a command answers: a record for machines and words for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: the record for machines and the sentence for people."""

    record: dict[str, Any]
    sentence: str


@dataclass(frozen=True, slots=True)
class ReportResult:
    """What a report came to: the words for the terminal and the same as a record."""

    words: str
    record: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """Return the record that `--json` prints."""
        return self.record


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """A verification that passed: how many files were made again and found the same."""

    words: str
    record: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """Return the record that `--json` prints."""
        return self.record


class Records(Protocol):
    """Readings of groups that can be told as records."""

    def records(self) -> list[dict[str, object]]:
        """Return the groups as the JSON array of the stable call."""
