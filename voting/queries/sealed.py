"""A ballot as it will lie in the box: packed, salted, committed to. Nothing is stored here."""

from collections.abc import Sequence
from typing import NamedTuple

from voting import commitments
from voting.counting.ranking import pack_ranking
from voting.queries.at_the_box import AnyContest
from voting.queries.manifests import Terms


class Sealed(NamedTuple):
    """What a cast would store, and the terms it is cast under."""

    ranking: bytes
    salt: bytes
    commitment: bytes
    terms: Terms

    @property
    def code(self) -> str:
        return commitments.receipt_code(self.commitment)


def sealed_as(
    contest: AnyContest,
    options: Sequence[str],
    ranking: Sequence[str],
    form_key: str,
    terms: Terms,
    link_key: bytes,
) -> Sealed:
    """The ballot that this form of a browser would cast: the same each time it is asked.

    `options` are the refs in the contest's order; `terms` are those in force, and `link_key` is
    what `link_key_of` answers.
    """
    content = commitments.payload(contest.ref, terms.sha256, ranking)
    salt = commitments.salt_of(link_key, contest.ref, form_key, content)
    packed = pack_ranking(ranking, options)
    return Sealed(packed, salt, commitments.commitment(salt, content), terms)
