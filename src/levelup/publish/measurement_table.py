"""The parts of one measurement as small tables: a row for each subject, group or state, and matrices with headed columns."""

from __future__ import annotations

from collections.abc import Sequence

from levelup.publish.rounding import figure
from levelup.terms.record import Measurement, Part

SHOWN = 40
"""How many rows of a table the terminal shows; `--json` holds all."""

_NAMING = ("labels", "age", "factor", "group", "stratum", "unit", "state")
_SIDES = ("upper_subject", "lower_subject", "chosen_by")
_RESIDUAL = 1e-12
Columns = dict[str, list[str]]


def part_tables(result: Measurement) -> list[str]:
    """Return the lines of every table of a measurement's parts, an empty line before each.

    Examples
    --------
    >>> found = Measurement("proportion", "wilson", 20.0, None, None, None, 0.95, "", 2, parts={"group": ["A"], "share": [0.2]})
    >>> part_tables(found)
    ['', 'group  share', 'A        0.2']
    """
    parts = {name: part for name, part in result.parts.items() if name not in _SIDES and part}
    if result.measure == "group_disparity":
        return _group_table(parts)
    if "state" in parts:
        parts = _with_states(parts)
    flat, matrices = {}, {}
    for name, part in parts.items():
        if not any(isinstance(item, list) for item in part):
            flat[name] = _cells(part)
        elif _is_by_row(part, parts):
            flat |= {
                f"{name} {factor}": _cells(column)
                for factor, column in zip(parts["factor"], zip(*part, strict=True), strict=True)
            }
        else:
            matrices[name] = part
    if any(_is_by_row(part, parts) for part in parts.values()):
        flat.pop("factor", None)
    lines = []
    for size in dict.fromkeys(map(len, flat.values())):
        lines += ["", *_table({name: cells for name, cells in flat.items() if len(cells) == size})]
    for name, part in matrices.items():
        lines += ["", *_matrix(name, part, parts)]
    return lines


def _is_by_row(part: Part, parts: dict[str, Part]) -> bool:
    """Return whether a part has a line for each row and a column for each factor."""
    return "factor" in parts and all(isinstance(item, list) and len(item) == len(parts["factor"]) for item in part)


def _with_states(parts: dict[str, Part]) -> dict[str, Part]:
    """Return the parts of a table of moves with the states' own names, where they have names."""
    names = parts.get("before") or parts.get("after")
    states = parts["state"]
    if names and all(isinstance(name, str) for name in names) and not any(isinstance(item, str) for item in states):
        states = [names[int(item)] if isinstance(item, float) and int(item) < len(names) else item for item in states]
    return {"state": states, **{name: part for name, part in parts.items() if name not in ("state", "before", "after")}}


def _group_table(parts: dict[str, Part]) -> list[str]:
    """Return one table with a row for each group, within each stratum where there are several."""
    groups = _cells(parts.get("group", []))
    matrices = {name: part for name, part in parts.items() if part and isinstance(part[0], list)}
    strata = _cells(parts.get("stratum", [])) or [""] * len(next(iter(matrices.values()), []))
    found: Columns = {"stratum": [stratum for stratum in strata for _ in groups]} if "stratum" in parts else {}
    found["group"] = groups * len(strata)
    for name, part in matrices.items():
        found[name] = [cell for row in part for cell in _cells(row)]
    worst = _cells(parts.get("worst", []))
    if len(strata) > 1 and len(worst) == len(strata):
        found["worst in stratum"] = [cell for cell in worst for _ in groups]
    if len({len(cells) for cells in found.values()}) > 1:
        return []
    return ["", *_table(found)]


def _matrix(name: str, part: Part, parts: dict[str, Part]) -> list[str]:
    """Return a matrix below a line that says what it is, its rows and columns headed by what they stand for."""
    width = max(len(row) for row in part if isinstance(row, list))
    heads = next((_cells(parts[key]) for key in ("state", "group", "factor") if len(parts.get(key, [])) == width), None)
    heads = heads or [str(number) for number in range(1, width + 1)]
    sides = heads if len(part) == width else [str(number) for number in range(1, len(part) + 1)]
    columns: Columns = {"from \\ to" if "state" in parts else "": sides}
    for head, column in zip(heads, zip(*part, strict=True), strict=True):
        columns[head] = _cells(column)
    return [name.replace("_", " "), *_table(columns)]


def _table(columns: Columns) -> list[str]:
    """Return columns side by side, names to the left and figures to the right; a long table is cut in words."""
    names = [*(name for name in _NAMING if name in columns), *(name for name in columns if name not in _NAMING)]
    is_text = {name: name in _NAMING[:1] + _NAMING[2:] or name in ("from \\ to", "") for name in names}
    heads = {name: "" if name == "labels" else name.replace("_", " ") for name in names}
    widths = {name: max(len(text) for text in (heads[name], *columns[name])) for name in names}

    def line(cells: Sequence[str]) -> str:
        placed = (
            cell.ljust(widths[name]) if is_text[name] else cell.rjust(widths[name])
            for name, cell in zip(names, cells, strict=True)
        )
        return "  ".join(placed).rstrip()

    size = len(columns[names[0]])
    rows = [line([columns[name][row] for name in names]) for row in range(min(size, SHOWN))]
    return [line([heads[name] for name in names]), *rows, *[f"... and {size - SHOWN} more; --json gives all."] * (size > SHOWN)]


def _cells(items: Sequence[object]) -> list[str]:
    """Return a column as texts: what is left of rounding is 0, what is absent a dash."""
    numbers = [abs(item) for item in items if isinstance(item, (int, float))]
    least = _RESIDUAL * max(numbers, default=0.0)
    return [
        "-" if item is None else (figure(0.0 if abs(item) < least else item) if isinstance(item, (int, float)) else str(item))
        for item in items
    ]
