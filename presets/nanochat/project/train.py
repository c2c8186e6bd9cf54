"""One trial: trains a small language model within the time budget and prints what came of it.

This is the file that experiments change. Everything in it is open: the numbers below, the model, the
optimizers, the schedule, the loop. The other files are fixed: sizes.py holds the budget and the
context, data.py the text, bpb.py and evaluate.py the evaluation, hardware.py what the machine offers.
"""

import time

STARTED = time.perf_counter()

import gc
import json
import math
import os
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

import hardware
from bpb import EvaluationError, bits_per_byte
from data import Data
from serving import serve, take_output
from sizes import FIRST_STEPS_NOT_COUNTED, Clock, Size, chosen_size, trial_seed

# --- model

# Layers.
DEPTH = 8

# The width is DEPTH times this, rounded up to a whole number of heads.
WIDTH_PER_LAYER = 64

# Channels of an attention head.
HEAD_SIZE = 128

# Windows of the layers, repeated: S sees half the context, L all of it. The last layer is always L.
WINDOWS = "SSSL"

# Part of the context that S sees.
SHORT_WINDOW = 0.5

# Base of the rotary positions.
ROPE_BASE = 10000

# Hidden channels of the MLP, as a multiple of the width.
MLP_FACTOR = 4

# Logits are squeezed into plus and minus this.
LOGIT_CAP = 15.0

# Channels that decide how much of a value embedding is mixed in.
GATE_CHANNELS = 32

# --- initial weights

# Spread of the unembedding.
UNEMBEDDING_STD = 0.001

# Factor on the uniform spread of all other matrices.
MATRIX_SPREAD = 1.0

# How much of the embedding every layer is given again.
SKIP_SCALE = 0.1

# --- optimizers

# Tokens of one step.
TOTAL_BATCH = 524288

# Rows of one pass at most; a step has as many passes as it takes.
DEVICE_ROWS = 128

# Rate of the matrices (Muon), times the square root of rows over columns where there are more rows.
MATRIX_LR = 0.04

# Rate of the token embedding (AdamW), for a model 768 wide.
EMBEDDING_LR = 0.6

# Rate of the value embeddings.
VALUE_LR = 0.6

# Rate of the unembedding.
UNEMBEDDING_LR = 0.004

# Rate of the scales of what is skipped from the embedding.
SKIP_LR = 0.5

# Rate of the scales of the residual stream.
RESIDUAL_LR = 0.005

# Average of AdamW's gradients.
ADAM_BETA1 = 0.8

# Average of AdamW's squared gradients.
ADAM_BETA2 = 0.95

# Decay of the matrices at the start; it falls to 0 in the course of training.
WEIGHT_DECAY = 0.2

# Decay of the value embeddings.
VALUE_DECAY = 0.0

# Decay of the token embedding.
EMBEDDING_DECAY = 0.0

# Decay of the unembedding.
UNEMBEDDING_DECAY = 0.0

# Muon's momentum in the first step, and from MOMENTUM_STEPS on.
MOMENTUM_START = 0.85

# What it rises to.
MOMENTUM = 0.95

# Steps it rises for.
MOMENTUM_STEPS = 300

# Average of Muon's squared updates, per row or column.
MUON_BETA2 = 0.95

# Steps of the orthogonalisation, 5 at most.
ORTHOGONAL_STEPS = 5

# --- schedule, in shares of the budget

# All rates rise from 0 over this share.
WARMUP = 0.0

# All rates fall to FINAL_LR over this share, at the end.
WARMDOWN = 0.5

# What is left of the rates at the very end.
FINAL_LR = 0.0

# --- the miniature (`--size cpu`): the same code with other numbers

# Layers.
CPU_DEPTH = 2

# The width is CPU_DEPTH times this.
CPU_WIDTH_PER_LAYER = 32

# Channels of a head.
CPU_HEAD_SIZE = 32

# Tokens of one step.
CPU_TOTAL_BATCH = 4096

# Rows of one pass.
CPU_DEVICE_ROWS = 16

SIZE = chosen_size()
if SIZE.name == "cpu":
    DEPTH, WIDTH_PER_LAYER, HEAD_SIZE = CPU_DEPTH, CPU_WIDTH_PER_LAYER, CPU_HEAD_SIZE
    TOTAL_BATCH, DEVICE_ROWS = CPU_TOTAL_BATCH, CPU_DEVICE_ROWS
# Layers added or taken away, to see whether a change helps models of another depth too.
DEPTH += int(os.environ.get("NANOCHAT_MORE_LAYERS", "0"))


def norm(x: torch.Tensor) -> torch.Tensor:
    """To a root mean square of 1 over the channels, without weights."""
    return F.rms_norm(x, (x.shape[-1],))


def rotary_angles(context: int, channels: int, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """Cosine and sine of each position's turn of each pair of channels: (1, context, 1, channels / 2)."""
    speeds = ROPE_BASE ** (-torch.arange(0, channels, 2, dtype=torch.float32, device=device) / channels)
    angles = torch.outer(torch.arange(context, dtype=torch.float32, device=device), speeds)
    return angles.cos()[None, :, None, :], angles.sin()[None, :, None, :]


def rotate(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Turns the pairs made of a head's first and second half of channels by their position's angles."""
    first, second = x.chunk(2, dim=-1)
    cos, sin = cos.to(x.dtype), sin.to(x.dtype)
    return torch.cat([first * cos + second * sin, second * cos - first * sin], dim=-1)


def matrix(inputs: int, outputs: int) -> nn.Linear:
    return nn.Linear(inputs, outputs, bias=False)


class SelfAttention(nn.Module):
    def __init__(self, width: int, window: int, has_values: bool, attention: hardware.Attention) -> None:
        super().__init__()
        self.heads = width // HEAD_SIZE
        self.window = window
        self.attention = attention
        self.query, self.key, self.value, self.out = (matrix(width, width) for _ in range(4))
        self.gate = matrix(GATE_CHANNELS, self.heads) if has_values else None

    def forward(self, x, values, cos, sin):
        """x: (batch, time, width); values: the layer's value embedding of the same tokens, if it has one."""
        batch, length, width = x.shape
        split = lambda each: each.view(batch, length, self.heads, HEAD_SIZE)
        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        if values is not None:
            share = 2 * torch.sigmoid(self.gate(x[..., :GATE_CHANNELS]))
            v = v + share[..., None] * split(values)
        q, k = norm(rotate(q, cos, sin)), norm(rotate(k, cos, sin))
        mixed = self.attention(q.to(v.dtype), k.to(v.dtype), v, self.window)
        return self.out(mixed.reshape(batch, length, width))


class Mlp(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.into = matrix(width, MLP_FACTOR * width)
        self.out = matrix(MLP_FACTOR * width, width)

    def forward(self, x):
        return self.out(F.relu(self.into(x)).square())


class Layer(nn.Module):
    def __init__(self, width: int, window: int, has_values: bool, attention: hardware.Attention) -> None:
        super().__init__()
        self.attention = SelfAttention(width, window, has_values, attention)
        self.mlp = Mlp(width)

    def forward(self, x, values, cos, sin):
        x = x + self.attention(norm(x), values, cos, sin)
        return x + self.mlp(norm(x))


class Model(nn.Module):
    """Token ids (batch, time) to logits (batch, time, vocabulary) for the token after each."""

    def __init__(self, vocabulary: int, context: int, machine: hardware.Hardware) -> None:
        super().__init__()
        self.width = math.ceil(DEPTH * WIDTH_PER_LAYER / HEAD_SIZE) * HEAD_SIZE
        windows = layer_windows(context)
        hardware.make_masks(context, windows, machine.device)
        # Every other layer has a value embedding, the last one always.
        with_values = [layer for layer in range(DEPTH) if layer % 2 == (DEPTH - 1) % 2]
        self.embedding = nn.Embedding(vocabulary, self.width)
        self.values = nn.ModuleDict({str(layer): nn.Embedding(vocabulary, self.width) for layer in with_values})
        self.layers = nn.ModuleList(
            Layer(self.width, window, layer in with_values, machine.attention) for layer, window in enumerate(windows)
        )
        self.unembedding = matrix(self.width, vocabulary)
        self.residual_scales = nn.Parameter(torch.empty(DEPTH))
        self.skip_scales = nn.Parameter(torch.empty(DEPTH))
        self.to(machine.device)
        cos, sin = rotary_angles(context, HEAD_SIZE, machine.device)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        self.initialise()
        # Tables are only looked up, so they can be as coarse as what they are mixed into.
        for table in (self.embedding, *self.values.values()):
            table.to(machine.dtype)

    @torch.no_grad()
    def initialise(self) -> None:
        spread = MATRIX_SPREAD * (3 / self.width) ** 0.5
        nn.init.normal_(self.embedding.weight, std=1.0)
        nn.init.normal_(self.unembedding.weight, std=UNEMBEDDING_STD)
        for layer in self.layers:
            for each in (layer.attention.query, layer.attention.key, layer.attention.value, layer.mlp.into):
                nn.init.uniform_(each.weight, -spread, spread)
            for each in (layer.attention.out, layer.mlp.out, layer.attention.gate):
                if each is not None:
                    nn.init.zeros_(each.weight)
        for table in self.values.values():
            nn.init.uniform_(table.weight, -spread, spread)
        nn.init.constant_(self.residual_scales, 1.0)
        nn.init.constant_(self.skip_scales, SKIP_SCALE)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        start = x = norm(self.embedding(tokens))
        for index, layer in enumerate(self.layers):
            x = self.residual_scales[index] * x + self.skip_scales[index] * start
            values = self.values[str(index)](tokens) if str(index) in self.values else None
            x = layer(x, values, self.cos, self.sin)
        logits = self.unembedding(norm(x)).float()
        return LOGIT_CAP * torch.tanh(logits / LOGIT_CAP)

    def flops_per_token(self, context: int) -> float:
        """Operations of a forward and a backward pass: 6 for each weight that is multiplied, 12 for each channel and position attended to."""
        tables = sum(table.weight.numel() for table in (self.embedding, *self.values.values()))
        weights = sum(each.numel() for each in self.parameters()) - tables - 2 * DEPTH
        return 6 * weights + 12 * self.width * sum(min(window, context) for window in layer_windows(context))


def layer_windows(context: int) -> list[int]:
    """How far back each layer sees, in tokens."""
    reach = {"S": int(context * SHORT_WINDOW), "L": context}
    windows = [reach[WINDOWS[layer % len(WINDOWS)]] for layer in range(DEPTH)]
    return [*windows[:-1], context]


# --- optimizers

# Polar Express (Amsel and others, 2025): the polynomials x -> a x + b x^3 + c x^5 that bring singular
# values from 0.001 and above to 1 in five steps, each the best one after those before it.
POLAR_EXPRESS = [
    (8.156554524902461, -22.48329292557795, 15.878769915207462),
    (4.042929935166739, -2.808917465908714, 0.5000178451051316),
    (3.8916678022926607, -2.772484153217685, 0.5060648178503393),
    (3.285753657755655, -2.3681294933425376, 0.46449024233003106),
    (2.3465413258596377, -1.7097828382687081, 0.42323551169305323),
]


def orthogonalise(matrices: torch.Tensor) -> torch.Tensor:
    """The nearest matrices with all singular values about 1: (count, rows, columns) to the same."""
    is_tall = matrices.shape[-2] > matrices.shape[-1]
    x = matrices.mT if is_tall else matrices
    x = x / (x.norm(dim=(-2, -1), keepdim=True) * 1.02 + 1e-6)
    for a, b, c in POLAR_EXPRESS[:ORTHOGONAL_STEPS]:
        square = x @ x.mT
        x = a * x + (b * square + c * (square @ square)) @ x
    return x.mT if is_tall else x


def muon_step(weights, gradients, average, squares, momentum, rate, decay) -> None:
    """One step for matrices of one shape, all (count, rows, columns); changes weights, average and squares.

    squares, (count, rows, 1) or (count, 1, columns) along the longer side, averages the squared updates there.
    """
    average.lerp_(gradients, 1 - momentum)
    ahead = gradients.lerp(average, momentum)
    update = orthogonalise(ahead.to(torch.bfloat16) if weights.is_cuda else ahead).to(weights.dtype)

    # Rows (or columns) that always get large updates are turned down, the others up; the whole stays as large.
    across = -1 if squares.shape[-1] == 1 else -2
    present = update.square().mean(dim=across, keepdim=True)
    squares.lerp_(present, 1 - MUON_BETA2)
    scale = squares.clamp_min(1e-10).rsqrt()
    before = present.sum(dim=(-2, -1), keepdim=True).sqrt()
    after = (present * scale.square()).sum(dim=(-2, -1), keepdim=True).sqrt()
    update = update * (scale * before / after.clamp_min(1e-10))

    # Weights decay only where the update shrinks them as well.
    shrinks = update * weights >= 0
    weights.sub_(rate * (update + decay * weights * shrinks))


class Muon:
    """Momentum with orthogonal updates, for matrices. Those of one shape are stepped together."""

    def __init__(self, matrices: list[nn.Parameter], machine: hardware.Hardware) -> None:
        shapes = sorted({tuple(each.shape) for each in matrices})
        self.groups = [[each for each in matrices if tuple(each.shape) == shape] for shape in shapes]
        self.step_group = machine.compile(muon_step)
        self.averages = [torch.zeros_like(torch.stack([each.data for each in group])) for group in self.groups]
        self.squares = [
            each[..., :1].clone() if each.shape[-2] >= each.shape[-1] else each[..., :1, :].clone() for each in self.averages
        ]

    @torch.no_grad()
    def step(self, rate: float, momentum: float, decay: float) -> None:
        for group, average, squares in zip(self.groups, self.averages, self.squares):
            rows, columns = group[0].shape
            # Tensors, because compiled code is compiled again for every new number.
            numbers = (momentum, rate * max(1.0, rows / columns) ** 0.5, decay)
            numbers = [torch.tensor(each, dtype=torch.float32, device=average.device) for each in numbers]
            weights = torch.stack([each.data for each in group])
            self.step_group(weights, torch.stack([each.grad for each in group]), average, squares, *numbers)
            torch._foreach_copy_([each.data for each in group], list(weights.unbind()))


def make_adamw(model: Model) -> torch.optim.AdamW:
    """For everything that is no matrix inside a layer."""
    scale = (model.width / 768) ** -0.5
    group = lambda parameters, lr, decay=0.0, betas=(ADAM_BETA1, ADAM_BETA2): {
        "params": list(parameters),
        "lr": lr,
        "base_lr": lr,
        "weight_decay": decay,
        "betas": betas,
    }
    groups = [
        group(model.embedding.parameters(), EMBEDDING_LR * scale, EMBEDDING_DECAY),
        group(model.values.parameters(), VALUE_LR * scale, VALUE_DECAY),
        group(model.unembedding.parameters(), UNEMBEDDING_LR * scale, UNEMBEDDING_DECAY),
        group([model.skip_scales], SKIP_LR, betas=(0.96, ADAM_BETA2)),
        group([model.residual_scales], RESIDUAL_LR),
    ]
    return torch.optim.AdamW(groups, eps=1e-10, fused=True)


# --- schedule


def rate_factor(progress: float) -> float:
    """What all rates are multiplied with, by the share of the budget that is used."""
    if progress < WARMUP:
        return progress / WARMUP
    left = 1 - progress
    if left >= WARMDOWN:
        return 1.0
    return FINAL_LR + (1 - FINAL_LR) * left / WARMDOWN


def momentum_at(step: int) -> float:
    rise = min(step / MOMENTUM_STEPS, 1.0)
    return MOMENTUM_START + rise * (MOMENTUM - MOMENTUM_START)


# --- the trial


def fail(reason: str) -> None:
    """Ends the trial with one line of reason and no figures."""
    print(f"failed: {reason}", flush=True)
    sys.exit(1)


def train(model: Model, data: Data, machine: hardware.Hardware, clock: Clock, size: Size) -> None:
    """Trains until the budget is used, with a line of the curve every hundredth of it."""
    rows = min(DEVICE_ROWS, TOTAL_BATCH // size.context)
    if rows < 1 or TOTAL_BATCH % (rows * size.context) != 0:
        fail(f"TOTAL_BATCH {TOTAL_BATCH} is no multiple of DEVICE_ROWS {DEVICE_ROWS} x context {size.context}")
    passes = TOTAL_BATCH // (rows * size.context)
    muon = Muon([each for each in model.layers.parameters() if each.ndim == 2], machine)
    adamw = make_adamw(model)

    def loss_of(inputs, targets):
        return F.cross_entropy(model(inputs).flatten(0, 1), targets.flatten())

    compiled_loss = machine.compile(loss_of)
    batch = data.next_rows(rows, machine.device)
    smooth, shown = 0.0, 0.0
    machine.wait()
    while not clock.is_over:
        started = machine.seconds()
        total = torch.zeros((), device=machine.device)
        for _ in range(passes):
            with machine.autocast():
                loss = compiled_loss(*batch)
            total += loss.detach() / passes
            (loss / passes).backward()
            # The next rows are read while the device works.
            batch = data.next_rows(rows, machine.device)
        factor = rate_factor(clock.progress)
        for group in adamw.param_groups:
            group["lr"] = group["base_lr"] * factor
        adamw.step()
        muon.step(MATRIX_LR * factor, momentum_at(clock.steps), WEIGHT_DECAY * (1 - clock.progress))
        model.zero_grad(set_to_none=True)
        value = float(total)
        if not value <= 100:
            fail(f"the loss is {value} in step {clock.steps + 1}")
        machine.wait()
        clock.tick(machine.seconds() - started)
        smooth = 0.9 * smooth + 0.1 * value
        if clock.steps == 1:
            # Nothing made so far will be let go of, so the collector need not look through it again.
            gc.collect()
            gc.freeze()
            gc.disable()
        if clock.progress >= shown + 0.01 or clock.is_over:
            shown = clock.progress
            print(f"curve: {clock.progress:.4f} {smooth / (1 - 0.9**clock.steps):.5f}", flush=True)


def main(size: Size) -> dict[str, float]:
    """Training and evaluation in one process, by hand; gives what it prints."""
    model, machine, data, results = train_one(size)
    with machine.autocast():
        val_bpb = bits_per_byte(
            machine.compile(model), data.validation(), data.token_bytes.to(machine.device), size.evaluation_rows
        )
    return {"val_bpb": val_bpb, **results, "total_seconds": time.perf_counter() - STARTED}


def hand_over(size: Size) -> None:
    """A trial of the engine: evaluate.py asks for the model's predictions when this process has ended."""
    model, _, _, results = train_one(size)
    torch.save(model.state_dict(), "model.pt")
    with open("summary.json", "w", encoding="utf-8") as file:
        json.dump(results, file)


def answer(size: Size) -> None:
    """Answers evaluate.py with the model that was handed over."""
    out = take_output()
    machine = hardware.find_hardware()
    vocabulary = Data(size).vocabulary
    model = Model(vocabulary, size.context, machine)
    model.load_state_dict(torch.load("model.pt", map_location=machine.device, weights_only=True))
    serve(out, size, machine, machine.compile(model), vocabulary)


def train_one(size: Size) -> tuple[Model, hardware.Hardware, Data, dict[str, float]]:
    """A trained model, and what its training was like."""
    torch.manual_seed(trial_seed())
    machine = hardware.find_hardware()
    print(f"machine: {machine.describe()}", flush=True)
    data = Data(size)
    model = Model(data.vocabulary, size.context, machine)
    clock = Clock(size)
    train(model, data, machine, clock, size)
    counted_tokens = (clock.steps - FIRST_STEPS_NOT_COUNTED) * TOTAL_BATCH
    flops = model.flops_per_token(size.context) * counted_tokens / clock.seconds
    print(f"data: {data.epochs:.2f} times through the training rows", flush=True)
    results = {
        "training_seconds": clock.seconds,
        "total_seconds": time.perf_counter() - STARTED,
        "peak_vram_mb": machine.peak_memory_mb(),
        "mfu_percent": 100 * flops / machine.peak_flops if machine.peak_flops else 0.0,
        "total_tokens_M": clock.steps * TOTAL_BATCH / 1e6,
        "num_steps": clock.steps,
        "num_params_M": sum(each.numel() for each in model.parameters()) / 1e6,
        "depth": DEPTH,
    }
    return model, machine, data, results


def show(results: dict[str, float]) -> None:
    decimals = {"val_bpb": 6, "mfu_percent": 2, "num_steps": 0, "depth": 0}
    print("---")
    for name, value in results.items():
        print(f"{name + ':':18}{value:.{decimals.get(name, 1)}f}")


if __name__ == "__main__":
    try:
        if "--hand-over" in sys.argv:
            hand_over(SIZE)
        elif "--answer" in sys.argv:
            answer(SIZE)
        else:
            show(main(SIZE))
    except EvaluationError as error:
        fail(f"evaluation: {error}")
    except (MemoryError, RuntimeError) as error:
        words = str(error).splitlines()[0] if str(error) else ""
        if not (isinstance(error, (MemoryError, torch.OutOfMemoryError)) or "can't allocate memory" in words):
            raise
        fail(f"out of memory: {words}")
