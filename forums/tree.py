"""The order of posts in a thread, kept as text.

Every post has a number in its thread. Its path is its parent's path followed by its own number in
four digits of base 36, so that sorting by path gives the reading order and one flat loop prints it.
"""

WIDTH = 4
MAX_DEPTH = 6
MOST_POSTS = 36**WIDTH - 1
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def path_below(parent_path: str, number: int) -> str:
    """The path of post `number` under a parent; the empty path is the thread itself.

    Below MAX_DEPTH a reply stands beside what it answers: deeper columns cannot be read on a phone.
    """
    if not 0 < number <= MOST_POSTS:
        raise ValueError(f"A thread holds {MOST_POSTS} posts at most.")
    deepest = parent_path[: MAX_DEPTH * WIDTH]
    return deepest + _base36(number)


def depth_of(path: str) -> int:
    """0 for a post that answers the thread, 1 for its replies, and so on."""
    return len(path) // WIDTH - 1


def root_of(path: str) -> str:
    """The path of the topmost post above this one, or of itself."""
    return path[:WIDTH]


def _base36(number: int) -> str:
    digits = ""
    for _ in range(WIDTH):
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits
