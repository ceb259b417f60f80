"""The collector rests while cells are made, and works again whatever happens."""

import gc

import pytest

from workbook.garbage import collector_paused


def test_the_collector_works_again_after_a_failure() -> None:
    assert gc.isenabled()
    seen: list[bool] = []
    with pytest.raises(ZeroDivisionError):
        _fail_while_paused(seen)
    assert seen == [False]
    assert gc.isenabled()


def _fail_while_paused(seen: list[bool]) -> None:
    with collector_paused():
        seen.append(gc.isenabled())
        raise ZeroDivisionError


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with collector_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
