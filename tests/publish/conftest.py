"""The made-up publication that every test of pages, sheets and documents reads."""

from __future__ import annotations

import pytest

from levelup.publish.publication import Publication
from tests.publish.fixture import make_publication


@pytest.fixture(scope="session")
def publication() -> Publication:
    """A small publication of invented figures (see `fixture.make_publication`)."""
    return make_publication()
