"""PROTECTED: finds what prepare.py made, without PyTorch. Experiments may not change this file."""

import json
import sys

import numpy as np

from sizes import Size


class Rows:
    """The packed rows of a size, mapped into memory, and the bytes of text of each token."""

    def __init__(self, size: Size) -> None:
        self.size = size
        file = size.folder / "tokens" / "manifest.json"
        if not file.exists():
            sys.exit(f"there is no prepared data for size {size.name}; first: sh py.sh prepare.py --size {size.name}")
        self.manifest = json.loads(file.read_text())
        if self.manifest["context"] != size.context:
            sys.exit(f"the prepared data has another context than {size.context}; prepare it again with --fresh")
        self.token_bytes: list[int] = json.loads((size.folder / "tokenizer" / "token-bytes.json").read_text())

    def of(self, name: str) -> np.ndarray:
        """The rows of `training` or `validation`: token ids (count, context + 1)."""
        file = self.size.folder / "tokens" / f"{name}.u16"
        shape = (self.manifest[name]["rows"], self.size.context + 1)
        if file.stat().st_size != shape[0] * shape[1] * 2:
            sys.exit(f"{file} is damaged; prepare the data again with --fresh")
        return np.memmap(file, dtype="<u2", mode="r", shape=shape)
