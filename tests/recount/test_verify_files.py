"""Files that were damaged, cut, or made by somebody who wants the program to stumble."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.recount.logs import Log, log_of, write_bundle
from tests.recount.verifying import run, verify

LOG = log_of()
FILES = LOG.files()
ALL_BYTES = [(name, at) for name, raw in FILES.items() for at in range(len(raw))]
VOTES = FILES["ballots.pb"].index(b"voter_id;vote\n")


@settings(max_examples=250, deadline=None)
@given(place=st.sampled_from(ALL_BYTES), bit=st.integers(0, 7))
def test_no_byte_that_says_something_can_be_changed(place: tuple[str, int], bit: int) -> None:
    name, at = place
    changed = bytearray(FILES[name])
    changed[at] ^= 1 << bit

    said = verify(FILES | {name: bytes(changed)})

    if not says_the_same(name, at, bytes(changed)):
        assert said.code in (1, 2), said.text
        assert said.wrong or said.error


def says_the_same(name: str, at: int, changed: bytes) -> bool:
    """Blanks between the parts of JSON say nothing; nor do voters' numbers and titles in a .pb."""
    if name == "ballots.pb":
        return at < VOTES or changed[:at].rpartition(b"\n")[2].count(b";") == 0
    if name == "leaves.txt":
        return False
    try:
        return bool(json.loads(changed) == json.loads(FILES[name]))
    except ValueError:
        return False


@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, 2**20), bit=st.integers(0, 7))
def test_a_damaged_archive_never_gives_a_traceback(
    at: int, bit: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = write_bundle(tmp_path_factory.mktemp("zip") / "bundle.zip", FILES)
    raw = bytearray(path.read_bytes())
    raw[at % len(raw)] ^= 1 << bit
    path.write_bytes(bytes(raw))

    said = run(["verify", str(path)])

    assert said.code in (0, 1, 2)
    assert (said.code == 2) == bool(said.error)


@pytest.mark.parametrize("name", ["manifests.json", "heads.json", "leaves.txt", "closing.json"])
def test_a_file_that_is_missing_is_named(name: str) -> None:
    said = verify({one: raw for one, raw in FILES.items() if one != name})

    assert (said.code, said.error) == (2, f"recount.py verify: /bundle.zip: {name} is missing.\n")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"NaN",
        b"1.0",
        b"[" * 100_000,
        b"9" * 100_000,
        b'{"document":1,"document":1}',
        b'{"document":{"size":1e3},"signature":""}',
    ],
)
@pytest.mark.parametrize("name", ["manifests.json", "heads.json", "closing.json", "openings.json"])
def test_what_is_no_json_of_a_log_is_refused_in_a_sentence(name: str, raw: bytes) -> None:
    said = verify(FILES | {name: raw})

    assert said.code == 2
    assert name in said.error
    assert said.error.count("\n") == 1


@pytest.mark.parametrize("value", [None, 1, "a", [], {}, [1], {"document": {}}, [[]], [None], True])
@pytest.mark.parametrize("name", ["manifests.json", "heads.json", "closing.json", "openings.json"])
def test_json_of_another_form_is_wrong_and_named(name: str, value: object) -> None:
    said = verify(FILES | {name: json.dumps(value).encode()})

    assert said.code == 1
    assert any(line.startswith(name.removesuffix("s.json")) for line in said.wrong), said.text


DOCUMENTS = [
    (name, place, field)
    for name, values in {
        "manifests": LOG.manifests,
        "heads": LOG.heads,
        "closing": [LOG.closing],
    }.items()
    for place, document in enumerate(values)
    for field in document
]
SIGNED_KIND = {"manifests": "manifest", "heads": "head", "closing": "closing"}


@pytest.mark.parametrize(("name", "place", "field"), DOCUMENTS)
def test_every_field_is_under_the_signature(name: str, place: int, field: str) -> None:
    value = json.loads(FILES[f"{name}.json"])
    signed = value if name == "closing" else value[place]
    signed["document"][field] = other_than(signed["document"][field])

    said = verify(FILES | {f"{name}.json": json.dumps(value).encode()})

    assert said.code == 1
    assert said.wrong


@pytest.mark.parametrize(("name", "place", "field"), DOCUMENTS)
def test_no_field_may_be_missing(name: str, place: int, field: str) -> None:
    value = json.loads(FILES[f"{name}.json"])
    signed = value if name == "closing" else value[place]
    del signed["document"][field]

    said = verify(FILES | {f"{name}.json": json.dumps(value).encode()})

    assert f"has no field '{field}'" in said.wrong[0]


def other_than(value: Any) -> object:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, list):
        return [*value, *value[-1:]] or [0]
    if isinstance(value, dict):
        return {**value, "more": 1}
    return {None: 7, "auditors": "public", "public": "auditors"}.get(value, turned(str(value)))


def turned(text: str) -> str:
    """The same signs, two of them in each other's place."""
    for at in range(len(text) - 1, 0, -1):
        if text[at] != text[at - 1]:
            return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
    return text + "x"


def test_a_field_that_nobody_knows_is_no_place_to_hide_something() -> None:
    log = log_of()
    log.heads[0]["note"] = "1"

    assert verify(log).wrong[0] == "heads.json, head 1: it has a field too many, 'note'"


def test_another_file_in_the_bundle_is_named() -> None:
    said = verify({**FILES, "voters.csv": b"Amara"})

    assert said.wrong == ["The bundle has a file 'voters.csv' too many"]


@pytest.mark.parametrize(
    ("old", "new"), [(b"\n", b"\r\n"), (b"a", b"A"), (b"\n", b" \n"), (b"\n", b"\n\n")]
)
def test_leaves_are_written_in_one_way_only(old: bytes, new: bytes) -> None:
    said = verify(FILES | {"leaves.txt": FILES["leaves.txt"].replace(old, new)})

    assert said.code == 1
    assert "is no commitment" in said.wrong[0]


def test_the_last_line_of_the_leaves_may_do_without_its_end() -> None:
    assert verify(FILES | {"leaves.txt": FILES["leaves.txt"].rstrip()}).code == 0


def test_nothing_hides_between_the_openings() -> None:
    raw = FILES["openings.json"].rstrip()
    assert raw.endswith(b"]\n}")

    said = verify(FILES | {"openings.json": raw[:-3] + b",true]}"})

    assert said.wrong == ["openings.json: something in it is no opening"]


def test_a_name_that_would_move_the_cursor_is_shown_without_that() -> None:
    log = log_of()
    log.newest["contest"] = "city\x1b[2J"

    assert "\x1b" not in verify(log).text


def test_a_lone_half_of_a_letter_is_wrong_and_gives_no_traceback() -> None:
    log = log_of()
    files = log.files()
    raw = files["manifests.json"].replace(b"The whole city", b"The \\ud800 city")

    said = verify(files | {"manifests.json": raw})

    assert (said.code, said.wrong) == (1, ["A text has signs that are no letters"])


def test_no_file_no_archive_and_a_folder_are_refused_in_a_sentence(tmp_path: Path) -> None:
    text = tmp_path / "bundle.zip"
    text.write_text("<html>Not found</html>", encoding="utf-8")

    for path in (tmp_path / "none.zip", tmp_path, text):
        said = run(["verify", str(path)])
        assert said.code == 2
        assert said.error.startswith(f"recount.py verify: {path}")
        assert said.error.count("\n") == 1


def test_an_archive_packed_in_another_way_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as bundle:
        for name, raw in FILES.items():
            bundle.writestr(name, raw)

    assert "packed in a way" in run(["verify", str(path)]).error


def test_an_archive_under_a_password_is_refused(tmp_path: Path) -> None:
    path = write_bundle(tmp_path / "bundle.zip", FILES)
    raw = bytearray(path.read_bytes())
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(header) + flags] |= 1
    path.write_bytes(bytes(raw))

    assert "manifests.json cannot be unpacked here" in run(["verify", str(path)]).error


@pytest.mark.parametrize(
    "arguments",
    [[], ["--heads", "x"], ["a.zip", "b.zip"], ["--key", "12", "a.zip"], ["--lock", "a.zip"]],
)
def test_a_command_that_makes_no_sense_is_refused_in_a_sentence(arguments: list[str]) -> None:
    said = run(["verify", *arguments])

    assert (said.code, said.text) == (2, "")
    assert said.error.count("\n") == 1


def test_help_says_what_is_checked() -> None:
    said = run(["verify", "--help"])

    assert said.code == 0
    assert "--heads" in said.text
    assert "verify" in run(["--help"]).text


def test_the_tests_log_is_a_log() -> None:
    assert isinstance(LOG, Log)
    assert verify(FILES).code == 0
