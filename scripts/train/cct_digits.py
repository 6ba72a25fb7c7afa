"""Compact convolutional transformer on digits: two convolutions, four layers, SeqPool."""

from train.digits import run

CONV = {"kernel": 3, "stride": 1, "padding": 1, "pool": 3, "poolStride": 2, "poolPadding": 1}
BLOCK = {"kind": "cct", "heads": 2, "hidden": 128}
CONFIG = {
    "tokens": {"kind": "image", "size": 28, "channels": 1, "convs": [{"channels": 32, **CONV}, {"channels": 64, **CONV}]},
    "width": 64,
    "positions": {"kind": "learned"},
    "blocks": [BLOCK] * 4,
    "readout": {"kind": "seqpool", "norm": "layer", "classes": 10, "tied": False},
    "normEpsilon": 1e-5,
    "context": 49,
}

if __name__ == "__main__":
    run("cct-digits", "CCT on digits", CONFIG, steps=2000, peak=2e-3)
