import hashlib
import json

import pyarrow
import pyarrow.parquet as parquet
import pytest

import corpus
import prepare
import sizes


def manifest(size):
    return json.loads((size.folder / "tokens" / "manifest.json").read_text())


def test_it_writes_plain_data_with_checksums(cache, tiny, texts, capsys):
    prepare.prepare_data(tiny, str(texts), 1)
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
    prepare.prepare_data(tiny, str(texts), 1)
    before = {path: path.stat().st_mtime_ns for path in tiny.folder.rglob("*")}
    capsys.readouterr()
    prepare.prepare_data(tiny, str(texts), 1)
    prepare.prepare_data(tiny, None, 1)
    assert capsys.readouterr().out.count("is ready:") == 2
    assert {path: path.stat().st_mtime_ns for path in tiny.folder.rglob("*")} == before


def test_another_source_makes_it_anew(cache, tiny, texts, tmp_path, capsys):
    prepare.prepare_data(tiny, str(texts), 1)
    other = tmp_path / "other"
    other.mkdir()
    for file in list(texts.iterdir())[:50]:
        (other / file.name).write_text(file.read_text() * 2)
    prepare.prepare_data(tiny, str(other), 1)
    assert "making it anew" in capsys.readouterr().out
    assert manifest(tiny)["source"] == str(other)


def test_the_same_text_gives_the_same_rows_wherever_it_lies(cache, tiny, texts, tmp_path):
    prepare.prepare_data(tiny, str(texts), 1)
    first = manifest(tiny)
    moved = texts.rename(tmp_path / "moved")
    prepare.prepare_data(tiny, str(moved), 1)
    assert [manifest(tiny)[name]["sha256"] for name in ("training", "validation")] == [
        first[name]["sha256"] for name in ("training", "validation")
    ]


def test_an_interrupted_run_goes_on_with_its_tokenizer(cache, tiny, texts, capsys, monkeypatch):
    monkeypatch.setattr(prepare, "make_rows", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        prepare.prepare_data(tiny, str(texts), 1)
    monkeypatch.undo()
    monkeypatch.setattr(sizes, "CACHE", cache)
    assert not (tiny.folder / "tokens").exists()
    prepare.prepare_data(tiny, str(texts), 1)
    assert "the tokenizer is there already" in capsys.readouterr().out


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
        prepare.prepare_data(tiny, str(folder), 1)
    assert not (tiny.folder / "tokens").exists()
