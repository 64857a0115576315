"""Equal rows of a large array found and counted, in little more memory than the result takes.

A row of option numbers is written as one number in the base of how many options there are. Where
all such numbers fit into a table, each row is counted there; else the numbers are sorted. Rows
a little too long for one number are taken apart by their first column.
"""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.uint8] | NDArray[np.uint16]
Keys = NDArray[np.int64]

_TABLE = 1 << 23
_CHUNK = 1 << 16
_ONE_NUMBER = 1 << 63
_FEW = 256


def group_rows(matrix: Matrix) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
    """The distinct rows, sorted, and how often each occurs."""
    rows, length = matrix.shape
    base = int(matrix.max(initial=0)) + 1
    if rows == 0 or length == 0:
        return np.empty((0, length), np.uint16), np.empty(0, np.int64)
    if base**length <= _TABLE:
        table = np.zeros(base**length, np.int64)
        for start in range(0, rows, _CHUNK):
            np.add.at(table, _keys(matrix[start : start + _CHUNK], base), 1)
        return _rows_of_table(table, base, length), table[table > 0]
    if base**length <= _ONE_NUMBER:
        keys = np.empty(rows, np.int64)
        for start in range(0, rows, _CHUNK):
            keys[start : start + _CHUNK] = _keys(matrix[start : start + _CHUNK], base)
        return _group_keys(keys, base, length)
    if base <= _FEW and base ** (length - 1) <= _ONE_NUMBER:
        return _group_by_first(matrix, base)
    distinct, copies = np.unique(matrix, axis=0, return_counts=True)
    return distinct.astype(np.uint16), copies.astype(np.int64)


def _rows_of_table(table: Keys, base: int, length: int) -> NDArray[np.uint16]:
    """The rows that were counted, found in pieces so as not to have all their numbers at once."""
    rows = np.empty((np.count_nonzero(table), length), np.uint16)
    filled = 0
    for start in range(0, len(table), _CHUNK):
        keys = np.flatnonzero(table[start : start + _CHUNK]) + start
        rows[filled : filled + len(keys)] = _rows(keys, base, length)
        filled += len(keys)
    return rows


def _group_keys(keys: Keys, base: int, length: int) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
    keys.sort()
    starts = np.concatenate(([0], np.flatnonzero(keys[1:] != keys[:-1]) + 1, [len(keys)]))
    return _rows(keys[starts[:-1]], base, length), np.diff(starts)


def _group_by_first(matrix: Matrix, base: int) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
    """The rows with the same first entry are grouped by the rest of them."""
    parts, copies = [], []
    first = np.ascontiguousarray(matrix[:, 0])
    for value in range(base):
        chosen = np.flatnonzero(first == value)
        if len(chosen) == 0:
            continue
        rest, times = group_rows(matrix[chosen, 1:])
        part = np.empty((len(rest), matrix.shape[1]), np.uint16)
        part[:, 0], part[:, 1:] = value, rest
        parts.append(part)
        copies.append(times)
    return np.concatenate(parts), np.concatenate(copies)


def _keys(rows: Matrix, base: int) -> Keys:
    """Each row as one number, the first entry counting most."""
    keys = rows[:, 0].astype(np.int64)
    for column in range(1, rows.shape[1]):
        keys *= base
        keys += rows[:, column]
    return keys


def _rows(keys: Keys, base: int, length: int) -> NDArray[np.uint16]:
    """The rows that these numbers stand for."""
    rows = np.empty((len(keys), length), np.uint16)
    for start in range(0, len(keys), _CHUNK):
        rest = keys[start : start + _CHUNK].copy()
        for column in reversed(range(length)):
            rest, rows[start : start + _CHUNK, column] = np.divmod(rest, base)
    return rows
