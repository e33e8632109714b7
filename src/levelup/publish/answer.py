"""An answer of a command: a record for machines and words for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: the record for machines and the sentence for people."""

    record: dict[str, Any]
    sentence: str
