#!/usr/bin/env python3
"""Turns scikit-learn's digits.csv.gz into the two IDX files of this folder (README.md says where to get it).

Usage: python3 make_digits.py digits.csv.gz
Needs nothing but Python. Each line of the table holds the 64 pixels (0…16) of an 8x8 image and its digit.
"""
import gzip
import hashlib
import pathlib
import struct
import sys

FOLDER = pathlib.Path(__file__).parent

with gzip.open(sys.argv[1], "rt") as table:
    rows = [[int(float(value)) for value in line.split(",")] for line in table]
assert len(rows) == 1797 and all(len(row) == 65 for row in rows)
assert all(0 <= pixel <= 16 for row in rows for pixel in row[:64]) and all(0 <= row[64] <= 9 for row in rows)

# IDX: two zero bytes, 0x08 for unsigned bytes, the number of axes, their lengths (big-endian), the data.
images = struct.pack(">4B3I", 0, 0, 8, 3, len(rows), 8, 8) + bytes(pixel for row in rows for pixel in row[:64])
labels = struct.pack(">4B1I", 0, 0, 8, 1, len(rows)) + bytes(row[64] for row in rows)

for name, content in {"digits-images.idx3-ubyte": images, "digits-labels.idx1-ubyte": labels}.items():
    (FOLDER / name).write_bytes(content)
    print(hashlib.sha256(content).hexdigest(), name)
