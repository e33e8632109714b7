"""What stands behind a verdict as the JSON object that follows its stable keys; nothing in it is NaN."""

from __future__ import annotations

from levelup.publish.tabular import finite
from levelup.terms.errors import Refusal
from levelup.terms.record import Estimate, Floats
from levelup.verdicts.account import Account, Places
from levelup.verdicts.course import Course, Courses, Pace
from levelup.verdicts.drift import Bounds, Drift
from levelup.verdicts.mixing import Mixing


def account_as_dict(account: Account) -> dict[str, object]:
    """Return an account as an object; a part that is not held is None, one that was refused its refusal.

    Parameters
    ----------
    account : Account
        Of one gap, over the window that summaries quote. Gains are on the good scale, levels and rates as published.
    """
    return {
        "places": None if account.places is None else _places(account.places),
        "mixing": None if account.mixing is None else _mixing(account.mixing),
        "drift": None if account.drift is None else _drift(account.drift),
        "masking": [
            {"characteristic": name, "worsened": [loser.subject.label for loser in masking.worsened]}
            for name, masking in account.masking
        ],
        "courses": None if account.courses is None else _courses(account.courses),
    }


def _list(values: Floats) -> list[float | None]:
    return [finite(float(value)) for value in values]


def _places(places: Places) -> dict[str, object]:
    share, growth, lorenz, fell = places.attribution, places.growth, places.lorenz, places.nobody_fell
    return {
        "codes": list(places.codes),
        "gain": _list(places.gain),
        "se": _list(places.se),
        "likely_gain": None if places.likely is None else _list(places.likely.mean),
        "likely_se": None if places.likely is None else _list(places.likely.se),
        "by_tenth": dict(share.as_dict())
        if isinstance(share, Refusal)
        else {
            "gap_change": _list(share.tenth_contribution),
            "gap_change_se": _list(share.tenth_contribution_se),
            "gain": _list(share.tenth_gain),
        },
        "nobody_fell": dict(fell.as_dict())
        if isinstance(fell, Refusal)
        else {
            "gap_before": finite(fell.before),
            "gap_after": finite(fell.after),
            "gap_had_nobody_fallen": finite(fell.counterfactual),
            "levelled_down_share": finite(fell.levelled_down_share),
            "levelled_down_share_noise_allowed_for": None if fell.shrunken is None else finite(fell.shrunken.levelled_down_share),
        },
        "growth": dict(growth.as_dict())
        if isinstance(growth, Refusal)
        else {"mean": finite(growth.mean), "by_place": _list(growth.by_tenth), "anonymous": _list(growth.anonymous)},
        "generalised_lorenz": dict(lorenz.as_dict()) if isinstance(lorenz, Refusal) else lorenz.comparison,
    }


def _mixing(mixing: Mixing) -> dict[str, object]:
    parts = (mixing.total, mixing.rate_part, mixing.composition_part, mixing.composition_share)
    names = ("change", "rate_part", "composition_part", "composition_share")
    found: dict[str, object] = {name: finite(float(part[0])) for name, part in zip(names, parts, strict=True)}
    return {**found, "tier": mixing.tier, "assumptions": list(mixing.assumptions)}


def _drift(drift: Drift) -> dict[str, object]:
    def bounds(held: Bounds) -> dict[str, object]:
        return {
            "least": finite(held.least),
            "most": finite(held.most),
            "lower": finite(held.lower),
            "upper": finite(held.upper),
            "assumption": held.assumption,
        }

    return {
        "share": list(drift.share),
        "rate": list(drift.rate),
        "direction": drift.direction,
        "change": finite(drift.change),
        "between": bounds(drift.between),
        "worst": bounds(drift.worst),
    }


def _courses(courses: Courses) -> dict[str, object]:
    return {
        "lower": _course(courses.lower),
        "upper": _course(courses.upper),
        "floor": finite(courses.floor),
        "floor_is_stated": courses.is_floor_stated,
        "since": courses.since.iso,
        "to_floor": _pace(courses.to_floor),
        "to_parity": _pace(courses.to_parity),
    }


def _course(course: Course) -> dict[str, object]:
    special = course.special
    return {
        "periods": [period.iso for period in course.periods],
        "slope": _estimate(course.slope),
        "trend": course.word,
        "certainty": course.certainty,
        "fingertips_recent_trend": course.recent,
        "fingertips_reason": course.recent_reason,
        "special_causes": dict(special.as_dict()) if isinstance(special, Refusal) else [period.iso for period in special],
        "bend": None if course.bend is None else course.bend.iso,
    }


def _estimate(estimate: Estimate | None) -> dict[str, float | None] | None:
    if estimate is None:
        return None
    return {"value": finite(estimate.value), "lower": finite(estimate.lower), "upper": finite(estimate.upper)}


def _pace(pace: Pace | None) -> dict[str, object] | None:
    if pace is None:
        return None
    return {"outcome": pace.outcome, "years": finite(pace.years), "fewest": finite(pace.fewest), "most": finite(pace.most)}
