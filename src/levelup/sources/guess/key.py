"""Which columns say where, when, who and what: place, period, cohort, indicator, and marks beside the figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from levelup.sources.guess.header import read_figure_header, says, statistic_of_text
from levelup.sources.guess.profile import Profile
from levelup.terms.cohort import CHARACTERISTICS
from levelup.terms.place import level_of
from levelup.terms.synonym import TOTALS, characteristic_of_text, cohort_of_text, is_deprivation_index
from levelup.terms.table import ColumnMeaning, RawTable, cell_text
from levelup.terms.text import fold

_MOST_CATEGORIES = 200
Found = dict[str, ColumnMeaning]


def find_keys(raw: RawTable, profiles: Mapping[str, Profile]) -> Found:
    """Return the meaning of every column that is no figure, by name; columns not named here are figures or unknown."""
    found: Found = {}
    for name, profile in profiles.items():
        if not profile.filled:
            found[name] = ColumnMeaning(name, "ignore", confidence=0.99, reason="the column is empty")
        elif says(name, "personal"):
            found[name] = ColumnMeaning(
                name, "ignore", confidence=0.95, reason="the header speaks of one person's particulars, which are never read"
            )
        elif says(name, "unit") and profile.is_text:
            found[name] = ColumnMeaning(
                name, "ignore", confidence=0.8, reason="the header says unit; used to guess the indicators' units"
            )
    for find in (_find_place, _find_period, _find_statistic, _find_dimension):
        find(raw, profiles, found)
    _find_cohorts(profiles, found)
    _find_words(raw, profiles, found)
    return found


def _open(profiles: Mapping[str, Profile], found: Found, allowed: Callable[[Profile], bool]) -> list[Profile]:
    return [profile for name, profile in profiles.items() if name not in found and allowed(profile)]


def _find_place(raw: RawTable, profiles: Mapping[str, Profile], found: Found) -> None:
    scored: list[tuple[float, int, Profile, str]] = []
    for profile in _open(profiles, found, lambda profile: True):
        header = says(profile.name, "place") or says(profile.name, "code")
        if profile.codes >= 0.6:
            scored.append(
                (0.85 + 0.14 * profile.codes, len(profile.texts), profile, f"{profile.codes:.0%} of its cells are GSS codes")
            )
        elif profile.places >= 0.5 and (header or profile.is_text):
            sure = 0.6 + 0.25 * profile.places + (0.08 if header else 0)
            scored.append((sure, len(profile.texts), profile, f"{profile.places:.0%} of its cells are names of known places"))
        elif says(profile.name, "place") and profile.is_text and profile.cohorts < 0.5 and not says(profile.name, "indicator"):
            scored.append(
                (0.5, len(profile.texts), profile, "the header speaks of places; the names are to be matched with codes")
            )
    if not scored:
        return
    coded = [entry for entry in scored if entry[2].codes >= 0.6]
    best = max(coded or scored, key=lambda entry: (entry[1], entry[0]) if coded else (entry[0], entry[1]))
    others = tuple(entry[2].name for entry in scored if entry is not best)
    for sure, _, profile, reason in scored:
        if profile is best[2]:
            found[profile.name] = ColumnMeaning(
                profile.name,
                "place",
                confidence=round(min(sure, 0.99), 2),
                reason=reason,
                alternatives=tuple(f"place: {name}" for name in others),
            )
        elif profile.codes >= 0.6 and _fills_gaps(raw, best[2].name, profile.name):
            reason = f"codes where {best[2].name!r} is empty"
            found[profile.name] = ColumnMeaning(profile.name, "place", confidence=0.75, reason=reason, alternatives=("ignore",))
        elif profile.codes >= 0.6:
            reason = f"also codes, but {best[2].name!r} tells more places apart"
            found[profile.name] = ColumnMeaning(profile.name, "ignore", confidence=0.7, reason=reason, alternatives=("place",))
        else:
            found[profile.name] = ColumnMeaning(
                profile.name, "place-name", confidence=0.85, reason=reason, alternatives=("place",)
            )
    for profile in _open(profiles, found, lambda profile: says(profile.name, "code") and says(profile.name, "place")):
        found[profile.name] = ColumnMeaning(
            profile.name, "ignore", confidence=0.7, reason="another code for the place", alternatives=("place",)
        )


def _fills_gaps(raw: RawTable, best: str, other: str) -> bool:
    """Return whether a column has codes in rows where the best one has none, as files of several levels of place do."""
    pairs = zip(raw.columns[best], raw.columns[other], strict=True)
    return any(level_of(cell_text(first)) is None and level_of(cell_text(second)) is not None for first, second in pairs)


def _find_period(raw: RawTable, profiles: Mapping[str, Profile], found: Found) -> None:
    scored: list[tuple[float, Profile, str]] = []
    for profile in _open(profiles, found, lambda profile: profile.periods >= (0.3 if says(profile.name, "period") else 0.7)):
        if read_figure_header(profile.name).period and not says(profile.name, "period"):
            continue
        header = says(profile.name, "period")
        bare = profile.is_numeric
        if bare and not (profile.is_whole and 1950 <= profile.low and profile.high <= 2060) and not header:
            continue
        sure = 0.65 + 0.2 * profile.periods * (not bare) + 0.25 * header - 0.2 * (len(profile.texts) > 400)
        said = "its cells read as periods" + (" and the header says so" if header else "")
        scored.append((round(min(sure, 0.98), 2), profile, said))
    if not scored:
        return
    best = max(scored, key=lambda entry: entry[0])
    for sure, profile, said in scored:
        if profile is best[1]:
            others = tuple(f"period: {entry[1].name}" for entry in scored if entry is not best)
            found[profile.name] = ColumnMeaning(profile.name, "period", confidence=sure, reason=said, alternatives=others)
        elif says(profile.name, "period"):
            reason = f"also periods, but {best[1].name!r} reads better"
            found[profile.name] = ColumnMeaning(profile.name, "ignore", confidence=0.6, reason=reason, alternatives=("period",))


def _find_statistic(raw: RawTable, profiles: Mapping[str, Profile], found: Found) -> None:
    for profile in _open(profiles, found, lambda profile: profile.is_text and len(profile.texts) <= 12):
        roles = {text: statistic_of_text(text) for text in profile.texts}
        known = [role for role in roles.values() if role]
        if (
            len(known) == len(roles)
            and "value" in known
            and len(set(known)) == len(known)
            and (len(known) > 1 or says(profile.name, "statistic"))
        ):
            found[profile.name] = ColumnMeaning(
                profile.name, "statistic", categories=roles, confidence=0.9, reason="its cells name which figure the row holds"
            )
            return


def _find_dimension(raw: RawTable, profiles: Mapping[str, Profile], found: Found) -> None:
    """Find a column that names characteristics, and the column that names the category of each."""
    for profile in _open(profiles, found, lambda profile: profile.is_text and len(profile.texts) <= _MOST_CATEGORIES):
        named = [text for text in profile.texts if _dimension_of(text)]
        several = len({_dimension_of(text) for text in named}) > 1
        if (
            characteristic_of_text(profile.name)
            or len(named) < 0.5 * len(profile.texts)
            or not (several or says(profile.name, "dimension"))
        ):
            continue
        words = _open(profiles, found, lambda other: other.is_text and len(other.texts) <= _MOST_CATEGORIES)
        partners = [other for other in words if other.name != profile.name]
        pairs = {other.name: _pairs(raw, profile.name, other.name) for other in partners}
        scores = {
            other.name: _known_share(pairs[other.name])
            + 0.3 * says(other.name, "category")
            - 0.5 * says(other.name, "indicator")
            - bool(characteristic_of_text(other.name))
            for other in partners
        }
        if not scores or max(scores.values()) < 0.3:
            continue
        partner = max(scores, key=lambda name: scores[name])
        found[profile.name] = ColumnMeaning(profile.name, "dimension", confidence=0.85, reason="its cells name characteristics")
        categories = {f"{dimension}: {text}": _pair_key(dimension, text) for dimension, text in pairs[partner]}
        share = _known_share(pairs[partner])
        found[partner] = ColumnMeaning(
            partner,
            "cohort",
            categories=categories,
            confidence=round(0.5 + 0.4 * share, 2),
            reason=f"the categories of {profile.name!r}; {share:.0%} of them are known",
        )
        return


def _dimension_of(text: str) -> str:
    return "all" if fold(text) in TOTALS else characteristic_of_text(text)


def _pairs(raw: RawTable, dimension: str, category: str) -> tuple[tuple[str, str], ...]:
    both = Counter(zip(raw.columns[dimension], raw.columns[category], strict=True))
    texts = dict.fromkeys((cell_text(first), cell_text(second)) for first, second in both)
    return tuple((first, second) for first, second in texts if first and second)


def _pair_key(dimension: str, text: str) -> str:
    characteristic = _dimension_of(dimension)
    if characteristic == "all":
        return cohort_of_text(text) or ("all" if fold(text) == fold(dimension) else "")
    return cohort_of_text(text, characteristic=characteristic) or cohort_of_text(text) or ""


def _known_share(pairs: tuple[tuple[str, str], ...]) -> float:
    return sum(1 for dimension, text in pairs if _pair_key(dimension, text)) / max(len(pairs), 1)


def _find_cohorts(profiles: Mapping[str, Profile], found: Found) -> None:
    for profile in _open(profiles, found, lambda profile: len(profile.texts) <= _MOST_CATEGORIES):
        header = read_figure_header(profile.name)
        characteristic = characteristic_of_text(profile.name)
        is_wide = profile.is_numeric and header.cohort not in ("", "all")
        if header.period or is_wide or says(profile.name, "indicator"):
            continue
        bands = characteristic in ("deprivation-tenth", "deprivation-fifth", "age", "household-deprivation")
        if profile.is_numeric and not (bands and _is_band(profile, characteristic)):
            continue
        if characteristic.startswith("deprivation-") and not is_deprivation_index(f"imd {profile.name}"):
            continue
        if not characteristic and profile.cohorts < 0.5:
            continue
        own = characteristic or _commonest(profile)
        categories = {
            text: cohort_of_text(text, characteristic=characteristic) or cohort_of_text(text) or "" for text in profile.texts
        }
        if characteristic.startswith("deprivation-"):
            categories = _turned(categories, characteristic)
        known = sum(1 for key in categories.values() if key) / max(len(categories), 1)
        if known == 0:
            continue
        label = CHARACTERISTICS[own].label if own else "several characteristics"
        said = f"the header speaks of {label}" if characteristic else f"its cells speak of {label}"
        found[profile.name] = ColumnMeaning(
            profile.name,
            "cohort",
            categories=categories,
            confidence=round((0.55 if characteristic else 0.5) + 0.4 * known, 2),
            reason=f"{said}; {known:.0%} of its categories are known" + _direction_note(profile, characteristic),
            alternatives=("ignore",),
        )


def _is_band(profile: Profile, characteristic: str) -> bool:
    if not profile.is_whole or is_deprivation_index(profile.name) and profile.high > 10:
        return False
    last = {"deprivation-tenth": 10, "deprivation-fifth": 5, "household-deprivation": 4}.get(characteristic, 120)
    return 0 <= profile.low and profile.high <= last


def _commonest(profile: Profile) -> str:
    keys = [key.partition("=")[0] for text in profile.texts if (key := cohort_of_text(text) or "") not in ("", "all")]
    kinds = Counter(keys).most_common(2)
    return kinds[0][0] if len(kinds) == 1 else ""


def _turned(categories: dict[str, str], characteristic: str) -> dict[str, str]:
    """Turn a publisher's scale round where its 1 is the least deprived; ours begins with the most deprived."""
    first = [text for text in categories if "least deprived" in fold(text) and fold(text).split()[0] == "1"]
    if not first:
        return categories
    last = 10 if characteristic == "deprivation-tenth" else 5
    turned = {}
    for text in categories:
        number = next((int(word) for word in fold(text).split() if word.isdigit()), 0)
        turned[text] = f"{characteristic}={last + 1 - number}" if 1 <= number <= last else categories[text]
    return turned


def _direction_note(profile: Profile, characteristic: str) -> str:
    if characteristic.startswith("deprivation-") and not any("deprived" in fold(text) for text in (*profile.texts, profile.name)):
        return "; 1 is taken as the most deprived, which the table does not say"
    return ""


def _find_words(raw: RawTable, profiles: Mapping[str, Profile], found: Found) -> None:
    """Give the columns of words that are left a role: status, indicator, or none."""
    for profile in _open(profiles, found, lambda profile: profile.is_text):
        if len(profile.marks) == len(profile.texts) and says(profile.name, "status"):
            found[profile.name] = ColumnMeaning(
                profile.name, "status", confidence=0.9, reason="its cells are marks of a figure's status"
            )
    _find_indicator(profiles, found)
    if not any(meaning.role == "indicator" for meaning in found.values()):
        _find_telling_column(raw, profiles, found)
    for profile in _open(profiles, found, lambda profile: profile.is_text and not _is_blocked(profile)):
        found[profile.name] = ColumnMeaning(
            profile.name,
            "ignore",
            confidence=0.5,
            reason="words that are no place, period or known cohort",
            alternatives=("cohort", "indicator", "status"),
        )


def _find_indicator(profiles: Mapping[str, Profile], found: Found) -> None:
    """Take the column whose header says indicator and that tells most apart; another of the kind is passed over."""
    named = _open(
        profiles, found, lambda profile: profile.is_text and says(profile.name, "indicator") and not _is_blocked(profile)
    )
    best = max(named, key=lambda profile: (len(profile.texts), "indicator" in profile.name.lower()), default=None)
    for profile in named:
        if profile is best:
            reason = "the header says indicator or measure"
            found[profile.name] = ColumnMeaning(profile.name, "indicator", confidence=0.9, reason=reason)
        else:
            reason = f"{best.name!r} tells more apart" if best else ""
            found[profile.name] = ColumnMeaning(
                profile.name, "ignore", confidence=0.6, reason=reason, alternatives=("indicator",)
            )


def _is_blocked(profile: Profile) -> bool:
    """Return whether a column of marks or mistyped figures is still a column of figures by its header."""
    header = read_figure_header(profile.name)
    return bool(header.period or header.role) and (profile.numbers > 0 or bool(profile.marks))


def _find_telling_column(raw: RawTable, profiles: Mapping[str, Profile], found: Found) -> None:
    """Take as the indicator a column of words without which rows would repeat and with which they do not."""
    names = [name for name, meaning in found.items() if meaning.role in ("place", "period", "cohort", "dimension", "statistic")]
    left = _open(profiles, found, lambda profile: profile.is_text and not _is_blocked(profile) and len(profile.texts) > 1)
    keys = list(zip(*(raw.columns[name] for name in names), strict=True)) if names and left else [()] * len(raw)
    if not left or len(set(keys)) == len(keys):
        return
    for profile in left:
        with_it = set(zip(keys, raw.columns[profile.name], strict=True))
        if len(with_it) == len(keys):
            found[profile.name] = ColumnMeaning(
                profile.name,
                "indicator",
                confidence=0.5,
                reason="without it rows would repeat; with it none does",
                alternatives=("ignore", "cohort"),
            )
            return
