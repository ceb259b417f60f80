"""Limits on the memory and the time of a process of tests."""

from __future__ import annotations

from pathlib import Path

_STATM = Path("/proc/self/statm")


def can_limit() -> bool:
    """Whether this system tells how much memory a process has, and lets it have no more."""
    return _STATM.exists()


def limit(*, more_bytes: int, cpu_seconds: int) -> None:
    """Let this process take so much more memory than it has, and so much time of the processor; then it dies."""
    import resource

    has = int(_STATM.read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (has + more_bytes, has + more_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
