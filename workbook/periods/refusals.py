"""Why a period is not locked, not unlocked, or not written into."""

from __future__ import annotations

import datetime as dt

from workbook.refusals import Refusal


class PeriodIsLocked(Refusal):
    """A row dated in a locked period, without a reason."""

    def __init__(self, table: str, day: dt.date, locked_to: dt.date) -> None:
        super().__init__(
            f"A row of {table} is dated {day}, and everything up to {locked_to} is locked. "
            "Add --reason to say why it is entered all the same, date it later, or unlock the period (duebook unlock)."
        )


class NotAPeriod(Refusal):
    """What is neither a month nor a day."""

    def __init__(self, given: str) -> None:
        super().__init__(f"{given} is not a period: write the month as 2024-10, or its last day as 2024-10-31.")


class AlreadyLocked(Refusal):
    def __init__(self, as_of: dt.date, locked_to: dt.date) -> None:
        super().__init__(f"Everything up to {locked_to} is locked already, {as_of} too. Lock a later day, or unlock first.")


class LockKnowsAll(Refusal):
    def __init__(self) -> None:
        super().__init__("A lock keeps the workbook as it is known now: leave --known-on out, or leave --lock out.")


class LockNeedsFile(Refusal):
    def __init__(self, book: str) -> None:
        super().__init__(f"{book} is open in Excel: save and close it, and lock the file with duebook close --lock.")


class LockChangesFigures(Refusal):
    """The applications, once written down, would not give the figures they come from."""

    def __init__(self, items: list[str]) -> None:
        named = ", ".join(items[:5])
        super().__init__(
            f"The period cannot be locked: written down, its applications would change {named}. "
            "Correct the issues about their allocations and write-offs first (duebook check)."
        )


class NoSuchLock(Refusal):
    def __init__(self, period: str, locked: list[str]) -> None:
        those = ", ".join(locked) or "none"
        super().__init__(f"{period} is not locked. The locked periods are: {those}.")


class LaterPeriodLocked(Refusal):
    def __init__(self, period: str, later: str) -> None:
        super().__init__(f"{later} is locked and comes after {period}: unlock {later} first.")


class NoLockedCopy(Refusal):
    def __init__(self, period: str, copy: str, code: str) -> None:
        what = "is not beside the workbook" if code == "locked_copy_missing" else "is not as it was kept"
        super().__init__(f"The locked copy of {period}, {copy}, {what}. Put it back from a backup, and run again.")


class CloseNeedsADay(Refusal):
    def __init__(self) -> None:
        super().__init__("Say which day to close with --as-of, or which locked period with --as-locked and -o.")


class AsLockedNeedsOutput(Refusal):
    def __init__(self) -> None:
        super().__init__("The figures as locked are another workbook's: say with -o where to write them.")
