import pytest
import torch

import hardware
import train
from accelerators import peak_of

CPU = torch.device("cpu")


def draw(heads, time=12, seed=0):
    return torch.randn(2, time, heads, 8, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def attend_plainly(q, k, v, window):
    batch, time, heads, channels = q.shape
    out = torch.zeros_like(q)
    group = heads // k.shape[2]
    for b in range(batch):
        for h in range(heads):
            for t in range(time):
                seen = range(max(0, t - window), t + 1)
                scores = torch.stack([q[b, t, h] @ k[b, s, h // group] / channels**0.5 for s in seen])
                share = scores.softmax(0)
                out[b, t, h] = sum(part * v[b, s, h // group] for part, s in zip(share, seen))
    return out


@pytest.mark.parametrize("window", [1, 5, 11, 12, 40])
@pytest.mark.parametrize("kv_heads", [4, 2])
def test_attention_sees_itself_and_the_window_before(window, kv_heads):
    q, k, v = draw(4), draw(kv_heads, seed=1), draw(kv_heads, seed=2)
    hardware.make_masks(12, [window], CPU)
    torch.testing.assert_close(hardware.attend_with_sdpa(q, k, v, window), attend_plainly(q, k, v, window))


@pytest.mark.parametrize("window", [3, 16, 64])
def test_the_fallbacks_agree(window):
    from torch.nn.attention.flex_attention import create_block_mask

    q, k, v = (draw(2, time=64, seed=seed).float() for seed in range(3))
    hardware.make_masks(64, [window], CPU)
    hardware.block_masks[64, window] = create_block_mask(hardware.seen_within(window), None, None, 64, 64, device=CPU)
    torch.testing.assert_close(hardware.attend_with_flex(q, k, v, window), hardware.attend_with_sdpa(q, k, v, window))


def test_a_kernel_that_gives_something_else_is_found_out():
    hardware.make_masks(256, (256, 64), CPU)
    hardware.check_attention(hardware.attend_with_sdpa, CPU)
    with pytest.raises(AssertionError):
        hardware.check_attention(lambda q, k, v, window: hardware.attend_with_sdpa(q, k, v, 256), CPU)


def test_a_layer_with_a_window_is_blind_beyond_it():
    machine = hardware.find_hardware()
    hardware.make_masks(16, [4], CPU)
    layer = train.SelfAttention(64, 4, False, machine.attention)
    x = torch.randn(1, 16, 64)
    cos, sin = train.rotary_angles(16, train.HEAD_SIZE, CPU)
    before = layer(x, None, cos, sin)
    changed = x.clone()
    changed[:, 3] += 1
    moved = (layer(changed, None, cos, sin) - before).abs().amax(dim=(0, 2)) > 1e-6
    assert moved.tolist() == [3 <= position <= 7 for position in range(16)]


def trained_a_little():
    model = train.Model(64, 16, hardware.find_hardware())
    # Zero projections would hide what attention does.
    for parameter in model.parameters():
        if parameter.ndim == 2 and float(parameter.detach().abs().sum()) == 0:
            torch.nn.init.normal_(parameter, std=0.1)
    return model


def test_the_model_does_not_look_ahead():
    model = trained_a_little()
    tokens = torch.randint(0, 64, (2, 16))
    before = model(tokens)
    changed = tokens.clone()
    changed[:, 9] = (changed[:, 9] + 1) % 64
    moved = (model(changed) - before).abs().amax(dim=(0, 2)) > 0
    assert moved.tolist() == [False] * 9 + [True] * 7


def test_logits_are_capped_and_the_untrained_model_knows_nothing():
    model = train.Model(64, 16, hardware.find_hardware())
    logits = model(torch.randint(0, 64, (2, 16)))
    assert float(logits.detach().abs().max()) < 0.5
    torch.nn.init.normal_(model.unembedding.weight, std=100.0)
    assert 10 < float(model(torch.randint(0, 64, (2, 16))).detach().abs().max()) <= 15


def test_rotation_depends_on_distance_alone():
    cos, sin = train.rotary_angles(32, 8, CPU)
    q, k = torch.randn(1, 1, 1, 8), torch.randn(1, 1, 1, 8)
    turned = lambda x: train.rotate(x.expand(1, 32, 1, 8), cos, sin)[0, :, 0]
    products = turned(q) @ turned(k).T
    for distance in range(-10, 11):
        diagonal = products.diagonal(distance)
        torch.testing.assert_close(diagonal, diagonal[:1].expand_as(diagonal), rtol=1e-4, atol=1e-4)


@pytest.fixture
def published(monkeypatch):
    """The numbers of the published setup in place of the miniature's."""
    for name, value in {"DEPTH": 8, "WIDTH_PER_LAYER": 64, "HEAD_SIZE": 128}.items():
        monkeypatch.setattr(train, name, value)


def test_the_baseline_is_the_published_one(published):
    model = train.Model(8192, 2048, hardware.find_hardware())
    assert model.width == 512
    assert sum(each.numel() for each in model.parameters()) == pytest.approx(50.3e6, rel=1e-3)
    assert train.layer_windows(2048) == [1024, 1024, 1024, 2048] * 2
    assert sorted(model.values) == ["1", "3", "5", "7"]
    # 953 steps in 300.1 s were 39.8 % of an H100.
    flops = model.flops_per_token(2048) * (953 - 10) * 524288 / 300.1
    assert 100 * flops / (1e12 * peak_of("NVIDIA H100 80GB HBM3")) == pytest.approx(39.8, abs=0.15)
