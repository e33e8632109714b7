"""Tables of made-up counts with a total in every direction."""

from __future__ import annotations

import numpy as np


def counts_with_totals(inside: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return labels by dimension (A, B, ...) and counts, flat, with 'Total' for each dimension."""
    full = inside.astype(np.float64)
    for axis in range(inside.ndim):
        full = np.concatenate([full, full.sum(axis, keepdims=True)], axis=axis)
    labels = {}
    for axis, size in enumerate(inside.shape):
        own = np.array([*(str(number) for number in range(size)), "Total"])
        shape = [-1 if other == axis else 1 for other in range(inside.ndim)]
        labels["ABCDEF"[axis]] = np.broadcast_to(own.reshape(shape), full.shape).ravel()
    return labels, full.ravel()
