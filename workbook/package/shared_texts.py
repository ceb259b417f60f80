"""Texts that stand in the workbook's list of shared strings already: a cell that holds one needs only its number there.

Reports repeat the ids and names of the ledger. A cell with a number takes half the room, to write and to read, of one with
its text inline. The list itself keeps its bytes: a text that is not in it stays inline.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from workbook.package.cell_xml import FORMULA_SIGNS, LONGEST_TEXT
from workbook.package.draft import Draft
from workbook.package.workbook_part import WorkbookPart
from workbook.port import Cell

# With what a cell must say more of left out: it is spelled otherwise in XML, has a blank at an end, or is like a formula.
_ITEM = re.compile(rf'<si>(?:<t(?: xml:space="preserve")?>([^<&\r\s{FORMULA_SIGNS}](?:[^<&\r]*[^<&\r\s])?)</t></si>)?')
# What readers may count otherwise: an item that is empty, or says something of itself.
_ODD = re.compile(r"<si(?:[^>]|></si>|><t(?:\s[^<>]*)?(?:/>|></t>))")


def shared_texts(draft: Draft, workbook: WorkbookPart, wanted: Collection[Cell]) -> Mapping[str, int]:
    """Of the values wanted, the texts that the list holds as they are, with their number in it.

    Left out is what a cell must say more of: a text that is spelled otherwise in XML, that begins or ends with a blank, or
    that Excel would take for a formula. Nothing is shared where the list is not a plain one.
    """
    for part in workbook.related("sharedStrings")[:1]:
        listed = draft.read(part).decode() if part in draft else ""
        if _ODD.search(listed) or "<!" in listed or listed.find("<?", len("<?xml")) >= 0:
            break
        return {
            text: number
            for number, text in enumerate(_ITEM.findall(listed))  # what is left out is counted, and found as a blank
            if text in wanted and text and "_x" not in text and len(text) <= LONGEST_TEXT
        }
    return {}
