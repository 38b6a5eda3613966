"""How a PyTorch tensor becomes an entry of a vector file: our layouts, few digits, one entry a line.

PyTorch keeps images as NCHW, filters as OIHW and linear weights as [out, in]; this project keeps
NHWC, HWIO and [in, out].
"""
import json
import zlib

import torch

HEADER = {"torch": torch.__version__}


def seeded(name):
    """A generator that depends on the case's name only, so that a new case leaves the others as they are."""
    return torch.Generator().manual_seed(zlib.crc32(name.encode()))


def rounded(tensor, digits=3):
    """Float32 numbers with a few decimals: short in the file, and the same for every reader."""
    values = [round(v, digits) for v in tensor.double().flatten().tolist()]
    return torch.tensor(values, dtype=torch.float32).reshape(tensor.shape)


def randoms(generator, *shape, scale=1.0, digits=3):
    """Normal numbers with a few decimals."""
    return rounded(torch.randn(shape, generator=generator, dtype=torch.float64) * scale, digits)


def ours(tensor, kind):
    """`tensor` in this project's layout; kind: image, filter, weight (linear) or plain."""
    axes = {"image": (0, 2, 3, 1), "filter": (2, 3, 1, 0), "weight": (1, 0)}
    return tensor.permute(axes[kind]) if kind in axes else tensor


def numbers(tensor):
    """The shortest decimals that read back as the same Float32 (nine significant digits at most)."""
    values = [float(str(v)) for v in tensor.detach().to(torch.float32).flatten().numpy()]
    return [int(v) if v == int(v) else v for v in values]


def entry(tensor, kind="plain"):
    """{"shape": …, "values": …} with the values in row-major order."""
    tensor = ours(tensor.detach(), kind)
    return {"shape": list(tensor.shape), "values": numbers(tensor)}


def kind_of(tensor):
    """The layout of a parameter, from its number of axes, as networks have only three kinds."""
    return {4: "filter", 2: "weight"}.get(tensor.dim(), "plain")


def write(path, header, lists):
    """One JSON object: the header's entries, then lists with one element a line, so that a diff is readable."""
    text = ["{"]
    text += [f"{json.dumps(key)}: {json.dumps(value)}," for key, value in header.items()]
    for position, (key, cases) in enumerate(lists.items()):
        text.append(f"{json.dumps(key)}: [")
        text.append(",\n".join(json.dumps(case, separators=(",", ":")) for case in cases))
        text.append("]" + ("," if position + 1 < len(lists) else ""))
    path.write_text("\n".join(text + ["}"]) + "\n")
    print(f"{path.name}: {path.stat().st_size:,} bytes, {sum(map(len, lists.values()))} entries")
