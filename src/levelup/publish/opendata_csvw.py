"""The metadata beside the CSV files, as the W3C's CSV on the Web has it: what each table and column is."""

from __future__ import annotations

import json

from levelup.publish.publication import Publication
from levelup.publish.tabular import Column, Table

SEPARATOR = "|"
"""Parts several texts in one cell; a semicolon stands inside cohort keys already."""

_DATATYPES = {
    "text": "string",
    "texts": "string",
    "figure": "double",
    "share": "double",
    "probability": "double",
    "integer": "integer",
    "boolean": "boolean",
}


def metadata_text(tables: tuple[Table, ...], *, publication: Publication) -> str:
    """Return the text of `csv-metadata.json` for these tables.

    Parameters
    ----------
    tables : tuple of Table
        Each stands beside it as `<name>.csv`.
    publication : Publication
        Whose title, date, publisher, licence and sources are stated.

    Returns
    -------
    str
        A table group description in JSON.

    Source
    ------
    W3C, Metadata Vocabulary for Tabular Data (2015), https://www.w3.org/TR/tabular-metadata/.
    """
    return json.dumps(metadata(tables, publication=publication), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def metadata(tables: tuple[Table, ...], *, publication: Publication) -> dict[str, object]:
    """Return the table group description as the object that `csv-metadata.json` holds."""
    catalogue = publication.catalogue
    named = {note.licence for note in publication.releases}
    licences = sorted(
        {entry.address for entry in catalogue.licences.values() if {entry.id, entry.name} & named and entry.address}
    )
    group: dict[str, object] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en-GB"}],
        "@type": "TableGroup",
        "dc:title": publication.title,
        "dc:description": "The data behind the report: verdicts, the figures they rest on, and where those come from.",
        "dc:publisher": {"schema:name": publication.branding.name},
        "dc:issued": {"@value": publication.as_at, "@type": "xsd:date"},
        "dc:source": [note.address for note in publication.releases if note.address],
        "dialect": {
            "encoding": "utf-8",
            "delimiter": ",",
            "quoteChar": '"',
            "header": True,
            "headerRowCount": 1,
            "doubleQuote": True,
        },
        "tables": [_table(table) for table in tables],
    }
    if licences:
        group["dc:license"] = [{"@id": address} for address in licences]
    return group


def _table(table: Table) -> dict[str, object]:
    schema: dict[str, object] = {"columns": [_column(column) for column in table.columns]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.refers:
        schema["foreignKeys"] = [
            {"columnReference": column, "reference": {"resource": f"{target}.csv", "columnReference": there}}
            for column, (target, there) in table.refers.items()
        ]
    return {
        "@type": "Table",
        "url": f"{table.name}.csv",
        "dc:title": table.title,
        "dc:description": table.description,
        "tableSchema": schema,
    }


def _column(column: Column) -> dict[str, object]:
    described: dict[str, object] = {
        "name": column.name,
        "titles": column.name,
        "dc:title": column.title,
        "dc:description": column.description,
        "datatype": _datatype(column),
    }
    if column.kind == "texts":
        described["separator"] = SEPARATOR
    if column.required:
        described["required"] = True
    if column.same_as:
        described["propertyUrl"] = column.same_as
    return described


def _datatype(column: Column) -> object:
    base = _DATATYPES[column.kind]
    if column.kind == "probability":
        return {"base": base, "minimum": 0, "maximum": 1}
    return {"base": base, "format": "true|false"} if column.kind == "boolean" else base
