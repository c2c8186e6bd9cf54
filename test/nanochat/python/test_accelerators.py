"""What is chosen on machines that are not here, by what PyTorch says of them. None of these was run on the hardware."""

import pytest
import torch

import hardware
from accelerators import PEAK_TFLOPS, Choice, Offered, choose, look, peak_of

FA3, FLEX, SDPA = "flash-attention-3", "flex", "sdpa"
MACHINES = [
    # what PyTorch says                                            device   precision   kernels            compiled  peak
    (Offered("cuda", "NVIDIA H100 80GB HBM3", (9, 0), True), ("cuda", "bfloat16", (FA3, FLEX, SDPA), True, 989.5)),
    (Offered("cuda", "NVIDIA H200", (9, 0), True), ("cuda", "bfloat16", (FA3, FLEX, SDPA), True, 989.5)),
    (Offered("cuda", "NVIDIA H100 PCIe", (9, 0), True), ("cuda", "bfloat16", (FA3, FLEX, SDPA), True, 756)),
    (Offered("cuda", "NVIDIA B200", (10, 0), True), ("cuda", "bfloat16", (FLEX, SDPA), True, 2250)),
    (Offered("cuda", "NVIDIA A100-SXM4-80GB", (8, 0), True), ("cuda", "bfloat16", (FLEX, SDPA), True, 312)),
    (Offered("cuda", "NVIDIA GeForce RTX 3090", (8, 6), True), ("cuda", "bfloat16", (FLEX, SDPA), True, 71)),
    (Offered("cuda", "NVIDIA L40S", (8, 9), True), ("cuda", "bfloat16", (FLEX, SDPA), True, 362)),
    (Offered("cuda", "NVIDIA Some New Card", (12, 0), True), ("cuda", "bfloat16", (FLEX, SDPA), True, None)),
    # PyTorch says that older cards have bf16, because it can be emulated; it is slow.
    (Offered("cuda", "Tesla V100-SXM2-16GB", (7, 0), True), ("cuda", "float32", (SDPA,), True, None)),
    (Offered("cuda", "NVIDIA GeForce GTX 1080", (6, 1), False), ("cuda", "float32", (SDPA,), True, None)),
    # AMD's number looks like Hopper's and means something else: no kernel for Hopper may be tried.
    (Offered("rocm", "AMD Instinct MI300X", (9, 4), True), ("cuda", "bfloat16", (FLEX, SDPA), True, 1307.4)),
    (Offered("rocm", "AMD Instinct MI250X / MI250", (9, 0), True), ("cuda", "bfloat16", (FLEX, SDPA), True, 191.5)),
    (Offered("rocm", "AMD Radeon RX 7900 XTX", (11, 0), True), ("cuda", "bfloat16", (FLEX, SDPA), True, 122.8)),
    (Offered("rocm", "AMD Radeon VII", (9, 0), False), ("cuda", "float32", (SDPA,), True, None)),
    (Offered("mps", "Apple", has_bf16=True), ("mps", "bfloat16", (SDPA,), False, None)),
    (Offered("mps", "Apple", has_bf16=False), ("mps", "float32", (SDPA,), False, None)),
    (Offered("cpu"), ("cpu", "float32", (SDPA,), False, None)),
]


@pytest.mark.parametrize("offered, chosen", MACHINES, ids=lambda each: getattr(each, "name", None))
def test_each_machine_gets_what_suits_it(offered, chosen):
    assert choose(offered) == Choice(*chosen)


def test_a_name_inside_another_does_not_hide_it():
    names = list(PEAK_TFLOPS)
    for index, name in enumerate(names):
        assert not any(earlier in name for earlier in names[:index]), f"{name} is never found"
    assert peak_of("NVIDIA GH200 480GB") == PEAK_TFLOPS["GH200"]


def test_a_kernel_that_fails_or_differs_gives_way_to_the_next(monkeypatch, capsys):
    monkeypatch.setattr(hardware, "load_flash_attention_3", lambda: lambda q, k, v, window: v)
    monkeypatch.setattr(hardware, "attend_with_flex", lambda *_: (_ for _ in ()).throw(RuntimeError("no such card")))
    choice = Choice("cpu", "float32", (FA3, FLEX, SDPA), False, None)
    name, attention = hardware.load_attention(choice, torch.device("cpu"))
    assert (name, attention) == (SDPA, hardware.attend_with_sdpa)
    said = capsys.readouterr().out
    assert "attention flash-attention-3 is not used" in said and "attention flex is not used: no such card" in said


def test_this_machine_is_seen():
    assert look().kind in ("cuda", "rocm", "mps", "cpu")
