#!/usr/bin/env python3
"""Writes Tests/TrainingTests/Vectors/*.json and Tests/OptimizationTests/Vectors/*.json: what PyTorch's SGD does to a
residual and a plain network, and SGD and AdamW on a parabola, step by step.

Needs: pip install "torch==2.13.0+cpu"
Usage: python3 Tests/Vectors/make_training_vectors.py

The networks are those of the paper's section 4.2 (depth 8, width 4, one channel, 8x8 images). PyTorch
trains in float32 on one thread; the same steps in float64 are stored beside it, so that a test can
take its tolerance from how far rounding alone moves the losses.
"""
import pathlib

import torch
from torch import nn
import torch.nn.functional as F

from layouts import HEADER, entry, kind_of, numbers, randoms, rounded, seeded, write

TESTS = pathlib.Path(__file__).parent.parent
FOLDER = TESTS / "TrainingTests" / "Vectors"
DEPTH, WIDTH, BATCH, STEPS = 8, 4, 8, 10
CONSTANT = [0.1] * STEPS
DROPPED = [0.1] * 5 + [0.01] * 5
FINAL = ["conv.weight", "bn.weight", "blocks.1.conv1.weight", "blocks.2.bn2.bias", "blocks.2.bn2.running_mean",
         "blocks.2.bn2.running_var", "fc.weight", "fc.bias"]


class BasicBlock(nn.Module):
    """conv3x3-BN-ReLU-conv3x3-BN (+ option-A shortcut) - ReLU."""

    def __init__(self, cin, cout, stride, residual):
        super().__init__()
        self.conv1 = nn.Conv2d(cin, cout, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(cout)
        self.conv2 = nn.Conv2d(cout, cout, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(cout)
        self.residual, self.extra = residual, cout - cin

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.residual:
            if self.extra:
                x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.extra // 2, self.extra - self.extra // 2))
            y = y + x
        return F.relu(y)


class CifarNet(nn.Module):
    def __init__(self, depth, width, channels, residual):
        super().__init__()
        self.conv, self.bn = nn.Conv2d(channels, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width)
        blocks, cin = [], width
        for stage, cout in enumerate((width, 2 * width, 4 * width)):
            for k in range((depth - 2) // 6):
                blocks.append(BasicBlock(cin, cout, 2 if stage and k == 0 else 1, residual))
                cin = cout
        self.blocks, self.fc = nn.Sequential(*blocks), nn.Linear(cin, 10)

    def forward(self, x):
        return self.fc(self.blocks(F.relu(self.bn(self.conv(x)))).mean((2, 3)))


def initial_state(network):
    """He normal filters (fan out), a small linear layer, γ near 1, β near 0; all with three decimals."""
    for name, p in network.named_parameters():
        g = seeded("initial " + name)
        if p.dim() == 4:
            values = randoms(g, *p.shape, scale=(2 / (p.shape[0] * p.shape[2] * p.shape[3])) ** 0.5)
        elif p.dim() == 2:
            values = randoms(g, *p.shape, scale=p.shape[1] ** -0.5)
        else:
            values = rounded((1.0 if "bn" in name and name.endswith("weight") else 0.0) + randoms(g, *p.shape, scale=0.1))
        p.data.copy_(values)
    return {k: v.clone() for k, v in network.state_dict().items() if "num_batches" not in k}


def train(residual, rates, batches, dtype):
    """Losses, the first step's logits and gradients, and the trained network."""
    network = CifarNet(DEPTH, WIDTH, 1, residual)
    initial_state(network)
    network.to(dtype).train()
    sgd = torch.optim.SGD(network.parameters(), rates[0], momentum=0.9, weight_decay=1e-4)
    losses, first = [], {}
    for rate, (images, labels) in zip(rates, batches):
        sgd.param_groups[0]["lr"] = rate
        sgd.zero_grad()
        logits = network(images.to(dtype))
        loss = F.cross_entropy(logits, labels)
        loss.backward()
        first = first or {"logits": logits.detach(), "gradients": {k: p.grad.clone() for k, p in network.named_parameters()}}
        losses.append(loss.detach())
        sgd.step()
    return torch.stack(losses), first, network


def named(name, tensor):
    return {"name": name, **entry(tensor, kind_of(tensor))}


def network_file(name, residual):
    batches, prototypes = [], randoms(seeded("prototypes"), 10, 1, 8, 8)
    for step in range(STEPS):
        g = seeded(f"batch {step}")
        labels = torch.randint(0, 10, (BATCH,), generator=g)
        batches.append((rounded(prototypes[labels] + randoms(g, BATCH, 1, 8, 8, scale=0.3), digits=2), labels))
    runs = []
    for run, rates in {"constant rate": CONSTANT, "rate dropped after step 5": DROPPED}.items():
        losses, first, network = train(residual, rates, batches, torch.float32)
        in_double, _, _ = train(residual, rates, batches, torch.float64)
        state = network.state_dict()
        network.eval()
        with torch.no_grad():
            inference = network(batches[0][0])
        runs.append({"name": run, "learningRates": rates, "momentum": 0.9, "weightDecay": 1e-4, "losses": numbers(losses),
                     "lossesInDouble": numbers(in_double), "inferenceLogits": entry(inference),
                     "final": [named(k, state[k]) for k in FINAL]})
        drift = ((losses - in_double).abs() / in_double).max().item()
        print(f"{name}, {run}: loss {losses[0]:.4f} to {losses[-1]:.4f}, float32 from float64 at most {drift:.1e}")
    header = HEADER | {"network": {"depth": DEPTH, "width": WIDTH, "inputChannels": 1, "classes": 10, "shortcut": "A" if residual else "none",
                                   "batchNormMomentum": 0.1, "batchNormEpsilon": 1e-5}, "firstLogits": entry(first["logits"])}
    write(FOLDER / f"{name}.json", header, {
        "initial": [named(k, v) for k, v in initial_state(CifarNet(DEPTH, WIDTH, 1, residual)).items()],
        "batches": [{"images": entry(images, "image"), "labels": labels.tolist()} for images, labels in batches],
        "firstGradients": [named(k, v) for k, v in first["gradients"].items()],
        "runs": runs,
    })


def quadratic(name, rates, momentum, decay):
    """SGD on ½ Σ curvature · (x − target)², whose gradient is curvature · (x − target)."""
    g = seeded("quadratic")
    start, target, curvature = randoms(g, 4), randoms(g, 4), rounded(randoms(g, 4).abs() + 0.1)
    x = start.double().requires_grad_()
    sgd = torch.optim.SGD([x], rates[0], momentum=momentum, weight_decay=decay)
    steps = []
    for rate in rates:
        sgd.param_groups[0]["lr"] = rate
        sgd.zero_grad()
        (0.5 * curvature.double() * (x - target.double()) ** 2).sum().backward()
        sgd.step()
        steps.append(numbers(x))
    return {"name": name, "learningRates": rates, "momentum": momentum, "weightDecay": decay, "start": numbers(start),
            "target": numbers(target), "curvature": numbers(curvature), "steps": steps}


def adam(name, rates, decay):
    """AdamW on the parabola of `quadratic`, as a matrix of one row: vectors aren't decayed here."""
    g = seeded("quadratic")
    start, target, curvature = randoms(g, 4), randoms(g, 4), rounded(randoms(g, 4).abs() + 0.1)
    x = start.double().requires_grad_()
    adamw = torch.optim.AdamW([x], rates[0], weight_decay=decay)
    steps = []
    for rate in rates:
        adamw.param_groups[0]["lr"] = rate
        adamw.zero_grad()
        (0.5 * curvature.double() * (x - target.double()) ** 2).sum().backward()
        adamw.step()
        steps.append(numbers(x))
    return {"name": name, "learningRates": rates, "momentum": 0.0, "weightDecay": decay, "start": numbers(start),
            "target": numbers(target), "curvature": numbers(curvature), "steps": steps}


if __name__ == "__main__":
    torch.set_num_threads(1)
    HEADER["made by"] = "Tests/Vectors/make_training_vectors.py"
    network_file("resnet-8", True)
    network_file("plain-8", False)
    write(TESTS / "OptimizationTests" / "Vectors" / "sgd.json", HEADER, {"runs": [
        quadratic("plain gradient descent", CONSTANT, 0.0, 0.0), quadratic("momentum", CONSTANT, 0.9, 0.0),
        quadratic("weight decay", CONSTANT, 0.0, 0.1), quadratic("momentum and weight decay", CONSTANT, 0.9, 0.1),
        quadratic("rate dropped after step 5", DROPPED, 0.9, 1e-4)]})
    write(TESTS / "OptimizationTests" / "Vectors" / "adamw.json", HEADER, {"runs": [
        adam("no decay", CONSTANT, 0.0), adam("weight decay", CONSTANT, 0.1), adam("rate dropped after step 5", DROPPED, 0.05)]})
