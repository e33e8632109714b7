"""Are we levelling up? Measures gaps between places and cohorts, and says how they moved and how sure that is."""

__version__ = "0.1.0"
