"""The drawing of two gains at once: where they lie in their plane, and how far their joint uncertainty reaches."""

from __future__ import annotations

import math

from levelup.publish.svg import Scale, drawing, linear, mark, plain, stroke, ticks, words, wrap
from levelup.publish.wording import number
from levelup.terms.record import Verdict

WIDTH, HEIGHT = 400.0, 318.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 312.0, 20.0, 280.0
REACH = math.sqrt(-2.0 * math.log(0.05))
"""How many standard deviations the ellipse reaches that holds 95 % of a bivariate normal."""
STEPS = 48


def draw_plane(verdict: Verdict, *, label: str) -> str:
    """Draw the lower subject's gain across, the upper one's upward, the line on which the gap stays, and the joint 95 % region.

    Parameters
    ----------
    verdict : Verdict
        With both gains and their standard errors.
    label : str
        The sentence that says what the chart shows.

    Returns
    -------
    str
        An `svg` element; '' where the gains or their uncertainty are not known.
    """
    x, y, gap = verdict.change_lower, verdict.change_upper, verdict.gap_change
    if x is None or y is None or gap is None or x.se is None or y.se is None or gap.se is None:
        return ""
    covariance = (x.se**2 + y.se**2 - gap.se**2) / 2
    far = max(abs(x.value) + REACH * x.se, abs(y.value) + REACH * y.se) * 1.06 or 1.0
    across, upward = linear(-far, far, start=LEFT, end=RIGHT), linear(-far, far, start=BOTTOM, end=TOP)
    steps = [step for step in ticks(-far, far, count=5) if abs(step) <= far]
    body = [
        f'<path class="f6" d="M{plain(LEFT)} {plain(BOTTOM)}L{plain(RIGHT)} {plain(TOP)}V{plain(BOTTOM)}z"/>',
        stroke(LEFT, upward(0), RIGHT, upward(0), kind="ax"),
        stroke(across(0), TOP, across(0), BOTTOM, kind="ax"),
        stroke(LEFT, BOTTOM, RIGHT, TOP, kind="br"),
        words(RIGHT - 6, BOTTOM - 8, "gap narrowed", kind="ts", anchor="end"),
        words(LEFT + 6, TOP + 14, "gap widened", kind="ts"),
    ]
    decimals = 0 if all(step == int(step) for step in steps) else 1 if all(round(step, 1) == step for step in steps) else 2
    for step in steps:
        text = number(step, decimals=decimals)
        body.append(words(across(step), BOTTOM + 16, text, kind="ts", anchor="middle"))
        body.append(words(LEFT - 6, upward(step) + 4, text, kind="ts", anchor="end"))
    body.append(_ellipse(x.value, y.value, x.se, y.se, covariance, across, upward))
    body.append(mark("circle", across(x.value), upward(y.value), radius=4.5, kind="m1"))
    body.append(words((LEFT + RIGHT) / 2, BOTTOM + 33, "lower subject: right is better", kind="ts", anchor="middle"))
    for row, text in enumerate(wrap("upper subject: up is better", width=11, lines=4)):
        body.append(words(RIGHT + 8, TOP + 14 + 14 * row, text, kind="ts"))
    for row, text in enumerate(wrap("on the dotted line the gap stays as it was", width=13, lines=5)):
        body.append(words(RIGHT + 8, TOP + 96 + 14 * row, text, kind="ts"))
    return drawing(body, width=WIDTH, height=HEIGHT, label=label)


def _ellipse(x: float, y: float, sx: float, sy: float, covariance: float, across: Scale, upward: Scale) -> str:
    """Return the joint 95 % region of two gains as a path: the unit circle through the covariance's Cholesky factor."""
    slope = covariance / sx if sx > 0 else 0.0
    rest = math.sqrt(max(sy * sy - slope * slope, 0.0))
    points = []
    for step in range(STEPS):
        turn = 2 * math.pi * step / STEPS
        u, v = REACH * math.cos(turn), REACH * math.sin(turn)
        points.append(f"{plain(across(x + sx * u))} {plain(upward(y + slope * u + rest * v))}")
    return f'<path class="el" d="M{"L".join(points)}z"/>'
