"""Vision transformer on digits: twelve narrow layers on 49 patches and a class token."""

from train.digits import run

ATTENTION = {"kind": "attention", "norm": "layer", "place": "pre", "heads": 4, "kvHeads": 4, "headDim": 8, "causal": False, "bias": True, "qkvConv": 0}
MLP = {"kind": "mlp", "norm": "layer", "place": "pre", "hidden": 64, "activation": "gelu", "bias": True}
CONFIG = {
    "tokens": {"kind": "patches", "size": 28, "patch": 4, "channels": 1},
    "width": 32,
    "positions": {"kind": "learned"},
    "blocks": [ATTENTION, MLP] * 12,
    "readout": {"kind": "class-token", "norm": "layer", "classes": 10, "tied": False},
    "normEpsilon": 1e-5,
    "context": 50,
}

if __name__ == "__main__":
    run("vit-digits", "ViT on digits", CONFIG, steps=4500, peak=4e-3)
