"""What Pabulib's checker says of files, given as their texts: errors and warnings, kind by kind."""

import contextlib
import json
import sys
from typing import Any

from pabulib.checker import Checker


def said(text: str) -> dict[str, Any]:
    with contextlib.redirect_stdout(sys.stderr):
        results = Checker().process_files([text])
    found = next(found for key, found in results.items() if key not in ("metadata", "summary"))
    found = found["results"]
    return found if isinstance(found, dict) else {"errors": {}, "warnings": {}}


json.dump([said(text) for text in json.load(sys.stdin)], sys.stdout)
