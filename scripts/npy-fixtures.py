"""Writes gpu/core/fixtures/numpy.json: small .npy and .npz files as NumPy itself writes them, or reads them, in base64, with their values.

    python3 scripts/npy-fixtures.py        (needs NumPy 2)
"""

import base64
import io
import json
import pathlib
import struct
import warnings
import zipfile

import numpy as np

TARGET = pathlib.Path(__file__).parent.parent / "gpu/core/fixtures/numpy.json"


def npy(array, version=None):
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version)
    return buffer.getvalue()


def npz(save, **arrays):
    buffer = io.BytesIO()
    save(buffer, **arrays)
    return buffer.getvalue()


def entry(name, data, array):
    return {
        "name": name,
        "base64": base64.b64encode(data).decode(),
        "shape": list(array.shape),
        "values": [float(value) for value in array.ravel()],
    }


def headed(header, array, order=None):
    """A file with a header written by hand; its values are what NumPy reads."""
    text = header.encode("latin1")
    data = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + array.tobytes(order or "C")
    with warnings.catch_warnings():
        # NumPy says that such headers are slow to read.
        warnings.simplefilter("ignore")
        return data, np.load(io.BytesIO(data))


def zipped(way, **arrays):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", way) as archive:
        for name, array in arrays.items():
            archive.writestr(f"{name}.npy", npy(array))
    data = buffer.getvalue()
    assert sorted(np.load(io.BytesIO(data))) == sorted(arrays)
    return data


base = (np.arange(24) - 7.5).reshape(2, 3, 4)
odd = np.array([0, -0.0, 1, -2, 65504, 6e-8, 1 / 3, 2**-14])
integers = np.array([[0, -1, 2**24], [-(2**31), 2**31 - 1, 7]])

files = [entry(kind, npy(base.astype(kind)), base.astype(kind)) for kind in ["<f2", "<f4", "<f8", "<i4", "<i8"]]
files.append(entry("halves", npy(odd.astype("<f2")), odd.astype("<f2")))
files.append(entry("integers", npy(integers.astype("<i8")), integers))
files.append(entry("fortran", npy(np.asfortranarray(base.astype("<f4"))), base))
files.append(entry("version 2", npy(base.astype("<f4"), (2, 0)), base))
files.append(entry("version 3", npy(base.astype("<f4"), (3, 0)), base))
files.append(entry("scalar", npy(np.array(2.5, "<f4")), np.array(2.5)))
files.append(entry("empty", npy(np.zeros((0, 4), "<f4")), np.zeros((0, 4))))
files.append(entry("big-endian", npy(base.astype(">f4")), base))
files.append(entry("big-endian halves", npy(odd.astype(">f2")), odd.astype("<f2")))
files.append(entry("big-endian integers", npy(integers.astype(">i8")), integers))
small = (np.arange(12, dtype="<f4") - 5) / 4
headers = {
    "Python 2": "{'descr': '<f4', 'fortran_order': False, 'shape': (3L, 2L, 2L), }",
    "double quotes": '{"descr": "<f4", "fortran_order": False, "shape": (3, 2, 2)}',
    "blanks": "{ 'descr' :'<f4' ,  'fortran_order':False,'shape' : ( 3 ,2,  2 , ) }",
    "tabs": "{'descr':\t'<f4',\t'fortran_order': False, 'shape': (3, 2, 2)}\t\t\n",
    "CRLF": "{'descr': '<f4',\r\n 'fortran_order': False,\r\n 'shape': (3, 2, 2), }\r\n",
    "another order": "{'shape': (3, 2, 2), 'fortran_order': False, 'descr': '<f4'}",
    "unicode text": "{u'descr': u'<f4', u'fortran_order': False, u'shape': (3, 2, 2)}",
    "native order": "{'descr': '=f4', 'fortran_order': False, 'shape': (3, 2, 2), }",
}
for name, header in headers.items():
    files.append(entry(f"a header with {name}", *headed(header, small)))
refused = [
    {"name": name, "base64": base64.b64encode(npy(array)).decode()}
    for name, array in [
        ("complex", base.astype("<c8")),
        ("bytes", base.astype("u1")),
        ("record", np.zeros(3, [("a", "<f4"), ("b", "<i4")])),
        ("text", np.array(["abc"])),
    ]
]
qkv = np.stack([base[0], base[1], base[0] * 2]).astype("<f4")
archives = [
    entry("stored", npz(np.savez, q=qkv[0], k=qkv[1], v=qkv[2]), qkv),
    entry("deflated", npz(np.savez_compressed, q=qkv[0], k=qkv[1], v=qkv[2]), qkv),
]
others = [
    {"name": name, "base64": base64.b64encode(zipped(way, q=qkv[0], k=qkv[1], v=qkv[2])).decode()}
    for name, way in [("bzip2", zipfile.ZIP_BZIP2), ("LZMA", zipfile.ZIP_LZMA)]
]
with_64 = io.BytesIO()
with zipfile.ZipFile(with_64, "w", zipfile.ZIP_DEFLATED) as archive:
    for name, array in [("q", qkv[0]), ("k", qkv[1]), ("v", qkv[2])]:
        with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
            file.write(npy(array))
archives.append(entry("64-bit sizes", with_64.getvalue(), qkv))
about = f"NumPy {np.__version__}; made by python3 scripts/npy-fixtures.py"
content = {"about": about, "files": files, "refused": refused, "archives": archives, "others": others}
TARGET.parent.mkdir(exist_ok=True)
TARGET.write_text(json.dumps(content, indent=1) + "\n")
