"""What of a company's name tells it from others: in two scripts, whatever its legal form, case, width and points."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.company_names import CHINESE_FORMS, LATIN_FORMS, Name, taken_apart_name
from workbook.matching.payers import spellings

SAME = [
    ("Harbour Mill", [
        "HARBOUR MILL LTD", "Harbour Mill Ltd.", "Harbour Mill, Inc.", "harbour mill co., ltd", "The Harbour Mill Company",
        "Harbour Mill GmbH", "Harbour Mill GmbH & Co. KG", "Harbour Mill AG", "Harbour Mill S.A.", "Harbour Mill S.A.R.L.",
        "Harbour Mill SAS", "Harbour Mill S.p.A.", "Harbour Mill S.L.", "Harbour Mill B.V.", "Harbour Mill Oy",
        "Harbour Mill ApS", "Harbour Mill s.r.o.", "Harbour Mill Pte. Ltd.", "Harbour Mill Sdn. Bhd.",
        "Ｈａｒｂｏｕｒ　Ｍｉｌｌ　Ｌｔｄ", "Harbour Mill Pty Ltd", "Harbour Mill LLP", "Harbour Mill K.K.",
    ]),
    ("澄陵砺衡物流", [
        "澄陵砺衡物流有限公司", "澄陵砺衡物流股份有限公司", "澄陵砺衡物流有限责任公司", "澄陵砺衡物流集团",
        "澄陵砺衡物流集团有限公司",
        "澄陵砺衡物流（有限合伙）", "澄陵砺衡物流株式会社", "澄陵砺衡物流 公司",
    ]),
    ("Muller", ["Müller GmbH", "MÜLLER AG", "Mu\u0308ller e.K."]),
]  # fmt: skip


@pytest.mark.parametrize(("bare", "written"), [(bare, each) for bare, of in SAME for each in of])
def test_a_legal_form_tells_no_company_from_another(bare: str, written: str) -> None:
    assert taken_apart_name(written) == taken_apart_name(bare)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Quill 2 Ltd", "Quill 3 Ltd"),
        ("砺衡物流第2分公司", "砺衡物流第3分公司"),
        ("Asset Mill", "Mill"),  # "as" is a form, and no beginning of a word is
        ("Copenhagen Mill", "Mill"),
        ("澄陵物流", "澄陵纺织"),
    ],
)
def test_what_tells_companies_apart_stays(one: str, other: str) -> None:
    assert taken_apart_name(one) != taken_apart_name(other)


def test_both_halves_are_told_and_figures_go_with_the_script_that_they_touch() -> None:
    assert taken_apart_name("澄陵砺衡物流有限公司第2分公司 Chengling Liheng Co., Ltd. (Branch 2)") == Name(
        "澄陵砺衡物流第2分", ("chengling", "liheng", "branch", "2"), ("2",)
    )
    assert taken_apart_name("中国3M有限公司") == Name("中国", ("3m",), ("3",))
    # So that a bank that writes one half only is understood.
    whole = spellings("澄陵砺衡物流有限公司第2分公司 Chengling Liheng Co., Ltd. (Branch 2)")
    assert spellings("澄陵砺衡物流有限公司第2分公司") == whole[:1]
    assert spellings("CHENGLING LIHENG CO LTD BRANCH 2") == whole[1:]


def test_a_name_of_nothing_but_forms_keeps_them() -> None:
    assert taken_apart_name("The Group Co., Ltd.").words == ("the", "group", "co", "ltd")
    assert taken_apart_name("有限公司").chinese == "有限公司"
    assert taken_apart_name("") == Name("", (), ())


WORDS = st.lists(st.sampled_from(["harbour", "mill", "north", "arden"]), min_size=1, max_size=3)


@given(WORDS, st.lists(st.sampled_from(sorted(LATIN_FORMS)), max_size=3), st.sampled_from(["", "有限公司", "集团"]))
def test_any_forms_behind_any_name_change_nothing(words: list[str], forms: list[str], chinese: str) -> None:
    told = taken_apart_name(" ".join([*words, *forms]).title() + (f" 澄陵物流{chinese}"))
    assert told == Name("澄陵物流", tuple(words), ())
    assert CHINESE_FORMS.fullmatch(chinese) or not chinese
