"""The acts of this room: making accounts, confirming residents, giving roles."""

from accounts.services.people import AddressTaken, create_account
from accounts.services.residencies import (
    PersonTaken,
    confirm_residency,
    move_residency,
    take_back_residency,
)
from accounts.services.roles import LastAdministrator, give_role, take_role

__all__ = [
    "AddressTaken",
    "LastAdministrator",
    "PersonTaken",
    "confirm_residency",
    "create_account",
    "give_role",
    "move_residency",
    "take_back_residency",
    "take_role",
]
