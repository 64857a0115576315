"""Contests and their options, the voter roll, ballots, their public log, and counts.

No column here leads from a person to a ballot. Until closing a ballot carries a tag, an HMAC of
contest and person under a link key that is kept outside the database. At closing the roll marks
are written in the order of the roll, the ballots are copied under new random ids without tags,
and the link key is destroyed. During voting nothing that names a person is written in the
transaction of a cast: on PostgreSQL even the number of the transaction would tie the two rows.
"""

from voting.models.ballots import Ballot, ClearedBallot, SealedBallot
from voting.models.contests import Contest, Option
from voting.models.counts import ContestCount
from voting.models.letters import (
    Letter,
    LetterAddress,
    LetterBatch,
    LetterSession,
    LetterTries,
)
from voting.models.log import (
    ClosingRecord,
    Leaf,
    Manifest,
    SpoiledBallot,
    SupersededLeaf,
    TreeHead,
    TreeNode,
    WaitingLeaf,
    WithdrawnLeaf,
)
from voting.models.paper import (
    KeyedPaper,
    PaperBatch,
    PaperGiven,
    PaperKeyer,
    PaperMark,
    PaperSettlement,
)
from voting.models.registers import RegisterImport, RegisterProof, RegisterRow
from voting.models.rolls import BallotNotice, DistrictTurnout, RollEntry, RollMark
from voting.models.signals import AnomalyReading, CastSignal, SignalSummary
from voting.models.verification import MobileCode, VerificationTries

__all__ = [
    "AnomalyReading",
    "Ballot",
    "BallotNotice",
    "CastSignal",
    "ClearedBallot",
    "ClosingRecord",
    "Contest",
    "ContestCount",
    "DistrictTurnout",
    "KeyedPaper",
    "Leaf",
    "Letter",
    "LetterAddress",
    "LetterBatch",
    "LetterSession",
    "LetterTries",
    "Manifest",
    "MobileCode",
    "Option",
    "PaperBatch",
    "PaperGiven",
    "PaperKeyer",
    "PaperMark",
    "PaperSettlement",
    "RegisterImport",
    "RegisterProof",
    "RegisterRow",
    "RollEntry",
    "RollMark",
    "SealedBallot",
    "SignalSummary",
    "SpoiledBallot",
    "SupersededLeaf",
    "TreeHead",
    "TreeNode",
    "VerificationTries",
    "WaitingLeaf",
    "WithdrawnLeaf",
]
