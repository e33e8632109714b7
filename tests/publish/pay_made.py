"""A made-up employer's pay gap report, worked out from invented rows: nothing in it is about anybody."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date

import numpy as np

from levelup.duties.pay.action_plan import Chosen, Plan, check_plan
from levelup.duties.pay.adjusted import adjusted_gap
from levelup.duties.pay.breakdown import breakdown
from levelup.duties.pay.characteristics import characteristic_gaps
from levelup.duties.pay.gaps import pay_gaps
from levelup.duties.pay.obligations import find_obligations
from levelup.duties.pay.peers import PeerFigure, PeerYear, Standing
from levelup.duties.pay.records import Step, Worked
from levelup.duties.pay.report import PayReport
from levelup.duties.pay.service_return import Employer, service_return
from levelup.duties.pay.trend import Break, figures_of, trend
from levelup.duties.pay.uncertainty import gap_intervals
from levelup.terms.errors import Refusal

SNAPSHOT = date(2026, 3, 31)
EMPLOYER = "Mudwick County Council"


def make_worked(people: int = 600, *, seed: int = 5) -> Worked:
    """Return invented employees with every step of the working, on a spine of rates that quarters share."""
    draw = np.random.default_rng(seed)
    side = (draw.random(people) < 0.68).astype(np.int8)
    grade = draw.choice(4, size=people, p=[0.35, 0.3, 0.25, 0.1]) - (draw.random(people) < 0.55 * side)
    grade = np.clip(grade, 0, 3)
    rate = np.array([12.85, 15.10, 19.75, 28.40])[grade] + 0.35 * draw.integers(0, 3, size=people)
    hours = np.where(draw.random(people) < 0.3 + 0.3 * side, 18.5, 37.0)
    basic = np.round(rate * hours * 30.44 / 7, 2)
    allowances = np.where(draw.random(people) < 0.2, 61.37, 0.0)
    bonus_paid = np.where(draw.random(people) < 0.1, 431.77, 0.0)
    bonus_days = np.where(bonus_paid > 0, 365.25, np.nan)
    days = np.full(people, 30.44)
    counted = np.where(bonus_paid > 0, bonus_paid / 365.25 * days, 0.0)
    other = np.where(draw.random(people) < 0.05, 20.11, 0.0)
    ordinary, total = basic + allowances, basic + allowances - other + counted
    weekly = total * 7 / days
    weekly[7], days[7] = weekly[7] + 111.11, np.nan  # two jobs with different pay periods
    is_full_pay = draw.random(people) > 0.04
    figures = {
        "basic_pay": basic, "allowances": allowances, "ordinary_pay": ordinary, "other_period": other, "bonus_paid": bonus_paid,
        "bonus_days": bonus_days, "period_days": days, "bonus_counted": counted, "total_pay": total, "weekly_pay": weekly,
        "hours_rule": np.ones(people), "weekly_hours": hours, "hourly_pay": weekly / hours,
    }  # fmt: skip
    names = np.array(["Gannet", "Heron", "Ibis", "Kestrel"])
    return Worked(
        employee=np.arange(2, people + 2),
        side=np.where(draw.random(people) < 0.01, -1, side).astype(np.int8),
        hourly=np.where(is_full_pay, figures["hourly_pay"], np.nan),
        bonus=np.where(draw.random(people) < 0.15, np.round(300 + 900 * draw.random(people), 2), 0.0),
        is_full_pay=is_full_pay,
        weekly_hours=hours,
        groups={
            "ethnicity": draw.choice(["White British", "White Irish", "Indian", "African", "Prefer not to say"], size=people,
                                     p=[0.6, 0.08, 0.1, 0.1, 0.12]),
            "disability": draw.choice(["no", "yes", ""], size=people, p=[0.75, 0.12, 0.13]),
            "grade": names[grade],
            "directorate": draw.choice(["Children", "Adults", "Highways", "Registrars"], size=people, p=[0.4, 0.38, 0.19, 0.03]),
        },
        steps=tuple(
            Step(key, f"What is called {key.replace('_', ' ')}.", f"SI 2017/353 Sch 1 para {key}", held)
            for key, held in figures.items()
        ),
        left_out=(("relevant-employee", "Not employed on the snapshot date.", 21), ("maintained-schools", "At a school.", 340)),
    )  # fmt: skip


PLAN = Plan(
    (
        Chosen(4, "New or in progress", "Interviews are unstructured in two directorates; counted every quarter."),
        Chosen(12, "New or in progress", ""),
        Chosen(13, "New or in progress", "Asked for by the staff network; a yearly survey follows it."),
        Chosen(1, "Embedded"),
    ),
    "What we do about the figures.",
    published=date(2027, 1, 15),
)


def _peer(figure: str) -> PeerFigure:
    standings = (
        Standing("all", "all published employers", 9391, 3120, 41, 6230, (-2.1, 3.4, 9.2, 16.8, 26.0)),
        Standing("size", "employers of 5000 to 19,999 employees", 500, 140, 4, 356, (1.0, 5.2, 10.4, 15.0, 22.5)),
        Refusal("too-few-subjects", "Too few employers with the figure: employers marked as public sector."),
    )
    return PeerFigure(figure, 8.2, standings)


def make_report(worked: Worked | None = None) -> PayReport:
    """Return everything that a report can hold."""
    held = make_worked() if worked is None else worked
    gaps = pay_gaps(held)
    now = figures_of(gaps)
    years = {
        year: {name: None if value is None else round(value + step, 1) for name, value in now.items()}
        for year, step in ((2021, 2.4), (2022, 1.9), (2024, 1.1), (2025, 0.4))
    }
    peers = PeerYear("2023-24", "5000 to 19,999", ("O",), True, tuple(map(_peer, ("mean_hourly_gap", "median_hourly_gap"))))
    return PayReport(
        employer=EMPLOYER,
        snapshot=SNAPSHOT,
        publish_by=date(2027, 3, 30),
        must_publish=True,
        worked=held,
        gaps=gaps,
        remarks=("The column 'Grade' was taken for the grade.", "Not employed on the snapshot date. 4 rows left out."),
        public_remarks=("Not employed on the snapshot date. Fewer than 10 rows left out.",),
        obligations=find_obligations(5200, snapshot=SNAPSHOT),
        intervals=gap_intervals(held, gaps=gaps),
        characteristics=tuple(characteristic_gaps(held, characteristic=name) for name in ("ethnicity", "disability")),
        breakdowns=tuple(breakdown(held, by=name) for name in ("grade", "directorate")),
        adjusted=adjusted_gap(held),
        plan=check_plan(PLAN),
        service_row=service_return(gaps, employer=Employer(EMPLOYER, 5200, sic_codes=("1", "84110"))),
        trend=trend({**years, SNAPSHOT.year: now}, breaks=(Break(2025, "sex is recorded anew", ("mean_hourly_gap",)),)),
        peers=((peers.year, asdict(peers)),),
    )


def bare_report() -> PayReport:
    """Return a report that holds the six calculations alone, of which some do not exist."""
    held = make_worked(40)
    nobody = replace(held, steps=(), bonus=np.zeros(40), groups={}, left_out=())
    gaps = pay_gaps(nobody)
    return PayReport(EMPLOYER, SNAPSHOT, date(2027, 3, 30), None, nobody, gaps)
