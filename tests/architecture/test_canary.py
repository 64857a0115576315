"""What people type never comes out as markup: a canary in every text of every table, and a crawl.

A column that is new is taken for text that somebody typed. One that holds a code, a key or a
hash is named in CODES.
"""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, String, Text, update
from sqlalchemy.orm import Mapper

from core import audit, clock, text
from core.database import Base, db
from tests.harness.client import BrowserLikeClient
from tests.harness.crawl import EVERYBODY, Answer, become, read
from tests.harness.examples import examples, routes
from tests.harness.people import cast
from tests.harness.town import Town, complete
from tests.harness.world import World

# Columns that the program writes and compares. All others are taken for text of people.
CODES = {
    "about", "act", "app_secret", "ballot_kind", "ballots_sha256", "challenge", "channel", "code",
    "code_hmac", "code_sha256", "credential_id", "currency", "device", "digest", "district_rule",
    "document", "document_sha256", "email", "encoding", "explanations", "form_key", "fs_uniquifier",
    "handle", "hidden_rule", "id", "kind", "last_error", "link_key_sha256", "log_key",
    "manifest_sha256", "mark", "matter_salt", "matter_sha256", "media_type", "mobile_hmac",
    "number", "openings", "paper_seed", "password", "path", "payload", "person_key", "person_salt",
    "person_sha256", "previous_sha256", "proof_hmac", "ref", "report_sha256", "rule",
    "rule_parameters", "rule_version", "sha256", "state", "subject", "subject_kind", "subject_path",
    "subject_ref", "tag", "tie_order", "token_sha256", "way", "words",
}  # fmt: skip
CODED_TABLES = {"role", "outbox_job", "published_file"}  # their names are codes
READ_AS_MARKUP = {"text/html", "application/xhtml+xml", "application/atom+xml", "image/svg+xml"}


@pytest.mark.sqlite  # templates escape, whatever the text comes from
def test_no_page_or_feed_shows_what_people_typed_as_markup(
    app: Flask, client: BrowserLikeClient, world: World
) -> None:
    columns = typed_columns()
    # Before publishing, since results and files keep what was said then; and again in all the rest.
    town = complete(world, before_publishing=plant_everywhere)
    plant_everywhere()
    wrong, seen = [], set()
    for name in EVERYBODY:
        become(client, name)
        for route in routes(app, examples(town)):
            if route.method != "GET":
                continue
            answer = read(client, route)
            page = answer.text
            seen |= {str(column) for n, column in enumerate(columns) if f"canary-{n} " in page}
            if answer.broken or lets_out_a_canary(answer):
                wrong.append(f"{name}, {route} {answer.broken}")

    assert wrong == []
    assert {"proposal.title", "user.display_name", "round.name"} <= seen, (
        "The crawl saw too little."
    )


def test_every_table_that_people_write_to_has_a_row_in_the_small_town(town: Town) -> None:
    empty = {
        str(column.table)
        for column in typed_columns()
        if db.session.query(column.table).first() is None
    }
    assert empty == set()


def lets_out_a_canary(answer: Answer) -> bool:
    """Whether a browser would take for markup what a person typed as text."""
    return "<canary" in answer.text and answer.mimetype in READ_AS_MARKUP


def typed_columns() -> list[Column[Any]]:
    """Every column that holds text which somebody typed, or HTML made of it."""
    mappers: list[Mapper[Any]] = sorted(
        Base.registry.mappers, key=lambda mapper: str(mapper.local_table)
    )
    return [
        column
        for mapper in mappers
        if str(mapper.local_table) not in CODED_TABLES
        for column in mapper.columns
        if isinstance(column.type, String | Text) and column.name not in CODES
    ]


def plant_everywhere() -> None:
    for number, column in enumerate(typed_columns()):
        if column.table.name == "audit_entry":  # the trail takes new entries only
            eli = cast("eli")
            audit.record("note", "round:x", by=eli, at=clock.now(), reason=canary_of(number, "x"))
        else:
            plant(column, number)
    db.session.commit()


def plant(column: Column[Any], number: int) -> None:
    """Writes the canary, another for each row, as the room would have stored it."""
    keys = list(column.table.primary_key.columns)
    for row in db.session.execute(db.select(*keys)).all():
        canary = canary_of(number, row[0])
        is_html = column.name == "html" or column.name.endswith("_html")
        stored = text.render(canary) if is_html else canary
        condition = [key == value for key, value in zip(keys, row, strict=True)]
        db.session.execute(update(column.table).where(*condition).values({column.name: stored}))


def canary_of(number: int, row: object) -> str:
    return f"<canary-{number} {row} x=\"'>&{{{{7*7}}}}"
