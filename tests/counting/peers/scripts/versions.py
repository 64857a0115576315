"""What stands in the environment; everything that a test of this folder imports is importable."""

import importlib
import json
import sys
from importlib.metadata import version

from abcvoting import abcrules  # noqa: F401
from pabulib import checker  # noqa: F401
from pabutools import election, rules  # noqa: F401
from pref_voting import margin_based_methods, profiles  # noqa: F401
from pyrankvote import instant_runoff_voting  # noqa: F401

NAMES = ("abcvoting", "pabulib-checker", "pabutools", "pref_voting", "pyrankvote")


if __name__ == "__main__":
    question = json.load(sys.stdin)
    used: dict[str, str] = {}
    for module in question:
        try:
            importlib.import_module(module).call_of_nothing(1)
        except NotImplementedError as refusal:
            used[module] = str(refusal)
    json.dump({"versions": {name: version(name) for name in NAMES}, "used": used}, sys.stdout)
