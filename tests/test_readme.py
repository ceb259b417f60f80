"""README's commands: the two that do everything, which continuous integration takes from there, and all the others."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from workbook.cli import group

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
CI = ROOT / ".ci" / "run"
TWO_COMMANDS = ["pip install -e . && duebook demo", 'pip install -e ".[test]" && pytest']

SHELL_BLOCKS = [
    line for block in re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL) for line in block.splitlines()
]
COMMANDS = [line.partition("  #")[0].strip() for line in re.findall(r"^    (duebook .*)$", README, re.MULTILINE)]


def test_two_commands_do_everything() -> None:
    assert SHELL_BLOCKS[:2] == TWO_COMMANDS


@pytest.mark.skipif(not CI.exists(), reason="a source distribution has no .ci")
@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_continuous_integration_runs_these_two_word_for_word() -> None:
    script = CI.read_text("utf-8")
    (pipeline,) = re.findall(r"^mapfile -t commands < <\((.*)\)$", script, re.MULTILINE)
    done = subprocess.run(["bash", "-c", pipeline], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == TWO_COMMANDS
    for index in range(2):
        assert re.search(rf'^[^#]*\bbash -ec "\$\{{commands\[{index}\]\}}"', script, re.MULTILINE), index


@pytest.mark.parametrize("line", COMMANDS)
def test_every_other_command_is_one_that_there_is(line: str) -> None:
    _, task, *arguments = shlex.split(line)
    command = group.commands[task]
    with command.make_context(task, arguments) as context:  # raises what a wrong option would end in
        assert context.params
    assert isinstance(command, click.Command)


def test_there_are_other_commands() -> None:
    assert {line.split()[1] for line in COMMANDS} >= {"new", "import", "check", "close", "remind"}
