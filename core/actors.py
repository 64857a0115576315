"""Who acts: what the rooms may ask of a person without knowing the accounts room."""

from typing import Protocol


class Actor(Protocol):
    """A signed-in person, or nobody."""

    @property
    def is_authenticated(self) -> bool: ...

    @property
    def id(self) -> int: ...

    @property
    def display_name(self) -> str: ...

    def has_role(self, role: str) -> bool: ...


def acts_as(actor: Actor | None, *roles: str) -> bool:
    """Whether the actor is signed in and holds one of the roles."""
    return actor is not None and actor.is_authenticated and any(map(actor.has_role, roles))
