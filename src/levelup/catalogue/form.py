"""One YAML entry held open while its fields are taken out, with a plain sentence for each that is missing or wrong."""

from __future__ import annotations

from collections.abc import Mapping

_MISSING = object()


class Form:
    """A mapping read field by field; what is wrong goes to `faults`, and fields nobody asked for are faults too.

    Parameters
    ----------
    where : str
        The file, or the file and the place in it, that messages begin with.
    entry : object
        What the YAML holds there; anything but a mapping is a fault.
    faults : list of str
        Messages are appended here.
    """

    def __init__(self, where: str, entry: object, faults: list[str]) -> None:
        self.where = where
        self.faults = faults
        self.before = len(faults)
        self.asked: set[str] = set()
        self.entry: Mapping[object, object] = {}
        if isinstance(entry, Mapping):
            self.entry = entry
        else:
            self.fault("must be a mapping of field names to values", entry)

    def fault(self, rule: str, got: object = _MISSING) -> None:
        """Note that a rule is broken here."""
        self.faults.append(f"{self.where}: {rule}" + ("" if got is _MISSING else f". Got {got!r}."))

    @property
    def is_sound(self) -> bool:
        """Whether nothing has gone wrong with this entry so far."""
        return len(self.faults) == self.before

    def text(self, key: str, default: str | None = None) -> str:
        """Return a field's text; without a default the field is required and must not be empty."""
        got = self._take(key)
        if got is _MISSING or got is None:
            if default is None:
                self.fault(f"`{key}` must be given")
            return default or ""
        if isinstance(got, bool) or not isinstance(got, str | int | float):
            self.fault(f"`{key}` must be text", got)
            return ""
        shown = str(got).strip()
        if not shown and default is None:
            self.fault(f"`{key}` must not be empty")
        return shown

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Return a field that must be true or false."""
        got = self._take(key)
        if got is _MISSING and default is not None:
            return default
        if not isinstance(got, bool):
            self.fault(f"`{key}` must be true or false", None if got is _MISSING else got)
            return False
        return got

    def number(self, key: str, default: float | None = None) -> float | None:
        """Return a field that must be a number; the default where it is absent."""
        got = self._take(key)
        if got is _MISSING or got is None:
            return default
        if isinstance(got, bool) or not isinstance(got, int | float):
            self.fault(f"`{key}` must be a number", got)
            return default
        return float(got)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a field's list of texts; one text counts as a list of one, an absent field as an empty list."""
        got = self._take(key)
        if got is _MISSING or got is None:
            return ()
        found = texts_of(got)
        if found is None:
            self.fault(f"`{key}` must be a text or a list of texts", got)
            return ()
        return found

    def items(self, key: str) -> list[object]:
        """Return a field's list, empty where it is absent."""
        got = self._take(key)
        if got is _MISSING or got is None:
            return []
        if not isinstance(got, list):
            self.fault(f"`{key}` must be a list", got)
            return []
        return got

    def mapping(self, key: str) -> dict[str, object]:
        """Return a field's mapping with its keys as text, empty where it is absent."""
        got = self._take(key)
        if got is _MISSING or got is None:
            return {}
        if not isinstance(got, Mapping):
            self.fault(f"`{key}` must be a mapping", got)
            return {}
        return {str(name): value for name, value in got.items()}

    def text_mapping(self, key: str) -> dict[str, str]:
        """Return a field's mapping of text to text; an empty value stays empty."""
        found = self.mapping(key)
        for name, value in found.items():
            if isinstance(value, bool | list | Mapping):
                self.fault(f"`{key}`, {name!r} must be text", value)
        return {name: "" if value is None else str(value) for name, value in found.items()}

    def texts_mapping(self, key: str) -> dict[str, tuple[str, ...]]:
        """Return a field's mapping of text to one or several texts."""
        shaped: dict[str, tuple[str, ...]] = {}
        for name, value in self.mapping(key).items():
            several = texts_of(value)
            if several is None:
                self.fault(f"`{key}`, {name!r} must be a text or a list of texts", value)
            else:
                shaped[name] = several
        return shaped

    def close(self) -> None:
        """Note every field that no one asked for."""
        for key in self.entry:
            if key not in self.asked:
                self.fault(f"`{key}` must be a known field. Known here: {', '.join(sorted(self.asked))}")

    def _take(self, key: str) -> object:
        self.asked.add(key)
        return self.entry.get(key, _MISSING)


def texts_of(value: object) -> tuple[str, ...] | None:
    """Return one text or a list of texts as a tuple; None where it is neither."""
    several = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str | int | float) and not isinstance(item, bool) for item in several):
        return None
    return tuple(str(item) for item in several)
