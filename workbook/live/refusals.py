"""Why a task is refused in a workbook that is open in Excel."""

from __future__ import annotations

from workbook.refusals import CannotSave, Refusal


class SheetIsProtected(Refusal):
    def __init__(self, sheet: str) -> None:
        super().__init__(f"Sheet {sheet} is protected. Take the protection off (Review > Unprotect Sheet) and run again.")


class NotTakenOver(Refusal):
    """Excel made something else of what was written; what had been changed was put back."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"Excel did not keep what was written at {where}: nothing was changed. "
            "Look at the format and the rules of that column, and run again; if it happens again, please report it."
        )


class SavedInExcel(CannotSave):
    def __init__(self, book: str) -> None:
        super().__init__(
            f"{book} is open in Excel, which alone can save it under another name: File > Save a Copy. "
            "Close it to use the command line with -o."
        )


class NotPutBack(Refusal):
    """Excel failed, and failed again while the workbook was put back."""

    def __init__(self, book: str) -> None:
        super().__init__(
            f"Excel stopped half-way, and {book} could not be put back as it was: "
            "close it without saving, and open it again."
        )
