"""PROTECTED: where the text comes from. Gives documents for training and for validation.

A source is the name of a Hugging Face dataset (owner/name) with parquet files and a column `text`, a
folder of parquet or text files, or `python`: the sources of Python's own standard library.
"""

import hashlib
import itertools
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from digests import contents_of, digest_of, listing_of
from shards import SourceError, fetch_shards, list_parquet
from sizes import CACHE, Size

COLUMN = "text"
DEFAULT_DATASET = "karpathy/climbmix-400b-shuffle"
DEFAULT_VALIDATION_SHARD = 6542
"""The last shard of the default dataset; it is never trained on."""

HELD_OUT = 10
"""One document in this many is for validation where no file is."""

LARGEST_TEXT_FILE = 2_000_000
PYTHON_SKIPPED = {"__pycache__", "site-packages", "dist-packages", "test", "tests", "idlelib"}
"""Folders of Python's standard library that hold no text of its own, or differ between machines."""


@dataclass(frozen=True)
class Corpus:
    """What a source gives. Each call of the functions begins at the first document again."""

    description: str
    training: Callable[[], Iterator[str]]
    validation: Callable[[], Iterator[str]]
    digest: str
    """Of all the text, the same wherever it lies."""


def open_corpus(source: str, shards: int, size: Size, say: Callable[[str], None]) -> Corpus:
    folder = folder_of(source)
    if folder is not None:
        files = source_files(source)
        parquets = [file for file in files if file.suffix == ".parquet"]
        digest = contents_of(parquets or files, folder)
        if parquets:
            return corpus_of_parquet(parquets, f"{len(parquets)} parquet files in {folder}", digest)
        return corpus_of_texts(folder, files, size, digest)
    if source.count("/") == 1 and not source.startswith((".", "~", "/")):
        return corpus_of_dataset(source, shards, say)
    raise SourceError(f"there is no folder {source}; a source is a folder, a Hugging Face dataset (owner/name) or python")


def folder_of(source: str) -> Path | None:
    """The folder a source is read from; None for a dataset."""
    folder = Path(sysconfig.get_paths()["stdlib"]) if source == "python" else Path(source).expanduser()
    return folder.resolve() if folder.is_dir() else None


def source_files(source: str) -> list[Path]:
    """The files of a folder that are read: all parquet files, else all files of text. In a fixed order."""
    folder = folder_of(source)
    if folder is None:
        return []
    skipped = PYTHON_SKIPPED if source == "python" else {"__pycache__"}
    files = sorted(folder.rglob("*.parquet"))
    return files or [
        file
        for file in sorted(folder.rglob("*"), key=lambda file: name_digest(file.relative_to(folder)))
        if file.is_file()
        and file.stat().st_size <= LARGEST_TEXT_FILE
        and not any(part.startswith(".") or part in skipped for part in file.relative_to(folder).parts)
    ]


def source_listing(source: str) -> str | None:
    """Tells quickly whether a source folder has changed; None where there is no folder."""
    folder = folder_of(source)
    return None if folder is None else listing_of(source_files(source), folder)


def name_digest(name: Path) -> bytes:
    return hashlib.sha256(name.as_posix().encode("utf-8", "surrogateescape")).digest()


# --- parquet


def corpus_of_parquet(files: list[Path], description: str, digest: str) -> Corpus:
    """The last of several files is for validation; of a single one, every tenth document."""
    for file in files:
        expect_column(file)
    if len(files) == 1:
        return held_out_corpus(lambda: documents_of(files), description, digest)
    return Corpus(description, lambda: documents_of(files[:-1]), lambda: documents_of(files[-1:]), digest)


def documents_of(files: list[Path]) -> Iterator[str]:
    import pyarrow.parquet as parquet  # here, because a folder of text does without it

    for file in files:
        try:
            for batch in parquet.ParquetFile(file).iter_batches(batch_size=1024, columns=[COLUMN]):
                yield from (text for text in batch.column(0).to_pylist() if text)
        except (OSError, ValueError) as error:
            raise SourceError(f"{file} is damaged: {first_line(error)}; put a good copy in its place") from None


def expect_column(file: Path) -> None:
    import pyarrow.parquet as parquet

    try:
        names = parquet.read_schema(file).names
    except (OSError, ValueError) as error:
        raise SourceError(f"{file} is no parquet file that can be read: {first_line(error)}") from None
    if COLUMN not in names:
        raise SourceError(f"{file} has no column `{COLUMN}`; it has: {', '.join(names)}")


def first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


# --- text files


def corpus_of_texts(folder: Path, files: list[Path], size: Size, digest: str) -> Corpus:
    """Every tenth file is held out; where there are few, every tenth piece. The order is mixed, and always the same."""
    # A document longer than a row would lose its end when it is packed.
    longest = 3 * size.context

    def pieces(of: list[Path]) -> Iterator[str]:
        return mixed(itertools.chain.from_iterable(cut(text, longest) for text in map(read_text, of) if text))

    description = f"the text files in {folder}"
    if len(files) < 5 * HELD_OUT:
        corpus = held_out_corpus(lambda: pieces(files), description, digest)
    else:
        held_out = files[::HELD_OUT]
        kept = [file for index, file in enumerate(files) if index % HELD_OUT != 0]
        corpus = Corpus(f"{description}, one in {HELD_OUT} held out", lambda: pieces(kept), lambda: pieces(held_out), digest)
    if next(corpus.training(), None) is None:
        raise SourceError(f"{folder} has no text: neither parquet files nor files of UTF-8 text")
    return corpus


def mixed(texts: Iterator[str], waiting: int = 20_000) -> Iterator[str]:
    """Takes one of the `waiting` next ones each time, so that pieces of one file do not follow each other."""
    random = Random(0)
    pool: list[str] = []
    for text in texts:
        pool.append(text)
        if len(pool) > waiting:
            index = random.randrange(len(pool))
            pool[index], pool[-1] = pool[-1], pool[index]
            yield pool.pop()
    random.shuffle(pool)
    yield from pool


def read_text(file: Path) -> str | None:
    """The file's text; None where it is none."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return None if "\0" in text else text


def cut(text: str, longest: int) -> Iterator[str]:
    """Pieces of about `longest` characters, cut where a line begins."""
    piece = ""
    for line in text.splitlines(keepends=True):
        if piece and len(piece) + len(line) > longest:
            yield piece
            piece = ""
        piece += line
    if piece.strip():
        yield piece


def held_out_corpus(documents: Callable[[], Iterator[str]], description: str, digest: str) -> Corpus:
    def part(is_validation: bool) -> Iterator[str]:
        return (text for index, text in enumerate(documents()) if (index % HELD_OUT == HELD_OUT - 1) == is_validation)

    return Corpus(f"{description}, one document in {HELD_OUT} held out", lambda: part(False), lambda: part(True), digest)


# --- Hugging Face


def corpus_of_dataset(name: str, shards: int, say: Callable[[str], None]) -> Corpus:
    """Downloads what is not there yet: the first files for training, the last one for validation."""
    if name == DEFAULT_DATASET:
        numbers = [*range(min(shards, DEFAULT_VALIDATION_SHARD)), DEFAULT_VALIDATION_SHARD]
        wanted = [f"shard_{number:05}.parquet" for number in numbers]
        folder = CACHE / "data"
    else:
        found = list_parquet(name, say)
        if not found:
            raise SourceError(f"the dataset {name} has no parquet files")
        wanted = [*found[:-1][:shards], found[-1]]
        folder = CACHE / "data" / name.replace("/", "--")
    digests = fetch_shards(name, wanted, folder, say)
    digest = digest_of(f"{file}\0{digests[file]}" for file in wanted)
    return corpus_of_parquet([folder / file for file in wanted], f"{len(wanted)} files of {name}", digest)
