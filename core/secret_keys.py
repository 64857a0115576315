"""The installation's secrets: from the environment, or made once and kept on disk."""

import json
import os
import secrets
from pathlib import Path

from config import Settings, WrongSettings

NAMES = ("secret_key", "password_salt", "register_key")


def load(settings: Settings) -> dict[str, str]:
    """All secrets by name. Makes `secrets.json` where some are unset."""
    given = {name: getattr(settings, name) for name in NAMES}
    for name, value in given.items():
        if value and len(value) < 32:
            raise WrongSettings(f"Cannot start. {name.upper()}: must have 32 characters or more")
    if all(given.values()):
        return given
    kept = _read_or_make(settings.instance_dir / "secrets.json")
    return {name: given[name] or kept[name] for name in NAMES}


def _read_or_make(path: Path) -> dict[str, str]:
    if path.exists():
        kept: dict[str, str] = json.loads(path.read_text())
        return kept
    path.parent.mkdir(parents=True, exist_ok=True)
    made = {name: secrets.token_urlsafe(48) for name in NAMES}
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_or_make(path)
    with os.fdopen(handle, "w") as file:
        json.dump(made, file)
        file.flush()
        os.fsync(file.fileno())
    return made
