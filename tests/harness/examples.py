"""An example for every part of every address, so that whole URL maps can be walked.

A new route whose address has a part that is not known here fails the architecture tests until a
line says what stands for it in the tests' small town.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from flask import Flask
from werkzeug.routing import Rule

from tests.harness import people
from tests.harness.town import Town

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")

# By "endpoint:part", "room.module:part" or "room:part"; the nearest one holds. Where a page looks
# different for different things, a list names several.
Example = str | int
Examples = Mapping[str, Example | list[Example]]


@dataclass(frozen=True)
class Route:
    """One method of one address of the URL map, with examples in place of its parts."""

    endpoint: str
    method: str
    url: str

    def __str__(self) -> str:
        return f"{self.method} {self.url} ({self.endpoint})"


def examples(town: Town) -> Examples:
    """What stands in addresses, by where it stands."""
    world = town.world
    return {
        "security:token": "no-such-token",
        "security:filename": "no-such-file.css",
        "accounts:token": "no-such-token",
        "accounts.admin.residents:ref": people.cast("bo").ref,
        "accounts.admin.approvals:ref": town.approval.ref,
        "accounts.admin.people:ref": people.cast("bo").ref,
        "accounts.admin.people:role": "moderator",
        "accounts.sessions:ref": "no-such-session",
        "accounts.passkeys:ref": "no-such-passkey",
        "districts:ref": world.riverside.ref,
        "proposals:ref": world.published.ref,
        "proposals.drafts:ref": world.draft.ref,
        "proposals.withdrawals.confirm_discarding:ref": world.draft.ref,
        "proposals.withdrawals.discard:ref": world.draft.ref,
        "transparency:ref": town.published_round.ref,
        "transparency:contest_ref": town.published_contest.ref,
        "transparency.downloads:name": f"{town.published_round.ref}.zip",
        "transparency.rounds:ref": [
            world.submission_round.ref,
            world.voting_round.ref,
            town.counted_round.ref,
            town.published_round.ref,
        ],
        "transparency.publications:ref": [town.counted_round.ref, town.published_round.ref],
        "voting:contest_ref": [world.riverside_contest.ref, world.city_contest.ref],
        "voting:ref": [town.draft_round.ref, world.voting_round.ref],
        "voting.papers:ref": [world.voting_round.ref, town.counted_round.ref],
        "voting.papers.sheet:ref": world.voting_round.ref,
        "voting.paper_batches:ref": [world.voting_round.ref, town.counted_round.ref],
        "voting.paper_batches.show:ref": town.paper_batch.ref,
        "voting.paper_batches.change:ref": town.paper_batch.ref,
        "voting.paper_batches.approve:ref": town.paper_batch.ref,
        "voting.paper_batches.withdraw:ref": town.paper_batch.ref,
        "voting.paper_keys:ref": town.paper_batch.ref,
        "voting.contests.edit:ref": town.draft_contest.ref,
        "voting.rules:ref": town.draft_round.ref,
        "voting.rules:contest_ref": town.draft_contest.ref,
        "voting.trials:ref": town.draft_round.ref,
        "voting.trials:contest_ref": town.draft_contest.ref,
        "voting.contests.save:ref": town.draft_contest.ref,
        "voting.objections:ref": [world.voting_round.ref, town.counted_round.ref],
        "voting.frozen_rules:ref": [world.city_contest.ref, town.draft_contest.ref],
        "voting.extensions:ref": [world.voting_round.ref, town.counted_round.ref],
        "voting.counts:ref": [world.voting_round.ref, town.counted_round.ref],
        "voting.counts.show:ref": town.count.ref,
        "voting.counts.certify:ref": town.count.ref,
        "voting.registers:ref": town.register.ref,
        "voting.letters:round_ref": world.voting_round.ref,
        "voting.letters:batch_ref": town.batch.ref,
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


def routes(app: Flask, known: Examples) -> list[Route]:
    """Every method of every address, in the order of the URL map."""
    found = []
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        parts = sorted(rule.arguments)
        choices = [examples_of(rule, part, known) for part in parts]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for values in product(*choices):
                url = adapter.build(rule.endpoint, dict(zip(parts, values, strict=True)), method)
                found.append(Route(rule.endpoint, method, url))
    return found


def examples_of(rule: Rule, part: str, known: Examples) -> list[Example]:
    for place in places_of(rule.endpoint):
        if (example := known.get(f"{place}:{part}")) is not None:
            return example if isinstance(example, list) else [example]
    if part in (rule.defaults or {}):
        return [(rule.defaults or {})[part]]
    raise AssertionError(
        f"{rule.endpoint} ({rule.rule}) has a part that no example is known for. "
        f'Add "{rule.endpoint}:{part}" to tests/harness/examples.py.'
    )


def places_of(endpoint: str) -> Iterator[str]:
    """`voting.ballots.cast`, then `voting.ballots`, then `voting`."""
    words = endpoint.split(".")
    for length in range(len(words), 0, -1):
        yield ".".join(words[:length])
