#!/usr/bin/env python3
"""Writes networks with random weights and what PyTorch makes of them, as safetensors.

Needs: pip install "torch==2.13.0+cpu" torchvision safetensors
Usage: make_network_fixtures.py                         the small networks, to Tests/NetworksTests/Fixtures
       make_network_fixtures.py --large FOLDER [NAME…]  the networks of the paper, 3 GB
       make_network_fixtures.py --check FOLDER          loads what the tests wrote there, strictly

The test of the large ones: RESNET_FIXTURES=FOLDER swift test --filter LargeNetworks

NAME.safetensors is the state dict. NAME.expected.safetensors has `images` (NHWC), `labels`, `inference` and
`training` (the logits), and for some networks `gradient.PARAMETER` of the cross-entropy in training mode and
`after.running_mean`, the running statistics of the first normalisation after that step. They are computed in
float64 and rounded once. The metadata say how far PyTorch's own float32 is from that: what rounding alone does.
"""
import argparse
import copy
import pathlib
import zlib

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn

FOLDER = pathlib.Path(__file__).parent.parent / "NetworksTests" / "Fixtures"


class Block(nn.Module):
    """A basic block or a bottleneck, under torchvision's names."""

    def __init__(self, cin, width, stride, bottleneck, shortcut, first1x1):
        super().__init__()
        cout = 4 * width if bottleneck else width
        if bottleneck:
            layers = [(cin, width, 1, stride if first1x1 else 1), (width, width, 3, 1 if first1x1 else stride), (width, cout, 1, 1)]
        else:
            layers = [(cin, width, 3, stride), (width, cout, 3, 1)]
        self.count = len(layers)
        for i, (a, b, k, s) in enumerate(layers, 1):
            setattr(self, f"conv{i}", nn.Conv2d(a, b, k, s, k // 2, bias=False))
            setattr(self, f"bn{i}", nn.BatchNorm2d(b))
        changes = stride != 1 or cin != cout
        if shortcut == "C" or shortcut == "B" and changes:
            self.downsample = nn.Sequential(nn.Conv2d(cin, cout, 1, stride, bias=False), nn.BatchNorm2d(cout))
        self.shortcut, self.stride, self.extra = shortcut, stride, cout - cin

    def forward(self, x):
        y = x
        for i in range(1, self.count + 1):
            y = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(y))
            y = F.relu(y) if i < self.count else y
        if hasattr(self, "downsample"):
            y = y + self.downsample(x)
        elif self.shortcut != "none":
            x = x[:, :, ::self.stride, ::self.stride]
            y = y + F.pad(x, (0, 0, 0, 0, self.extra // 2, self.extra - self.extra // 2))
        return F.relu(y)


class Network(nn.Module):
    """The networks of table 1, or with `small` those of section 4.2."""

    def __init__(self, blocks, width, classes, bottleneck=False, shortcut="B", small=False, first1x1=False, channels=3):
        super().__init__()
        self.small, self.stages = small, len(blocks)
        self.conv1 = nn.Conv2d(channels, width, 3 if small else 7, 1 if small else 2, 1 if small else 3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        cin = width
        for stage, count in enumerate(blocks):
            units = []
            for k in range(count):
                units.append(Block(cin, width << stage, 2 if stage and not k else 1, bottleneck, shortcut, first1x1))
                cin = (width << stage) * (4 if bottleneck else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*units))
        setattr(self, "linear" if small else "fc", nn.Linear(cin, classes))

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = x if self.small else F.max_pool2d(x, 3, 2, 1)
        for stage in range(self.stages):
            x = getattr(self, f"layer{stage + 1}")(x)
        return (self.linear if self.small else self.fc)(x.mean((2, 3)))


class Flattened(nn.Module):
    """The end of VGG in small: a convolution with bias, an adaptive pool, a layer on the flattened image."""

    def __init__(self):
        super().__init__()
        self.conv, self.linear = nn.Conv2d(3, 4, 3, 1, 1), nn.Linear(4 * 49, 5)

    def forward(self, x):
        return self.linear(torch.flatten(F.adaptive_avg_pool2d(F.relu(self.conv(x)), 7), 1))


class TransformerBlock(nn.Module):
    def __init__(self, width, heads, hidden, shortcuts):
        super().__init__()
        self.heads, self.shortcuts = heads, shortcuts
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn = nn.ModuleDict({k: nn.Linear(width, width) for k in ("q", "k", "v", "proj")})
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(width, hidden), "fc2": nn.Linear(hidden, width)})

    def forward(self, x):
        n, t, w = x.shape
        y = self.norm1(x)
        q, k, v = (self.attn[name](y).reshape(n, t, self.heads, -1).transpose(1, 2) for name in "qkv")
        y = self.attn["proj"](F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(n, t, w))
        x = x + y if self.shortcuts else y
        y = self.mlp["fc2"](F.gelu(self.mlp["fc1"](self.norm2(x)), approximate="tanh"))
        return x + y if self.shortcuts else y


class ViT(nn.Module):
    """A small Vision Transformer without a class token."""

    def __init__(self, shortcuts):
        super().__init__()
        self.patch_embed = nn.ModuleDict({"proj": nn.Conv2d(3, 12, 2, 2)})
        self.pos_embed = nn.Parameter(torch.randn(1, 9, 12))
        self.blocks = nn.ModuleList([TransformerBlock(12, 3, 36, shortcuts) for _ in range(2)])
        self.norm, self.head = nn.LayerNorm(12), nn.Linear(12, 10)

    def forward(self, x):
        x = self.patch_embed["proj"](x).flatten(2).transpose(1, 2) + self.pos_embed
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x).mean(1))


def cifar(depth, shortcut, width=16):
    return lambda: Network([(depth - 2) // 6] * 3, width, 10, shortcut=shortcut, small=True)


def table1(depth, shortcut="B", first1x1=False):
    blocks = {18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3], 101: [3, 4, 23, 3], 152: [3, 8, 36, 3]}[depth]
    return lambda: Network(blocks, 64, 1000, depth >= 50, shortcut, first1x1=first1x1)


def torchvision_model(name):
    # Only the definitions are wanted; its compiled operations needn't fit this torch.
    library = torch.library.Library("torchvision", "DEF")
    library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    from torchvision import models
    model = getattr(models, name)()
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    return model


TINY = {f"tiny-{shortcut}": (lambda s=shortcut: Network([1, 1, 1], 4, 10, shortcut=s, small=True), (4, 3, 8, 8))
        for shortcut in ("none", "A", "B", "C")}
TINY |= {f"tiny-{kind}-{shortcut}-{stride}": (
    lambda k=kind, s=shortcut, f=stride: Network([1, 2, 1, 1], 2, 10, k == "bottleneck", s, first1x1=f == "first1x1"), (6, 3, 25, 28))
    for kind, shortcut, stride in [("basic", "A", "middle3x3"), ("basic", "none", "middle3x3"), ("bottleneck", "A", "middle3x3"),
                                   ("bottleneck", "B", "middle3x3"), ("bottleneck", "C", "first1x1")]}
TINY |= {f"vit-{shortcut}": (lambda s=shortcut: ViT(s == "A"), (4, 3, 6, 6)) for shortcut in ("none", "A")}
TINY["flattened"] = (Flattened, (3, 3, 5, 9))

BIG, SMALL = (4, 3, 224, 224), (8, 3, 32, 32)
LARGE = {f"resnet{d}-B": (table1(d), BIG) for d in (18, 34, 50, 101, 152)}
LARGE |= {f"resnet34-{s}": (table1(34, s), BIG) for s in "AC"} | {f"plain{d}-none": (table1(d, "none"), BIG) for d in (18, 34)}
LARGE |= {"resnet50-B-first1x1": (table1(50, "B", True), BIG), "resnet50-C": (table1(50, "C"), BIG)}
LARGE |= {f"vgg{d}-none": (lambda d=d: torchvision_model(f"vgg{d}"), BIG) for d in (16, 19)}
LARGE |= {f"resnet{d}-A": (cifar(d, "A"), SMALL) for d in (20, 32, 44, 56, 110, 1202)}
LARGE |= {f"plain{d}-none": (cifar(d, "none"), SMALL) for d in (20, 56)} | {f"resnet20-{s}": (cifar(20, s), SMALL) for s in "BC"}
WITH_GRADIENTS = {"resnet18-B", "resnet50-B", "resnet20-A"} | set(TINY)


def randomize(network, images):
    """He normal filters; normalisations that are no identity, with statistics near those of the images."""
    names = {name for name, _ in network.named_parameters()}
    for name, p in network.named_parameters():
        if p.dim() == 4:
            nn.init.kaiming_normal_(p, mode="fan_out")
        elif p.dim() == 1 and "bn" not in name and "norm" not in name and ".1." not in name:
            nn.init.normal_(p, 0, 0.1)
        elif p.dim() == 1:
            # Smaller at the end of a block, as in trained networks: the sum stays tame in 152 layers.
            last = "layer" in name and ("bn3" in name or "bn2" in name and name.replace("bn2", "bn3") not in names)
            nn.init.normal_(p, (0.5 if last else 1.0) if name.endswith("weight") else 0.0, 0.1)
    norms = [m for m in network.modules() if isinstance(m, nn.BatchNorm2d)]
    for m in norms:
        m.momentum = 1.0
    network.train()
    with torch.no_grad():
        network(images)
        for m in norms:
            m.momentum = 0.1
            m.running_mean += 0.1 * m.running_var.sqrt() * torch.randn_like(m.running_mean)
            m.running_var *= torch.rand_like(m.running_var) + 0.5
            m.num_batches_tracked.fill_(int(torch.randint(1, 1000, ())))


def results(network, images, labels, gradients):
    out = {}
    network.eval()
    with torch.no_grad():
        out["inference"] = network(images)
    network.train()
    with torch.set_grad_enabled(gradients):
        out["training"] = network(images)
    if gradients:
        F.cross_entropy(out["training"], labels).backward()
        # What is added to all keys changes no share: the gradient is 0, and rounding is all that is measured of it.
        out |= {f"gradient.{name}": p.grad for name, p in network.named_parameters() if not name.endswith("attn.k.bias")}
        if hasattr(network, "bn1"):
            out |= {f"after.{k}": v for k, v in network.bn1.named_buffers() if "running" in k}
    return {k: v.detach() for k, v in out.items()}


def difference(a, b, name):
    """Relative to the largest magnitude, or for gradients to the norm: where a ReLU is within rounding of its kink, a
    few elements of a gradient differ by much more than rounding, whoever computes them."""
    norm = torch.linalg.norm if name.startswith("gradient") else lambda x: x.abs().max()
    return (norm(a - b) / norm(b)).item()


def write(folder, name, make, shape):
    torch.manual_seed(zlib.crc32(name.encode()))
    network = make()
    images = torch.randn(shape)
    labels = torch.randint(0, 5, (shape[0],))
    randomize(network, images)
    state = {k: v.clone() for k, v in network.state_dict().items()}
    save_file(state, folder / f"{name}.safetensors", metadata={"format": "pt"})
    single = results(copy.deepcopy(network), images, labels, name in WITH_GRADIENTS)
    double = results(network.double(), images.double(), labels, name in WITH_GRADIENTS)
    drift = {k: difference(single[k], double[k], k) for k in single}
    drift = {kind: f"{max(v for k, v in drift.items() if k.startswith(kind)):.1e}"
             for kind in ("inference", "training", "gradient", "after") if any(k.startswith(kind) for k in drift)}
    expected = {k: v.float().contiguous() for k, v in double.items()}
    expected |= {"images": images.permute(0, 2, 3, 1).contiguous(), "labels": labels}
    save_file(expected, folder / f"{name}.expected.safetensors", metadata=drift)
    print(f"{name}: {sum(p.numel() for p in network.parameters()):,} parameters; float32 from float64:", drift)
    if name in ("resnet18-B", "resnet50-B", "resnet101-B"):
        torchvision_model(name[:-2]).load_state_dict(state, strict=True)


def write_types(path):
    """One tensor of every type that is read, with what PyTorch converts it to."""
    values = torch.tensor([0.0, -0.0, 1.0, -2.5, 65504.0, 6.1e-5, 5.96e-8, 1 / 3, float("inf"), float("-inf"), float("nan")], dtype=torch.float64)
    file = {str(t).removeprefix("torch."): values.to(t) for t in (torch.float64, torch.float32, torch.float16, torch.bfloat16)}
    file |= {f"{k}.as_float32": v.float().clone() for k, v in file.items()}
    file |= {"int64": torch.tensor([[0, -1], [7, 2**40]]), "scalar": torch.tensor(3.5), "empty": torch.zeros(0, 4)}
    save_file(file, path, metadata={"note": "names: \u00e9, \"quotes\", \u2028"})


def check(folder):
    for path in sorted(folder.glob("*.written.safetensors")):
        name = path.name.removesuffix(".written.safetensors")
        network = (TINY | LARGE)[name][0]()
        print(name, network.load_state_dict(load_file(path), strict=True))
        original = load_file(folder / f"{name}.safetensors")
        for key, value in network.state_dict().items():
            assert torch.equal(value, original[key]) and value.dtype == original[key].dtype, (name, key)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", type=pathlib.Path)
    parser.add_argument("--check", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    if arguments.check:
        check(arguments.check)
    else:
        folder, cases = (arguments.large, LARGE) if arguments.large else (FOLDER, TINY)
        folder.mkdir(parents=True, exist_ok=True)
        for name in arguments.names or cases:
            write(folder, name, *cases[name])
        if not arguments.large:
            write_types(folder / "types.safetensors")
