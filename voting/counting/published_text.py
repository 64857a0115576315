"""How numbers of points are written where they are published, and the hash of what is."""

from collections.abc import Iterable


def format_points(points: int, scale: int) -> str:
    """Points as files write them: 25 in tenths is 2.5, and 20 in tenths is 2."""
    if scale == 1:
        return str(points)
    units, rest = divmod(abs(points), scale)
    decimals = f".{rest:0{len(str(scale)) - 1}d}".rstrip("0").rstrip(".")
    return f"{'-' if points < 0 else ''}{units}{decimals}"


def digest_of_lines(lines: Iterable[str]) -> str:
    return sha256_of("".join(f"{line}\n" for line in lines).encode())


def sha256_of(content: bytes) -> str:
    """As hexadecimal digits."""
    import hashlib  # brings OpenSSL along, a tenth of the memory that reading and counting take

    return hashlib.sha256(content).hexdigest()
