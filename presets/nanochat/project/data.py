"""PROTECTED: reads what prepare.py made. Experiments may not change this file."""

import json
import sys

import numpy as np
import torch

from sizes import Size


class Data:
    """The packed rows of a size, mapped into memory, and what is known of its tokens."""

    def __init__(self, size: Size) -> None:
        self.size = size
        file = size.folder / "tokens" / "manifest.json"
        if not file.exists():
            sys.exit(f"there is no prepared data for size {size.name}; first: sh py.sh prepare.py --size {size.name}")
        self.manifest = json.loads(file.read_text())
        if self.manifest["context"] != size.context:
            sys.exit(f"the prepared data has another context than {size.context}; prepare it again with --fresh")
        self.token_bytes = torch.tensor(json.loads((size.folder / "tokenizer" / "token-bytes.json").read_text()))
        self.vocabulary = len(self.token_bytes)
        self._training = self._map("training")
        self._next = 0

    def validation(self) -> torch.Tensor:
        """All validation rows: token ids (count, context + 1)."""
        return torch.from_numpy(self._map("validation").astype(np.int32))

    def next_rows(self, count: int, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
        """The next training rows in their fixed order, from the start again after the last: inputs and targets."""
        indices = (self._next + np.arange(count)) % len(self._training)
        self._next += count
        rows = torch.from_numpy(self._training[indices].astype(np.int32))
        rows = rows.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else rows.to(device)
        rows = rows.long()
        return rows[:, :-1], rows[:, 1:]

    @property
    def epochs(self) -> float:
        """How often the training rows have been gone through."""
        return self._next / len(self._training)

    def _map(self, name: str) -> np.ndarray:
        file = self.size.folder / "tokens" / f"{name}.u16"
        shape = (self.manifest[name]["rows"], self.size.context + 1)
        if file.stat().st_size != shape[0] * shape[1] * 2:
            sys.exit(f"{file} is damaged; prepare the data again with --fresh")
        return np.memmap(file, dtype="<u2", mode="r", shape=shape)
