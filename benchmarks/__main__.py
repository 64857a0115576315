"""`make bench`: counting beside other programs and at scale, serving beside a constant page.

ARGS="counting irv add1" takes these parts of the counting only; ARGS=telling looks whether the time
of an answer tells who has an account. ARGS=registers reads a register of a million people on both
databases; it takes half an hour and is not among the rest (ARGS="registers 20000" takes fewer).
"""

import sys

from benchmarks import (
    ballot_log,
    casting,
    counting,
    registers,
    scale,
    telling_time,
    verifying,
    web,
)

if __name__ == "__main__":
    what, *parts = sys.argv[1:] or ["all"]
    if what in {"all", "counting"}:
        counting.main(parts)
    if what in {"all", "scale"}:
        scale.main()
    if what in {"all", "verify"}:
        verifying.main()
    if what in {"all", "log"}:
        ballot_log.main()
    if what in {"all", "web"}:
        web.main()
    if what in {"all", "casting"}:
        casting.main()
    if what in {"all", "telling"}:
        telling_time.main()
    if what == "registers":
        sys.exit(registers.main(*map(int, parts)))
