"""Indicators, places, cohorts, publishers and frameworks as cited data, read and checked."""
