#!/usr/bin/env python3
"""Writes Tests/MiniTensorTests/Vectors/*.json: what PyTorch computes for every operation of MiniTensor.

Needs: pip install "torch==2.13.0+cpu"
Usage: python3 Tests/Vectors/make_operation_vectors.py

Inputs are Float32 numbers with two or three decimals. PyTorch computes in float64 and the result is rounded
to Float32 once, so that a tolerance in a test has to cover the error of our own arithmetic only.
Gradients are those of sum(output * cotangent) with the random cotangent that the case gives.
"""
import pathlib

import torch
import torch.nn.functional as F

from layouts import HEADER, entry, randoms, rounded, seeded, write

FOLDER = pathlib.Path(__file__).parent.parent / "MiniTensorTests" / "Vectors"


def case(name, operation, parameters, inputs, forward, outputs="plain", differentiable=None, extra=None):
    """Runs one case. `inputs`: name → (tensor, layout); `forward`: doubles by name → output (or output, more outputs)."""
    differentiable = list(inputs) if differentiable is None else differentiable
    doubles = {k: t.double().requires_grad_(k in differentiable) for k, (t, _) in inputs.items()}
    result = forward(doubles)
    output, more = result if isinstance(result, tuple) else (result, {})
    record = {"name": name, "operation": operation, "parameters": parameters,
              "inputs": {k: entry(t, layout) for k, (t, layout) in inputs.items()}, **(extra or {}),
              "outputs": {"output": entry(output, outputs), **{k: entry(t) for k, t in more.items()}}}
    if differentiable:
        cotangent = randoms(seeded(name + "/cotangent"), *output.shape)
        (output * cotangent.double()).sum().backward()
        record["cotangent"] = entry(cotangent, outputs)
        record["gradients"] = {k: entry(doubles[k].grad, inputs[k][1]) for k in differentiable}
    return record


def convolution(batch, height, width, cin, cout, kernel, stride, padding, note=""):
    kh, kw = kernel
    name = f"{batch}x{height}x{width}x{cin} to {cout}, {kh}x{kw}, stride {stride}, padding {padding}" + (f": {note}" if note else "")
    g = seeded(name)
    inputs = {"input": (randoms(g, batch, cin, height, width, digits=2), "image"),
              "filter": (randoms(g, cout, cin, kh, kw, scale=(2 / (kh * kw * cin)) ** 0.5, digits=2), "filter")}
    return case(name, "conv2d", {"stride": stride, "padding": padding}, inputs,
                lambda t: F.conv2d(t["input"], t["filter"], stride=stride, padding=padding), "image")


CONVOLUTIONS = [
    convolution(1, 1, 1, 1, 1, (1, 1), 1, 0, "the smallest"),
    convolution(1, 1, 1, 3, 5, (3, 3), 1, 1, "1x1 image, larger kernel"),
    convolution(2, 1, 1, 5, 3, (5, 5), 1, 2, "1x1 image, larger kernel"),
    convolution(1, 2, 3, 3, 8, (7, 7), 1, 3, "kernel larger than the image"),
    convolution(1, 2, 2, 1, 3, (5, 5), 2, 2, "kernel larger than the image"),
    convolution(1, 1, 1, 1, 2, (3, 3), 2, 3, "padding wider than the kernel's reach"),
    convolution(1, 8, 8, 1, 8, (3, 3), 1, 1, "first layer on a digit"),
    convolution(1, 5, 6, 3, 5, (1, 1), 1, 0),
    convolution(2, 5, 6, 5, 17, (1, 1), 2, 0, "stride larger than the kernel"),
    convolution(2, 7, 7, 8, 3, (1, 1), 3, 0, "stride larger than the kernel"),
    convolution(1, 4, 4, 3, 3, (1, 1), 1, 1, "outputs that see padding only"),
    convolution(1, 4, 5, 2, 3, (1, 1), 2, 2, "outputs that see padding only"),
    convolution(1, 3, 3, 1, 1, (3, 3), 1, 0, "one output pixel"),
    convolution(2, 5, 5, 3, 8, (3, 3), 1, 1),
    convolution(2, 5, 4, 8, 8, (3, 3), 1, 1),
    convolution(1, 6, 4, 17, 5, (3, 3), 1, 1),
    convolution(1, 4, 4, 5, 17, (3, 3), 1, 1),
    convolution(1, 6, 6, 17, 8, (3, 3), 2, 1),
    convolution(1, 6, 6, 8, 16, (3, 3), 2, 1, "first layer of a stage"),
    convolution(1, 4, 4, 16, 32, (3, 3), 1, 1),
    convolution(1, 7, 6, 16, 32, (1, 1), 2, 0, "projection shortcut"),
    convolution(2, 8, 7, 3, 5, (3, 3), 3, 0),
    convolution(1, 8, 10, 5, 3, (3, 3), 3, 1, "last pixels unused"),
    convolution(1, 5, 5, 8, 3, (3, 3), 2, 0),
    convolution(1, 5, 5, 3, 3, (3, 3), 1, 2),
    convolution(1, 4, 4, 3, 2, (3, 3), 1, 3),
    convolution(2, 7, 7, 3, 5, (5, 5), 1, 2),
    convolution(1, 9, 8, 5, 8, (5, 5), 2, 2),
    convolution(1, 9, 9, 1, 3, (5, 5), 3, 1),
    convolution(1, 5, 5, 17, 1, (5, 5), 1, 0, "one output pixel"),
    convolution(1, 10, 9, 3, 8, (7, 7), 2, 3, "first layer for ImageNet, small"),
    convolution(1, 9, 9, 1, 5, (7, 7), 1, 3),
    convolution(2, 8, 8, 3, 3, (7, 7), 3, 0),
    convolution(1, 5, 7, 3, 5, (2, 3), 1, 0, "kernel not square"),
    convolution(2, 6, 5, 5, 8, (2, 3), 1, 1, "kernel not square"),
    convolution(1, 7, 8, 8, 1, (2, 3), 2, 1, "kernel not square"),
    convolution(1, 8, 9, 1, 3, (2, 3), 3, 0, "stride larger than the kernel's height"),
    convolution(1, 6, 4, 3, 17, (3, 2), 2, 1, "kernel not square"),
    convolution(1, 3, 9, 3, 33, (3, 3), 1, 1, "wide image, 33 channels out"),
]


def batch_norm(batch, height, width, channels, training, note="", shift=0.0, constant_channel=False):
    name = f"{batch}x{height}x{width}x{channels}, {'training' if training else 'inference'}" + (f": {note}" if note else "")
    g = seeded(name)
    x = randoms(g, batch, channels, height, width) * 2 + shift
    if constant_channel:
        x[:, 0] = 1.5
    inputs = {"input": (x, "image"), "gamma": (1 + randoms(g, channels, scale=0.3), "plain"), "beta": (randoms(g, channels), "plain"),
              "runningMean": (randoms(g, channels), "plain"), "runningVariance": (0.5 + randoms(g, channels).abs(), "plain")}
    inputs = {k: (rounded(t), layout) for k, (t, layout) in inputs.items()}

    def forward(t):
        mean, variance = t["runningMean"].clone(), t["runningVariance"].clone()
        y = F.batch_norm(t["input"], mean, variance, t["gamma"], t["beta"], training, 0.1, 1e-5)
        return y, {"runningMean": mean, "runningVariance": variance}

    return case(name, "batchNorm", {"training": training, "momentum": 0.1, "epsilon": 1e-5}, inputs, forward, "image",
                ["input", "gamma", "beta"])


BATCH_NORMS = [
    batch_norm(2, 1, 1, 3, True, "two values a channel"),
    batch_norm(1, 2, 1, 1, True, "batch of one"),
    batch_norm(1, 5, 4, 8, True, "batch of one"),
    batch_norm(4, 3, 3, 5, True),
    batch_norm(3, 4, 5, 17, True),
    batch_norm(8, 2, 2, 32, True),
    batch_norm(5, 3, 2, 8, True, "mean far from zero", shift=100.0),
    batch_norm(2, 3, 3, 2, True, "one constant channel", constant_channel=True),
    batch_norm(2, 3, 3, 1, True, "one channel"),
    batch_norm(1, 1, 1, 5, False, "one pixel"),
    batch_norm(3, 2, 4, 8, False),
    batch_norm(2, 3, 3, 17, False),
]


def elementwise():
    for shape in [(1, 1, 1, 1), (2, 3, 5, 8), (1, 4, 4, 17), (3, 5)]:
        layout = "image" if len(shape) == 4 else "plain"
        torch_shape = (shape[0], shape[3], shape[1], shape[2]) if len(shape) == 4 else shape
        text = "x".join(map(str, shape))
        g = seeded("relu " + text)
        x = randoms(g, *torch_shape)
        if x.numel() > 3:
            x.flatten()[:3] = torch.tensor([0.0, -1.0, 1.0])
        yield case(f"relu {text}", "relu", {}, {"input": (x, layout)}, lambda t: F.relu(t["input"]), layout)
        g = seeded("add " + text)
        yield case(f"add {text}", "add", {}, {"left": (randoms(g, *torch_shape), layout), "right": (randoms(g, *torch_shape), layout)},
                   lambda t: t["left"] + t["right"], layout)
        g = seeded("mean " + text)
        yield case(f"mean {text}", "mean", {}, {"input": (randoms(g, *torch_shape), layout)}, lambda t: t["input"].mean(), "plain")


def linear(batch, cin, cout):
    name = f"linear {batch}x{cin} to {cout}"
    g = seeded(name)
    inputs = {"input": (randoms(g, batch, cin), "plain"), "weight": (randoms(g, cout, cin, scale=cin ** -0.5), "weight"),
              "bias": (randoms(g, cout), "plain")}
    return case(name, "linear", {}, inputs, lambda t: F.linear(t["input"], t["weight"], t["bias"]))


LINEARS = [linear(*shape) for shape in [(1, 1, 1), (1, 3, 10), (5, 8, 1), (4, 17, 5), (7, 32, 10), (3, 64, 33)]]


def distinct(g, *shape):
    """Numbers without ties, so that every maximum has one place only."""
    count = torch.Size(shape).numel()
    return ((torch.randperm(count, generator=g) - count // 2).double() / 100).float().reshape(shape)


def pooling():
    for shape, kernel, stride, padding in [((1, 1, 1, 1), 1, 1, 0), ((2, 4, 6, 3), 2, 2, 0), ((1, 7, 5, 8), 3, 2, 1), ((2, 5, 5, 17), 3, 1, 1),
                                           ((1, 8, 8, 5), 3, 3, 0), ((1, 7, 8, 3), 2, 3, 0), ((1, 1, 1, 3), 3, 2, 1), ((2, 6, 5, 1), 5, 2, 2)]:
        n, h, w, c = shape
        name = f"maxPool {n}x{h}x{w}x{c}, kernel {kernel}, stride {stride}, padding {padding}"
        yield case(name, "maxPool", {"kernel": kernel, "stride": stride, "padding": padding}, {"input": (distinct(seeded(name), n, c, h, w), "image")},
                   lambda t: F.max_pool2d(t["input"], kernel, stride, padding), "image")
    ties = torch.tensor([[[[0.0, 0, 1, 1], [0, 0, 1, 1], [2, 1, -3, -3], [1, 2, -3, -4]]]])
    yield case("maxPool with ties: the first maximum in row order takes the whole gradient", "maxPool", {"kernel": 2, "stride": 2, "padding": 0},
               {"input": (ties, "image")}, lambda t: F.max_pool2d(t["input"], 2, 2, 0), "image")
    yield case("maxPool of negative numbers: padding never wins", "maxPool", {"kernel": 3, "stride": 2, "padding": 1},
               {"input": (-1 - distinct(seeded("negative"), 1, 2, 3, 3).abs(), "image")}, lambda t: F.max_pool2d(t["input"], 3, 2, 1), "image")
    for shape, kernel, stride, padding in [((1, 1, 1, 1), 1, 1, 0), ((2, 4, 6, 3), 2, 2, 0), ((1, 7, 5, 8), 3, 2, 0), ((1, 7, 7, 17), 7, 7, 0),
                                           ((1, 7, 8, 3), 2, 3, 0), ((2, 5, 6, 3), 3, 2, 1), ((1, 1, 1, 5), 3, 1, 1)]:
        n, h, w, c = shape
        name = f"averagePool {n}x{h}x{w}x{c}, kernel {kernel}, stride {stride}, padding {padding}"
        yield case(name, "averagePool", {"kernel": kernel, "stride": stride, "padding": padding},
                   {"input": (randoms(seeded(name), n, c, h, w), "image")}, lambda t: F.avg_pool2d(t["input"], kernel, stride, padding), "image")
    for n, h, w, c in [(1, 1, 1, 1), (2, 8, 8, 3), (3, 2, 5, 17), (1, 7, 7, 32)]:
        name = f"globalAveragePool {n}x{h}x{w}x{c}"
        yield case(name, "globalAveragePool", {}, {"input": (randoms(seeded(name), n, c, h, w), "image")}, lambda t: t["input"].mean((2, 3)))


def option_a():
    """Shortcut of option A: every second pixel, new channels of zeros: half of them (rounded down) before, the others after."""
    for n, h, w, cin, cout in [(1, 1, 1, 1, 2), (2, 8, 8, 8, 16), (1, 7, 5, 3, 8), (2, 4, 4, 5, 17), (1, 6, 6, 4, 4)]:
        name = f"option A {n}x{h}x{w}x{cin} to {cout}"
        extra = cout - cin
        yield case(name, "optionA", {"stride": 2, "channelsBefore": extra // 2, "channelsAfter": extra - extra // 2},
                   {"input": (randoms(seeded(name), n, cin, h, w), "image")},
                   lambda t: F.pad(t["input"][:, :, ::2, ::2], (0, 0, 0, 0, extra // 2, extra - extra // 2)), "image")


def cross_entropy(batch, classes, scale=1.0, note=""):
    name = f"softmaxCrossEntropy {batch}x{classes}" + (f": {note}" if note else "")
    g = seeded(name)
    logits, labels = randoms(g, batch, classes) * scale, torch.randint(0, classes, (batch,), generator=g)
    return case(name, "softmaxCrossEntropy", {}, {"logits": (rounded(logits), "plain")},
                lambda t: F.cross_entropy(t["logits"], labels), extra={"labels": labels.tolist()})


CROSS_ENTROPIES = [
    cross_entropy(1, 1, note="one class"), cross_entropy(1, 10), cross_entropy(8, 10), cross_entropy(5, 3), cross_entropy(3, 17),
    cross_entropy(4, 10, 1000.0, "logits in the thousands"), cross_entropy(4, 5, 0.0, "equal logits"), cross_entropy(6, 10, 30.0, "confident"),
]


def residual_block(n, h, w, cin, cout, stride, shortcut):
    """relu(bn2(conv2(relu(bn1(conv1 x)))) + shortcut(x)) with batch statistics; option B: 1x1 convolution and BN."""
    name = f"{n}x{h}x{w}x{cin} to {cout}, stride {stride}, shortcut {shortcut}"
    g, extra = seeded(name), cout - cin
    sizes = {"conv1.weight": (cout, cin, 3, 3), "conv2.weight": (cout, cout, 3, 3)}
    norms = {"bn1": cout, "bn2": cout}
    if shortcut == "B":
        sizes["downsample.0.weight"], norms["downsample.1"] = (cout, cin, 1, 1), cout
    inputs = {"input": (randoms(g, n, cin, h, w), "image")}
    inputs |= {k: (randoms(g, *s, scale=(2 / (s[1] * s[2] * s[3])) ** 0.5), "filter") for k, s in sizes.items()}
    for k, c in norms.items():
        inputs[k + ".weight"] = (rounded(1 + randoms(g, c, scale=0.2)), "plain")
        inputs[k + ".bias"] = (randoms(g, c, scale=0.2), "plain")

    def forward(t):
        statistics = {k: (torch.zeros(c).double(), torch.ones(c).double()) for k, c in norms.items()}

        def norm(k, x):
            return F.batch_norm(x, *statistics[k], t[k + ".weight"], t[k + ".bias"], True, 0.1, 1e-5)

        x = t["input"]
        y = norm("bn2", F.conv2d(F.relu(norm("bn1", F.conv2d(x, t["conv1.weight"], stride=stride, padding=1))), t["conv2.weight"], padding=1))
        if shortcut == "A":
            y = y + (F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, extra // 2, extra - extra // 2)) if extra else x)
        elif shortcut == "B":
            y = y + norm("downsample.1", F.conv2d(x, t["downsample.0.weight"], stride=stride))
        more = {f"{k}.running_{what}": s for k, pair in statistics.items() for what, s in zip(("mean", "var"), pair)}
        return F.relu(y), more

    return case(name, "basicBlock", {"stride": stride, "shortcut": shortcut, "momentum": 0.1, "epsilon": 1e-5}, inputs, forward, "image")


BLOCKS = [
    residual_block(3, 4, 4, 4, 4, 1, "none"), residual_block(3, 6, 5, 3, 8, 2, "none"),
    residual_block(3, 4, 4, 4, 4, 1, "A"), residual_block(3, 6, 6, 3, 8, 2, "A"), residual_block(2, 7, 5, 5, 10, 2, "A"),
    residual_block(3, 6, 6, 3, 8, 2, "B"),
]

def layer_norm(shape, note="", shift=0.0):
    name = f"layerNorm {'x'.join(map(str, shape))}" + (f": {note}" if note else "")
    g, channels = seeded(name), shape[-1]
    inputs = {"input": (rounded(randoms(g, *shape) * 2 + shift), "plain"), "scale": (rounded(1 + randoms(g, channels, scale=0.3)), "plain"),
              "shift": (randoms(g, channels), "plain")}
    return case(name, "layerNorm", {"epsilon": 1e-5}, inputs,
                lambda t: F.layer_norm(t["input"], (channels,), t["scale"], t["shift"], 1e-5))


def matmul(shape, columns):
    name = f"matmul {'x'.join(map(str, shape))} to {columns}"
    g = seeded(name)
    inputs = {"left": (randoms(g, *shape), "plain"), "right": (randoms(g, *shape[:-2], shape[-1], columns), "plain")}
    return case(name, "matmul", {}, inputs, lambda t: t["left"] @ t["right"])


def softmax(shape, scale=1.0, note=""):
    name = f"softmax {'x'.join(map(str, shape))}" + (f": {note}" if note else "")
    return case(name, "softmax", {}, {"input": (rounded(randoms(seeded(name), *shape) * scale), "plain")},
                lambda t: F.softmax(t["input"], -1))


def gelu(shape, scale=1.0):
    name = f"gelu {'x'.join(map(str, shape))}, deviation {scale:g}"
    return case(name, "gelu", {}, {"input": (rounded(randoms(seeded(name), *shape) * scale), "plain")},
                lambda t: F.gelu(t["input"], approximate="tanh"))


def attention(batch, tokens, width, heads):
    """softmax(q kᵀ / √size) v in every head, as scaled_dot_product_attention computes it, of queries, keys and values [batch, tokens, width]."""
    name = f"attention {batch}x{tokens}x{width}, {heads} heads"
    g = seeded(name)
    inputs = {k: (randoms(g, batch, tokens, width), "plain") for k in ("queries", "keys", "values")}

    def split(t):
        return t.reshape(batch, tokens, heads, width // heads).transpose(1, 2)

    return case(name, "attention", {"heads": heads}, inputs, lambda t: F.scaled_dot_product_attention(
        split(t["queries"]), split(t["keys"]), split(t["values"])).transpose(1, 2).reshape(batch, tokens, width))


TRANSFORMERS = [
    layer_norm((1, 1), "one channel: the shift"), layer_norm((2, 3, 5)), layer_norm((3, 17)), layer_norm((2, 4, 32)),
    layer_norm((5, 48), "mean far from zero", shift=100.0),
    matmul((1, 1, 1), 1), matmul((2, 3, 5), 4), matmul((3, 5, 7), 8), matmul((2, 2, 4, 16), 17), matmul((6, 33), 40),
    softmax((1, 1)), softmax((2, 3, 5)), softmax((4, 17)), softmax((3, 10), 1000.0, "in the thousands"),
    gelu((1,)), gelu((5, 17)), gelu((3, 33), 10.0),
    attention(1, 1, 4, 1), attention(2, 5, 6, 2), attention(1, 16, 32, 4),
]

if __name__ == "__main__":
    HEADER["made by"] = "Tests/Vectors/make_operation_vectors.py"
    for file, cases in {"conv2d": CONVOLUTIONS, "batchNorm": BATCH_NORMS, "elementwise": list(elementwise()), "linear": LINEARS,
                        "pooling": list(pooling()), "optionA": list(option_a()), "softmaxCrossEntropy": CROSS_ENTROPIES, "basicBlock": BLOCKS,
                        "transformer": TRANSFORMERS}.items():
        write(FOLDER / f"{file}.json", HEADER, {"cases": cases})
