"""The manifest: every published file with its SHA-256, in the form that `sha256sum -c` reads."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable

from transparency.data_files import DataFile

MANIFEST = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")
_NO_DATE = (1980, 1, 1, 0, 0, 0)


def write_manifest(files: Iterable[DataFile]) -> bytes:
    """The list of these files, by name."""
    lines = [f"{hashlib.sha256(file.content).hexdigest()}  {file.name}\n" for file in files]
    return "".join(sorted(lines, key=lambda line: line[66:])).encode()


def read_manifest(content: bytes) -> dict[str, str]:
    """The SHA-256 of each file by name. Lines of another form are left out."""
    matches = map(_LINE.fullmatch, content.decode().splitlines())
    return {match[2]: match[1] for match in matches if match is not None}


def bundle(files: Iterable[DataFile]) -> bytes:
    """All files in one ZIP: the same files always give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for file in sorted(files, key=lambda file: file.name):
            entry = zipfile.ZipInfo(file.name, _NO_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.content)
    return target.getvalue()
