"""Text as people type it: cut short for a message, folded for comparison, read as a number, made safe for a spreadsheet."""

from __future__ import annotations

import math
import re
import unicodedata

_TRIGGERS = frozenset("=+-@\t\r\n＝＋－＠")
_PLAIN_NEGATIVE = re.compile(r"-(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d+)?(?:[eE][+-]?\d{1,3})?%?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_SPACED = re.compile(r"[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?", re.ASCII)
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_CONTINENTAL = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d+)?", re.ASCII)
_ODD_SPACES = str.maketrans({"\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2212": "-"})
_NOTE_MARK = re.compile(r"\s*(?:\[[^\]]{0,40}\]|\((?:note|notes) \d+\)|[*†‡¹²³⁴]+)\s*$", re.IGNORECASE)
_AUTHORITY = re.compile(
    r"\b(?:(?:london|royal|metropolitan) borough(?: of)?|(?:city|county|borough|district) of|unitary authority|"
    r"(?:county|city|borough|district|metropolitan) council|(?:metropolitan|non metropolitan) district|"
    r"local authority|council|district|borough|county|ua|la|cc|mbc|bc|dc|the)\b"
)
_MARKED = re.compile(r"(.*\d%?)\s*(?:\[(u|low|p|r|e)\]|\((?:p|r|e)\)|\*+)", re.IGNORECASE | re.DOTALL)
_WORDS = re.compile(r"[^\w%£+]+|_")


def shorten(text: object, *, width: int = 40) -> str:
    """Return a cell's content for a message: one line, printable, at most `width` characters.

    Examples
    --------
    >>> shorten("a" * 50, width=10)
    'aaaaaaaaa…'
    """
    shown = "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in " ".join(str(text).split(" ")))
    return shown if len(shown) <= width else shown[: width - 1] + "…"


def safe_cell(text: str) -> str:
    """Return text that a spreadsheet cannot take for a formula.

    Parameters
    ----------
    text : str
        What a cell of an exported table is to hold.

    Returns
    -------
    str
        The text itself, or the text behind an apostrophe where it begins with = + - @, a tab, a carriage return or a line feed
        (also in their full-width forms). A plain negative number stays a number.

    Source
    ------
    OWASP, "CSV Injection", https://owasp.org/www-community/attacks/CSV_Injection.

    Examples
    --------
    >>> safe_cell("=1+1")
    "'=1+1"
    >>> safe_cell("-3.2")
    '-3.2'
    >>> safe_cell("-3+cmd")
    "'-3+cmd"
    """
    if not text or text[0] not in _TRIGGERS:
        return text
    if len(text) > 1 and any(mark.isdigit() for mark in text) and _PLAIN_NEGATIVE.fullmatch(text):
        return text
    return "'" + text


def fold(text: str) -> str:
    """Return text for comparison: small letters, no accents, notes dropped, '&' as 'and', punctuation as single spaces.

    Examples
    --------
    >>> fold("  Southend-on-Sea & Thurrock [note 2]")
    'southend on sea and thurrock'
    """
    plain = unicodedata.normalize("NFKD", _NOTE_MARK.sub("", text).replace("&", " and "))
    letters = "".join(mark for mark in plain if not unicodedata.combining(mark)).casefold()
    return " ".join(_WORDS.sub(" ", letters.replace("'", "").replace("’", "")).split())


def fold_place(name: str) -> str:
    """Return a place's name for comparison: folded, without the words for what kind of authority it is.

    Examples
    --------
    >>> fold_place("Bristol, City of"), fold_place("Essex County Council"), fold_place("City of London")
    ('bristol', 'essex', 'city of london')
    """
    folded = fold(name)
    bare = " ".join(_AUTHORITY.sub(" ", folded).split())
    return bare if bare and bare != "london" else folded


def slug(text: str) -> str:
    """Return text as a key: small letters and digits joined by hyphens.

    Examples
    --------
    >>> slug("Adults living with obesity (%)")
    'adults-living-with-obesity'
    """
    return "-".join(re.findall(r"[a-z0-9]+", fold(text)))


def read_number(text: str, *, decimal: str = ".") -> float | None:
    """Read a number as people write it: '1,234.5', '£1,200', '45%', '1 234', a Unicode minus.

    Parameters
    ----------
    text : str
        The content of one cell.
    decimal : str
        '.' or ',': the mark before the decimals. With ',' the full stop groups thousands.

    Returns
    -------
    float or None
        The number, a percentage as its number of hundredths (45 for '45%'); None where the text is no finite number.

    Examples
    --------
    >>> read_number("1,234.5"), read_number("45%"), read_number("12,5", decimal=","), read_number("1,2")
    (1234.5, 45.0, 12.5, None)
    """
    plain = text.translate(_ODD_SPACES).strip()
    if plain.endswith("%"):
        plain = plain[:-1].rstrip()
    if plain.startswith("£") or plain.startswith("-£"):
        plain = plain.replace("£", "", 1).lstrip()
    if _SPACED.fullmatch(plain):
        plain = plain.replace(" ", "")
    if decimal == ",":
        if not _CONTINENTAL.fullmatch(plain):
            return None
        plain = plain.replace(".", "").replace(",", ".")
    elif _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    if not _PLAIN.fullmatch(plain):
        return None
    number = float(plain)
    return number if math.isfinite(number) else None


def read_marked_number(text: str, *, decimal: str = ".") -> tuple[float | None, str]:
    """Read a number that may carry a mark behind it: '12.5 [u]', '13*', '14 (p)'.

    Returns
    -------
    tuple of (float or None, str)
        The number as `read_number` reads it, and 'u' where the mark says low reliability, else ''.

    Examples
    --------
    >>> read_marked_number("12.5 [u]"), read_marked_number("14 (p)"), read_marked_number("n/a")
    ((12.5, 'u'), (14.0, ''), (None, ''))
    """
    number = read_number(text, decimal=decimal)
    match = _MARKED.fullmatch(text) if number is None else None
    if match is None:
        return number, ""
    doubtful = (match.group(2) or "").lower() in ("u", "low")
    return read_number(match.group(1), decimal=decimal), "u" if doubtful else ""
