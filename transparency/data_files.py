"""One file of open data, before it is kept."""

from dataclasses import dataclass

MEDIA_TYPES = {
    ".pb": "text/plain; charset=utf-8",
    ".blt": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".py": "text/x-python; charset=utf-8",
    ".zip": "application/zip",
}


@dataclass(frozen=True, slots=True)
class DataFile:
    """A name that is unique in its round, the media type, what the file holds, and its bytes."""

    name: str
    media_type: str
    description: str
    content: bytes


def data_file(name: str, description: str, content: bytes | str) -> DataFile:
    """A file whose media type follows from the end of its name."""
    data = content.encode() if isinstance(content, str) else content
    return DataFile(name, media_type(name), description, data)


def media_type(name: str) -> str:
    """The media type of a published file; what has no ending is plain text."""
    return MEDIA_TYPES.get("." + name.rpartition(".")[2], MEDIA_TYPES[".txt"])
