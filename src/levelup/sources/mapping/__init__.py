"""The stated meaning of somebody's table: shown, saved, found again, and applied with every fault named at once."""

from levelup.sources.mapping.observation import apply_mapping
from levelup.sources.mapping.saved import find_mapping, load_mapping, mapping_name, save_mapping
from levelup.sources.mapping.shown import describe_mapping, mapping_rows

__all__ = ["apply_mapping", "describe_mapping", "find_mapping", "load_mapping", "mapping_name", "mapping_rows", "save_mapping"]
