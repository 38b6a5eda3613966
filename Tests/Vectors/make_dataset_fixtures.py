"""Makes the files in Tests/DatasetsTests/Fixtures with zlib and Pillow.

Run: python3 make_dataset_fixtures.py      (needs: pip install pillow==13.0.0)
"""
import gzip
import io
import struct
import zlib
from pathlib import Path

from PIL import Image

folder = Path(__file__).parent.parent / "DatasetsTests" / "Fixtures"
folder.mkdir(exist_ok=True)

# DatasetsTests/GzipTests.swift computes the same bytes.
content = bytes(index * index // 97 % 50 for index in range(70_000))


def gzip_member(body, level=9, strategy=zlib.Z_DEFAULT_STRATEGY, flags=0, extra=b""):
    packer = zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy)
    header = b"\x1f\x8b\x08" + bytes([flags]) + b"\0\0\0\0\0\xff" + extra
    data = packer.compress(body) + packer.flush()
    return header + data + struct.pack("<II", zlib.crc32(body), len(body))


members = {
    "dynamic": gzip_member(content),
    "fixed": gzip_member(content, strategy=zlib.Z_FIXED),
    "stored": gzip_member(content[:700], level=0),
    "empty": gzip_member(b""),
    # FHCRC, FEXTRA, FNAME and FCOMMENT.
    "fields": gzip_member(content, flags=2 | 4 | 8 | 16, extra=b"\3\0abcname\0comment\0\1\2"),
}
members["two"] = gzip_member(content[:40_000]) + gzip_member(content[40_000:])
for name, data in members.items():
    if name not in ("fields", "stored"):
        assert gzip.decompress(data) == (b"" if name == "empty" else content), name
    (folder / f"{name}.gz").write_bytes(data)

# A picture with gradients, edges and noise, and what Pillow makes of it.
width, height = 37, 23
state, pixels = 1, bytearray()
for row in range(height):
    for column in range(width):
        for channel in range(3):
            state = state * 1103515245 + 12345 & 0x7FFFFFFF
            value = column * 255 // 36 if channel == 0 else 255 * (row // 4 % 2) if channel == 1 else state >> 23
            pixels.append(value)
picture = Image.frombytes("RGB", (width, height), bytes(pixels))
picture.save(folder / "picture.ppm")
picture.convert("L").save(folder / "grey.pgm")
for new_width, new_height in [(12, 9), (37, 5), (80, 23), (61, 44), (1, 1)]:
    resized = picture.resize((new_width, new_height), Image.Resampling.BILINEAR)
    resized.save(folder / f"picture-{new_width}x{new_height}.ppm")
# The same steps as torchvision's Resize(20) and CenterCrop(16).
side, crop = 20, 16
resized = picture.resize((side * width // height, side), Image.Resampling.BILINEAR)
top, left = round((resized.height - crop) / 2), round((resized.width - crop) / 2)
resized.crop((left, top, left + crop, top + crop)).save(folder / "picture-view.ppm")
