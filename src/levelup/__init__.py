"""Are we levelling up? Measures gaps between places and cohorts, and says how they moved and how sure that is."""

from importlib import import_module
from typing import Any

__version__ = "0.4.0"
__all__ = ["Workspace", "__version__"]


def __getattr__(name: str) -> Any:
    """Load the workspace when it is first asked for, so that `import levelup` does no work."""
    if name == "Workspace":
        return import_module("levelup.workspace").Workspace
    raise AttributeError(f"module 'levelup' has no attribute {name!r}")
