#!/usr/bin/env python3
"""Count a published question again: a name, one of several plans, people for a jury.

FILE is the .blt file of the ballots. What such a file has no place for, the rule, its settings and
the order that decides ties, is published beside it and given here as options.

It is a file of its own beside recount.py, which counts votes about money: a question has neither
costs nor a budget, so that hardly a line of one would serve the other, and who counts a name again
need not read how money is spent. It needs nothing but Python 3.10, was written apart from the
program that counted first and shares no line with it, so that two counts which agree mean
something.

The exit code is 0, or 2 with one sentence on standard error when the file cannot be counted.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

KNOWN = """\
rules for one seat:
  irv            A ballot counts for the first it ranks of those still in. Who has more than half
                 is chosen. Otherwise who has fewest goes out, and these ballots count for the next.
rules for one seat or several:
  scottish-stv   Who has a quota of the votes is chosen; what is above it moves on, at the same
                 part of each ballot. If nobody has, who has fewest goes out (SSI 2007/42).
  meek-stv       The same idea. The quota falls as ballots run out of names, and the chosen keep no
                 larger part of each ballot than they need (Reference Meek Rule).
  schulze        Each two are compared: how many ballots place one above the other? A chain of
                 majorities is as strong as its weakest, and who nobody beats by chains is first.
  ranked-pairs   The same comparisons, the strongest first: each stands unless those before it
                 contradict it. Who nobody then beats is first.
"""
MARKS = {"overvote": ["exhaust", "skip", "refuse"], "skipped": ["skip", "stop", "stop-after-two"]}
# What each rule lets a city set; the first is meant where nothing is said.
SETTINGS: dict[str, dict[str, list[str]]] = {
    "irv": {
        **MARKS,
        "ties": ["earlier-stages", "first-stages", "lot"],
        "batches": ["none", "hopeless"],
    },
    "scottish-stv": {**MARKS, "skipped": ["stop", "skip", "stop-after-two"]},
    "meek-stv": MARKS,
    "schulze": {},
    "ranked-pairs": {"strength": ["margins", "winning-votes"]},
}
ALL_SETTINGS = ["overvote", "skipped", "ties", "batches", "strength"]


class Refused(Exception):
    """The file cannot be counted; the text says why, in one sentence."""


def main(arguments: list[str] | None = None) -> int:
    options = parse_command_line(arguments)
    try:
        race = read_race(options.file)
        seats = race.seats if options.seats is None else options.seats
        race = race._replace(seats=seats, luck=luck_of(race, options.tie_order))
        given = {name: getattr(options, name) for name in ALL_SETTINGS if getattr(options, name)}
        result = count(race, options.rule, given)
    except Refused as refusal:
        sys.stderr.write(plain(f"recount_seats.py: {options.file}: {refusal}") + "\n")
        return 2
    show(map(str, result.elected) if options.winners else account(race, result))
    return 0


# --- Reading a file ------------------------------------------------------------------------------

# A candidate is her number in the file, from 1. A paper is a row of ranks; at a rank may stand one
# candidate, nobody (it was left out) or several (it was given twice).
Paper = tuple[tuple[int, ...], ...]


class Race(NamedTuple):
    """Who stands for how many seats, and what the papers say; equal papers are counted together.

    `luck` has a place for each candidate, 0 for the luckiest.
    """

    title: str
    names: dict[int, str]
    seats: int
    withdrawn: frozenset[int]
    papers: Counter[Paper]
    luck: dict[int, int]

    @property
    def standing(self) -> list[int]:
        return [one for one in self.names if one not in self.withdrawn]


def read_race(path: str) -> Race:
    lines = numbered_lines(path)
    line, words = next(lines, (1, []))
    if len(words) != 2:
        raise Refused("It does not begin with the number of candidates and of seats.")
    candidates, seats = (whole(word, line) for word in words)
    if candidates < 1:
        raise Refused("It names no candidates.")
    withdrawn: set[int] = set()
    papers: Counter[Paper] = Counter()
    for line, words in lines:
        if words == ["0"]:
            break
        if words[0].startswith("-") and words[0] != "-":
            withdrawn |= {candidate(word[1:], candidates, line) for word in words}
            continue
        if len(words) < 2 or words[-1] != "0":
            raise Refused(f"Line {line}: the ballot does not end with 0.")
        ranks = tuple(rank_of(word, candidates, line) for word in words[1:-1])
        papers[ranks] += whole(words[0], line)
    else:
        raise Refused("The ballots do not end with a line that has nothing but 0.")
    texts = quoted_in("\n".join(" ".join(words) for _, words in lines))
    if len(texts) < candidates:
        raise Refused("It does not name all its candidates.")
    names = dict(enumerate(texts[:candidates], start=1))
    title = "".join(texts[candidates : candidates + 1])
    order = {number: place for place, number in enumerate(names)}
    return Race(title, names, seats, frozenset(withdrawn), +papers, order)


def numbered_lines(path: str) -> Iterator[tuple[int, list[str]]]:
    """The words of each line that has any; what stands after # says nothing, but not in quotes."""
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("It is not text in UTF-8.") from None
    except OSError as error:
        raise Refused(f"It cannot be read ({error.strerror}).") from None
    for number, line in enumerate(text.split("\n"), start=1):
        said = line.strip()
        if not said.startswith('"'):
            said = said.partition("#")[0]
        if said.split():
            yield number, said.split()


def whole(word: str, line: int) -> int:
    if not (word.isascii() and word.isdigit() and len(word) < 16):
        raise Refused(f"Line {line}: {word[:40]!r} is no whole number.")
    return int(word)


def candidate(word: str, candidates: int, line: int) -> int:
    number = whole(word, line)
    if not 1 <= number <= candidates:
        raise Refused(f"Line {line}: there is no candidate {number}.")
    return number


def rank_of(word: str, candidates: int, line: int) -> tuple[int, ...]:
    if word == "-":
        return ()
    return tuple(sorted({candidate(one, candidates, line) for one in word.split("=")}))


def quoted_in(text: str) -> list[str]:
    """What stands in quotes, where a mark inside is written with a stroke before it."""
    found = re.finditer(r'"((?:[^"\\]|\\.)*)"|#.*', text)
    quoted = (match.group(1) for match in found)
    return [re.sub(r"\\(.)", r"\1", one) for one in quoted if one is not None]


def luck_of(race: Race, tie_order: str | None) -> dict[int, int]:
    """Each candidate's place in the lot. Without a lot it is the order of the candidates."""
    if tie_order is None:
        return race.luck
    order = tie_order.split(",")
    if sorted(order) != sorted(map(str, race.names)):
        raise Refused("The tie order does not name each candidate once.")
    return {int(one): place for place, one in enumerate(order)}


def fingerprint(race: Race) -> str:
    """The SHA-256 of all papers: a line for each that differs, sorted."""
    lines = sorted(
        json.dumps([copies, [list(map(str, rank)) for rank in paper]], separators=(",", ":"))
        for paper, copies in race.papers.items()
    )
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


# --- What the marks on a paper mean --------------------------------------------------------------

# Preferences, the first first, and how many papers have them.
Preferences = Counter[tuple[int, ...]]


def preferences_in(race: Race, settings: dict[str, str]) -> tuple[Preferences, int, int]:
    """The papers that show a preference for anybody who stands; how many are blank, and invalid."""
    found: Preferences = Counter()
    blank = invalid = 0
    for paper, copies in race.papers.items():
        marked = marks_that_count(paper, settings)
        if marked is None:
            invalid += copies
            continue
        preferred = tuple(one for one in marked if one not in race.withdrawn)
        if preferred:
            found[preferred] += copies
        else:
            blank += copies
    return found, blank, invalid


def marks_that_count(paper: Paper, settings: dict[str, str]) -> list[int] | None:
    """Ranks are read from the first on, as far as the paper counts. None: it is invalid."""
    marked: list[int] = []
    left_out = 0
    for rank in paper:
        if len(rank) > 1:
            if settings["overvote"] == "refuse":
                return None
            if settings["overvote"] == "exhaust":
                break
            left_out = 0
        elif rank:
            left_out = 0
            marked += [one for one in rank if one not in marked]
        else:
            left_out += 1
            if settings["skipped"] == "stop":
                break
            if settings["skipped"] == "stop-after-two" and left_out == 2:
                break
    return marked


# --- Counting ------------------------------------------------------------------------------------


class Stage(NamedTuple):
    """What was done, and who then held what, in units."""

    told: str
    tallies: dict[int, int]


class Result:
    """The elected in their order, and what an account tells of how they were."""

    def __init__(self, rule: str, settings: dict[str, str], unit: int) -> None:
        self.rule = rule
        self.settings = settings
        self.unit = unit  # so many make one vote
        self.elected: list[int] = []
        self.stages: list[Stage] = []
        self.ranking: list[int] = []
        self.above: dict[tuple[int, int], int] = {}
        self.told: list[str] = []

    def stage(self, told: str, tallies: dict[int, int]) -> None:
        self.stages.append(Stage(told, dict(tallies)))

    def before(self, one: int) -> list[int]:
        """What a candidate held at the end of each stage, the latest first."""
        return [stage.tallies[one] for stage in reversed(self.stages)]


def count(race: Race, rule: str, given: dict[str, str]) -> Result:
    """Count by a rule, with what was set of it; for the rest what is usual."""
    if rule not in SETTINGS:
        raise Refused(f"The rule {rule[:40]!r} is unknown; known: {', '.join(SETTINGS)}.")
    for name, value in given.items():
        if value not in SETTINGS[rule].get(name, []):
            raise Refused(f"The rule {rule} cannot have {name} {value[:40]!r}.")
    if race.seats < 1:
        raise Refused("There is no seat to fill.")
    if rule == "irv" and race.seats > 1:
        raise Refused(f"The rule irv fills one seat only, and there are {race.seats}.")
    if not race.standing:
        raise Refused("Nobody stands.")
    settings = {name: values[0] for name, values in SETTINGS[rule].items()} | given
    unit = {"scottish-stv": 10**5, "meek-stv": 10**9}.get(rule, 1)
    result = Result(rule, settings, unit)
    if rule in ("schulze", "ranked-pairs"):
        count_pairs(race, result)
        return result
    found, blank, invalid = preferences_in(race, settings)
    result.told = [f"{found.total()} ballots count, {blank} are blank and {invalid} invalid."]
    {"irv": count_irv, "scottish-stv": count_scottish, "meek-stv": count_meek}[rule](
        race, found, result
    )
    return result


class Pile(NamedTuple):
    """Equal papers that count for the same candidate, with the value that each has, in units."""

    preferred: tuple[int, ...]
    copies: int
    value: int


class Piles:
    """Every paper counts for the first it ranks of those who continue."""

    def __init__(self, race: Race, found: Preferences, unit: int) -> None:
        self.continuing = set(race.standing)
        self.of: dict[int, list[Pile]] = {one: [] for one in race.standing}
        for preferred, copies in found.items():
            self.give(Pile(preferred, copies, unit))
        self.tallies = {one: self.worth(one) for one in race.standing}

    def worth(self, one: int) -> int:
        return sum(pile.copies * pile.value for pile in self.of[one])

    def give(self, pile: Pile) -> None:
        for one in pile.preferred:
            if one in self.continuing:
                self.of[one].append(pile)
                return

    def send_on(self, one: int, part: tuple[int, int] = (1, 1)) -> None:
        """Papers go to the next who continue, each at this part of its value, rounded down."""
        papers, self.of[one] = self.of[one], []
        for pile in papers:
            self.give(pile._replace(value=part[0] * pile.value // part[1]))
        for other in self.continuing:
            self.tallies[other] = self.worth(other)


# --- Instant runoff ------------------------------------------------------------------------------


def count_irv(race: Race, found: Preferences, result: Result) -> None:
    piles = Piles(race, found, 1)
    told = "First preferences"
    while True:
        held = {one: piles.tallies[one] for one in sorted(piles.continuing)}
        result.stage(told, {**dict.fromkeys(race.standing, 0), **held})
        majority = [one for one in held if 2 * held[one] > sum(held.values())]
        if majority or len(held) == 1:
            result.elected = majority or list(held)
            return
        out = hopeless(held) if result.settings["batches"] == "hopeless" else []
        out = out or [fewest(race, result, held)]
        told = f"{named(race, out)} excluded"
        piles.continuing -= set(out)
        for one in out:
            piles.send_on(one)


def hopeless(held: dict[int, int]) -> list[int]:
    """The most of the lowest who together have less than the next above them."""
    upwards = sorted(held, key=held.__getitem__)
    for number in range(len(upwards) - 1, 0, -1):
        if sum(held[one] for one in upwards[:number]) < held[upwards[number]]:
            return upwards[:number]
    return []


def fewest(race: Race, result: Result, held: dict[int, int]) -> int:
    """Who has fewest; of equals who had fewest at another stage; in the end the unluckiest."""

    def key(one: int) -> tuple[list[int], int]:
        stages = result.before(one)
        now = stages[:1]
        earlier = {"earlier-stages": stages, "first-stages": stages[::-1], "lot": []}
        return now + earlier[result.settings["ties"]], -race.luck[one]

    return min(held, key=key)


# --- The transferable vote by Scotland's order ---------------------------------------------------


def count_scottish(race: Race, found: Preferences, result: Result) -> None:
    """Rules 45 to 52 of schedule 1 to SSI 2007/42."""
    piles = Piles(race, found, result.unit)
    quota = (found.total() // (race.seats + 1) + 1) * result.unit
    result.told.append(f"The quota is {quota // result.unit}.")
    surplus: list[int] = []
    told = "First preferences"
    while True:
        result.stage(told, piles.tallies)

        def downwards(one: int) -> tuple[list[int], int]:
            return [-tally for tally in result.before(one)], race.luck[one]

        reach = [one for one in piles.continuing if piles.tallies[one] >= quota]
        for one in sorted(reach, key=downwards):
            result.elected.append(one)
            piles.continuing.remove(one)
            surplus += [one] * (piles.tallies[one] > quota)
        left = race.seats - len(result.elected)
        if len(piles.continuing) <= left:
            result.elected += sorted(piles.continuing, key=downwards)
            return
        if not left:
            return
        if surplus:
            one = min(surplus, key=downwards)
            surplus.remove(one)
            votes = piles.tallies[one]
            piles.tallies[one] = quota
            piles.send_on(one, (votes - quota, votes))
            told = f"The surplus of {named(race, [one])} moves on"
        else:
            one = max(piles.continuing, key=downwards)
            piles.continuing.remove(one)
            piles.tallies[one] = 0
            piles.send_on(one)
            told = f"{named(race, [one])} excluded"


# --- Meek's transferable vote --------------------------------------------------------------------

OMEGA = 10**3  # 0.000001, in units


def count_meek(race: Race, found: Preferences, result: Result) -> None:
    """The Reference Meek Rule. A candidate keeps a part of each vote that reaches her."""
    one_vote = result.unit
    keeps = dict.fromkeys(race.standing, one_vote)
    hopeful = set(race.standing)
    told = "First preferences"

    def downwards(one: int) -> tuple[int, int]:
        return -tallies[one], race.luck[one]

    while True:
        before = None
        while True:
            tallies = distribute(found, keeps, one_vote)
            quota = sum(tallies.values()) // (race.seats + 1) + 1
            reach = sorted((one for one in hopeful if tallies[one] >= quota), key=downwards)
            result.elected += reach
            hopeful -= set(reach)
            surplus = max(0, sum(tallies[one] - quota for one in result.elected))
            if reach or surplus < OMEGA or (before is not None and surplus >= before):
                break
            before = surplus
            for one in result.elected:
                kept = rounded_up(keeps[one] * quota, one_vote)
                keeps[one] = rounded_up(kept * one_vote, tallies[one])
        result.stage(told, tallies)
        told = f"{named(race, reach)} elected" if reach else ""
        if len(hopeful) + len(result.elected) <= race.seats:
            result.elected += sorted(hopeful, key=downwards)
            return
        if len(result.elected) >= race.seats:
            return
        if not reach:
            least = min(tallies[one] for one in hopeful)
            tied = [one for one in hopeful if tallies[one] <= least + surplus]
            out = max(tied, key=race.luck.__getitem__)
            hopeful.remove(out)
            keeps[out] = 0
            told = f"{named(race, [out])} defeated"


def distribute(found: Preferences, keeps: dict[int, int], one_vote: int) -> dict[int, int]:
    """Each paper gives every candidate the part that she keeps of what reaches her."""
    tallies = dict.fromkeys(keeps, 0)
    for preferred, copies in found.items():
        weight = one_vote
        for one in preferred:
            given = rounded_up(weight * keeps[one], one_vote)
            tallies[one] += copies * given
            weight -= given
            if not weight:
                break
    return tallies


def rounded_up(number: int, divisor: int) -> int:
    return -(-number // divisor)


# --- Rules that compare each two -----------------------------------------------------------------


def count_pairs(race: Race, result: Result) -> None:
    result.above = compare(race)
    beats = strongest_paths(race, result.above)
    if result.rule == "ranked-pairs":
        beats = locked_pairs(race, result.above, result.settings["strength"])
    waiting = list(race.standing)
    while waiting:
        unbeaten = [a for a in waiting if not any((b, a) in beats for b in waiting)]
        first = min(unbeaten, key=race.luck.__getitem__)
        result.ranking.append(first)
        waiting.remove(first)
    result.elected = result.ranking[: race.seats]


def compare(race: Race) -> dict[tuple[int, int], int]:
    """How many papers place one above another. Who is not listed stands below all who are."""
    listed = dict.fromkeys(race.names, 0)
    not_above: Counter[tuple[int, int]] = Counter()  # on papers that list both
    for paper, copies in race.papers.items():
        place: dict[int, int] = {}
        for rank, here in enumerate(paper):
            for one in here:
                place.setdefault(one, rank)
        for a, rank in place.items():
            listed[a] += copies
            not_above.update({(a, b): copies for b, other in place.items() if rank >= other})
    return {
        (a, b): listed[a] - not_above[a, b] for a in race.standing for b in race.standing if a != b
    }


def strongest_paths(race: Race, above: dict[tuple[int, int], int]) -> set[tuple[int, int]]:
    """Schulze: the pairs of whom the first has the stronger path of majorities to the second."""
    path = {(a, b): n if n > above[b, a] else 0 for (a, b), n in above.items()}
    for via in race.standing:
        for a in race.standing:
            for b in race.standing:
                if len({a, b, via}) == 3:
                    path[a, b] = max(path[a, b], min(path[a, via], path[via, b]))
    return {(a, b) for a, b in path if path[a, b] > path[b, a]}


def locked_pairs(
    race: Race, above: dict[tuple[int, int], int], strength: str
) -> set[tuple[int, int]]:
    """Ranked pairs: every majority, the strongest first, unless it would close a circle."""

    def key(pair: tuple[int, int]) -> tuple[int, ...]:
        winner, loser = pair
        votes, against = above[pair], above[loser, winner]
        size = (against - votes,) if strength == "margins" else (-votes, against)
        return *size, -race.luck[loser], race.luck[winner]

    majorities = [(a, b) for a, b in above if above[a, b] > above[b, a]]
    leads: dict[int, set[int]] = {one: {one} for one in race.standing}  # to whom, over any number
    locked: set[tuple[int, int]] = set()
    for winner, loser in sorted(majorities, key=key):
        if winner in leads[loser]:
            continue
        locked.add((winner, loser))
        for one in race.standing:
            if winner in leads[one]:
                leads[one] |= leads[loser]
    return locked


# --- The account ---------------------------------------------------------------------------------


def account(race: Race, result: Result) -> Iterator[str]:
    yield race.title
    ballots = race.papers.total()
    yield f"Counted by the rule {result.rule}, from {ballots} ballots, for {race.seats}."
    if result.settings:
        yield f"Its settings: {json.dumps(result.settings)}"
    yield f"SHA-256 of the ballots: {fingerprint(race)}"
    yield from result.told
    for number, stage in enumerate(result.stages, start=1):
        yield ""
        yield f"Stage {number}: {stage.told}"
        for one in sorted(stage.tallies, key=lambda each: (-stage.tallies[each], each)):
            if stage.tallies[one]:
                yield f"{votes(stage.tallies[one], result.unit):>16}  {named(race, [one])}"
    for place, one in enumerate(result.ranking, start=1):
        if place == 1:
            yield ""
            yield "In this order, with how many ballots place each above, and below, the next"
        after = result.ranking[place : place + 1]
        pair = [f"{result.above[one, b]} : {result.above[b, one]}" for b in after]
        yield f"{place:4}  {''.join(pair):>16}  {named(race, [one])}"
    yield ""
    yield "Chosen, in this order"
    for one in result.elected:
        yield f"  {named(race, [one])}"


def named(race: Race, candidates: list[int]) -> str:
    return ", ".join(f"{one} {race.names[one]}" for one in candidates)


def votes(units: int, unit: int) -> str:
    digits = len(str(unit)) - 1
    whole_votes, part = divmod(units, unit)
    decimals = f"{part:0{digits}}".rstrip("0") if digits else ""
    return f"{whole_votes}.{decimals}" if decimals else f"{whole_votes}"


# --- The command line, and text ------------------------------------------------------------------


def parse_command_line(arguments: list[str] | None) -> argparse.Namespace:
    parser = OneSentenceParser(
        prog="recount_seats.py",
        description=__doc__,
        epilog=KNOWN,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="a .blt file")
    parser.add_argument("--rule", metavar="R", required=True, help="count by this rule")
    parser.add_argument("--seats", metavar="N", type=int, help="fill so many seats")
    parser.add_argument("--tie-order", metavar="IDS", help="the lot: all numbers, with commas")
    for name in ALL_SETTINGS:
        known = {value for rule in SETTINGS.values() for value in rule.get(name, [])}
        parser.add_argument(f"--{name}", metavar="S", help=f"one of {', '.join(sorted(known))}")
    parser.add_argument("--winners", action="store_true", help="print only the chosen numbers")
    return parser.parse_args(arguments)


class OneSentenceParser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"recount_seats.py: {message}; try --help.\n")


def plain(text: str) -> str:
    """Text without signs that would move a terminal's cursor."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def show(lines: Iterable[str]) -> None:
    try:
        for line in lines:
            sys.stdout.buffer.write(f"{plain(line)}\n".encode())
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
