"""PROTECTED: packs documents into rows of one length, best fit first.

Every row begins with a document's first token, which is BOS, and is full: there is no padding. The
longest document that still fits comes next; where none fits, the shortest is cropped to what is left
and its end is dropped.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator

import numpy as np

BUFFER = 1000
"""Documents to choose from."""


def pack(documents: Iterable[np.ndarray], length: int, buffer: int = BUFFER) -> Iterator[np.ndarray]:
    """Yields rows of `length` tokens (uint16). The same documents in the same order give the same rows.

    What is left when the documents end and does not fill a row is not used.
    """
    source = iter(documents)
    waiting: list[tuple[int, int]] = []  # (length, -arrival), so that of equal lengths the first comes last
    tokens: dict[int, np.ndarray] = {}
    arrived = 0
    row = np.empty(length, dtype=np.uint16)
    filled = 0
    while True:
        while source is not None and len(waiting) < buffer:
            document = next(source, None)
            if document is None:
                source = None
                break
            if len(document) == 0:
                continue
            arrived += 1
            tokens[arrived] = document
            insort(waiting, (len(document), -arrived))
        if not waiting:
            return
        left = length - filled
        fitting = bisect_right(waiting, (left, 0))
        # Where none fits: the shortest, and of equally short ones the first.
        index = fitting - 1 if fitting > 0 else bisect_left(waiting, (waiting[0][0] + 1,)) - 1
        _, arrival = waiting.pop(index)
        piece = tokens.pop(-arrival)[:left]
        row[filled : filled + len(piece)] = piece
        filled += len(piece)
        if filled == length:
            yield row
            row = np.empty(length, dtype=np.uint16)
            filled = 0
