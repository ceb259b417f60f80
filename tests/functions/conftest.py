"""Fixtures of the rules' tests."""

from __future__ import annotations

import pytest

from tests.engines import ENGINES, Engine


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn: a contract test that takes it runs once on each."""
    return Engine(request.param)
