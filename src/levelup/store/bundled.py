"""The store that comes with the package, copied to where somebody wants to look at it."""

from __future__ import annotations

import os
import shutil
import tempfile
from importlib import resources
from pathlib import Path

from levelup.terms.errors import InputError

STORE = "store"


def copy_bundled(target: Path) -> None:
    """Copy the bundled store to a new place, whole or not at all.

    Parameters
    ----------
    target : Path
        A folder that does not exist yet.

    Raises
    ------
    InputError
        It exists.
    """
    if target.exists():
        raise InputError("the folder must not hold a store yet", got=str(target), next="Name another folder.")
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".store-", dir=target.parent))
    with resources.as_file(resources.files("levelup") / "bundled" / "essex" / STORE) as bundled:
        shutil.copytree(bundled, staging / STORE)
    os.replace(staging / STORE, target)
    staging.rmdir()
