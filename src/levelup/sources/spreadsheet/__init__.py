"""Workbooks (XLSX, XLS, ODS): one sheet's values into rows, after the file has been found safe to open."""

from levelup.sources.spreadsheet.workbook import SUFFIXES, read_spreadsheet

__all__ = ["SUFFIXES", "read_spreadsheet"]
