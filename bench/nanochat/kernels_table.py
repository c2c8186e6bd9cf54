"""The machine, its attention kernels timed against one another, and the error of its bf16."""

import time
from collections.abc import Callable

import torch

HEADS, CHANNELS, REPEATS = 4, 128, 20


def describe_machine() -> dict:
    cuda = torch.cuda.is_available()
    facts = {"device": "cuda" if cuda else "cpu", "torch": torch.__version__}
    if not cuda:
        import os

        return {**facts, "name": "processor", "threads": torch.get_num_threads(), "cores": os.cpu_count()}
    properties = torch.cuda.get_device_properties(0)
    capability = ".".join(map(str, torch.cuda.get_device_capability(0)))
    return {
        **facts,
        "name": properties.name,
        "cuda": torch.version.cuda,
        "capability": capability,
        "memory_gb": round(properties.total_memory / 2**30, 1),
        "multiprocessors": properties.multi_processor_count,
    }


def check_precision() -> dict:
    """Relative error of a matrix product, against float64: bf16 must lie between 1e-3 and 1e-2, float32 far below."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    generator = torch.Generator(device).manual_seed(0)
    a, b = (torch.randn(512, 512, device=device, generator=generator, dtype=torch.float64) for _ in range(2))
    exact = a @ b
    error = lambda dtype: float(((a.to(dtype) @ b.to(dtype)).double() - exact).norm() / exact.norm())
    return {"bf16": error(torch.bfloat16), "float32": error(torch.float32)}


def time_attention(size: str) -> list[dict]:
    """Forward and backward of one layer, for each kernel that can be had here and each window of the baseline."""
    import hardware
    from sizes import SIZES

    context = SIZES[size].context
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    rows = 32 if device.type == "cuda" else 4
    windows = (context // 2, context)
    hardware.make_masks(context, windows, device)
    rows_of_table = []
    for name, load in kernels(device).items():
        for window in windows:
            row = {"kernel": name, "window": window, "rows": rows}
            try:
                row["ms"] = round(time_one(load(), rows, context, window, device), 3)
            except Exception as error:  # a kernel that is not there or not for this card
                row["failed"] = (str(error).splitlines() or [type(error).__name__])[0][:200]
            rows_of_table.append(row)
    return rows_of_table


def kernels(device: torch.device) -> dict[str, Callable]:
    import hardware

    every = {"sdpa": lambda: hardware.attend_with_sdpa}
    if device.type != "cuda":
        return every
    compiled = lambda function: torch.compile(function, dynamic=False)
    return {
        "flash-attention-3": hardware.load_flash_attention_3,
        "flex": lambda: compiled(hardware.attend_with_flex),
        "sdpa": lambda: compiled(hardware.attend_with_sdpa),
    }


def time_one(attend: Callable, rows: int, context: int, window: int, device: torch.device) -> float:
    """Median of the milliseconds of a forward and a backward pass."""
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    q, k, v = (torch.randn(rows, context, HEADS, CHANNELS, device=device, dtype=dtype).requires_grad_() for _ in range(3))
    times = []
    for repeat in range(REPEATS + 3):
        wait(device)
        started = time.perf_counter()
        torch.autograd.grad(attend(q, k, v, window).sum(), (q, k, v))
        wait(device)
        if repeat >= 3:
            times.append(1000 * (time.perf_counter() - started))
    return sorted(times)[len(times) // 2]


def wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()
