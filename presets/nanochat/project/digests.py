"""PROTECTED: digests of files, so that text that has changed or gone bad is noticed."""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path


def sha256_of(file: Path) -> str:
    with open(file, "rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def listing_of(files: Iterable[Path], folder: Path) -> str:
    """Digest of names, sizes and times: if it is the same, the contents need not be read."""
    states = ((file.relative_to(folder).as_posix(), file.stat()) for file in files)
    return digest_of(f"{name}\0{state.st_size}\0{state.st_mtime_ns}" for name, state in states)


def contents_of(files: Iterable[Path], folder: Path) -> str:
    """Digest of names and contents, the same wherever the folder lies."""
    return digest_of(f"{file.relative_to(folder).as_posix()}\0{sha256_of(file)}" for file in files)


def digest_of(lines: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode("utf-8", "surrogateescape") + b"\n")
    return digest.hexdigest()


def read_json(file: Path) -> dict:
    """What a file of ours says; empty where there is none, or none that can be read."""
    try:
        value = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def write_json(file: Path, value: dict) -> None:
    """Whole or not at all: under another name first, and on the disk before it is renamed."""
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    with open(part, "w") as out:
        out.write(json.dumps(value, indent=1) + "\n")
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)
