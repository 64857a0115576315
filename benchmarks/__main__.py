"""`make bench`: counting against the peer, serving against a constant page."""

import sys

from benchmarks import counting, scale, web

PARTS = {"counting": counting.main, "scale": scale.main, "web": web.main}

if __name__ == "__main__":
    for name in sys.argv[1:] or PARTS:
        PARTS[name]()
