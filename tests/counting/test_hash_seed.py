"""The same file gives the same bytes whatever Python, the language or the place of the machine."""

import os
import subprocess
import sys

import pytest

from tests.counting.elections import ROOT
from tests.counting.real_elections import ELECTIONS

COUNT_ALL = """
import hashlib, sys
from dataclasses import replace
from voting.counting import RULES, count, read_pb

for name in sys.argv[1:]:
    contest, ballots = read_pb(name)
    for rule in RULES.values():
        if contest.vote_type in rule.vote_types:
            plain = replace(contest, rule=rule.name, rule_version="", parameters={})
            document = count(plain, ballots).as_json()
            print(rule.name, hashlib.sha256(document.encode()).hexdigest())
"""
FILES = [
    str(ELECTIONS / name)
    for name in (
        "Poland_Czestochowa_2024_Bleszno.pb.gz",
        "Poland_Warszawa_2018_Anin.pb.gz",
        "Poland_Krakow_2019_Wzgorza_Krzeslawickie.pb.gz",
    )
]


def counted(**environment: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", COUNT_ALL, *FILES],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.fixture(scope="module")
def usual() -> str:
    documents = counted(PYTHONHASHSEED="0")
    assert len(documents.splitlines()) >= 8, "every rule counted the ballots that it is for"
    return documents


@pytest.mark.parametrize("seed", ["1", "2", "3", "4294967295"])
def test_the_seed_of_hashing_changes_no_byte(usual: str, seed: str) -> None:
    assert counted(PYTHONHASHSEED=seed) == usual


def test_language_place_and_time_change_no_byte(usual: str) -> None:
    elsewhere = {"LC_ALL": "C", "LANG": "tr_TR.UTF-8", "TZ": "Pacific/Apia", "PYTHONUTF8": "0"}
    assert counted(**elsewhere) == usual
