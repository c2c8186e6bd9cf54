"""PROTECTED: reads what prepare.py made. Experiments may not change this file."""

import numpy as np
import torch

from rows import Rows
from sizes import Size


class Data:
    """The packed rows of a size, mapped into memory, and what is known of its tokens."""

    def __init__(self, size: Size) -> None:
        self._rows = Rows(size)
        self.manifest = self._rows.manifest
        self.token_bytes = torch.tensor(self._rows.token_bytes)
        self.vocabulary = len(self.token_bytes)
        self._training = self._rows.of("training")
        self._next = 0

    def validation(self) -> torch.Tensor:
        """All validation rows: token ids (count, context + 1)."""
        return torch.from_numpy(self._rows.of("validation").astype(np.int32))

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
