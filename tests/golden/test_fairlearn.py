"""What fairlearn gives on two hundred made-up decisions: parity, opportunity and equalised odds, as strata of one measure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from levelup.measures.batch import measure_batch
from levelup.measures.readings import Readings
from tests.golden.tables import all_expected, expected, read_table

pytestmark = pytest.mark.data
CLOSED = 1e-8


@pytest.fixture
def folder(shared: Path) -> Path:
    return shared / "reference" / "fairlearn"


def disparity(folder: Path, metric: str, convention: str, *, weighted: bool) -> Readings:
    """Return a disparity in who is selected: of all, of those with the outcome, or in the worse of those with and without."""
    table = read_table(folder / "fairlearn_synthetic200.csv")
    truth, chosen, weight = (np.array(table[name], dtype=float) for name in ("y_true", "y_pred", "w"))
    group = np.unique(table["group"], return_inverse=True)[1].astype(float)
    kept = truth == 1 if metric == "equal_opportunity" else np.full(len(truth), True)
    columns = {"group": group[kept]} | ({"stratum": truth} if metric == "equalized_odds" else {})
    return measure_batch(
        "group_disparity",
        chosen[kept],
        population=weight[kept] if weighted else None,
        columns=columns,
        convention=convention,
    )


@pytest.mark.parametrize("metric", ["demographic_parity", "equalized_odds", "equal_opportunity"])
@pytest.mark.parametrize("form", ["difference", "ratio"])
@pytest.mark.parametrize("method", ["between_groups", "to_overall"])
@pytest.mark.parametrize("weighted", [False, True])
def test_disparities_as_fairlearn_has_them(folder: Path, metric: str, form: str, method: str, weighted: bool) -> None:  # noqa: FBT001
    name = f"{metric}_{form}" + " weighted" * weighted
    path = folder / "expected_fairlearn.csv"
    value = expected("fairlearn", "synthetic200", name, f"method={method}", path=path)["estimate"]
    found = disparity(folder, metric, form + "-to-overall" * (method == "to_overall"), weighted=weighted)
    assert found.value[0] == pytest.approx(value, rel=CLOSED)
    assert found.lower[0] <= found.value[0] <= found.upper[0]


def test_rates_by_group_as_fairlearn_has_them(folder: Path) -> None:
    """The false-positive rate is that of the stratum without the outcome, the true-positive rate of the one with it."""
    path = folder / "expected_fairlearn.csv"
    all_of_them = disparity(folder, "demographic_parity", "difference", weighted=False)
    by_truth = disparity(folder, "equalized_odds", "difference", weighted=False)
    for at, group in enumerate("ABC"):
        for name, figure in (
            ("sr", all_of_them.parts["mean"][0, 0, at]),
            ("n", all_of_them.parts["rows"][0, 0, at]),
            ("fpr", by_truth.parts["mean"][0, 0, at]),
            ("tpr", by_truth.parts["mean"][0, 1, at]),
        ):
            value = expected("fairlearn", "synthetic200", f"by_group {name}", group, path=path)["estimate"]
            assert figure == pytest.approx(value, rel=CLOSED)


def test_no_value_of_the_file_is_left_out(folder: Path) -> None:
    assert len(all_expected(folder / "expected_fairlearn.csv")) == 24 + 12
