"""The evaluation of a trial, with the two sides of the pipe in one process."""

import base64
import json

import numpy as np
import pytest
import torch

import evaluate
import prepare
import serving
import train
from prepared import choose


@pytest.fixture
def trained(monkeypatch, cache, tiny, texts, tmp_path):
    """A trained model of the tiny size, and what bits_per_byte says of it."""
    prepare.prepare_data(tiny, choose(tiny, str(texts), None))
    for name, value in {"TOTAL_BATCH": 256, "DEVICE_ROWS": 4, "WIDTH_PER_LAYER": 16, "HEAD_SIZE": 16, "GATE_CHANNELS": 8}.items():
        monkeypatch.setattr(train, name, value)
    monkeypatch.setenv("AUTORESEARCH_SEED", "7")
    for table in (evaluate.PROBES, evaluate.HONEST, evaluate.ROWS_AT_ONCE):
        monkeypatch.setitem(table, "tiny", table["cpu"])
    monkeypatch.chdir(tmp_path)
    train.hand_over(tiny)
    return tiny, train.main(tiny)["val_bpb"]


class InProcess:
    """Answers as `train.py --answer` does."""

    def __init__(self, size, change=lambda logits, inputs: logits):
        self.size = size
        self.machine = train.hardware.find_hardware()
        self.vocabulary = train.Data(size).vocabulary
        self.model = train.Model(self.vocabulary, size.context, self.machine)
        self.model.load_state_dict(torch.load("model.pt", weights_only=True))
        self.predict = lambda inputs: change(self.model(inputs), inputs)
        self.is_fresh = False

    def ask(self, request):
        with torch.no_grad(), self.machine.autocast():
            text = serving.answer(json.loads(json.dumps(request)), self.size, self.machine, self.predict, self.vocabulary)
        return np.frombuffer(base64.b64decode(text), dtype="<f4").astype(np.float64)

    def start_anew(self):
        self.is_fresh = True


def score(monkeypatch, capsys, size, candidate):
    monkeypatch.setattr(evaluate, "Candidate", lambda: candidate)
    evaluate.main(size)
    return dict(line.split() for line in capsys.readouterr().out.split("---\n")[1].splitlines())


def test_it_gives_the_same_number_as_one_process(monkeypatch, capsys, trained):
    size, val_bpb = trained
    shown = score(monkeypatch, capsys, size, InProcess(size))
    assert shown["val_bpb:"] == f"{val_bpb:.6f}"
    assert list(shown) == ["val_bpb:", *(f"{name}:" for name in evaluate.SUMMARY)]


def refused(monkeypatch, capsys, size, candidate):
    monkeypatch.setattr(evaluate, "Candidate", lambda: candidate)
    with pytest.raises(SystemExit):
        evaluate.main(size)
    return capsys.readouterr().out


def test_it_refuses_losses_that_are_not_those_of_the_predictions(monkeypatch, capsys, trained):
    size, _ = trained
    honest = serving.token_losses
    for lie in (lambda loss: 0.98 * loss, lambda loss: torch.where(loss > loss.mean(), loss - 1, loss)):
        monkeypatch.setattr(serving, "token_losses", lambda logits, targets, lie=lie: lie(honest(logits, targets)))
        assert "said less than its predictions cost" in refused(monkeypatch, capsys, size, InProcess(size))


def test_it_refuses_a_model_that_looks_ahead(monkeypatch, capsys, trained):
    size, _ = trained
    ahead = lambda logits, inputs: logits + 3.0 * torch.nn.functional.one_hot(inputs.roll(-1, dims=1), logits.shape[-1])
    assert "looks ahead" in refused(monkeypatch, capsys, size, InProcess(size, ahead))


def test_logits_need_not_be_normalised_and_gain_nothing_by_it(monkeypatch, capsys, trained):
    size, val_bpb = trained
    shown = score(monkeypatch, capsys, size, InProcess(size, lambda logits, inputs: logits + 40.0))
    assert float(shown["val_bpb:"]) == pytest.approx(val_bpb, abs=1e-4)


def test_it_refuses_what_is_no_answer(monkeypatch, capsys, trained):
    size, _ = trained
    nan = lambda logits, inputs: torch.full_like(logits, torch.nan)
    assert "failed: evaluation" in refused(monkeypatch, capsys, size, InProcess(size, nan))
    with open("summary.json", "w", encoding="utf-8") as file:
        json.dump({"training_seconds": "fast"}, file)
    assert "no number training_seconds" in refused(monkeypatch, capsys, size, InProcess(size))
