"""What openpyxl loses of a workbook: features that were in the package and are not in what it saved.

openpyxl writes only what it has a model of, and pictures only where Pillow is installed. So nothing is foretold here: the
losses are counted in what it really wrote.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from workbook.package.feature_words import FEATURES
from workbook.package.features import by_feature, signs
from workbook.package.openpyxl_loading import loaded, saved
from workbook.package.package_index import Package


def losses_of_resaving(package: Package) -> Mapping[str, int]:
    """What openpyxl loses when it loads the workbook and saves it, no edit made: feature → how many.

    So what an edit takes away on purpose is not in it. Raises NotEditable where openpyxl cannot load the workbook.
    """
    return losses(package, saved(loaded(package), package))


def losses(package: Package, result: bytes) -> Mapping[str, int]:
    """What the package holds and ``result`` holds fewer of: feature → how many, in the order of ``FEATURES``."""
    return losses_between(package.raw, result)


def losses_between(before: bytes, after: bytes) -> Mapping[str, int]:
    """What is fewer in the bytes of the second package; what only changed its form is not lost."""
    # Sign by sign, so that what one part gains does not make up for what another loses.
    lost = by_feature(Counter(signs(before)) - Counter(signs(after)))
    return {code: lost[code] for code, feature in FEATURES.items() if lost[code] and not feature.is_form}


def described(lost: Mapping[str, int], language: str = "en") -> str:
    """One line: ``3 text boxes and shapes, 12 stored formula results``."""
    if language.startswith("zh"):
        return "、".join(f"{FEATURES[code].words.zh} {count} 项" for code, count in lost.items())
    return ", ".join(f"{count} {FEATURES[code].words.en}" for code, count in lost.items())
