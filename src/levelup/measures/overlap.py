"""What two dates have in common, as options and columns say it: a share, two periods, a correlation."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from levelup.inference.correlation import correlation_of_windows
from levelup.measures.change import check_correlation
from levelup.measures.columns import Column, read_figures
from levelup.terms.errors import DataFaults, InputError
from levelup.terms.period import Period
from levelup.terms.record import Floats
from levelup.terms.written_period import read_period


def shared_of(overlap: str | float | None, periods: str | None) -> float | None:
    """Return the share that two dates have in common, None where it was not said.

    Parameters
    ----------
    overlap : str or float or None
        0 to 1; may be written 2/3.
    periods : str or None
        Two periods with a comma between them; two single days share nothing.

    Raises
    ------
    InputError
        It is no share, the periods are not two, or both were given.

    Examples
    --------
    >>> shared_of("2/3", None) == shared_of(None, "2018/20,2019/21")
    True
    """
    if periods is None:
        if overlap is None:
            return None
        try:
            share = float(Fraction(str(overlap).strip()))
        except (ValueError, ZeroDivisionError):
            share = -1.0
        if not 0.0 <= share <= 1.0:
            raise InputError("an overlap must be a share from 0 to 1", got=repr(overlap), where="--overlap", next="Such as 2/3.")
        return share
    if overlap is not None:
        raise InputError("overlap and periods must not both be given", where="--overlap")
    texts = [text.strip() for text in periods.split(",")]
    if len(texts) != 2:
        raise InputError("periods must be two with a comma between", got=repr(periods), where="--periods", next="2018/20,2019/21")
    first, last = (read_period(text) for text in texts)
    starts, ends = zip(*((_month(item), _month(item) + item.months) for item in (first, last)), strict=True)
    if not (first.months and last.months):
        return 0.0
    common = max(0.0, min(ends) - max(starts))
    return float(correlation_of_windows(first.months, last.months, common=common))


def _month(period: Period) -> float:
    return 12.0 * period.start.year + period.start.month + (period.start.day - 1) / 31.0


def correlation_of_rows(
    share: float | None,
    correlation: str | float | None,
    tables: tuple[Mapping[str, Column], Mapping[str, Column]],
    pairs: tuple[NDArray[np.intp], NDArray[np.intp]],
) -> Floats | None:
    """Return the correlation of a row's two errors, one for all or one for each pair of rows; None where nothing was said.

    Parameters
    ----------
    share : float or None
        What the two dates have in common; it multiplies the correlation.
    correlation : str or float or None
        A number, or the name of a column of either table.
    tables : tuple of mapping
        Both tables by column.
    pairs : tuple of ndarray of int
        Rows of the first and of the second table that belong together.

    Raises
    ------
    InputError
        It is neither a number from -1 to 1 nor a column.
    DataFaults
        The column holds something else than numbers.
    """
    if correlation is None:
        return None if share is None else np.asarray(share)
    text = str(correlation).strip()
    scale = 1.0 if share is None else share
    for table, rows in zip(tables, pairs, strict=True):
        if text in table:
            read, _, faults = read_figures(table[text], role="correlation", column=text, file="table", sheet="")
            if faults:
                raise DataFaults(faults)
            return check_correlation(scale * read[rows])
    try:
        return check_correlation(scale * float(text))
    except ValueError:
        raise InputError("correlation must be a number or a column", got=repr(text), where="--correlation") from None
