"""The list of attacks that a platform for voting has to stand, and a look that none is forgotten.

A test says which rows it tries by a mark, `@pytest.mark.attack("B14")`, wherever it stands: in this
folder, or beside the thing that it tries. `pytest -m attack` runs them all.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
ATTACKS = {
    "B1": "the same ballot is posted twice",
    "B2": "somebody casts a second ballot (here it replaces the first until closing)",
    "B3": "one voter casts fifty times at once",
    "B4": "a project is ranked twice",
    "B5": "a ranking has a gap",
    "B6": "a ranking names a project of another district, or one that is gone or never was",
    "B7": "a ranking costs more than the pot, or its form says other prices",
    "B8": "a ranking is no list, endless, or full of odd numbers",
    "B9": "a ballot comes a millisecond after closing",
    "B10": "the voter's own clock is wrong by a day",
    "B11": "a form names another voter",
    "B12": "somebody is not verified, lives elsewhere, or is too young",
    "B13": "somebody votes, erases her account, comes back with another and votes",
    "B14": "somebody has papers and votes on the web, or the other way round",
    "B15": "the disk is full or the database locked",
    "B16": "the connection is cut after sending",
    "B17": "a ballot comes by an address, or as something that is no form",
    "B18": "receipts are guessed",
    "B19": "results are asked for before closing, by every way and role",
    "B20": "an officer changes money, rule or dates while people vote",
    "B21": "a project is withdrawn or hidden while people vote",
    "B22": "codes are guessed, from new browsers and places",
    "B23": "a link or code is old, used, cut short, or made for something else",
    "B24": "somebody asks whether an address has an account",
    "B25": "a session was planted before signing in",
    "B26": "a copied cookie is shown again after the session's end",
    "B27": "a way back after signing in leads to another site",
    "B28": "a request claims another host or another sender",
    "B29": "an address for mail is none, hides a line, or is written in another way",
    "B30": "a password is too short, endless, odd, or the first that anybody tries",
    "B31": "a name is empty, endless, turned round, markup, or an office",
    "B32": "two people verify with one entry of the register, at once too",
    "B57": "somebody asks for what is private or was removed, by its number",
    "B58": "a form is sent with fields that it does not have",
    "B59": "a form comes without its token, or with another's",
    "B60": "a list is asked for with odd numbers, orders and filters",
    "B61": "a search speaks to the database",
    "B62": "an address leads out of the house, or a method is not for pages",
    "B63": "a moderator acts where she may not, or in her own matter (no office has an area)",
    "B64": "the last administrator goes, or a role changes by one person alone",
    "B65": "what is private shows in a feed, a search, a mail or another side door",
    "B66": "a network floods the door with new accounts",
    "B67": "a machine fills in a form, at once or twice",
    "B68": "thirty fresh accounts report one post",
    "B69": "two hundred fresh accounts support one proposal",
    "B70": "a file of the register has a mistake, or is another file",
    "B71": "closing or counting is started twice, or killed half way",
    "B72": "a removal has no reason",
    "B73": "an author is erased while her project is being published",
    "B74": "the mail server is down, slow, or refuses",
    "B75": "a browser wishes a language or a zone that there is not, or writes 1.234,5",
}


def test_every_attack_is_tried() -> None:
    assert set(ATTACKS) - {number for number, _ in tried()} == set()


def test_every_mark_is_a_row_of_the_list() -> None:
    strange = [f"{test}: {number}" for number, test in tried() if number not in ATTACKS]

    assert strange == []


def test_the_list_has_every_row() -> None:
    numbers = [int(number.removeprefix("B")) for number in ATTACKS]

    assert numbers == [*range(1, 33), *range(57, 76)]


def test_each_test_of_this_folder_says_first_which_attack_it_is() -> None:
    silent = [
        f"{path.name}: {test.name}"
        for path in sorted((TESTS / "attacks").glob("test_*.py"))
        for test in functions_in(path.read_text())
        for first in numbers_of(test)[:1]
        if not (ast.get_docstring(test) or "").startswith((f"{first}:", f"{first},"))
    ]

    assert silent == []


def test_a_mark_is_found_wherever_it_stands() -> None:
    source = """
@pytest.mark.attack("B1", "B2")
def test_one(): ...

class TestMore:
    @pytest.mark.sqlite
    @pytest.mark.attack("B3")
    def test_two(self): ...

def test_unmarked(): ...

@pytest.mark.attack("B4")
def no_test(): ...
"""
    assert [numbers_of(test) for test in functions_in(source)] == [["B1", "B2"], [], ["B3"]]


def tried() -> Iterator[tuple[str, str]]:
    """Each number with the test that is marked with it."""
    for path in sorted(TESTS.rglob("test_*.py")):
        source = path.read_text()
        if "mark.attack(" in source:
            for test in functions_in(source):
                yield from ((number, f"{path.name}: {test.name}") for number in numbers_of(test))


def functions_in(source: str) -> list[ast.FunctionDef]:
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def numbers_of(test: ast.FunctionDef) -> list[str]:
    return [
        ast.literal_eval(number)
        for mark in test.decorator_list
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.attack"
        for number in mark.args
    ]
