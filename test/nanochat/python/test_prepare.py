import hashlib
import json
import os
import shutil
import subprocess
import sys

import pyarrow
import pyarrow.parquet as parquet
import pytest

import corpus
import prepare
import sizes
from conftest import PROJECT
from prepared import choose
from shards import SourceError


def manifest(size):
    return json.loads((size.folder / "tokens" / "manifest.json").read_text())


def prepare_data(size, source=None, shards=None):
    """As the command line does it, with these options."""
    asked = choose(size, source, shards)
    prepare.prepare_data(size, asked, must_match=shards is None and not asked.is_explicit)


def test_it_writes_plain_data_with_checksums(cache, tiny, texts, capsys):
    prepare_data(tiny, str(texts), 1)
    names = sorted(path.relative_to(tiny.folder).as_posix() for path in tiny.folder.rglob("*") if path.is_file())
    assert names == [
        "tokenizer/manifest.json",
        "tokenizer/token-bytes.json",
        "tokenizer/tokenizer.json",
        "tokens/manifest.json",
        "tokens/training.u16",
        "tokens/validation.u16",
    ]
    for name in ("training", "validation"):
        content = (tiny.folder / "tokens" / f"{name}.u16").read_bytes()
        assert hashlib.sha256(content).hexdigest() == manifest(tiny)[name]["sha256"]
        assert len(content) == manifest(tiny)[name]["rows"] * (tiny.context + 1) * 2
    assert manifest(tiny)["validation"]["rows"] == 64


def test_a_second_time_nothing_is_done(cache, tiny, texts, capsys):
    prepare_data(tiny, str(texts), 1)
    before = {path: path.stat().st_mtime_ns for path in tiny.folder.rglob("*")}
    capsys.readouterr()
    prepare_data(tiny, str(texts), 1)
    prepare_data(tiny)
    assert capsys.readouterr().out.count("is ready:") == 2
    assert {path: path.stat().st_mtime_ns for path in tiny.folder.rglob("*")} == before


def test_another_source_makes_it_anew(cache, tiny, texts, tmp_path, capsys):
    prepare_data(tiny, str(texts), 1)
    other = tmp_path / "other"
    other.mkdir()
    for file in list(texts.iterdir())[:50]:
        (other / file.name).write_text(file.read_text() * 2)
    prepare_data(tiny, str(other), 1)
    assert "making size tiny anew: it was made from" in capsys.readouterr().out
    assert manifest(tiny)["source"] == str(other)


def test_the_same_text_gives_the_same_rows_wherever_it_lies(cache, tiny, texts, tmp_path):
    prepare_data(tiny, str(texts), 1)
    first = manifest(tiny)
    moved = texts.rename(tmp_path / "moved")
    prepare_data(tiny, str(moved), 1)
    assert manifest(tiny) == first, "the same text is not prepared twice"
    shutil.rmtree(tiny.folder / "tokens")
    prepare_data(tiny, str(moved), 1)
    assert [manifest(tiny)[name]["sha256"] for name in ("training", "validation")] == [
        first[name]["sha256"] for name in ("training", "validation")
    ]


def test_an_interrupted_run_goes_on_with_its_tokenizer(cache, tiny, texts, capsys, monkeypatch):
    monkeypatch.setattr(prepare, "make_rows", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        prepare_data(tiny, str(texts), 1)
    monkeypatch.undo()
    monkeypatch.setattr(sizes, "CACHE", cache)
    assert not (tiny.folder / "tokens").exists()
    prepare_data(tiny, str(texts), 1)
    assert "the tokenizer is there already" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["tokens/training.u16", "tokens/validation.u16", "tokenizer/tokenizer.json", "tokenizer/token-bytes.json"])
def test_a_damaged_file_of_the_right_size_is_made_anew(cache, tiny, texts, capsys, name):
    prepare_data(tiny, str(texts))
    file = tiny.folder / name
    whole = file.read_bytes()
    state = file.stat()
    file.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    prepare_data(tiny)
    assert f"{name} is damaged" in capsys.readouterr().out
    assert file.read_bytes() == whole


def test_the_text_is_remembered(cache, tiny, texts, capsys):
    prepare_data(tiny, str(texts))
    prepare_data(tiny)
    assert "is ready" in capsys.readouterr().out.splitlines()[-1]
    assert manifest(tiny)["source"] == str(texts)


def test_text_of_another_lab_in_a_shared_cache_is_not_taken_silently(cache, tiny, texts):
    prepare_data(tiny, str(texts))
    shutil.rmtree(cache / "labs")
    before = manifest(tiny)
    with pytest.raises(SourceError, match=f"made from {texts}, not from python.*--source {texts}.*--fresh.*AUTORESEARCH_CACHE"):
        prepare_data(tiny)
    assert manifest(tiny) == before
    prepare_data(tiny, str(texts))
    prepare_data(tiny)


def test_a_changed_source_folder_is_noticed(cache, tiny, texts, capsys):
    prepare_data(tiny, str(texts))
    file = next(texts.iterdir())
    state = file.stat()
    os.utime(file)
    prepare_data(tiny)  # touched, but the same text
    file.write_text(file.read_text().swapcase())
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns + 10**9))
    with pytest.raises(SourceError, match=f"the text in {texts} has changed since"):
        prepare_data(tiny)
    before = manifest(tiny)["text_sha256"]
    prepare_data(tiny, str(texts))
    assert manifest(tiny)["text_sha256"] != before


def test_a_source_folder_that_is_gone_does_not_matter_any_more(cache, tiny, texts, capsys):
    prepare_data(tiny, str(texts))
    shutil.rmtree(texts)
    prepare_data(tiny)
    assert "is ready" in capsys.readouterr().out.splitlines()[-1]


def command(cache, *options, **more):
    """prepare.py as a process, on this cache."""
    script = f"""
import sys, pathlib
sys.dont_write_bytecode = True
sys.path.insert(0, {str(PROJECT)!r})
import sizes
sizes.CACHE = pathlib.Path({str(cache)!r})
import prepare
sys.argv = ["prepare.py", "--size", "cpu", *sys.argv[1:]]
prepare.run()
"""
    return subprocess.Popen(
        [sys.executable, "-c", script, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more
    )


def test_check_says_what_is_there_and_makes_nothing(cache, many_texts):
    with command(cache, "--check") as process:
        assert "size cpu is not prepared yet; it takes its text from python" in process.communicate()[0]
    assert process.returncode == 1
    assert list(cache.iterdir()) == []
    with command(cache, "--source", str(many_texts)) as process:
        assert "size cpu is ready" in process.communicate()[0]
    with command(cache, "--check") as process:
        assert "size cpu is ready" in process.communicate()[0]
    assert process.returncode == 0
    (cache / "cpu" / "tokens" / "training.u16").write_bytes(b"")
    with command(cache, "--check") as process:
        assert "training.u16 is damaged" in process.communicate()[0]
    assert process.returncode == 1


def test_two_at_once_make_it_once(cache, many_texts):
    both = [command(cache, "--source", str(many_texts)) for _ in range(2)]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("trained in" in text for text in said) == 1
    assert all("is ready" in text for text in said)


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("mount") is None, reason="only root can mount a small disk")
def test_a_full_disk_is_said_in_one_line(tmp_path, many_texts):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)]).returncode != 0:
        pytest.skip("this machine does not let us mount a small disk")
    try:
        with command(disk, "--source", str(many_texts)) as process:
            said = process.communicate()[0]
        assert process.returncode == 1
        assert said.splitlines()[-1].startswith("failed: the disk is full: make room"), said
        assert "Traceback" not in said
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_an_interrupted_preparation_says_so(cache):
    process = command(cache)
    for line in process.stdout:
        if line.startswith("text:"):
            break
    process.send_signal(2)
    said = process.stdout.read()
    assert process.wait() == 130, said
    assert "interrupted; what was downloaded is kept" in said and "Traceback" not in said


def test_digits_are_cut_in_ones_and_twos():
    tokenizer = prepare.train_tokenizer(["12345 67890 don't stop"] * 50, 400)
    pieces = [piece for piece, _ in tokenizer.pre_tokenizer.pre_tokenize_str("in 12345 don't")]
    assert pieces == ["in", "Ġ", "12", "34", "5", "Ġdon", "'t"]


def test_the_tokenizer_learns_from_beginnings_only():
    taken = list(prepare.limited(["a" * 20_000, "b" * 4_000, "c" * 9_000], 15_000))
    assert [len(text) for text in taken] == [10_000, 4_000, 1_000]


def write_parquet(file, texts, column="text"):
    file.parent.mkdir(exist_ok=True)
    parquet.write_table(pyarrow.table({column: texts}), file)


def test_of_several_parquet_files_the_last_is_for_validation(tmp_path, tiny):
    for number, text in enumerate(["one", "two", "three"]):
        write_parquet(tmp_path / "data" / f"{number}.parquet", [text, text + " more"])
    found = corpus.open_corpus(str(tmp_path / "data"), 1, tiny, print)
    assert list(found.training()) == ["one", "one more", "two", "two more"]
    assert list(found.validation()) == ["three", "three more"]


def test_of_a_single_one_every_tenth_document_is(tmp_path, tiny):
    write_parquet(tmp_path / "data" / "all.parquet", [str(number) for number in range(25)])
    found = corpus.open_corpus(str(tmp_path / "data"), 1, tiny, print)
    assert list(found.validation()) == ["9", "19"]
    assert len(list(found.training())) == 23


def test_text_files_are_cut_but_nothing_of_them_is_lost(texts, tiny):
    found = corpus.open_corpus(str(texts), 1, tiny, print)
    pieces = [*found.training(), *found.validation()]
    assert all(len(piece) < 3 * tiny.context + 200 for piece in pieces)
    whole = sum(len(file.read_text()) for file in texts.iterdir())
    assert sum(len(piece) for piece in pieces) == whole
    assert not set(found.training()) & set(found.validation()) or len(set(pieces)) < len(pieces)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda folder: "no/such/folder/anywhere", "there is no folder"),
        (lambda folder: (folder / "empty").mkdir() or str(folder / "empty"), "has no text"),
        (lambda folder: write_parquet(folder / "p" / "a.parquet", ["x"], "words") or str(folder / "p"), "has no column `text`; it has: words"),
        (lambda folder: (folder / "b").mkdir() or (folder / "b" / "a.parquet").write_bytes(b"no") and str(folder / "b"), "no parquet file"),
    ],
)
def test_a_source_without_text_is_said(tmp_path, tiny, make, message):
    with pytest.raises(corpus.SourceError, match=message):
        corpus.open_corpus(make(tmp_path), 1, tiny, print)


def test_too_little_text_is_said(cache, tiny, tmp_path):
    folder = tmp_path / "little"
    folder.mkdir()
    (folder / "a.txt").write_text("a few words\n" * 20)
    with pytest.raises(SystemExit, match="give more text with --source"):
        prepare_data(tiny, str(folder), 1)
    assert not (tiny.folder / "tokens").exists()
