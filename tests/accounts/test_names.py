"""Which names may stand under a post."""

import pytest

from accounts.names import name_mistake


@pytest.mark.parametrize(
    "name",
    [
        "Amara", "Zoë", "Żaneta Łęcka", "О. Шевченко", "李小龙", "محمد", "Jo",
        "James Clerk Maxwell", "Badminton Fan", "Anna, ul. Długa 5", "Mayor's neighbour",
    ],
)  # fmt: skip
def test_people_go_by_all_kinds_of_names(name: str) -> None:
    assert name_mistake(name) is None


@pytest.mark.attack("B31")
@pytest.mark.parametrize(
    "name",
    [
        "Administrator", "ADMIN", "The Admin", "Adm1n", "a d m i n", "Аdmin", "Moderator Dana",
        "mod", "Town Hall", "TownHall Kraków", "t.o.w.n h.a.l.l", "Election Officer", "clerk",
        "Urząd Miasta", "Common Purse", "sys_admin admin", "Administratör",
    ],
)  # fmt: skip
def test_nobody_goes_by_an_office(name: str) -> None:
    assert name_mistake(name) == "office"


@pytest.mark.attack("B31")
def test_nobody_goes_by_the_name_of_the_site_or_the_city() -> None:
    assert name_mistake("kraków", offices=("Budget of Kraków", "Kraków")) == "office"
    assert name_mistake("Anna of Kraków", offices=("Kraków",)) is None


@pytest.mark.parametrize("name", ["...", "123", "🙂", "-"])
def test_a_name_has_a_letter(name: str) -> None:
    assert name_mistake(name) == "letters"


def test_a_name_is_there_and_has_an_end() -> None:
    assert name_mistake("") == "empty"
    assert name_mistake("x" * 61) == "long"
