"""What a Mac asks its user, and who that is: through AppleScript's own windows, since xlwings has no words for them.

What is shown is handed over as arguments of the script, never as part of it: a name with quotes in it runs nothing.
"""

from __future__ import annotations

import getpass
import os
import subprocess

_LINE = "text returned of (display dialog (item 1 of argv) default answer (item 2 of argv) with title (item 3 of argv))"
_FILE = "POSIX path of (choose file with prompt (item 1 of argv))"
_CANCELLED = "-128"  # AppleScript's number of an error that is none


def asked_for(prompt: str, default: str, title: str) -> str | None:
    """What somebody typed into a small window; None where it was cancelled."""
    return _run(_LINE, prompt, default, title)


def file_chosen(prompt: str) -> str | None:
    """The path of the file that somebody chose; None where it was cancelled."""
    return _run(_FILE, prompt)


def user_name() -> str:
    """The full name of whoever is logged in, else the short one."""
    import pwd  # not on Windows

    full_name = pwd.getpwuid(os.getuid()).pw_gecos.partition(",")[0].strip()
    return full_name or getpass.getuser()


def _run(script: str, *arguments: str) -> str | None:
    """What a script answers. Raises subprocess.CalledProcessError where it fails otherwise than by Cancel."""
    command = ["osascript", "-e", "on run argv", "-e", script, "-e", "end run", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode and _CANCELLED in done.stderr:
        return None
    done.check_returncode()
    return done.stdout.removesuffix("\n")
