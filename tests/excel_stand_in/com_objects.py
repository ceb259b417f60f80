"""What is common to Excel's objects: calls are counted and may fail, and a member that is not there is refused."""

# ruff: noqa: N802  (the names are those of COM)

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.excel_stand_in.sheet_model import Excel
from tests.excel_stand_in.windows_modules import CDispatch, refused, unknown_member


class Com(CDispatch):
    """An object with members; what is read, called or set from outside by a capital letter is counted."""

    _excel: Excel

    def __getattribute__(self, name: str) -> Any:
        if name[:1].isupper():
            object.__getattribute__(self, "_excel").counted(self, name)
        return object.__getattribute__(self, name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise unknown_member(f"{type(self).__name__}.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_"):
            member = getattr(type(self), name, None)
            if not isinstance(member, property) or member.fset is None:
                raise unknown_member(f"{type(self).__name__}.{name}")
            self._excel.counted(self, f"{name}=")
        object.__setattr__(self, name, value)


class Collection(Com):
    """Objects by number from 1, or by name whatever its case."""

    def __init__(self, excel: Excel, made: list[tuple[str, Any]]) -> None:
        self._excel, self._given = excel, made

    @property
    def _made(self) -> list[tuple[str, Any]]:
        return self._given

    @property
    def Count(self) -> int:
        return len(self._made)

    def __call__(self, key: int | str) -> Any:
        return self._item(key)

    def Item(self, key: int | str) -> Any:
        return self._item(key)

    def _item(self, key: int | str) -> Any:
        self._excel.counted(self, "Item")
        if isinstance(key, str):
            for name, each in self._made:
                if name.casefold() == key.casefold():
                    return each
        elif 1 <= key <= len(self._made):
            return self._made[int(key) - 1][1]
        raise refused("Subscript out of range")

    def __iter__(self) -> Iterator[Any]:
        self._excel.counted(self, "each")
        return iter([each for _, each in self._made])
