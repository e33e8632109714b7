"""Measures on tables of persons: from sums and cells that an engine gives to one reading for each group."""
