import math

import pytest
import torch

import prepare
from bpb import EvaluationError, bits_per_byte

TEXTS = ["größe und 東京は日本の首都です", "🙂🙃 naïve", "привет мир 12345", "<|reserved_0|> is text", "a\n\n  b"] * 20


@pytest.fixture(scope="module")
def tokenizer():
    return prepare.train_tokenizer(TEXTS[:2], 300)


def predict_from_last(vocabulary, seed=0):
    """Logits that depend on the present token only."""
    table = torch.randn(vocabulary, vocabulary, generator=torch.Generator().manual_seed(seed))
    return lambda tokens: table[tokens]


def rows_of(tokenizer, length):
    tokens = [int(token) for document in prepare.encode_all(tokenizer, TEXTS) for token in document]
    return torch.tensor(tokens[: len(tokens) // length * length]).view(-1, length)


def test_lengths_are_those_of_the_raw_bytes(tokenizer):
    lengths = prepare.token_bytes(tokenizer)
    names = [tokenizer.id_to_token(token) for token in range(len(lengths))]
    partial = [name for name in names if len(name) == 1 and ord(name) > 0xFF]
    assert partial, "the byte alphabet has letters for bytes that are no character alone"
    for text in TEXTS:
        (document,) = prepare.encode_all(tokenizer, [text])
        assert sum(lengths[token] for token in document) == len(text.encode())
        assert document[0] == tokenizer.token_to_id("<|reserved_0|>")
        assert (document[1:] > 3).all(), "text that looks like a special token is only text"
    # Decoding a token alone would have given another length for parts of characters.
    decoded = [len(tokenizer.decode([token]).encode()) for token in range(4, len(lengths))]
    assert decoded != lengths[4:]
    assert lengths[:4] == [0, 0, 0, 0]


def test_it_is_the_bits_over_the_bytes_of_the_text(tokenizer):
    lengths = torch.tensor(prepare.token_bytes(tokenizer))
    rows = rows_of(tokenizer, 17)
    predict = predict_from_last(len(lengths))
    bits, size = 0.0, 0
    for row in rows.tolist():
        for present, following in zip(row, row[1:]):
            if following < 4:
                continue
            logits = predict(torch.tensor([present]))[0].double()
            bits -= math.log2(math.exp(float(logits[following])) / float(logits.exp().sum()))
            size += len(tokenizer.id_to_token(following))
    assert bits_per_byte(predict, rows, lengths, rows_at_once=3) == pytest.approx(bits / size, rel=1e-6)


def test_a_model_that_knows_nothing_needs_the_same_for_every_token():
    lengths = torch.tensor([0, 1, 2, 5])
    rows = torch.tensor([[0, 1, 2, 3, 0, 3, 1, 2, 2]])
    predict = lambda tokens: torch.zeros(*tokens.shape, 4)
    counted = 1 + 2 + 5 + 5 + 1 + 2 + 2
    assert bits_per_byte(predict, rows, lengths, 8) == pytest.approx(7 * 2 / counted)


def test_it_does_not_depend_on_how_many_rows_come_at_once(tokenizer):
    lengths = torch.tensor(prepare.token_bytes(tokenizer))
    rows = rows_of(tokenizer, 33)
    predict = predict_from_last(len(lengths))
    results = {bits_per_byte(predict, rows, lengths, at_once) for at_once in (1, 5, 100)}
    assert max(results) - min(results) < 1e-9


def test_it_refuses_what_is_no_prediction():
    lengths = torch.tensor([0, 1, 1, 1])
    rows = torch.randint(0, 4, (4, 9), generator=torch.Generator().manual_seed(1))
    know_the_next = lambda tokens: 20.0 * torch.nn.functional.one_hot(tokens.roll(-1, dims=1), 4)
    with pytest.raises(EvaluationError, match="looks ahead"):
        bits_per_byte(know_the_next, rows, lengths, 4)
    with pytest.raises(EvaluationError, match=r"shape \(4, 8, 4\)"):
        bits_per_byte(lambda tokens: torch.zeros(*tokens.shape, 5), rows, lengths, 4)
    with pytest.raises(EvaluationError):
        bits_per_byte(lambda tokens: torch.full((*tokens.shape, 4), math.nan), rows, lengths, 4)
    with pytest.raises(EvaluationError, match="no rows"):
        bits_per_byte(lambda tokens: tokens, rows[:0], lengths, 4)
    with pytest.raises(EvaluationError, match="no text"):
        bits_per_byte(lambda tokens: torch.zeros(*tokens.shape, 4), torch.zeros(1, 9, dtype=torch.long), lengths, 4)
