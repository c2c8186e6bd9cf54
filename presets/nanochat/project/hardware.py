"""PROTECTED: what this machine offers: device, precision, peak speed, attention kernel."""

import os
import resource
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from accelerators import Choice, choose, look

Attention = Callable[[torch.Tensor, torch.Tensor, torch.Tensor, int], torch.Tensor]
"""(q, k, v, window) to the mix of v. Tensors are (batch, time, heads, channels), k and v may have fewer
heads; a position sees itself and the `window` positions before it."""

FLASH_ATTENTION_3 = "kernels-community/flash-attn3"


@dataclass(frozen=True)
class Hardware:
    device: torch.device
    name: str
    dtype: torch.dtype
    """What matrices are multiplied in."""
    peak_flops: float | None
    """Operations a second at best in that precision; None where it is not known."""
    kernel: str
    attention: Attention
    compiles: bool = False

    @property
    def is_cuda(self) -> bool:
        return self.device.type == "cuda"

    def autocast(self):
        return torch.autocast(self.device.type, self.dtype, enabled=self.dtype != torch.float32)

    def compile(self, function: Callable) -> Callable:
        """Compiled where that pays."""
        return torch.compile(function, dynamic=False) if self.compiles else function

    def seconds(self) -> float:
        """The clock of the training budget: the wall's, but on a processor the time this process had of it, so that other
        programs do not make a trial shorter."""
        return time.perf_counter() if self.device.type != "cpu" else time.process_time() / torch.get_num_threads()

    def wait(self) -> None:
        """Until everything asked of the device is done."""
        if self.is_cuda:
            torch.cuda.synchronize()
        elif self.device.type == "mps":
            torch.mps.synchronize()

    def peak_memory_mb(self) -> float:
        """The most memory used so far: of the card, or of this process on a processor. Apple's chips share one memory, and
        tell only what is used now."""
        if self.is_cuda:
            return torch.cuda.max_memory_allocated() / 2**20
        if self.device.type == "mps":
            return torch.mps.driver_allocated_memory() / 2**20
        unit = 2**20 if sys.platform == "darwin" else 2**10
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit

    def describe(self) -> str:
        peak = f"{self.peak_flops / 1e12:g} TFLOPS at best" if self.peak_flops else "peak speed unknown, so mfu_percent is 0"
        return f"{self.name}, {str(self.dtype).removeprefix('torch.')}, attention {self.kernel}, {peak}"


def find_hardware() -> Hardware:
    offered = look()
    choice = choose(offered)
    device = torch.device(choice.device, 0) if choice.device == "cuda" else torch.device(choice.device)
    if choice.device == "cpu":
        torch.set_num_threads(processor_threads())
    else:
        torch.set_float32_matmul_precision("high")
    kernel, attention = load_attention(choice, device)
    peak = choice.peak_tflops and choice.peak_tflops * 1e12
    return Hardware(device, offered.name, getattr(torch, choice.precision), peak, kernel, attention, choice.compiles)


def processor_threads() -> int:
    """Half of the cores this process may use: with all of them, threads that wait for one another make a busy machine crawl."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores // 2)


def load_attention(choice: Choice, device: torch.device) -> tuple[str, Attention]:
    """The first kernel of the choice that gives the same as PyTorch's own on this card."""
    loaders = {"flash-attention-3": load_flash_attention_3, "flex": lambda: attend_with_flex}
    for name in choice.kernels[:-1]:
        try:
            attention = loaders[name]()
            check_attention(attention if name != "flex" else torch.compile(attention, dynamic=False), device)
            return name, attention
        except Exception as error:  # whatever a kernel does on a card it was not made for
            print(f"attention {name} is not used: {str(error).splitlines()[0][:200] if str(error) else type(error).__name__}")
    return "sdpa", attend_with_sdpa


def check_attention(attention: Attention, device: torch.device) -> None:
    """Raises where an attention differs from PyTorch's own, forward or backward."""
    generator = torch.Generator(device).manual_seed(0)
    draw = lambda: torch.randn(2, 256, 4, 128, device=device, generator=generator, dtype=torch.bfloat16).requires_grad_()
    q, k, v = draw(), draw(), draw()
    make_masks(256, (256, 64), device)
    for window in (256, 64):
        results = []
        for each in (attention, attend_with_sdpa):
            out = each(q, k, v, window)
            results.append((out, *torch.autograd.grad(out.float().square().sum(), (q, k, v))))
        for ours, theirs in zip(*results):
            torch.testing.assert_close(ours.float(), theirs.float(), rtol=0.05, atol=0.1)


def load_flash_attention_3() -> Attention:
    """From the Hugging Face hub's cache; prepare.py has put it there."""
    from kernels import get_kernel

    flash = get_kernel(FLASH_ATTENTION_3, version=1).flash_attn_func

    def attend(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, window: int) -> torch.Tensor:
        left = -1 if window >= q.shape[1] else window
        out = flash(q, k, v, causal=True, window_size=(left, 0))
        return out[0] if isinstance(out, tuple) else out

    return attend


def attend_with_sdpa(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, window: int) -> torch.Tensor:
    """PyTorch's own attention, on any device. A window costs it a mask."""
    time = q.shape[1]
    mask = None if window >= time else masks[time, window]
    q, k, v = (each.transpose(1, 2) for each in (q, k, v))
    is_grouped = q.shape[1] != k.shape[1]
    out = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=mask is None, enable_gqa=is_grouped)
    return out.transpose(1, 2)


def attend_with_flex(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, window: int) -> torch.Tensor:
    """Attention generated by the compiler: blocks outside the window are skipped."""
    from torch.nn.attention.flex_attention import flex_attention

    mask = block_masks[q.shape[1], window]
    q, k, v = (each.transpose(1, 2) for each in (q, k, v))
    out = flex_attention(q, k, v, block_mask=mask, enable_gqa=q.shape[1] != k.shape[1])
    return out.transpose(1, 2)


masks: dict[tuple[int, int], torch.Tensor] = {}
"""By time and window: (time, time), true where a position (row) sees another (column)."""

block_masks: dict = {}
"""The same for flex."""


def make_masks(time: int, windows: Iterable[int], device: torch.device) -> None:
    """Makes the masks that attention will look up: inside compiled code they would be made again at every step."""
    from torch.nn.attention.flex_attention import create_block_mask

    back = torch.arange(time, device=device)[:, None] - torch.arange(time, device=device)[None, :]
    for window in set(windows):
        masks[time, window] = (back >= 0) & (back <= window)
        if device.type == "cuda":
            block_masks[time, window] = create_block_mask(seen_within(window), None, None, time, time, device=device)


def seen_within(window: int) -> Callable:
    return lambda batch, head, row, column: (column <= row) & (row - column <= window)
