import os
import shutil
import subprocess
import sys

import pytest

import data
import prepare
from prepared import choose
import train

from conftest import PROJECT


@pytest.fixture
def prepared(cache, tiny, texts):
    prepare.prepare_data(tiny, choose(tiny, str(texts), None))
    return tiny


@pytest.fixture
def small(monkeypatch):
    for name, value in {"TOTAL_BATCH": 256, "DEVICE_ROWS": 4, "WIDTH_PER_LAYER": 16, "HEAD_SIZE": 16, "GATE_CHANNELS": 8}.items():
        monkeypatch.setattr(train, name, value)


def run(monkeypatch, size, seed):
    monkeypatch.setenv("AUTORESEARCH_SEED", str(seed))
    return train.main(size)


def test_the_same_seed_gives_the_same_result(monkeypatch, prepared, small):
    results = [run(monkeypatch, prepared, seed) for seed in (7, 7, 8)]
    assert results[0]["val_bpb"] == results[1]["val_bpb"]
    assert results[0]["val_bpb"] != results[2]["val_bpb"]
    assert results[0]["num_steps"] == 14


def test_accumulated_passes_are_one_step(monkeypatch, prepared, small, capsys):
    beginnings = []
    for rows in (8, 4, 2):
        monkeypatch.setattr(train, "DEVICE_ROWS", rows)
        run(monkeypatch, prepared, 1)
        curve = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("curve:")]
        beginnings.append([float(loss) for _, _, loss in curve[:3]])
    assert beginnings[1] == pytest.approx(beginnings[0], rel=1e-3)
    assert beginnings[2] == pytest.approx(beginnings[0], rel=1e-3)


def test_it_learns(monkeypatch, prepared, small):
    from dataclasses import replace

    values = [run(monkeypatch, replace(prepared, train_steps=steps), 1)["val_bpb"] for steps in (11, 60)]
    assert values[1] < 0.9 * values[0]


def test_it_prints_the_summary(monkeypatch, prepared, small, capsys):
    train.show(run(monkeypatch, prepared, 1))
    curve, summary = capsys.readouterr().out.split("---\n")
    names = "val_bpb training_seconds total_seconds peak_vram_mb mfu_percent total_tokens_M num_steps num_params_M depth"
    assert [line.split(":")[0] for line in summary.splitlines()] == names.split()
    points = [line.split()[1:] for line in curve.splitlines() if line.startswith("curve:")]
    shares = [float(share) for share, _ in points]
    assert shares == sorted(shares) and shares[-1] == 1 and len(shares) > 5


def test_a_loss_that_is_no_number_ends_the_trial(monkeypatch, prepared, small, capsys):
    monkeypatch.setattr(train, "MATRIX_LR", float("nan"))
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, prepared, 1)
    assert ended.value.code == 1
    assert "failed: the loss is nan in step 2" in capsys.readouterr().out


def test_an_exploding_loss_ends_the_trial(monkeypatch, prepared, small, capsys):
    monkeypatch.setattr(train, "LOGIT_CAP", 1e9)
    monkeypatch.setattr(train, "UNEMBEDDING_LR", 1e6)
    with pytest.raises(SystemExit):
        run(monkeypatch, prepared, 1)
    assert "failed: the loss is" in capsys.readouterr().out


def test_a_batch_that_does_not_divide_is_said(monkeypatch, prepared, small, capsys):
    monkeypatch.setattr(train, "TOTAL_BATCH", 300)
    with pytest.raises(SystemExit):
        run(monkeypatch, prepared, 1)
    assert "TOTAL_BATCH 300 is no multiple" in capsys.readouterr().out


def test_rows_come_in_order_and_again_after_the_last(prepared):
    import torch

    rows = data.Data(prepared)
    count = rows.manifest["training"]["rows"]
    everything = [rows.next_rows(7, torch.device("cpu")) for _ in range(count // 7 + 2)]
    inputs, targets = (torch.cat(part) for part in zip(*everything))
    assert torch.equal(inputs[:, 1:], targets[:, :-1])
    assert torch.equal(inputs[count : count + 3], inputs[:3])
    assert rows.epochs > 1


def test_without_data_it_says_what_to_do(cache, tiny):
    with pytest.raises(SystemExit, match="py.sh prepare.py"):
        data.Data(tiny)


def test_a_damaged_file_is_noticed(prepared):
    file = prepared.folder / "tokens" / "training.u16"
    file.write_bytes(file.read_bytes()[:-2])
    with pytest.raises(SystemExit, match="damaged"):
        data.Data(prepared)


def test_an_unknown_size_is_said():
    ended = subprocess.run([sys.executable, PROJECT / "train.py", "--size", "huge"], capture_output=True, text=True)
    assert (ended.returncode, "there are: gpu, cpu" in ended.stderr) == (1, True)


def test_a_trial_can_be_longer_deeper_and_on_another_text(cache, many_texts, tmp_path):
    """What `autoresearch transfer` asks for, as environment variables of real processes."""
    lab = tmp_path / "lab"
    shutil.copytree(PROJECT, lab, ignore=shutil.ignore_patterns("cache", "__pycache__"))
    (lab / "cache").symlink_to(cache)

    def start(script, *options, **env):
        argv = [sys.executable, script, "--size", "cpu", *options]
        done = subprocess.run(argv, cwd=lab, env={**os.environ, **env}, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return dict(line.split(":", 1) for line in done.stdout.splitlines() if ":" in line)

    start("prepare.py", "--source", str(many_texts))
    start("prepare.py", "--source", str(many_texts), NANOCHAT_TEXT="other")
    assert (cache / "texts" / "other" / "cpu" / "tokens").is_dir()
    short = start("train.py", NANOCHAT_SECONDS="1")
    deeper = start("train.py", NANOCHAT_SECONDS="2", NANOCHAT_MORE_LAYERS="1", NANOCHAT_TEXT="other")
    assert 1 <= float(short["training_seconds"]) < 2 <= float(deeper["training_seconds"])
    assert int(deeper["depth"]) == int(short["depth"]) + 1
