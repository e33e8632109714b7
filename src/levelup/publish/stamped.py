"""An office file whose parts all bear one date, so that the same contents give the same bytes."""

from __future__ import annotations

import io
import zipfile

_EPOCH = (1980, 1, 1, 0, 0, 0)
_END = b"</cp:coreProperties>"


def stamp_archive(archive: bytes, *, language: str = "") -> bytes:
    """Return an office file with the same date on every part of the archive.

    Parameters
    ----------
    archive : bytes
        A workbook or a document.
    language : str
        Stated in its properties where given, such as 'en-GB'.

    Returns
    -------
    bytes
        The same parts in the same order.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if language and name == "docProps/core.xml":
                part = part.replace(_END, f"<dc:language>{language}</dc:language>".encode() + _END)
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            target.writestr(info, part)
    return made.getvalue()
