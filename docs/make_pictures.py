"""Draws docs/pictures anew: what Duebook makes of its sample, printed by LibreOffice, in both languages.

    python -m docs.make_pictures

Needs LibreOffice, poppler (pdftoppm, pdftotext, pdfinfo), and a font with Chinese characters: what no font has is drawn as
a box.
Fonts differ from machine to machine, so that no test compares the pictures.
"""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from workbook.cli import group
from workbook.schema import TABLES
from workbook.statements.as_pdf import pdfs

PICTURES = Path(__file__).with_name("pictures")
LANGUAGES = ("en", "zh-CN")
AS_OF, FROM = dt.date(2024, 5, 31), dt.date(2024, 2, 1)
CUSTOMER: Mapping[str, str] = {"en": "C1033", "zh-CN": "C1022"}
"""Of the sample: one in each language, with much to tell."""

_DOTS, _DOTS_OF_LISTS = 64, 96  # an inch: what is printed small is drawn larger
_A4_SIDES = (8.27, 11.69)  # inches


@dataclass(frozen=True)
class Picture:
    """A page of a PDF: the first that holds ``said``. ``top`` and ``share``: what of its height is left out, and drawn."""

    name: str
    pdf: str
    said: str
    share: float = 1.0
    top: float = 0.0


def duebook(*arguments: object) -> None:
    """A command, as typed. Raises RuntimeError where it is refused."""
    done = CliRunner().invoke(group, [str(each) for each in arguments], prog_name="duebook")
    if done.exit_code not in (0, 1):
        raise RuntimeError(done.output)


def made(folder: Path, language: str) -> dict[str, bytes]:
    """The files of the sample: the workbook after a reminder run, letters, statements, a confirmation and a hand-over."""
    book, customer = folder / "book.xlsx", CUSTOMER[language]
    sample = ("--sample", "--customers", 40, "--invoices", 260, "--as-of", AS_OF, "--language", language)
    duebook("new", book, *sample)
    duebook("remind", book, "--as-of", AS_OF, "--out", folder, "--letters", "one-docx")
    chosen = ("--customer", customer, "--language", language)
    duebook("statements", book, "--from", FROM, "--to", AS_OF, *chosen, "--out", folder)
    duebook("statements", book, "--to", AS_OF, *chosen, "--out", folder, "--confirmation", "--as", "docx")
    duebook("legal", book, customer, "--as-of", AS_OF, "--language", language, "--out", folder)
    return {
        "lists.xlsx": book.read_bytes(),
        "merge.xlsx": (folder / f"reminders-{AS_OF}.xlsx").read_bytes(),
        "letters.docx": (folder / f"letters-{AS_OF}.docx").read_bytes(),
        "statement.xlsx": (folder / f"statement-{customer}-{AS_OF}.xlsx").read_bytes(),
        "confirmation.docx": (folder / f"confirmation-{customer}-{AS_OF}.docx").read_bytes(),
        "hand-over.docx": (folder / f"legal-{customer}-{AS_OF}" / "hand-over.docx").read_bytes(),
    }


def pictures(language: str) -> list[Picture]:
    """What is drawn: a list is known by its sheet's name at the foot of the page."""
    lists = [("send-list", "Reminders", 0.3), ("held-list", "RemindersHeld", 0.36), ("work-list", "WorkList", 0.15)]
    return [
        Picture("letter", "letters", {"en": "Second reminder", "zh-CN": "第二次催款"}[language], 0.65),
        *(
            Picture(name, "lists", rf"(?m)^\s*{TABLES[table].label.in_language(language)}\s+\d+ / \d+$", share, 0.1)
            for name, table, share in lists
        ),
        Picture("merge-list", "merge", "message_id", 0.3, 0.1),
        Picture("statement", "statement", CUSTOMER[language]),
        Picture("confirmation", "confirmation", CUSTOMER[language], 0.5),
        Picture("reply", "statement", {"en": "Your reply", "zh-CN": "回函"}[language], 0.4),
        Picture("hand-over", "hand-over", CUSTOMER[language]),
    ]


def page_that_says(pdf: Path, said: str) -> int:
    """The number of the first page that holds a pattern. Raises ValueError where none does."""
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    for number, page in enumerate(text.split("\f"), start=1):
        if re.search(said, page):
            return number
    raise ValueError(f"no page of {pdf.name} says {said!r}")


def draw(picture: Picture, pdf: Path, target: Path) -> None:
    """One page, or its upper part, as a PNG."""
    page = page_that_says(pdf, picture.said)
    size = subprocess.run(
        ["pdfinfo", "-f", str(page), "-l", str(page), pdf], check=True, capture_output=True, text=True
    ).stdout
    is_wide = float(size.split("size:")[1].split()[0]) > float(size.split("size:")[1].split()[2])
    across, down = sorted(_A4_SIDES, reverse=is_wide)
    dots = _DOTS_OF_LISTS if picture.pdf in ("lists", "merge") else _DOTS
    sides = {"x": 0, "y": down * dots * picture.top, "W": across * dots, "H": down * dots * picture.share}
    box = [word for side, pixels in sides.items() for word in (f"-{side}", str(int(pixels)))]
    command = ["pdftoppm", "-png", "-singlefile", "-r", str(dots), "-f", str(page), "-l", str(page), *box]
    subprocess.run([*command, pdf, target.with_suffix("")], check=True)


def main() -> None:
    """All pictures in both languages."""
    for language in LANGUAGES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for pdf, content in pdfs(made(folder, language), label="PDF").items():
                (folder / pdf).write_bytes(content)
            for picture in pictures(language):
                target = PICTURES / f"{picture.name}-{language}.png"
                draw(picture, folder / f"{picture.pdf}.pdf", target)
                print(f"{target.name}: {target.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
