#!/usr/bin/env python3
"""Makes headers of safetensors files, good and bad, and asks the reference reader what it makes of them.

    python3 -m venv .venv && .venv/bin/pip install safetensors==0.8.0 numpy
    .venv/bin/python Tests/Vectors/make_safetensors_corpus.py

Writes Tests/NetworksTests/Fixtures/safetensors-corpus.json: a list of files, each with its header (or, if
that isn't UTF-8, its bytes in hexadecimal), the length it states if that is a lie, the number of bytes
behind the header (byte i is i mod 251), and the verdict: none if the reference refuses it, else its
metadata and its tensors, each as [name, type, shape, bytes in hexadecimal].
"""
import json
import random
import struct
import sys
import tempfile
from pathlib import Path

from safetensors import deserialize, safe_open

OUT = Path(__file__).resolve().parents[1] / "NetworksTests/Fixtures/safetensors-corpus.json"
CASES = []


def verdict(data):
    """What the reference's two ways of reading say, which have to agree."""
    try:
        tensors = [[n, t["dtype"], t["shape"], bytes(t["data"]).hex()] for n, t in deserialize(data)]
    except Exception:
        tensors = None
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        try:
            with safe_open(file.name, "np") as opened:
                names, metadata = sorted(opened.keys()), opened.metadata() or {}
        except Exception:
            names = None
    assert (tensors is None) == (names is None), data
    if tensors is None:
        return None
    assert sorted(t[0] for t in tensors) == names, data
    return {"metadata": sorted(metadata.items()), "tensors": sorted(tensors)}


def case(header, body=0, length=None):
    raw = header if isinstance(header, bytes) else header.encode()
    stated = len(raw) if length is None else length
    data = struct.pack("<Q", stated) + raw + bytes(i % 251 for i in range(body))
    entry, found = {"body": body}, verdict(data)
    if found is not None:
        entry["verdict"] = found
    try:
        entry["header"] = raw.decode()
    except UnicodeDecodeError:
        entry["bytes"] = raw.hex()
    if length is not None:
        entry["length"] = length
    if entry not in CASES:
        CASES.append(entry)


def tensor(type="F32", shape="[1]", offsets="[0,4]", more=""):
    return f'{{"dtype":"{type}","shape":{shape},"data_offsets":{offsets}{more}}}'


ONE = tensor()
NONE = tensor(shape="[0]", offsets="[0,0]")

# White space, beginnings and ends.
for before in ("", " ", "\n\t\r ", "\ufeff", "\u00a0", "\v", "[", "x", "\0"):
    for after in ("", " ", "       ", "\n", "\0", "x", "}", ",", "\u2028"):
        if not before or not after:
            case(f'{before}{{"a":{ONE}}}{after}', 4)
case('{ "a" : { "dtype" : "F32" , "shape" : [ 1 ] , "data_offsets" : [ 0 , 4 ] } }', 4)
for text in ("", "{", "}", "{}", "[]", "null", "1", '"a"', "[{},{}]", "{]", '{"a"}', '{"a":}', '{"a":1}', '{"a":null}', '{"a":{}}', "{,}", '{"a":[]}'):
    case(text)
case(f'{{"a":{ONE},}}', 4)
case(f"{{'a':{ONE}}}", 4)
case(f"{{a:{ONE}}}", 4)
case(f'{{"a":{ONE} "b":{NONE}}}', 4)
case(f'{{"a":{ONE}/*c*/}}', 4)

# Names.
for name in ("", " ", ".", "é", "e\u0301", "K", "\u212a", "\U0001f600", "\u007f", "\u2028", "__metadata", "a" * 300, "\u0080", "\uffff", "\u1e9b\u0323"):
    case(f'{{"{name}":{ONE}}}', 4)
for escape in (r"\u0061", r"\n", r"\/", r"\b\f\r\t\"\\", r"\u0000", r"\u001b[2J", r"\ud83d\ude00", r"\ud800", r"\udc00", r"\ud800\u0061", r"\ud800x", r"\u12", r"\u12g4", r"\x41", r"\'", "\\", r"\uD83D\uDE00", r"\u00E9", "\t", "\n", "\x1b", "\x00", r"\U0061"):
    case(f'{{"{escape}":{ONE}}}', 4)
for first, second in (("é", "e\u0301"), ("K", "\u212a"), ("\u00c5", "\u212b"), ("\uac00", "\u1100\u1161"), ("a", "A"), ("a", "a "), ("x\u0323\u0307", "x\u0307\u0323")):
    case(f'{{"{first}":{ONE},"{second}":{tensor(offsets="[4,8]")}}}', 8)
    case(f'{{"__metadata__":{{"{first}":"1","{second}":"2"}}}}')

# Names that stand twice: the last one counts.
case(f'{{"a":{ONE},"a":{ONE}}}', 4)
case(f'{{"a":{ONE},"\\u0061":{ONE}}}', 4)
case(f'{{"a":{ONE},"a":{tensor(offsets="[4,8]")}}}', 8)
case(f'{{"a":{tensor(offsets="[4,8]")},"a":{ONE}}}', 4)
case(f'{{"a":{ONE},"a":{tensor("F16", "[2]")}}}', 4)
case(f'{{"a":null,"a":{ONE}}}', 4)
case(f'{{"a":{{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}}}', 4)
case(f'{{"a":{{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}}}', 4)
case(f'{{"a":{{"dtype":"F32","shape":[1],"data_offsets":[0,4],"data_offsets":[0,4]}}}}', 4)
case(f'{{"a":{{"x":1,"dtype":"F32","shape":[1],"x":2,"data_offsets":[0,4]}}}}', 4)

# Metadata.
for value in ("{}", "null", '{"a":"b"}', '{"a":"b","a":"c"}', '{"a":1}', '{"a":null}', '{"a":["b"]}', '{"a":{}}', '{"a":true}', "[]", '""', "1", '[["a","b"]]', '{"":""}', '{"a":"\\u0000"}', '{"a":"\\ud800"}', '{"__metadata__":"x"}', ONE, '{"a":"b",}', "{1:2}", '{"a":"\t"}'):
    case(f'{{"__metadata__":{value},"a":{ONE}}}', 4)
    case(f'{{"a":{ONE},"__metadata__":{value}}}', 4)
for twice in ('"__metadata__":{},"__metadata__":{}', '"__metadata__":null,"__metadata__":{}', '"__metadata__":{"a":"b"},"\\u005f_metadata__":{}'):
    case(f'{{{twice},"a":{ONE}}}', 4)
case(f'{{"\\u005f_metadata__":{{"a":"b"}},"a":{ONE}}}', 4)

# Keys of an entry.
for more in (',"x":1', ',"x":null', ',"x":[1,{"y":[true,false,-1.5e3]}]', ',"x":"\\ud800"', ',"x":01', ',"x":1.', ',"x":.5', ',"x":1e', ',"x":1e400', ',"x":-1e400', ',"x":1e-400', ',"x":-', ',"x":--1', ',"x":+1', ',"x":NaN', ',"x":tru', ',"x":nulll', ',"x":-0', ',"x":0.0', ',"x":1E+2', ',"x":123456789012345678901234567890', ',"x":{"y":1,}', ',"x":[1,]', ',"x":{"y":1,"y":2}', ',"x":"é"', ',"":0', ',"Dtype":"F32"', ',x:1', ",", ',"x":0x10', ',"x":1_0', ',"x":Infinity', ',"x":0e0', ',"x":00'):
    case(f'{{"a":{tensor(more=more)}}}', 4)
for entry in ('{"dtype":"F32","shape":[1]}', '{"dtype":"F32","data_offsets":[0,4]}', '{"shape":[1],"data_offsets":[0,4]}', '["F32",[1],[0,4]]', '["F32",[1]]', '["F32",[1],[0,4],0]', '[[1],"F32",[0,4]]', '"F32"', "[]", "true", '{"data_offsets":[0,4],"shape":[1],"dtype":"F32"}'):
    case(f'{{"a":{entry}}}', 4)
for depth in range(120, 131):
    case(f'{{"a":{tensor(more=",%sx%s:%s%s" % (chr(34), chr(34), "[" * depth, "]" * depth))}}}', 4)
    case(f'{{"a":{tensor(more=",%sx%s:%s1%s" % (chr(34), chr(34), chr(123) + chr(34) + "y" + chr(34) + ":" if depth == 1 else "".join(["{" + chr(34) + "y" + chr(34) + ":"] * depth), "}" * depth))}}}', 4)

# Types.
for type in ("BOOL", "F4", "F6_E2M3", "F6_E3M2", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "I16", "U16", "F16", "BF16", "I32", "U32", "F32", "C64", "F64", "I64", "U64", "f32", "F128", "C128", "float32", "", "F8", "F8_E4M3FN", " F32", "I4", "U4", "STRING", "F3\\u0032"):
    for extent, size in ((1, 8), (2, 8), (8, 8), (4, 3), (2, 1), (1, 4), (3, 4)):
        if (extent, size) in ((1, 8), (8, 8), (4, 3), (2, 1)) or type in ("F32", "F16"):
            case(f'{{"a":{tensor(type, f"[{extent}]", f"[0,{size}]")}}}', size)
for type in ('{"F32":null}', '{"F32":{}}', '{"F32":[]}', '{"F32":0}', '{"F32":null,"F16":null}', "{}", "17", "null", '["F32"]'):
    case(f'{{"a":{{"dtype":{type},"shape":[1],"data_offsets":[0,4]}}}}', 4)

# Shapes and their numbers.
for shape in ("[]", "[1]", "[1,1,1,1]", "[1.0]", "[1e0]", "[1e3]", "[-1]", "[-0]", "[01]", "[+1]", '["1"]', "[null]", "[true]", "[[1]]", "1", "null", "{}", '{"0":1}', '"1"', "[1,]", "[,1]", "[1 1]", "[0x1]", "[1,0]", "[" + ",".join(["1"] * 200) + "]"):
    case(f'{{"a":{tensor(shape=shape)}}}', 4)
for shape in ("[0]", "[0,3]", "[9007199254740993,0]", "[9223372036854775807,0]", "[9223372036854775808,0]", "[18446744073709551615,0]", "[18446744073709551616,0]", "[0,18446744073709551615]", "[9223372036854775808,2,0]", "[0,9223372036854775808,2]", "[4294967296,4294967296]", "[4294967296,4294967296,0]", "[2305843009213693952]", "[2305843009213693952,0]", "[576460752303423488]", "[1e400,0]", "[100000000000000000000000]"):
    case(f'{{"a":{tensor(shape=shape, offsets="[0,0]")}}}')

# Where the bytes are.
for offsets in ("[0,4]", "[0]", "[]", "[0,4,4]", "[4,0]", "[0,8]", "[0,3]", "[1,5]", "[4,8]", "[-0,4]", "[-1,3]", "[0.0,4]", "[0,4.0]", "[0,4e0]", "[00,4]", '["0","4"]', "null", '{"0":0,"1":4}', "[0,18446744073709551615]", "[0,18446744073709551616]", "[18446744073709551612,0]", "[9223372036854775807,9223372036854775811]", "4", "[0,null]"):
    for body in (0, 3, 4, 5, 8):
        case(f'{{"a":{tensor(offsets=offsets)}}}', body)
for entries in ([(0, 4), (4, 8)], [(4, 8), (0, 4)], [(0, 4), (0, 4)], [(0, 4), (2, 6)], [(0, 4), (8, 12)], [(0, 4), (4, 8), (4, 8)], [(0, 4), (5, 9)], [(0, 4), (4, 4)], [(0, 0), (0, 4)], [(4, 4), (0, 4)], [(0, 4), (0, 0)], [(2, 2), (0, 4)], [(0, 4), (8, 8)], [(0, 1), (1, 5)], [(0, 2), (2, 10), (10, 11)]):
    named = ",".join(f'"t{i}":{tensor("U8", f"[{e - s}]", f"[{s},{e}]")}' for i, (s, e) in enumerate(entries))
    case(f"{{{named}}}", max(e for _, e in entries))
    case(f"{{{named}}}", max(e for _, e in entries) + 1)
case(f'{{"a":{tensor("U8", "[1]", "[0,1]")},"b":{tensor("F64", "[1]", "[1,9]")}}}', 9)

# Lengths.
good = f'{{"a":{ONE}}}'
for length in (0, 1, 7, 8, len(good) - 1, len(good) + 1, len(good) + 4, len(good) + 5, 99_999_999, 100_000_000, 100_000_001, 2**31, 2**32, 2**63 - 1, 2**63, 2**64 - 9, 2**64 - 8, 2**64 - 1):
    case(good, 4, length)
case("{}", 0, 0)

# What isn't UTF-8.
for piece in (b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xe9", b"\x80", b"\xf0\x9f\x98"):
    case(b'{"' + piece + b'":' + ONE.encode() + b"}", 4)
    case(b'{"a":' + tensor(more=',"x":"').encode()[:-1] + piece + b'"}}', 4)
    case(b'{"a":' + ONE.encode() + b"}" + piece, 4)

# Small changes of a good header.
generator = random.Random(1)
seed = f'{{"__metadata__":{{"k":"v"}},"a":{tensor("F16", "[2,1]", "[0,4]")},"b":{tensor("U8", "[0]", "[4,4]")},"c":{tensor("I64", "[]", "[4,12]")}}}'
pieces = ["{", "}", "[", "]", ",", ":", '"', "\\", "\\u", "0", "9", "-", "1e9", "null", "true", "F16", "I64", " ", "\t", "\u00e9", ".0"]
for _ in range(300):
    text = seed
    for _ in range(generator.choice((1, 1, 1, 2))):
        place = generator.randrange(len(text))
        what = generator.randrange(4)
        if what == 0:
            text = text[:place] + generator.choice(pieces) + text[place:]
        elif what == 1:
            piece = generator.choice(pieces)
            text = text[:place] + piece + text[place + len(piece):]
        elif what == 2:
            text = text[:place] + text[place + generator.randrange(1, 4):]
        else:
            end = min(len(text), place + generator.randrange(1, 30))
            text = text[:end] + text[place:end] + text[end:]
    case(text, 12)

# Good headers, written in all the ways that are allowed.
BITS = {"BOOL": 8, "F4": 4, "F6_E2M3": 6, "U8": 8, "F8_E4M3": 8, "F16": 16, "BF16": 16, "I32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64}
NAMES = ["a", "é", "e\u0301", "layer1.0.conv1.weight", "K", "\u212a", "", "b.c", "\U0001f600"]


def spaces():
    return "".join(generator.choices(" \t\n\r", k=generator.choice((0, 0, 0, 1, 3))))


def quoted(value):
    def written(c):
        return generator.choice((c, c, c, f"\\u{ord(c):04x}")) if ord(c) < 0x10000 else c

    return '"' + "".join(written(c) for c in value) + '"'


def listed(values):
    return "[" + ",".join(spaces() + str(v) + spaces() for v in values) + "]"


def members(pairs):
    return "{" + ",".join(f"{spaces()}{quoted(k)}{spaces()}:{spaces()}{v}{spaces()}" for k, v in pairs) + "}"


for _ in range(220):
    end, entries = 0, []
    for name in generator.sample(NAMES, generator.randrange(4)):
        type = generator.choice(list(BITS))
        shape = [generator.choice((0, 1, 2, 4)) for _ in range(generator.randrange(4))]
        bits = BITS[type]
        for extent in shape:
            bits *= extent
        if bits % 8:
            continue
        fields = [("dtype", quoted(type)), ("shape", listed(shape)), ("data_offsets", listed((end, end + bits // 8)))]
        end += bits // 8
        if generator.random() < 0.1:
            entries.append((name, "[" + ",".join(v for _, v in fields) + "]"))
            continue
        if generator.random() < 0.3:
            fields.append((generator.choice(("note", "", "DTYPE")), generator.choice(("null", "-1.5e-3", '"x"', '[{"y":[]}]', "true"))))
        generator.shuffle(fields)
        entries.append((name, members(fields)))
    if generator.random() < 0.4:
        entries.append(("__metadata__", generator.choice(("null", members([("k", quoted("v é"))]), members([("é", '"1"'), ("e\u0301", '"2"')])))))
    generator.shuffle(entries)
    case(spaces() + members(entries) + spaces(), end)

good = sum("verdict" in c for c in CASES)
OUT.write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in CASES) + "\n]\n")
print(f"{good} files that are read and {len(CASES) - good} that are refused, {OUT.stat().st_size} bytes", file=sys.stderr)
