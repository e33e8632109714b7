"""The action plan as it may be published, and its check, which stays in the house."""

from __future__ import annotations

from typing import Any

from levelup.duties.pay.action_plan import PlanCheck, listed_actions
from levelup.publish.grid import Cell, Grid, Head, grid_csv


def plan_record(found: PlanCheck) -> dict[str, Any]:
    """Return a plan for machines: what people wrote and when reviews fall due, and nothing of its check."""
    names = {item.number: item.name for item in listed_actions()}
    return {
        "published": None if found.plan.published is None else found.plan.published.isoformat(),
        "narrative": found.plan.narrative,
        "link": found.plan.link,
        "actions": [
            {"number": item.number, "action": names.get(item.number), "status": item.status, "text": item.text}
            for item in found.plan.actions
        ],
        "reviews": [{"due": item.due.isoformat(), "what": item.what} for item in found.reviews],
    }


def plan_grid(found: PlanCheck) -> Grid:
    """Return a plan's actions with their status and text."""
    names = {item.number: item.name for item in listed_actions()}
    rows = tuple(
        (Cell(names.get(item.number, "[x]")), Cell(str(item.number), item.number), Cell(item.status), Cell(item.text))
        for item in found.plan.actions
    )
    return Grid(
        "Actions of the plan", (Head("Action"), Head("Number on the list"), Head("Status"), Head("Why, and how tracked")), rows
    )


def plan_csv(found: PlanCheck) -> bytes:
    """Return a plan's actions as a CSV table."""
    return grid_csv(plan_grid(found))


def plan_check_csv(found: PlanCheck) -> bytes:
    """Return a plan's gates, judgements, reviews and open questions as a CSV table, which stays in the house."""
    rows: list[tuple[Cell, ...]] = []
    for word, gates in (("passed", found.passed), ("failed", found.failed)):
        rows += [(Cell(word), Cell(gate.key), Cell(gate.must), Cell(gate.found), Cell(gate.source)) for gate in gates]
    blank = Cell("")
    rows += [(Cell("judgement required"), blank, Cell(text), blank, blank) for text in found.judgement_required]
    rows += [(Cell("review due"), Cell(item.due.isoformat()), Cell(item.what), blank, blank) for item in found.reviews]
    rows += [(Cell("open"), blank, Cell(text), blank, blank) for text in found.open]
    heads = tuple(Head(name) for name in ("kind", "key", "must", "found", "source"))
    return grid_csv(Grid("Check of the action plan", heads, tuple(rows)))
