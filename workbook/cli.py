"""The command line, made from the registry of tasks. Exit status: 0 done; 1 done, but with errors found; 2 refused."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.outcome import Outcome
from workbook.refusals import NeedsConfirmation, Refusal
from workbook.tasks import GROUPS, TASKS, Option, Takes, Task

if TYPE_CHECKING:
    from workbook.file_book import FileBook
    from workbook.package.edits import Engine
    from workbook.package.receipt import Receipt

DONE, DONE_WITH_ERRORS, REFUSED = 0, 1, 2


class Date(click.ParamType[dt.date]):
    """A day that begins with the year, so that day and month cannot be mistaken."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """2024-10-31 → the date."""
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day: write it as 2024-10-31", param, ctx)


class FlagOrFile(click.ParamType[Any]):
    """True where the option stands alone, else the file that follows it."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> bool | Path:
        """The file's path; the flag's own value as it is."""
        return value if isinstance(value, bool) else Path(value)


def _type_of(option: Option) -> click.ParamType[Any]:
    return {
        Takes.DATE: Date(),
        Takes.TEXT: click.STRING,
        Takes.INTEGER: click.IntRange(min=0),
        Takes.CHOICE: click.Choice(option.choices),
        Takes.FILE: click.Path(path_type=Path),
        Takes.TARGET: click.Path(path_type=Path, dir_okay=False),
        Takes.FOLDER: click.Path(path_type=Path, file_okay=False),
        Takes.FLAG: click.BOOL,
        Takes.FLAG_OR_FILE: FlagOrFile(),
    }[option.takes]


def _parameter(option: Option) -> click.Parameter:
    # Some versions of click take a default of None for a value, and then require nothing.
    default: dict[str, Any] = {} if option.default is None else {"default": option.default}
    if option.is_positional:
        many = -1 if option.is_many else 1
        return click.Argument([option.name], type=_type_of(option), required=option.is_required, nargs=many, **default)
    is_flag = option.takes is Takes.FLAG
    if option.takes is Takes.FLAG_OR_FILE:
        default["flag_value"] = True
    return click.Option(
        [f"--{option.spelling or option.name.replace('_', '-')}", option.name, *([option.short] if option.short else [])],
        type=None if is_flag else _type_of(option),
        is_flag=is_flag,
        required=option.is_required,
        **default,
        help=option.help.en,
    )


_BOOK = click.Argument(["book"], type=click.Path(path_type=Path))
_OUT = click.Option(
    ["-o", "--output"], type=click.Path(path_type=Path, dir_okay=False), help="write here and leave BOOK untouched"
)
_JSON = click.Option(["--json", "json_file"], type=click.Path(path_type=Path, dir_okay=False), help="a summary for machines")
_LANGUAGE = click.Option(["--language"], type=click.Choice(["en", "zh-CN"]), help="of texts; the workbook's if left out")

_ENGINE = click.Option(
    ["--engine"],
    type=click.Choice(["package", "openpyxl"]),
    default="package",
    help="what writes BOOK: package keeps all of it; openpyxl names what it would lose",
)
_ACCEPT_LOSS = click.Option(["--accept-loss"], is_flag=True, help="with --engine openpyxl: write although something is lost")


def command_of(task: Task) -> click.Command:
    """The click command of a task."""
    run = _on_book(task) if task.is_on_book else _without_book(task)
    params = [_parameter(option) for option in task.options]
    if task.is_on_book:
        params = [_BOOK, *params, *([_OUT, _ENGINE, _ACCEPT_LOSS] if task.writes else []), _JSON, _LANGUAGE]
    return click.Command(task.name.split()[-1], params=params, callback=run, help=task.help.en)


def commands_of(tasks: Iterable[Task]) -> dict[str, click.Command]:
    """The commands; tasks with a first word in common are commands of that one."""
    commands: dict[str, click.Command] = {}
    for task in tasks:
        first, _, second = task.name.partition(" ")
        if not second:
            commands[first] = command_of(task)
            continue
        within = commands.setdefault(first, click.Group(first, help=GROUPS[first].en))
        assert isinstance(within, click.Group)
        within.add_command(command_of(task))
    return commands


def _on_book(task: Task) -> Callable[..., None]:
    def run(
        book: Path,
        json_file: Path | None,
        output: Path | None = None,
        engine: str = "package",
        accept_loss: bool = False,
        **arguments: Any,
    ) -> None:
        from workbook.memory import give_back_what_is_free

        give_back_what_is_free()  # before pandas is there

        from workbook.file_book import FileBook
        from workbook.package.atomic_save import refuse_if_not_writable
        from workbook.package.one_writer import one_writer
        from workbook.saving import save_outcome

        with one_writer(output or book) if task.writes else nullcontext(), ThreadPoolExecutor(1) as worker:
            worker.submit(task.function)  # pandas is imported while the file is unpacked and checked
            opened = FileBook(book, engine=_engine(engine, accept_loss=accept_loss))
            if task.writes:  # before the work is done in vain
                opened.refuse_target(output)
            if json_file is not None:
                refuse_if_not_writable(json_file)
            outcome = _done(task, opened, arguments)
            language = arguments.get("language") or opened.language  # known now; once saved, it would be read anew
            save_outcome(opened, outcome, output)
        _tell(_with_receipt(outcome, opened.receipt, language) if opened.receipt is not None else outcome, json_file)

    return run


def _done(task: Task, book: FileBook, arguments: dict[str, Any]) -> Outcome:
    """The task done; what it asks first is asked where somebody sits at a terminal, and refused elsewhere."""
    does, given = task.function(), {"ran_at": dt.datetime.now(), **_given(arguments)}
    from workbook.progress import shown_by

    try:
        with shown_by(_bar) if sys.stderr.isatty() else nullcontext():
            outcome: Outcome = does(book, **given)
    except NeedsConfirmation as doubt:
        if not _is_at_a_terminal() or not click.confirm(doubt.question, err=True):
            raise
        outcome = does(book, **given | {"yes": True})
    return outcome


def _bar(work: Collection[object], label: str) -> Iterator[object]:
    """How far long work is, on a terminal."""
    with click.progressbar(work, label=label, file=sys.stderr) as steps:
        yield from steps


def _is_at_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _engine(name: str, *, accept_loss: bool) -> Engine | None:
    """The engine that was asked for; None: the workbook's own."""
    if name == "package":
        return None
    from workbook.package.openpyxl_engine import OpenpyxlEngine

    return OpenpyxlEngine(accept_loss=accept_loss)


def _with_receipt(outcome: Outcome, receipt: Receipt, language: str) -> Outcome:
    """What was written, for machines; for people, what they should know of it."""
    from workbook.results.report_words import REMARKS

    told = [f"{each.where or each.table}: {REMARKS[each.code].in_language(language)}" for each in receipt.remarks]
    return replace(
        outcome, lines=(*outcome.lines, *told), summary={**outcome.summary, "receipt": receipt.summary()}
    )  # fmt: skip


def _without_book(task: Task) -> Callable[..., None]:
    def run(**arguments: Any) -> None:
        _tell(task.function()(ran_at=dt.datetime.now(), **_given(arguments)), None)

    return run


def _given(arguments: dict[str, Any]) -> dict[str, Any]:
    """The options that were given: a task's own defaults serve for the others."""
    return {name: value for name, value in arguments.items() if value is not None}


def _tell(outcome: Outcome, json_file: Path | None) -> None:
    if json_file is not None:
        from workbook.package.atomic_save import write_whole

        write_whole(json_file, (json.dumps(outcome.summary, ensure_ascii=False, indent=2) + "\n").encode())
    for line in outcome.lines:
        click.echo(line)
    for path in outcome.files:
        click.echo(str(path))
    if outcome.has_errors:
        sys.exit(DONE_WITH_ERRORS)


class _Refusing(click.Group):
    """A refusal is one clear line and exit status 2, like a wrong option."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            click.echo(f"duebook: {refusal}", err=True)
            ctx.exit(REFUSED)


def _version(ctx: click.Context, _: click.Parameter, is_asked: bool) -> None:
    if is_asked:
        from importlib.metadata import version

        click.echo(f"duebook {version('duebook')}")
        ctx.exit()


group = _Refusing(
    "duebook",
    commands=commands_of(TASKS),
    params=[
        click.Option(
            ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version."
        )
    ],
    help="A workbook that runs receivables: aging, credit headroom and reminders that tie out to the cent.",
)


def main() -> None:
    """The command ``duebook``."""
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot show Chinese shows the nearest it can, instead of failing half-way.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    group(prog_name="duebook")


if __name__ == "__main__":
    main()
