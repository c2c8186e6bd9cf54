"""What sample.py writes is what the model says, token by token."""

import os
import shutil
import subprocess
import sys

import numpy as np

import sample
from conftest import PROJECT, write_texts


def test_it_goes_on_with_each_text_by_the_logits_at_its_end(tiny):
    vocabulary = 100
    asked = []

    def after(rows, ends):
        """The next token is one more than the last."""
        asked.append((rows.copy(), list(ends)))
        logits = np.full((len(rows), vocabulary), -1e3)
        for number, end in enumerate(ends):
            logits[number, (rows[number, end] + 1) % vocabulary] = 10
        return logits.ravel()

    texts = sample.write(after, [[0, 10], [0, 20, 30]], 40, tiny, vocabulary, seed=3)
    assert texts[0][:5] == [0, 10, 11, 12, 13] and texts[1][:5] == [0, 20, 30, 31, 32]
    assert [len(tokens) for tokens in texts] == [42, 43]
    assert all(len(rows) == tiny.evaluation_rows and rows.shape[1] == tiny.context for rows, _ in asked)
    # Longer than the context: the model sees the end of the text.
    assert asked[-1][1][:2] == [tiny.context - 1] * 2
    assert asked[-1][0][0].tolist() == texts[0][-1 - tiny.context : -1]


def test_no_special_token_is_written(tiny):
    said = lambda rows, ends: np.tile([9.0, 9, 9, 9, 0, 0, 0, 0, 0, 0], (len(rows), 1)).ravel()
    said_none = lambda rows, ends: np.tile([9.0, 9, 9, 9, -1e9, -1e9], (len(rows), 1)).ravel()
    assert min(sample.write(said_none, [[0]], 5, tiny, 6, seed=1)[0][1:]) >= 4
    (text,) = sample.write(said, [[0]], 30, tiny, 10, seed=1)
    assert min(text[1:]) >= 4


def test_the_script_trains_and_writes_and_can_write_again(tmp_path):
    lab = tmp_path / "lab"
    shutil.copytree(PROJECT, lab, ignore=shutil.ignore_patterns("cache", "__pycache__", "ideas*"))
    (lab / "cache").mkdir()
    texts = write_texts(tmp_path / "texts", 300)
    environment = {**os.environ, "NANOCHAT_SECONDS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    call = lambda *argv: subprocess.run([sys.executable, *argv, "--size", "cpu"], cwd=lab, env=environment, capture_output=True, text=True)
    made = call("-c", "import prepare; prepare.fetch_kernels = lambda: None; prepare.run()", "--source", str(texts))
    assert made.returncode == 0, made.stderr
    first = call("sample.py", "plain words", "--tokens", "8")
    assert first.returncode == 0, first.stderr
    assert "training for 1 s" in first.stdout and '--- "plain words' in first.stdout
    assert not (lab / "model.pt").exists() and not (lab / "summary.json").exists()
    again = call("sample.py", "plain words", "--tokens", "8", "--again")
    assert "training" not in again.stdout
    assert again.stdout.strip() == first.stdout.split("…")[1].strip()
