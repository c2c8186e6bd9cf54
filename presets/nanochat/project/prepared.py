"""PROTECTED: what has been prepared, whether it is intact, and whether it is what this lab asks for."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import sizes
from digests import contents_of, read_json, sha256_of, write_json
from sizes import Size

VERSION = 2
"""Of the prepared data: what another version made is made anew."""


@dataclass(frozen=True)
class Asked:
    """The text a lab wants."""

    source: str
    shards: int
    """How many of a dataset's files to train on; a folder is used whole."""
    is_explicit: bool
    """Said on the command line, not remembered or the size's default."""


def choose(size: Size, source: str | None, shards: int | None) -> Asked:
    """What the command line says, else what this lab was prepared with before, else the size's default."""
    remembered = read_json(memory_of(size))
    if source is None:
        source = remembered.get("source", size.source)
        shards = shards or remembered.get("shards", size.shards)
        is_explicit = False
    else:
        source, is_explicit = name_of(source), True
    return Asked(source, shards or size.shards, is_explicit)


def remember(size: Size, asked: Asked) -> None:
    file = memory_of(size)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_json(file, {"lab": str(Path(__file__).parent.resolve()), "source": asked.source, "shards": asked.shards})


def memory_of(size: Size) -> Path:
    """Where the cache keeps what this lab was prepared with; labs may share a cache."""
    lab = hashlib.sha256(str(Path(__file__).parent.resolve()).encode()).hexdigest()[:16]
    name = "-".join(part for part in (lab, size.name, sizes.OTHER_TEXT) if part)
    return sizes.CACHE / "labs" / f"{name}.json"


def name_of(source: str) -> str:
    """A folder's path from wherever it was named; other sources are names already."""
    return str(Path(source).expanduser().resolve()) if Path(source).expanduser().is_dir() else source


def manifest_of(size: Size) -> dict:
    """What was prepared; empty where nothing was."""
    return read_json(size.folder / "tokens" / "manifest.json")


def differences(made: dict, size: Size, asked: Asked) -> list[str]:
    """In which way the prepared data is not what is asked for; none: it is."""
    if made.get("version") != VERSION:
        return ["it was made by another version of this preset"]
    found = []
    if (made.get("context"), made.get("vocabulary_asked")) != (size.context, size.vocabulary):
        found.append("it was made with another context or vocabulary")
    if made.get("source") == asked.source:
        if made.get("listing") is None and made.get("shards") != asked.shards:
            found.append(f"it holds {made.get('shards')} training shards, not {asked.shards}")
        elif has_changed(made, asked.source):
            found.append(f"the text in {asked.source} has changed since")
    elif not holds_same_text(made, asked.source):
        found.append(f"it was made from {made.get('source')}, not from {asked.source}")
    return found


def has_changed(made: dict, source: str) -> bool:
    """Has a source folder other text than when it was prepared? One that is gone counts as unchanged."""
    from corpus import source_listing

    listing = source_listing(source)
    return listing is not None and listing != made.get("listing") and not holds_same_text(made, source)


def holds_same_text(made: dict, source: str) -> bool:
    from corpus import folder_of, source_files

    folder = folder_of(source)
    return folder is not None and contents_of(source_files(source), folder) == made.get("text_sha256")


def damage_of(size: Size, made: dict) -> str | None:
    """The first prepared file that is not as it was written, read whole; None: all are."""
    tokenizer = size.folder / "tokenizer"
    digests = read_json(tokenizer / "manifest.json")
    wanted = {
        **{size.folder / "tokens" / f"{name}.u16": made.get(name, {}).get("sha256") for name in ("training", "validation")},
        tokenizer / "tokenizer.json": digests.get("sha256"),
        tokenizer / "token-bytes.json": digests.get("token_bytes_sha256"),
    }
    for file, digest in wanted.items():
        if not file.is_file() or sha256_of(file) != digest:
            return str(file)
    return None


def describe(made: dict) -> str:
    rows = {name: made.get(name, {}).get("rows", 0) for name in ("training", "validation")}
    millions = {name: count * made.get("context", 0) / 1e6 for name, count in rows.items()}
    return (
        f"{millions['training']:.1f} M tokens for training, {millions['validation']:.2f} M for validation, "
        f"from {made.get('source')}, vocabulary {made.get('vocabulary')}, data {data_digest(made)[:12]}"
    )


def data_digest(made: dict) -> str:
    """One SHA-256 of all that a trial reads: rows of training and of validation."""
    both = "".join(str(made.get(name, {}).get("sha256")) for name in ("training", "validation"))
    return hashlib.sha256(both.encode()).hexdigest()


