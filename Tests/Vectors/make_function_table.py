"""Makes Tests/ElementaryFunctionsTests/Fixtures/table.txt: exp, log, cos … rounded from 2,000 bits.

    pip install mpmath
    python3 Tests/Vectors/make_function_table.py

A line is the name of a function, the bits of its argument and the bits of the nearest result. Where a result
lies between two numbers is thereby known to half an ulp.
"""

import random
import struct
from pathlib import Path

from mpmath import mp

mp.prec = 2000
random.seed(14)


def double(bits):
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def bits(number):
    return struct.unpack("<Q", struct.pack("<d", number))[0]


def nearest(exact):
    """The nearest double, subnormal ones included: mpmath's own conversion rounds those twice."""
    mantissa, exponent = mp.frexp(exact)
    places = min(53, 1074 + int(exponent))
    if exponent > 1025:
        return float("inf") if exact > 0 else float("-inf")
    if places < 0:
        return 0.0
    whole = int(mp.nint(mp.ldexp(mantissa, places)))
    return float(mp.ldexp(whole, int(exponent) - places))


def of_any_size(low, high):
    """Numbers whose exponents are spread evenly."""
    return [double(random.randrange(low + 1023 << 52, high + 1024 << 52)) for _ in range(100)]


def between(low, high):
    return [random.uniform(low, high) for _ in range(100)]


smallest, largest, smallest_normal = 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308
halves = [float(k * mp.pi / 2) for k in list(range(1, 9)) + [1000, 10**6, 10**9, 10**15]]
signs = lambda numbers: numbers + [-x for x in numbers]
# The last one is the number nearest to a multiple of π/2 (Muller, Elementary Functions, table 11.1).
angles = signs(
    of_any_size(-1022, 1023) + of_any_size(-8, 20) + between(0, 7)
    + halves + [smallest, largest, 2.0**20, 2.0**20 + 2.0**-32, 5.319372648326541e255]
)

tables = {
    "exp": (mp.exp, signs(of_any_size(-1022, 9)) + between(-20, 0) + between(-745.1, -708.0)
            + between(-1, 1) + [709.782712893384, -745.1332191019411, smallest, 1.0, -1.0]),
    "log": (mp.log, of_any_size(-1022, 1023) + between(0, 1) + between(0.5, 2) + between(0.99, 1.01)
            + [double(1 << n | random.getrandbits(n)) for n in range(52)]
            + [smallest, largest, smallest_normal, 10.0]),
    "log2": (lambda x: mp.log(x, 2), of_any_size(-1022, 1023) + between(0.5, 2) + [smallest, 2.0**52]),
    "log10": (mp.log10, of_any_size(-1022, 1023) + between(0.5, 2)),
    "sin": (mp.sin, angles),
    "cos": (mp.cos, angles),
}
lines = [
    f"{name} {bits(x):016x} {bits(nearest(function(mp.mpf(x)))):016x}"
    for name, (function, arguments) in tables.items()
    for x in arguments
]
folder = Path(__file__).parent.parent / "ElementaryFunctionsTests" / "Fixtures"
(folder / "table.txt").write_text("\n".join(lines) + "\n")
