import random

import numpy as np

from packing import pack

BOS = 0


def documents_of(seed, count, longest):
    """Documents whose tokens tell where they come from: BOS, the document's number, then its positions."""
    choose = random.Random(seed)
    return [np.array([BOS, 100 + number, *range(1000, 1000 + choose.randrange(longest))], dtype=np.uint16) for number in range(count)]


def pack_plainly(documents, length, buffer):
    """The same by looking at every waiting document."""
    coming, waiting, rows, row = list(documents), [], [], []
    while True:
        while coming and len(waiting) < buffer:
            waiting.append(coming.pop(0))
        if not waiting:
            return rows
        left = length - len(row)
        fitting = [document for document in waiting if len(document) <= left]
        chosen = max(fitting, key=len) if fitting else min(waiting, key=len)
        index = next(index for index, document in enumerate(waiting) if document is chosen)
        waiting.pop(index)
        row += list(chosen[:left])
        if len(row) == length:
            rows.append(row)
            row = []


def test_it_is_best_fit_and_crops_the_shortest():
    for seed in range(40):
        documents = documents_of(seed, count=80, longest=5 + seed)
        for buffer in (1, 7, 1000):
            packed = [row.tolist() for row in pack(documents, 33, buffer)]
            assert packed == pack_plainly(documents, 33, buffer)


def test_rows_are_full_begin_with_bos_and_hold_beginnings_of_documents():
    documents = documents_of(3, count=500, longest=60)
    seen = set()
    for row in pack(documents, 50, 20):
        assert len(row) == 50 and row.dtype == np.uint16
        starts = [index for index, token in enumerate(row) if token == BOS]
        assert starts[0] == 0
        for start, end in zip(starts, [*starts[1:], 50]):
            if end - start < 2:
                continue
            number = int(row[start + 1]) - 100
            assert number not in seen, "every document is used once"
            seen.add(number)
            piece = row[start:end]
            assert (piece == documents[number][: len(piece)]).all()
            assert len(piece) == len(documents[number]) or end == 50, "only the last piece of a row is cropped"
    assert len(seen) > 400


def test_what_fits_exactly_loses_nothing():
    documents = [np.full(10, token, dtype=np.uint16) for token in range(1, 31)]
    rows = list(pack(documents, 30))
    assert len(rows) == 10
    assert sorted(token for row in rows for token in row.tolist()) == sorted(token for token in range(1, 31) for _ in range(10))


def test_no_documents_give_no_rows():
    assert list(pack([], 8)) == []
    assert list(pack([np.array([], dtype=np.uint16), np.arange(3, dtype=np.uint16)], 8)) == []
