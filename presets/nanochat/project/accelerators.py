"""PROTECTED: which device, precision and attention kernels suit a machine: a choice that needs no such machine to be tested."""

from dataclasses import dataclass
from typing import Literal

PEAK_TFLOPS = {
    "GB200": 2500,
    "B200": 2250,
    "GH200": 989.5,
    "H200": 989.5,
    "H100 PCIe": 756,
    "H100 NVL": 835,
    "H100": 989.5,
    "H800": 989.5,
    "A100": 312,
    "A800": 312,
    "L40S": 362,
    "L40": 181,
    "L4": 121,
    "RTX 5090": 209.5,
    "RTX 4090": 165.2,
    "RTX 3090": 71,
    "MI355X": 2516.6,
    "MI350X": 2306.9,
    "MI325X": 1307.4,
    "MI300X": 1307.4,
    "MI250X": 191.5,
    "MI210": 181,
    "RX 7900 XTX": 122.8,
}
"""Dense bf16 with fp32 accumulation, from the makers' data sheets; of a card with two dies, that of one, which is what
PyTorch sees. The first name found in the card's name counts."""


@dataclass(frozen=True)
class Offered:
    """What PyTorch says of a machine."""

    kind: Literal["cuda", "rocm", "mps", "cpu"]
    """NVIDIA, AMD, Apple, or a processor alone."""
    name: str = "processor"
    capability: tuple[int, int] = (0, 0)
    """NVIDIA's compute capability; AMD cards report a number of another meaning here."""
    has_bf16: bool = False


@dataclass(frozen=True)
class Choice:
    device: Literal["cuda", "mps", "cpu"]
    """As PyTorch calls it: AMD cards are `cuda` too."""
    precision: Literal["bfloat16", "float32"]
    kernels: tuple[str, ...]
    """To be tried in this order; the last one works everywhere."""
    compiles: bool
    peak_tflops: float | None
    """In the chosen precision; None where it is not known."""


def choose(offered: Offered) -> Choice:
    if offered.kind == "cuda":
        is_modern = offered.capability >= (8, 0)
        kernels = (
            *(["flash-attention-3"] if offered.capability[0] == 9 else []),
            *(["flex"] if is_modern else []),
            "sdpa",
        )
        return Choice("cuda", "bfloat16" if is_modern else "float32", kernels, True, peak_of(offered.name) if is_modern else None)
    if offered.kind == "rocm":
        kernels = ("flex", "sdpa") if offered.has_bf16 else ("sdpa",)
        return Choice(
            "cuda", "bfloat16" if offered.has_bf16 else "float32", kernels, True, peak_of(offered.name) if offered.has_bf16 else None
        )
    if offered.kind == "mps":
        # Compilation for Apple's chips is not ready, and flex attention needs it.
        return Choice("mps", "bfloat16" if offered.has_bf16 else "float32", ("sdpa",), False, None)
    # On a processor compiling would take longer than a trial.
    return Choice("cpu", "float32", ("sdpa",), False, None)


def peak_of(name: str) -> float | None:
    return next((peak for card, peak in PEAK_TFLOPS.items() if card in name), None)


def look() -> Offered:
    """The first accelerator that is visible, else the processor."""
    import torch

    if torch.cuda.is_available():
        kind = "rocm" if torch.version.hip else "cuda"
        return Offered(kind, torch.cuda.get_device_name(0), torch.cuda.get_device_capability(0), torch.cuda.is_bf16_supported())
    if torch.backends.mps.is_available():
        return Offered("mps", "Apple", has_bf16=mps_has_bf16())
    return Offered("cpu")


def mps_has_bf16() -> bool:
    """From macOS 14 on."""
    import torch

    try:
        return bool(torch.ones(1, dtype=torch.bfloat16, device="mps").item() == 1)
    except (RuntimeError, TypeError):
        return False
