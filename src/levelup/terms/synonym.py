"""The words publishers and councils use for our cohorts, and the cohort key each of them means."""

from __future__ import annotations

import re
from functools import lru_cache

from levelup.terms.cohort import CHARACTERISTICS
from levelup.terms.text import fold, slug

TOTALS = frozenset(
    "all|total|totals|everyone|everybody|all people|all persons|persons|person|both|both sexes|all sexes|all ages|all pupils|"
    "all children|"
    "total all|all residents|overall|population|all groups|all categories|all adults|male and female|all usual residents|"
    "all young people|all students|whole population|sexes combined|t|p".split("|")
)
"""What a table calls everybody, folded."""

CATEGORY_WORDS: dict[str, dict[str, str]] = {
    "sex": {
        "female": "female|females|f|women|woman|girls|girl|women and girls|women only",
        "male": "male|males|m|men|man|boys|boy|men and boys|men only",
    },
    "fsm": {
        "eligible": "fsm|fsm eligible|eligible for fsm|eligible for free school meals|free school meals|known to be eligible "
        "for free school "
        "meals|known to be eligible for fsm|eligible|receiving free school meals|pupils eligible for free school meals|fsm "
        "yes|claiming fsm",
        "other": "non fsm|not fsm|not eligible for fsm|not eligible for free school meals|not known to be eligible for free "
        "school meals|"
        "not known to be eligible for fsm|not eligible|not known to be eligible|no free school meals|fsm no|fsm all other pupils",
    },
    "disadvantage": {
        "disadvantaged": "disadvantaged|disadvantaged pupils|disadvantaged pupil|known to be disadvantaged|pupil premium|"
        "eligible for pupil premium",
        "other": "not disadvantaged|non disadvantaged|not known to be disadvantaged|other than disadvantaged|non "
        "disadvantaged pupils|"
        "not known non disadvantaged|not pupil premium|disadvantaged all other pupils",
    },
    "send": {
        "any": "any sen|all sen|sen|send|sen any|any special educational need|any special educational needs|pupils with sen|"
        "with sen|"
        "special educational needs|sen all",
        "none": "no sen|non sen|no identified sen|no special educational needs|no special educational need|without sen|not "
        "sen|no send|"
        "no special educational provision",
        "support": "sen support|sen without a statement|sen k|k sen support|special educational needs support|sen without an "
        "ehc plan",
        "plan": "ehcp|ehc plan|ehc plans|education health and care plan|education health and care plans|statement or ehc plan|"
        "sen with a statement|statement|sen statement|sen ehc plan|statemented|sen with an ehc plan|ehc plan or statement of sen",
    },
    "care": {
        "looked-after": "looked after|looked after child|looked after children|children looked after|cla|lac|in care|child in "
        "care|"
        "children in care|cla at 31 march|looked after children at 31 march",
        "care-leaver": "care leaver|care leavers|care experienced|care experienced people",
        "in-need": "child in need|children in need|cin|in need|cin at 31 march",
        "other": "not looked after|never in care|non cla|no social care contact|no social care",
    },
    "disability": {
        "yes": "disabled|disabled people|with a disability|has a disability|disability|people with a disability|equality act "
        "disabled|"
        "day to day activities limited|disabled under the equality act|limiting long term illness",
        "no": "not disabled|non disabled|people who are not disabled|without a disability|no disability|"
        "day to day activities not limited|not disabled under the equality act|no limiting long term illness",
    },
    "gender-reassignment": {
        "yes": "trans|transgender|gender identity different from sex registered at birth|gender differs from sex registered "
        "at birth|"
        "trans people|gender identity different",
        "no": "not trans|cisgender|gender identity the same as sex registered at birth|gender same as sex registered at birth|"
        "gender identity the same",
    },
    "marriage": {
        "married": "married|married or in a civil partnership|in a civil partnership|married or civil partnership|civil "
        "partnership",
        "other": "not married|not married or in a civil partnership|unmarried",
    },
    "maternity": {
        "yes": "pregnant|pregnant or on maternity leave|on maternity leave|maternity leave|pregnancy and maternity|pregnant "
        "or recently gave birth",
        "no": "not pregnant|not pregnant or on maternity leave|not on maternity leave",
    },
    "ethnicity": {
        "asian": "asian|asian or asian british|asian asian british|asian asian british or asian welsh|asian all|asian ethnic "
        "groups",
        "black": "black|black or black british|black black british caribbean or african|black african caribbean or black british|"
        "black african caribbean black british|black black british black welsh caribbean or african|black all|black ethnic "
        "groups",
        "mixed": "mixed|mixed or multiple ethnic groups|mixed multiple ethnic groups|mixed dual background|mixed all|mixed "
        "ethnic groups",
        "white": "white|white all|white ethnic groups",
        "other": "other ethnic group|any other ethnic group|other ethnic groups|other ethnicity|other ethnic minority",
        "chinese": "chinese",
        "white-british": "white british|white english welsh scottish northern irish or british",
        "minority": "ethnic minority|ethnic minorities|bame|global majority|ethnic minorities excluding white minorities|all "
        "other ethnic groups combined",
    },
    "sexual-orientation": {
        "heterosexual": "heterosexual|straight|straight or heterosexual|heterosexual or straight",
        "gay-or-lesbian": "gay or lesbian|gay|lesbian|gay and lesbian|lesbian or gay",
        "bisexual": "bisexual|bi",
        "lgb": "lgb|lgb or other|lgb+|lesbian gay bisexual or other|lesbian gay or bisexual",
    },
    "religion": {
        "christian": "christian|christianity",
        "muslim": "muslim|islam",
        "hindu": "hindu|hinduism",
        "sikh": "sikh|sikhism",
        "jewish": "jewish|judaism",
        "buddhist": "buddhist|buddhism",
        "no-religion": "no religion|none no religion|no religious belief",
        "other": "other religion|any other religion",
    },
    "rurality": {
        "rural": "rural|rural areas|rural area|predominantly rural|mainly rural|rural all",
        "urban": "urban|urban areas|urban area|predominantly urban|mainly urban|urban all",
    },
    "occupation": {
        "routine-manual": "routine and manual|routine and manual occupations|routine manual|routine and manual workers|r and m",
        "other": "other occupations|not routine and manual|other workers",
    },
    "tenure": {
        "owned": "owned|owner occupied|owner occupier|owners|owns outright or with a mortgage",
        "social-rented": "social rented|social rent|social renters|social housing|council or housing association",
        "private-rented": "private rented|private rent|private renters|privately rented",
    },
}
"""For each characteristic and category, the folded words that mean it, parted by upright strokes."""

_CONTEXT_ONLY: dict[str, dict[str, str]] = {
    "fsm": {
        "yes": "eligible",
        "no": "other",
        "y": "eligible",
        "n": "other",
        "other": "other",
        "all other pupils": "other",
        "other pupils": "other",
    },
    "disadvantage": {
        "yes": "disadvantaged",
        "no": "other",
        "other": "other",
        "all other pupils": "other",
        "other pupils": "other",
    },
    "send": {"yes": "any", "no": "none", "none": "none", "support": "support", "plan": "plan", "all other pupils": "none"},
    "care": {"yes": "looked-after", "no": "other", "other": "other"},
    "disability": {"yes": "yes", "no": "no", "y": "yes", "n": "no", "limited": "yes", "not limited": "no"},
    "gender-reassignment": {"yes": "yes", "no": "no"},
    "marriage": {"yes": "married", "no": "other", "other": "other"},
    "maternity": {"yes": "yes", "no": "no"},
    "ethnicity": {"other": "other"},
    "religion": {"none": "no-religion", "other": "other"},
    "occupation": {"other": "other"},
}
"""Words that mean a category only where the column says which characteristic it is about."""

HEADER_WORDS: tuple[tuple[str, str], ...] = (
    ("gender-reassignment", r"gender (?:reassignment|identity)|trans(?:gender)? status"),
    ("sex", r"sex|gender"),
    ("fsm", r"fsm|free school meals?|fsm (?:status|eligibility)"),
    ("disadvantage", r"disadvantaged?(?: status| pupils?)?|pupil premium"),
    ("send", r"sen|send|sen (?:status|provision)|special educational needs?"),
    ("care", r"care (?:status|experience)|looked after|social care|care leavers?"),
    ("ethnicity", r"ethnic(?:ity| group| origin| background)?|race"),
    ("disability", r"disab(?:ility|led)"),
    ("marriage", r"marital|marriage|civil partnership"),
    ("maternity", r"pregnan(?:cy|t)|maternity"),
    ("religion", r"religion|belief|faith"),
    ("sexual-orientation", r"sexual orientation|sexuality"),
    ("deprivation-tenth", r"deciles?|tenths?"),
    ("deprivation-fifth", r"quintiles?|fifths?"),
    ("household-deprivation", r"dimensions? of (?:household )?deprivation|household deprivation"),
    ("rurality", r"rural|urban|ruc|rurality"),
    ("occupation", r"occupation|ns sec|nssec|socio economic (?:class|group)"),
    ("tenure", r"tenure"),
    ("age", r"age|ages|age (?:group|band|range)|age groups?"),
)
_HEADERS = tuple((key, re.compile(rf"\b(?:{words})\b")) for key, words in HEADER_WORDS)
_BAND = re.compile(r"(?:(?:persons |people |adults |children )?age[ds]? )?(\d{1,3}) (?:to )?(\d{1,3})(?: years?)?(?: olds?)?")
_OVER = re.compile(
    r"(?:(?:persons |people |adults )?age[ds]? )?(\d{1,3})(?:\+| plus| and over| and above| or over| years and over| and older)"
)
_UNDER = re.compile(r"(?:under|below|younger than) (\d{1,3})(?: years?)?")
_SINGLE_AGE = re.compile(r"(?:age[ds]? )?(\d{1,3})(?: years?(?: olds?)?)?")
_NUMBER = re.compile(r"\b(10|[1-9])(?:st|nd|rd|th)?\b")


_INDEX_NAMES = re.compile(r"\b(?:imd|iod|idaci|idaopi)(?:\d{2,4})?\b")
_INDEX_WORDS = re.compile(
    r"\b(?:rank|ranks|ranking|score|scores|decile|deciles|quintile|quintiles|index|indices|extent|concentration)\b"
)
_INDEX_VOCABULARY = frozenset(
    "a all of the in where is and on by for or to england english national local authority district lsoa msoa lad la lad19 "
    "ward area upper tier "
    "lower average mean median overall relative total value rank ranks ranking score scores decile deciles quintile quintiles "
    "index indices "
    "multiple deprivation deprived most least domain domains income employment education skills training health disability "
    "crime barriers "
    "housing services living environment children older people affecting extent concentration proportion lsoas neighbourhoods "
    "summary measure "
    "population weighted 10% 20% % imd iod idaci idaopi transformed".split()
)


def is_deprivation_index(text: str) -> bool:
    """Return whether a header or an indicator's name is nothing but an index of deprivation: its rank, score, decile or summary.

    Examples
    --------
    >>> is_deprivation_index("IMD 2019 decile (where 1 is most deprived)"), is_deprivation_index("Income deprivation rank")
    (True, True)
    >>> is_deprivation_index("Obesity in the most deprived decile"), is_deprivation_index("Households deprived in 1 dimension")
    (False, False)
    """
    plain = fold(text.replace("_", " "))
    named = bool(_INDEX_NAMES.search(plain))
    if not named and not ("deprivation" in plain.split() and _INDEX_WORDS.search(plain)):
        return False
    return all(word in _INDEX_VOCABULARY or word.isdigit() or _INDEX_NAMES.fullmatch(word) for word in plain.split())


def characteristic_of_text(text: str) -> str:
    """Return the key of the characteristic that a header or a title names, or ''.

    Examples
    --------
    >>> characteristic_of_text("Ethnic group"), characteristic_of_text("IMD decile"), characteristic_of_text("Area")
    ('ethnicity', 'deprivation-tenth', '')
    """
    plain = fold(text.replace("_", " "))
    return next((key for key, words in _HEADERS if words.search(plain)), "")


@lru_cache(maxsize=65536)
def cohort_of_text(text: str, *, characteristic: str = "") -> str | None:
    """Return the cohort key that a category's text means.

    Parameters
    ----------
    text : str
        As found in a cell or a header.
    characteristic : str
        The key of the characteristic the column is about, or '' where it does not say.

    Returns
    -------
    str or None
        'all', a key such as 'fsm=eligible', or None where the words are not known. A characteristic that takes further
        categories gives one made from the text.

    Examples
    --------
    >>> cohort_of_text("Girls"), cohort_of_text("EHC plan"), cohort_of_text("Persons"), cohort_of_text("Yes")
    ('sex=female', 'send=plan', 'all', None)
    >>> cohort_of_text("Yes", characteristic="disability"), cohort_of_text("65 and over", characteristic="age")
    ('disability=yes', 'age=65+')
    """
    plain = fold(text.replace("_", " "))
    if not plain or plain in TOTALS:
        return "all" if plain else None
    if characteristic in ("deprivation-tenth", "deprivation-fifth") or (not characteristic and _is_deprivation(plain)):
        return _deprivation(plain, characteristic)
    if characteristic == "household-deprivation":
        return _dimensions(plain)
    if characteristic == "age" or (
        not characteristic and re.search(r"\bage[ds]?\b|\byears?\b|\bunder \d|\d ?\+$|\band over\b", plain)
    ):
        return _age(plain, stated=characteristic == "age")
    if not characteristic:
        return _ANYWHERE.get(plain)
    category = _KNOWN.get(characteristic, {}).get(plain)
    if category is None and CHARACTERISTICS[characteristic].open:
        category = slug(text)
    return f"{characteristic}={category}" if category else None


def _age(plain: str, *, stated: bool) -> str | None:
    if match := _BAND.fullmatch(plain):
        low, high = int(match.group(1)), int(match.group(2))
        return f"age={low}-{high}" if low <= high <= 120 else None
    if match := _OVER.fullmatch(plain):
        return f"age={int(match.group(1))}+"
    if match := _UNDER.fullmatch(plain):
        return f"age=0-{int(match.group(1)) - 1}" if int(match.group(1)) else None
    match = _SINGLE_AGE.fullmatch(plain)
    if match and (stated or "age" in plain) and int(match.group(1)) <= 120:
        return f"age={int(match.group(1))}"
    return f"age={slug(plain)}" if stated and not plain.isdigit() and slug(plain) else None


def _is_deprivation(plain: str) -> bool:
    return bool(re.search(r"\b(?:most|least) deprived\b|\bimd\b|\b(?:decile|quintile)s?\b", plain))


def _deprivation(plain: str, characteristic: str) -> str | None:
    """Read a fifth or a tenth of deprivation; 1 is the most deprived."""
    fifths = characteristic == "deprivation-fifth" or bool(re.search(r"quintile|fifth|\b20 ?%|\bq[1-5]\b", plain))
    tenths = characteristic == "deprivation-tenth" or bool(re.search(r"decile|tenth|\b10 ?%|\bd(?:10|[1-9])\b", plain))
    if fifths == tenths:
        return None
    last = 5 if fifths else 10
    bare = re.sub(r"\b\d+ ?%", " ", re.sub(r"\b[qd](?=\d)", "", plain))
    found = _NUMBER.search(bare)
    number = int(found.group(1)) if found else 0
    if "least deprived" in bare:
        number = last if number in (0, last) else 0
    elif "most deprived" in bare:
        number = 1 if number in (0, 1) else 0
    if not 1 <= number <= last:
        return None
    return f"deprivation-{'fifth' if fifths else 'tenth'}={number}"


def _dimensions(plain: str) -> str | None:
    if plain.startswith(("not deprived", "no dimension")):
        return "household-deprivation=0"
    names = {"one": 1, "two": 2, "three": 3, "four": 4, "zero": 0}
    found = re.search(r"\b([0-4]|zero|one|two|three|four)\b", plain)
    if found is None:
        return None
    word = found.group(1)
    return f"household-deprivation={names.get(word, word)}"


def _table() -> dict[str, dict[str, str]]:
    return {
        key: {
            **{word: category for category, words in categories.items() for word in words.split("|")},
            **_CONTEXT_ONLY.get(key, {}),
        }
        for key, categories in CATEGORY_WORDS.items()
    }


def _unambiguous() -> dict[str, str]:
    """Return the words that mean one cohort whatever the column is about."""
    found: dict[str, set[str]] = {}
    for key, categories in CATEGORY_WORDS.items():
        for category, words in categories.items():
            for word in words.split("|"):
                found.setdefault(word, set()).add(f"{key}={category}")
    return {word: next(iter(keys)) for word, keys in found.items() if len(keys) == 1 and len(word) > 1}


_KNOWN = _table()
_ANYWHERE = _unambiguous()
