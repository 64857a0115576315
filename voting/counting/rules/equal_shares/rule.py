"""Equal shares as it is offered: its names, its text, its parameters."""

from voting.counting.rules.equal_shares.settings import NAMES, PARAMETERS, check_settings
from voting.counting.rules.equal_shares.stages import equal_shares, funded_by_equal_shares
from voting.counting.rules.rule import Rule
from voting.counting.rules.texts import N_
from voting.counting.vote_types import POINTED, RANKED, TICKED

EQUAL_SHARES = Rule(
    name="equal-shares",
    version="1",
    vote_types=(RANKED, *TICKED, *POINTED),
    title=N_("Equal shares"),
    explanation=N_(
        "The budget is divided equally among all ballots. A project is bought by its supporters, "
        "from their shares. In each round the project is bought that costs its supporters least "
        "for what it gives them; all pay alike, and who has less left pays all she has. It ends "
        "when no project's supporters can pay for it; what is left is spent as the completion "
        "says. For example, 100 is shared by ten ballots, 10 each. Six want the park for 48, five "
        "of them also the bridge for 40, the other four the benches for 30. The park comes first: "
        "its six supporters pay 8 each and have 2 left, too little for the bridge. The four buy "
        "the benches for 7.50 each. By votes alone the park and the bridge would have been "
        "funded, and the four would have got nothing."
    ),
    parameters=PARAMETERS,
    run=equal_shares,
    funds=funded_by_equal_shares,
    check=check_settings,
    names=NAMES,
)
