"""Measures of inequality: one measure a file, a pure function with its reading card, a registry and a batch engine."""
