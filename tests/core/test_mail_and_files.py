"""Mails carry one address and one subject; published files are what their name says."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from core import files, jobs, mail
from core.database import db
from core.files import DamagedFile
from core.jobs import OutboxJob

AT = datetime(2026, 5, 12, 8, 30, tzinfo=UTC)


def sent(app: Flask) -> list[str]:
    """The mails that the worker handed over, as they go over the line."""
    jobs.run_due(AT)
    outbox = app.extensions["mailman"].outbox
    return [mail.message().as_string() for mail in outbox]


@pytest.mark.attack("B29")
@pytest.mark.sqlite
@pytest.mark.parametrize(
    "subject",
    ["Hello\nBcc: all@example.org", "Hello\r\nBcc: all@example.org\r\n\r\nText", "Hello\rBcc: x",
     "Hello\u2028Bcc: all@example.org", "Hello\x0bBcc: x", "Hello\x85Bcc: all@example.org"],
)  # fmt: skip
def test_a_subject_adds_no_line_to_the_head_of_a_mail(app: Flask, subject: str) -> None:
    mail.send_text("amara@example.org", subject, "Text", at=AT)
    db.session.commit()

    [whole] = sent(app)
    head = whole.partition("\n\n")[0]
    assert [line for line in head.splitlines() if line.lower().startswith(("bcc", "x"))] == []
    assert head.count("Subject:") == 1


@pytest.mark.attack("B29")
@pytest.mark.sqlite
@pytest.mark.parametrize(
    "to", ["amara@example.org\nBcc: all@example.org", "amara@example.org\r\nX: y", "a@b\rc"]
)
def test_an_address_with_a_second_line_is_never_written_to(app: Flask, to: str) -> None:
    mail.send_text(to, "Hello", "Text", at=AT)
    db.session.commit()

    assert sent(app) == []
    assert db.session.scalars(select(OutboxJob.last_error)).one() != ""


@pytest.mark.sqlite
def test_a_mail_arrives_as_plain_text_from_the_city(app: Flask) -> None:
    mail.send_text("amara@example.org", "Twój głos <b>", "Łąka & <las>\n.\nkoniec", at=AT)
    db.session.commit()
    jobs.run_due(AT)

    [letter] = app.extensions["mailman"].outbox
    message = letter.message()
    assert letter.subject == "Twój głos <b>"
    assert letter.to == ["amara@example.org"]
    assert message["From"] == "noreply@example.org"
    assert message.get_content_type() == "text/plain"
    assert message.get_payload(decode=True).decode() == "Łąka & <las>\n.\nkoniec"


@pytest.mark.attack("B74")
@pytest.mark.sqlite
def test_a_mail_server_that_is_away_breaks_no_act_and_loses_no_mail(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_mail: object) -> None:
        raise ConnectionRefusedError("mail server away")

    mail.send_text("amara@example.org", "Hello", "Text", at=AT)
    db.session.commit()
    with monkeypatch.context() as patched:
        patched.setattr("flask_mailman.EmailMessage.send", away)
        assert jobs.run_due(AT) == 0

    later = db.session.scalars(select(OutboxJob.due_at)).one()
    assert later is not None
    assert later > AT
    assert jobs.run_due(later) == 1
    assert len(app.extensions["mailman"].outbox) == 1


# --- files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"ballots", bytes(range(256)), b"x" * 1_000_000])
def test_a_file_comes_back_as_it_was_kept(bare_app: Flask, content: bytes) -> None:
    digest = files.keep(content)

    assert files.fetch(digest) == content
    assert files.keep(content) == digest
    assert len(digest) == 64


def test_nothing_is_left_beside_what_was_kept(bare_app: Flask) -> None:
    path = files.path_of(files.keep(b"ballots"))

    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    assert not stat.S_IMODE(path.stat().st_mode) & 0o022


@pytest.mark.parametrize("damage", [b"", b"ballot", b"ballots and more"])
def test_a_file_that_was_altered_on_disk_is_not_given_out(bare_app: Flask, damage: bytes) -> None:
    digest = files.keep(b"ballots")
    files.path_of(digest).write_bytes(damage)

    with pytest.raises(DamagedFile):
        files.fetch(digest)


def test_keeping_the_same_content_again_mends_a_damaged_file(bare_app: Flask) -> None:
    digest = files.keep(b"ballots")
    files.path_of(digest).write_bytes(b"damage")

    files.keep(b"ballots")

    assert files.fetch(digest) == b"ballots"


@pytest.mark.parametrize("digest", ["../../secrets.json", "..", "", "a/b", "A" * 64, "0" * 63])
def test_only_a_digest_names_a_file(bare_app: Flask, digest: str) -> None:
    with pytest.raises(FileNotFoundError):
        files.fetch(digest)


def test_a_file_that_cannot_be_written_whole_is_not_there(
    bare_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.keep(b"ballots")
    monkeypatch.undo()

    folder = Path(bare_app.config["SETTINGS"].files)
    assert [path for path in folder.rglob("*") if path.is_file()] == []
