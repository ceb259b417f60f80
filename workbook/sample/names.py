"""Names of companies and people for the sample: put together from invented places and syllables, in Chinese and English.

Any likeness with a real company is chance. E-mail addresses end in ``.example`` (RFC 2606), telephone numbers begin with
zeros or 555 and tax numbers name a region that does not exist, so that nobody is ever written to.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

_PLACES = (
    ("澄陵", "Chengling"), ("岚浦", "Lanpu"), ("鹤汀", "Heting"), ("槐津", "Huaijin"), ("栗汀", "Liting"),
    ("雁礁", "Yanjiao"), ("霁浦", "Jipu"), ("松泠", "Songling"), ("青砚", "Qingyan"), ("竺汀", "Zhuting"),
    ("枫埠", "Fengbu"), ("麓泊", "Lubo"),
)  # fmt: skip
_FIRST = (
    ("砺", "Li"), ("曦", "Xi"), ("翎", "Ling"), ("珩", "Heng"), ("璟", "Jing"), ("沅", "Yuan"), ("稷", "Ji"),
    ("穗", "Sui"), ("鸣", "Ming"), ("峤", "Qiao"), ("澍", "Shu"), ("桓", "Huan"), ("岫", "Xiu"), ("榕", "Rong"),
    ("笙", "Sheng"), ("骅", "Hua"),
)  # fmt: skip
_SECOND = (
    ("衡", "heng"), ("野", "ye"), ("帆", "fan"), ("穹", "qiong"), ("序", "xu"), ("禾", "he"), ("岳", "yue"),
    ("石", "shi"), ("苑", "yuan"), ("弘", "hong"), ("棠", "tang"), ("秩", "zhi"), ("泊", "bo"), ("简", "jian"),
    ("焰", "yan"), ("朔", "shuo"),
)  # fmt: skip
_TRADES = (
    ("精密机械", "Precision Machinery"), ("仪器仪表", "Instruments"), ("包装材料", "Packaging"), ("纺织", "Textiles"),
    ("食品配料", "Food Ingredients"), ("医疗器械", "Medical Devices"), ("电子元件", "Electronic Components"),
    ("物流", "Logistics"), ("建材", "Building Materials"), ("新材料", "New Materials"), ("汽车零部件", "Auto Parts"),
    ("环保科技", "Environmental Technology"), ("印刷", "Printing"), ("家居", "Home Furnishing"),
    ("农业科技", "Agri-Tech"), ("软件", "Software"), ("五金", "Hardware"), ("照明", "Lighting"), ("园林", "Landscaping"),
    ("教育装备", "School Equipment"),
)  # fmt: skip
_ABROAD = (
    ("Tarnwick", "塔恩威克"), ("Ostervale", "奥斯特维尔"), ("Quillmere", "奎尔米尔"), ("Brennholt", "布伦霍特"),
    ("Halvorane", "哈尔沃兰"), ("Merrowby", "梅罗比"), ("Castelune", "卡斯特伦"), ("Dravenport", "德雷文波特"),
    ("Fennimoor", "芬尼莫尔"), ("Lindqvale", "林德维尔"), ("Pellisande", "佩利桑德"), ("Vossenbrook", "沃森布鲁克"),
)  # fmt: skip
_FORMS_ABROAD = ("Inc.", "LLC", "GmbH", "B.V.", "Pte. Ltd.", "S.A.")
_SURNAMES = (
    ("陆", "Lu"), ("沈", "Shen"), ("韩", "Han"), ("唐", "Tang"), ("许", "Xu"), ("顾", "Gu"), ("江", "Jiang"), ("邵", "Shao"),
)  # fmt: skip
_GIVEN = (
    ("思齐", "Siqi"), ("文澜", "Wenlan"), ("若楠", "Ruonan"), ("景行", "Jingxing"), ("晓岚", "Xiaolan"), ("一鸣", "Yiming"),
    ("书瑶", "Shuyao"), ("子衿", "Zijin"), ("明远", "Mingyuan"), ("清和", "Qinghe"),
)  # fmt: skip
_GIVEN_ABROAD = ("Nora", "Felix", "Ines", "Marcus", "Greta", "Tomas", "Alma", "Jonas")
_SURNAMES_ABROAD = ("Hale", "Brandt", "Moreau", "Lindgren", "Castell", "Osborne", "Vidal", "Keane")
_ROADS = (("云杉路", "Yunshan Road"), ("望海街", "Wanghai Street"), ("纺机路", "Fangji Road"), ("北渠路", "Beiqu Road"))

_AT_HOME = (len(_PLACES), len(_FIRST), len(_SECOND), len(_TRADES))
_TAX_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_TAX_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


@dataclass(frozen=True)
class Company:
    """Who a customer is: everything on its master record that is a name or a way to reach it."""

    name: str
    tax_id: str
    contact_name: str
    email: str
    phone: str
    address: str


def companies_at_home(rng: random.Random, count: int) -> list[Company]:
    """Chinese companies with an English name, no two alike. One draw of ``count`` combinations, then six a company."""
    combinations = 1
    for size in _AT_HOME:
        combinations *= size
    # Beyond every combination there is (over 60,000) names repeat, told apart by a branch number.
    picks = rng.sample(range(combinations), count) if count <= combinations else list(range(count))
    taken: set[int] = set()
    return [_company_at_home(rng, pick % combinations, branch=pick // combinations, taken=taken) for pick in picks]


def _company_at_home(rng: random.Random, pick: int, *, branch: int, taken: set[int]) -> Company:
    parts = []
    for size in _AT_HOME:
        pick, part = divmod(pick, size)
        parts.append(part)
    place, first, second, trade = _PLACES[parts[0]], _FIRST[parts[1]], _SECOND[parts[2]], _TRADES[parts[3]]
    is_listed = rng.random() < 0.1
    form = ("股份有限公司", "Corporation") if is_listed else ("有限公司", "Co., Ltd.")
    suffix = (f"第{branch + 1}分公司", f" (Branch {branch + 1})") if branch else ("", "")
    brand = first[1] + second[1]
    surname, given = rng.choice(_SURNAMES), rng.choice(_GIVEN)
    road, number = rng.choice(_ROADS), rng.randint(1, 288)
    chinese = f"{place[0]}{first[0]}{second[0]}{trade[0]}{form[0]}{suffix[0]}"
    return Company(
        name=f"{chinese} {place[1]} {brand} {trade[1]} {form[1]}{suffix[1]}",
        tax_id=_tax_id(_free_serial(rng.randrange(10**6), taken)),
        contact_name=f"{surname[0]}{given[0]} {given[1]} {surname[1]}",
        email=f"ap@{brand.lower()}-{place[1].lower()}.example",
        phone=f"+86 10 0000 {rng.randrange(10_000):04d}",
        address=f"{place[0]}市{road[0]}{number}号 No. {number} {road[1]}, {place[1]}",
    )


def companies_abroad(rng: random.Random, count: int) -> list[Company]:
    """Companies abroad, English name first. One draw of ``count`` combinations, then four a company."""
    combinations = len(_ABROAD) * len(_TRADES)
    picks = rng.sample(range(combinations), count) if count <= combinations else list(range(count))
    return [_company_abroad(rng, pick % combinations, branch=pick // combinations) for pick in picks]


def _company_abroad(rng: random.Random, pick: int, *, branch: int) -> Company:
    brand, trade = _ABROAD[pick % len(_ABROAD)], _TRADES[pick // len(_ABROAD)]
    suffix = f" {branch + 1}" if branch else ""
    form = _FORMS_ABROAD[pick % len(_FORMS_ABROAD)]
    contact = f"{rng.choice(_GIVEN_ABROAD)} {rng.choice(_SURNAMES_ABROAD)}"
    return Company(
        name=f"{brand[0]} {trade[1]}{suffix} {form} {brand[1]}{trade[0]}",
        tax_id="",
        contact_name=contact,
        email=f"payables@{brand[0].lower()}.example",
        phone=f"+1 202 555 01{rng.randrange(100):02d}",
        address=f"{rng.randint(1, 240)} Harbour Street, {brand[0]}",
    )


def _free_serial(serial: int, taken: set[int]) -> int:
    """The serial, or the next one that no other company has; it is taken from now on."""
    while serial in taken:
        serial += 1
    taken.add(serial)
    return serial


def _tax_id(serial: int) -> str:
    """A unified social credit code (GB 32100-2015) of the non-existent region 000000, with a valid check character."""
    body = f"91000000MA{serial:07d}"
    total = sum(_TAX_ALPHABET.index(character) * weight for character, weight in zip(body, _TAX_WEIGHTS, strict=True))
    return body + _TAX_ALPHABET[-total % 31]
