"""Options that were withdrawn while people voted: ballots keep them, the count passes them over.

Pure functions over the packed rankings of the database.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np


def without(
    packed: Iterable[bytes], options: Sequence[str], withdrawn: Collection[str]
) -> Iterator[bytes]:
    """The rankings as they are counted: without these options, numbered by those that are left.

    Later choices move up. A ballot of which nothing is left is left out.
    """
    left = [number for number, ref in enumerate(options) if ref not in withdrawn]
    places = {number: place for place, number in enumerate(left)}
    for ranking in packed:
        numbers = np.frombuffer(ranking, ">u2").tolist()
        kept = [places[number] for number in numbers if number in places]
        if kept:
            yield np.array(kept, ">u2").tobytes()
