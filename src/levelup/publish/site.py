"""Writes a report's pages: builds each as data, renders it by a template, and puts pages, styles and tables into a folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader, PrefixLoader, UndefinedError, select_autoescape
from jinja2.utils import missing
from markupsafe import Markup

from levelup.publish.attribution import attributions
from levelup.publish.grid import grid_csv, grid_html, tag_html
from levelup.publish.page import TABLES, Desk, Page, make_desk
from levelup.publish.page_coverage import FILES, build_coverage
from levelup.publish.page_england import build_england
from levelup.publish.page_gap import build_gap
from levelup.publish.page_gaps import build_gap_lists
from levelup.publish.page_home import build_home
from levelup.publish.page_indicators import build_indicators
from levelup.publish.page_method import build_method
from levelup.publish.page_people import build_people
from levelup.publish.page_place import build_places
from levelup.publish.publication import Branding, Publication
from levelup.publish.sentence import say_title
from levelup.terms.errors import InputError
from levelup.terms.period import parse_period

SECTIONS: tuple[tuple[str, str, str], ...] = (
    ("home", "Home", "index.html"),
    ("places", "Places", "places/index.html"),
    ("people", "People", "people/index.html"),
    ("indicators", "Indicators", "indicators/index.html"),
    ("gaps", "Gaps", "gaps/index.html"),
    ("england", "England", "england/index.html"),
    ("coverage", "Data and coverage", "coverage/index.html"),
    ("method", "Method", "method/index.html"),
)
"""The navigation: key, text, address below the site's folder."""

STYLES: tuple[str, ...] = (
    "vendored/govuk-frontend/govuk-frontend-6.3.0.min.css",
    "vendored/govuk-frontend/LICENSE.txt",
    "levelup.css",
)
"""The files of the package's static folder that a site carries."""

_COLOUR = re.compile(r"^(#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6}|[a-z]{3,24})$")


class _Checked(ChainableUndefined):
    """A name that a template was not given is an error; an option that a component of GOV.UK Frontend was not given is empty."""

    def _meant(self) -> None:
        if self._undefined_obj is missing:
            raise UndefinedError(self._undefined_message)

    def __str__(self) -> str:
        self._meant()
        return ""

    def __bool__(self) -> bool:
        self._meant()
        return False


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the templates' environment: everything is escaped, and a name that a template was not given is an error."""
    loader = ChoiceLoader(
        [
            PackageLoader("levelup.publish", "templates"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    made = Environment(
        loader=loader,
        autoescape=select_autoescape(default=True),
        undefined=_Checked,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(table=grid_html, tag=tag_html)
    return made


def brand_css(branding: Branding, *, as_at: str) -> str:
    """Return the few lines of CSS that make the pages a council's own, and the stamp at the foot of printed ones.

    Raises
    ------
    InputError
        A colour is neither a hexadecimal colour nor a CSS colour name.
    """
    for name, value in (("colour", branding.colour), ("accent", branding.accent)):
        if not _COLOUR.match(value):
            raise InputError(f"branding {name} must be a colour such as #12436D", got=repr(value))
    ink = _ink(branding.colour)
    stamp = re.sub(r'["\\\n\r<>]', " ", f"{branding.name}. Figures as at {_date(as_at)}.")
    return (
        f":root{{--lu-brand:{branding.colour};--lu-accent:{branding.accent};--lu-on-brand:{ink};--govuk-brand-colour:{branding.colour}}}\n"
        f'@page{{@bottom-left{{content:"{stamp}"}}@bottom-right{{content:counter(page) " of " counter(pages)}}}}\n'
    )


def _ink(colour: str) -> str:
    """Return black or white, whichever has the stronger contrast on a colour; white on a named colour."""
    digits = colour.lstrip("#")
    if not colour.startswith("#"):
        return "#ffffff"
    parts = [int(digit * 2 if len(digits) == 3 else digits[2 * i : 2 * i + 2], 16) / 255 for i, digit in enumerate(digits[:3])]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 else "#0b0c0c"


def build_pages(desk: Desk, *, downloads: tuple[tuple[str, str], ...] = FILES) -> Iterator[Page]:
    """Yield every page of a report as data, one after the other so that few are held at once.

    Parameters
    ----------
    desk : Desk
        What the builders read.
    downloads : tuple of (path, text)
        Files that the report has beside its pages.
    """
    yield build_home(desk)
    yield from build_places(desk)
    yield from build_people(desk)
    yield from build_indicators(desk)
    yield from build_gap_lists(desk)
    if desk.publication.nationwide is not None:
        held = desk.publication.nationwide
        yield build_england(desk, summary=held.summary, followed=held.followed)
    yield build_coverage(desk, files=downloads)
    yield from build_method(desk)
    for gap in desk.gaps:
        if gap.has_page:
            yield build_gap(desk, gap)


def make_frame(publication: Publication) -> dict[str, object]:
    """Return what every page's template is given besides its own context: owner, title, date, acknowledgements."""
    return {
        "publication": publication,
        "branding": publication.branding,
        "owner": publication.branding.name,
        "site_title": say_title(publication),
        "as_at": _date(publication.as_at),
        "left_out": "england" if publication.nationwide is None else "",
        "attributions": attributions(publication),
    }


def render_page(page: Page, *, frame: dict[str, object]) -> str:
    """Return a page as HTML, with relative addresses only.

    Parameters
    ----------
    page : Page
        As a builder made it.
    frame : dict
        As `make_frame` returns it.
    """
    root = page.root
    trail = [
        {"text": "Home", "href": f"{root}index.html"},
        *({"text": text, "href": root + address} for text, address in page.crumbs),
    ]
    own: dict[str, object] = {
        "page": page,
        "root": root,
        "tables": f"{root}{TABLES}/",
        "masthead": masthead(
            str(frame["owner"]), str(frame["site_title"]), root=root, section=page.section, left_out=str(frame["left_out"])
        ),
        "crumb_items": [*trail, {"text": page.crumb or page.title}],
    }
    return environment().get_template(page.template).render(frame | own | page.context)


def _date(text: str) -> str:
    """Return an ISO date as a reader writes it, for example '31 January 2026'; any other text as it is."""
    try:
        return parse_period(text).label
    except InputError:
        return text


@lru_cache(maxsize=64)
def masthead(owner: str, title: str, *, root: str, section: str, left_out: str = "") -> Markup:
    """Return the top of a page, which is the same for all pages of a section, without the space that its components leave."""
    navigation = [
        {"text": text, "href": root + address, "active": key == section} for key, text, address in SECTIONS if key != left_out
    ]
    html = environment().get_template("masthead.html").render(owner=owner, title=title, root=root, navigation=navigation)
    return Markup(re.sub(r"\s*\n\s*", "\n", html))


def count_pages(desk: Desk) -> int:
    """Return about how many pages a report has, for a bar of progress."""
    return sum(gap.has_page for gap in desk.gaps) + len(desk.indicators) + len(desk.publication.districts) + 50


def write_site(
    publication: Publication,
    out: Path,
    *,
    downloads: tuple[tuple[str, str], ...] = FILES,
    progress: Callable[[float], None] | None = None,
) -> list[Path]:
    """Write a report's pages, styles and tables below a folder.

    The same publication gives the same bytes: no clock is read and nothing is drawn by chance.

    Parameters
    ----------
    publication : Publication
        What the report says.
    out : Path
        The folder; made where it is missing. Files of the same names are replaced, others are left alone.
    downloads : tuple of (path, text)
        Files beside the pages to link to, by default those of a whole report; pass `()` for the pages alone.
    progress : callable, optional
        Called with the share done, 0 to 1.

    Returns
    -------
    list of Path
        Every file written, in the order of writing.
    """
    desk, frame = make_desk(publication), make_frame(publication)
    written = _write_styles(publication, out)
    folder = out / TABLES
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("places", "people", "indicators", "gaps", "england", "coverage", "method"):
        (out / name).mkdir(exist_ok=True)
    total, tables = count_pages(desk), set()
    for done, page in enumerate(build_pages(desk, downloads=downloads)):
        target = out / page.path
        target.write_bytes(render_page(page, frame=frame).encode("utf-8"))
        written.append(target)
        for name, grid in page.tables.items():
            if name not in tables:
                tables.add(name)
                (folder / name).write_bytes(grid_csv(grid))
                written.append(folder / name)
        if progress is not None and done % 20 == 0:
            progress(min(0.99, done / total))
    if progress is not None:
        progress(1.0)
    return written


def _write_styles(publication: Publication, out: Path) -> list[Path]:
    """Copy the styles a site carries and write the council's own lines."""
    static = files("levelup.publish") / "static"
    written = []
    for name in STYLES:
        target = out / "static" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(static.joinpath(name).read_bytes())
        written.append(target)
    brand = out / "static" / "brand.css"
    brand.write_bytes(brand_css(publication.branding, as_at=publication.as_at).encode("utf-8"))
    return [*written, brand]
