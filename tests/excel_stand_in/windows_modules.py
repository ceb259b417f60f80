"""The modules of pywin32, as far as xlwings touches them when it is imported, so that its code for Windows runs anywhere.

Nothing here talks to Windows: Excel's objects come from ``object_model``, message boxes and process ids from this module.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import importlib
import sys
import types
from collections.abc import Callable
from typing import Any

EXCEL_PROCESS = 4242

MEMBER_NOT_FOUND = -2147352570
EXCEPTION = -2147352567
_BY_EXCEL = -2146827284  # scode of 1004, "Application-defined or object-defined error"


class ComError(Exception):
    """pywintypes.com_error: hresult, text, what the application says of it, and the argument that was wrong."""

    def __init__(
        self, hresult: int, text: str, excepinfo: tuple[Any, ...] | None = None, argerror: int | None = None
    ) -> None:
        super().__init__(hresult, text, excepinfo, argerror)
        self.hresult, self.strerror, self.excepinfo, self.argerror = hresult, text, excepinfo, argerror


def refused(text: str) -> ComError:
    """What Excel raises when it will not do something (its error 1004)."""
    return ComError(EXCEPTION, "Exception occurred.", (0, "Microsoft Excel", text, "xlmain11.chm", 0, _BY_EXCEL), None)


def unknown_member(name: str) -> ComError:
    """What is raised for a member that an object does not have."""
    return ComError(MEMBER_NOT_FOUND, f"Unknown name: {name}", None, None)


class Time(dt.datetime):
    """pywintypes.TimeType: a moment that says it is in UTC."""


class CDispatch:
    """win32com.client.CDispatch: any object of the application, which xlwings wraps to try again when Excel is busy."""


class MessageBox:
    """win32api.MessageBox: what was shown, and the buttons that will be pressed, OK if nothing else is said."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.presses: list[int] = []

    def __call__(self, _hwnd: int, text: str, _title: str, _style: int) -> int:
        self.shown.append(text)
        return self.presses.pop(0) if self.presses else 1


message_box = MessageBox()


class _Anything:
    """Stands where something is named at import and never used here."""

    def __getattr__(self, name: str) -> _Anything:
        return _Anything()

    def __setattr__(self, name: str, value: object) -> None:
        pass

    def __call__(self, *_: object, **__: object) -> _Anything:
        return _Anything()


class _TimeZone:
    @staticmethod
    def utc() -> dt.timezone:
        return dt.UTC


def _module(name: str, **members: object) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module
    return module


def _dispatch(target: object, **_: object) -> object:
    return target


def _named(name: str) -> type:
    return type(name, (CDispatch,), {})


def _install() -> None:
    _module("pywintypes", com_error=ComError, error=ComError, TimeType=Time, IID=lambda text: text)
    _module(
        "pythoncom", CoInitialize=lambda: None, IID_IDispatch="IDispatch", IID_IEnumVARIANT="IEnumVARIANT",
        TypeIIDs={"IDispatch": type("PyIDispatch", (), {})}, ole_error=ComError, com_error=ComError, __file__=None,
    )  # fmt: skip
    boxes = {
        "MB_OK": 0,
        "MB_OKCANCEL": 1,
        "MB_YESNOCANCEL": 3,
        "MB_YESNO": 4,
        "MB_ICONWARNING": 48,
        "MB_ICONINFORMATION": 64,
    }
    _module("win32con", **boxes)
    _module("win32api", MessageBox=message_box)
    _module("win32gui")
    _module("win32event")
    _module("win32process", GetWindowThreadProcessId=lambda _hwnd: (0, EXCEL_PROCESS))
    _module("win32timezone", TimeZoneInfo=_TimeZone)
    client = _module(
        "win32com.client", CDispatch=CDispatch, CoClassBaseClass=_named("CoClassBaseClass"),
        DispatchBaseClass=_named("DispatchBaseClass"), Dispatch=_dispatch, DispatchEx=_dispatch, gencache=_Anything(),
    )  # fmt: skip
    server = _module("win32com.server", __path__=[])
    _module("win32com", __path__=[], client=client, server=server)
    policies = dict.fromkeys(("BasicWrapPolicy", "DefaultPolicy", "DesignatedWrapPolicy"), object)
    for name, members in (("dispatcher", {}), ("policy", policies), ("util", {}), ("exception", {})):
        setattr(server, name, _module(f"win32com.server.{name}", **members))


def real_xlwings() -> types.ModuleType:
    """xlwings with its code for Windows imported: ``xlwings._xlwindows`` and ``xlwings.udfs`` are the real ones."""
    import xlwings

    if "xlwings._xlwindows" not in sys.modules:
        _install()
        had = {name: getattr(ctypes, name, None) for name in ("PyDLL", "oledll", "windll")}
        real: Callable[..., object] = ctypes.PyDLL
        ctypes.PyDLL = lambda name=None, *rest, **more: real(name, *rest, **more) if name else _Anything()
        ctypes.oledll = ctypes.windll = _Anything()
        try:
            windows: Any = importlib.import_module("xlwings._xlwindows")
            importlib.import_module("xlwings.udfs")
        finally:
            for name, value in had.items():
                if value is not None:
                    setattr(ctypes, name, value)
                else:
                    delattr(ctypes, name)
        xlwings.engines.add(xlwings.Engine(impl=windows.engine))
    return xlwings
