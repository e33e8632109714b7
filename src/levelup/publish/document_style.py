"""The paper's dress: A4, Arial, real headings in the council's colour, British English, page numbers, properties."""

from __future__ import annotations

from datetime import UTC, datetime

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from levelup.publish.document_block import BODY_HEIGHT, BODY_WIDTH, SHAPES
from levelup.publish.publication import Publication

FONT, LANGUAGE = "Arial", "en-GB"
PAGE_WIDTH, PAGE_HEIGHT, TOP = 21.0, 29.7, 1.8
_AFTER_BORDERS = (
    "w:shd",
    "w:tabs",
    "w:suppressAutoHyphens",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:jc",
    "w:outlineLvl",
    "w:rPr",
)
"""What the word processor's schema has stand after a paragraph's borders."""
STYLES: dict[str, str] = {
    "title": "Title",
    "subtitle": "Subtitle",
    "heading 1": "Heading 1",
    "heading 2": "Heading 2",
    "body": "Normal",
    "bullet": "List Bullet",
    "caption": "Caption",
    "note": "Note",
    "cell": "Table Text",
}
"""The word processor's style of each kind of paragraph."""


def blank_paper(publication: Publication) -> Paper:
    """Return an empty paper with its page, styles, footer, language and properties set."""
    paper = Document()
    _drop_thumbnail(paper)
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(PAGE_WIDTH), Cm(PAGE_HEIGHT)
    section.left_margin = section.right_margin = Cm((PAGE_WIDTH - BODY_WIDTH) / 2)
    section.top_margin = Cm(TOP)
    section.bottom_margin = Cm(PAGE_HEIGHT - BODY_HEIGHT - TOP)
    section.footer_distance = Cm(0.9)
    _set_styles(paper, colour=publication.branding.colour)
    _set_language(paper)
    _set_footer(paper, publication)
    _set_properties(paper, publication)
    return paper


def _drop_thumbnail(paper: Paper) -> None:
    """Leave out the picture of the template's own empty page, which a folder would show for this paper."""
    relations = paper.part.package.rels
    for key in [key for key, relation in relations.items() if relation.reltype.endswith("/thumbnail")]:
        del relations[key]


def _set_styles(paper: Paper, *, colour: str) -> None:
    styles = paper.styles
    for name in ("Note", "Table Text"):
        styles.add_style(name, 1)
        styles[name].base_style = styles["Normal"]
    for kind, name in STYLES.items():
        style, shape = styles[name], SHAPES[kind]
        if not isinstance(style, ParagraphStyle):
            raise TypeError(f"the template's style {name} must be a paragraph style")
        _set_font(style)
        style.font.size, style.font.bold, style.font.italic = Pt(shape.size), shape.bold, False
        style.font.color.rgb = _rgb(colour) if kind in ("title", "heading 1", "heading 2") else RGBColor(0x0B, 0x0C, 0x0C)
        layout = style.paragraph_format
        layout.space_before, layout.space_after, layout.line_spacing = Pt(shape.before), Pt(shape.after), 1.0
        layout.widow_control = True
        layout.keep_with_next = kind in ("heading 1", "heading 2", "caption")
        if kind == "bullet":
            layout.left_indent, layout.first_line_indent = Cm(shape.indent), Cm(-shape.indent)
        borders = style.element.find(f"{qn('w:pPr')}/{qn('w:pBdr')}")
        if borders is not None:
            borders.getparent().remove(borders)
        if kind == "subtitle":
            _rule_below(style, colour=colour)
        for spacing in style.element.iter(qn("w:contextualSpacing"), qn("w:spacing")):
            if spacing.getparent().tag == qn("w:rPr") or spacing.tag == qn("w:contextualSpacing"):
                spacing.getparent().remove(spacing)


def _rule_below(style: ParagraphStyle, *, colour: str) -> None:
    """Draw a line in the council's colour below the paper's title."""
    borders = make_element("w:pBdr")
    borders.append(make_element("w:bottom", val="single", sz="12", space="6", color=str(_rgb(colour))))
    style.element.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDERS)


def _set_font(style: ParagraphStyle) -> None:
    """Name the font for every script; the template's headings take theirs from a theme, which would win."""
    style.font.name = FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in [key for key in fonts.attrib if "heme" in key]:
        del fonts.attrib[key]
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)


def _rgb(colour: str) -> RGBColor:
    """Return a CSS colour of six digits; any other falls back to the house's dark blue."""
    digits = colour.lstrip("#")
    return (
        RGBColor.from_string(digits.upper())
        if len(digits) == 6 and not set(digits.lower()) - set("0123456789abcdef")
        else RGBColor(0x12, 0x43, 0x6D)
    )


def _set_language(paper: Paper) -> None:
    defaults = paper.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for old in list(paper.styles.element.iter(qn("w:lang"))):
        old.getparent().remove(old)
    defaults.append(make_element("w:lang", val=LANGUAGE, eastAsia=LANGUAGE, bidi="ar-SA"))


def make_element(tag: str, **attributes: str) -> BaseOxmlElement:
    """Return an element of the word processor's own vocabulary with attributes of it."""
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _set_footer(paper: Paper, publication: Publication) -> None:
    line = paper.sections[0].footer.paragraphs[0]
    line.style = paper.styles["Note"]
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    own = f"{publication.branding.footer} " if publication.branding.footer else ""
    line.add_run(f"{own}Page ")
    _add_field(line, "PAGE", shown="1")
    line.add_run(" of ")
    _add_field(line, "NUMPAGES", shown="4")


def _add_field(line: Paragraph, code: str, *, shown: str) -> None:
    for kind in ("begin", "code", "separate", "shown", "end"):
        run = line.add_run()
        if kind == "code":
            text = make_element("w:instrText")
            text.text = f" {code} "
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            run._r.append(text)
        elif kind == "shown":
            run.text = shown
        else:
            run._r.append(make_element("w:fldChar", fldCharType=kind))


def _set_properties(paper: Paper, publication: Publication) -> None:
    when = datetime.fromisoformat(publication.as_at[:10]).replace(tzinfo=UTC)
    own = paper.core_properties
    own.title, own.subject = publication.title, f"Committee paper as at {publication.as_at}"
    own.author = own.last_modified_by = publication.branding.name
    own.language, own.category = LANGUAGE, "Committee paper"
    own.keywords, own.comments = (
        "inequality, places, groups of people, verdicts",
        "Four pages; the tables behind them are in tables.xlsx.",
    )
    own.created = own.modified = own.last_printed = when
    own.revision, own.version, own.identifier = 1, publication.version, ""
