"""The installation's secrets: from the environment, or made once and kept on disk."""

import json
import secrets
from pathlib import Path

from config import Settings, WrongSettings
from core.files import make_once

SHORTEST = 32
NAMES = ("secret_key", "password_salt", "register_key", "second_factor_key")


def load(settings: Settings) -> dict[str, str]:
    """All secrets by name. Makes `secrets.json` where some are unset and none is there.

    Raises WrongSettings for one that is too short, and for a file that is damaged: making it anew
    would lose the roll.
    """
    given = {name: getattr(settings, name) for name in NAMES}
    for name, value in given.items():
        if value and len(value) < SHORTEST:
            raise WrongSettings(f"Cannot start. {name.upper()}: must have 32 characters or more.")
    if all(given.values()):
        return given
    path = settings.instance_dir / "secrets.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = {name: secrets.token_urlsafe(48) for name in NAMES}
        make_once(path, json.dumps(made).encode())
    kept = _read(path)
    return {name: given[name] or kept[name] for name in NAMES}


def _read(path: Path) -> dict[str, str]:
    try:
        kept = json.loads(path.read_text())
        found = {name: kept[name] for name in NAMES if len(kept[name]) >= SHORTEST}
    except (OSError, ValueError, KeyError, TypeError):
        found = {}
    if len(found) < len(NAMES):
        raise WrongSettings(
            f"Cannot start. {path.name} in INSTANCE_DIR cannot be read or is damaged: "
            "bring it back from a backup, for without its keys the voter roll is lost."
        )
    return found
