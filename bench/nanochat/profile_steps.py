"""Where a step spends its time: some steps of train.py under PyTorch's profiler."""

import importlib
import sys
from dataclasses import replace
from pathlib import Path

STEPS = 16


def profile_steps(lab: Path, size: str) -> list[dict]:
    """The operations with the most time of their own, in milliseconds a step."""
    import torch
    from torch.profiler import ProfilerActivity, profile

    sys.argv = ["train.py", "--size", size]
    train = importlib.import_module("train")
    sizes = importlib.import_module("sizes")
    machine = train.hardware.find_hardware()
    short = replace(sizes.SIZES[size], train_steps=STEPS)
    data = train.Data(short)
    model = train.Model(data.vocabulary, short.context, machine)
    train.train(model, data, machine, sizes.Clock(short), short)  # compiles
    activities = [ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if machine.is_cuda else [])]
    with profile(activities=activities) as profiler:
        train.train(model, data, machine, sizes.Clock(short), short)
        machine.wait()
    own = (lambda event: event.self_device_time_total) if machine.is_cuda else (lambda event: event.self_cpu_time_total)
    events = sorted(profiler.key_averages(), key=own, reverse=True)[:15]
    return [{"operation": event.key[:80], "calls": event.count // STEPS, "ms": round(own(event) / 1000 / STEPS, 3)} for event in events]
