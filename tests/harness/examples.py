"""An example for every part of every address, so that whole URL maps can be walked.

A new route whose address has a part that is not known here fails the architecture tests until a
line says what stands for it in the tests' small town.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

from tests.harness import people
from tests.harness.world import World

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")

# Looked up by "endpoint:part", then by "room.module:part", then by "room:part".
Examples = dict[str, str | int]


@dataclass(frozen=True)
class Route:
    """One method of one address of the URL map, with examples in place of its parts."""

    endpoint: str
    method: str
    url: str

    def __str__(self) -> str:
        return f"{self.method} {self.url} ({self.endpoint})"


def examples(world: World) -> Examples:
    """What stands in addresses, by where it stands."""
    return {
        "security:token": "no-such-token",
        "security:filename": "no-such-file.css",
        "accounts:token": "no-such-token",
        "accounts.admin.residents:ref": people.cast("bo").ref,
        "accounts.admin.people:ref": people.cast("bo").ref,
        "accounts.admin.people:role": "moderator",
        "districts:ref": world.riverside.ref,
        "proposals:ref": world.published.ref,
        "proposals.drafts:ref": world.draft.ref,
        "proposals.withdrawals.confirm_discarding:ref": world.draft.ref,
        "proposals.withdrawals.discard:ref": world.draft.ref,
        "transparency:ref": world.voting_round.ref,
        "transparency:contest_ref": world.riverside_contest.ref,
        "voting:contest_ref": world.riverside_contest.ref,
        "transparency.downloads:name": "no-such-file.csv",
        "engagement:ref": world.meeting.ref,
        "forums.moderation.new_keeping:ref": world.reply.ref,
        "forums.moderation.keep:ref": world.reply.ref,
        "forums.roundtables:ref": world.roundtable.ref,
        "forums.threads:ref": world.thread.ref,
        "forums.threads.post:ref": world.reply.ref,
        "forums.posts:ref": world.reply.ref,
        "forums.posts.comment:ref": world.thread.ref,
        "forums.moderation:ref": world.reply.ref,
        "forums.moderation.new_showing:ref": world.hidden_post.ref,
        "forums.moderation.show:ref": world.hidden_post.ref,
        "forums.moderation.new_thread_act:ref": world.thread.ref,
        "forums.moderation.thread_act:ref": world.thread.ref,
        "forums.moderation:act": "locking",
    }


def routes(app: Flask, world: World) -> list[Route]:
    """Every method of every address, in the order of the URL map."""
    known = examples(world)
    found = []
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {part: example_of(rule, part, known) for part in rule.arguments}
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        for method in sorted(methods):
            url = adapter.build(rule.endpoint, values, method=method)
            found.append(Route(rule.endpoint, method, url))
    return found


def example_of(rule: Rule, part: str, known: Examples) -> str | int:
    for place in places_of(rule.endpoint):
        if f"{place}:{part}" in known:
            return known[f"{place}:{part}"]
    defaults = rule.defaults or {}
    if part in defaults:
        value: str | int = defaults[part]
        return value
    raise AssertionError(
        f"{rule.endpoint} ({rule.rule}) has a part that no example is known for. "
        f'Add "{rule.endpoint}:{part}" to tests/harness/examples.py.'
    )


def places_of(endpoint: str) -> Iterator[str]:
    """`voting.ballots.cast`, then `voting.ballots`, then `voting`."""
    words = endpoint.split(".")
    for length in range(len(words), 0, -1):
        yield ".".join(words[:length])
