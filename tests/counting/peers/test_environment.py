"""The environment of the other programs: what stands in it, and what only seems to."""

import re
from pathlib import Path

from tests.counting.peers.conftest import Peer

WANTED = Path(__file__).parents[3] / "requirements" / "peers.in"


def test_the_peers_are_those_that_the_list_names(peer: Peer) -> None:
    versions = peer("versions", [])["versions"]
    asked_for = dict(re.findall(r"^(\S+)==(\S+)$", WANTED.read_text(), re.MULTILINE))
    assert versions == {name: asked_for[name] for name in versions}


def test_who_uses_what_is_not_there_is_stopped(peer: Peer) -> None:
    """A stand-in must never decide a count."""
    refused = peer("versions", ["gurobipy", "scipy.optimize"])["used"]
    assert set(refused) == {"gurobipy", "scipy.optimize"}
    assert "not installed" in refused["gurobipy"]
