"""One run of ours for `benchmarks.counting`: read and count one file, print what it took."""

import json
import sys
import time
from pathlib import Path

from voting.counting import count, read_pb


def main() -> None:
    begun = time.process_time()
    contest, ballots = read_pb(sys.argv[1])
    have_read = time.process_time()
    result = count(contest, ballots)
    counted = time.process_time()
    outcome = {
        "read": have_read - begun,
        "count": counted - have_read,
        "memory": peak_memory(),
        "winners": result.funded,
    }
    print(json.dumps(outcome))


def peak_memory() -> float:
    """The most resident memory this process has had, in megabytes."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise OSError("The kernel does not tell the peak memory of a process.")


if __name__ == "__main__":
    main()
