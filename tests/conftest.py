"""Generated tests are the same on every run: what fails in one place fails in every place. And the golden files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=False,
    # A ledger is large for Hypothesis and an engine is slow; an engine is a fixture that holds nothing between examples.
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
        HealthCheck.function_scoped_fixture,
    ],
)
settings.load_profile("repeatable")

_GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    """``pytest --update-golden`` writes the golden files anew; look at the difference before committing it."""
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


@pytest.fixture
def is_golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Demands that a text equals the golden file of that name, to the letter."""

    def check(name: str, text: str) -> None:
        golden = _GOLDEN / name
        if request.config.getoption("--update-golden"):
            golden.write_text(text, encoding="utf-8", newline="\n")
        assert golden.read_text(encoding="utf-8") == text, (
            f"{golden} differs: run pytest --update-golden and read what changed"
        )

    return check
