"""Jamba on Moby Dick: eight layers, the fifth with attention, the others Mamba; experts in every second."""

from train.language import config, run

MAMBA = {"kind": "mamba", "norm": "rms", "place": "pre", "inner": 128, "states": 16, "conv": 4, "dtRank": 4}
ATTENTION = {"kind": "attention", "norm": "rms", "place": "pre", "heads": 4, "kvHeads": 2, "headDim": 16, "causal": True, "bias": False, "qkvConv": 0}
MLP = {"kind": "mlp", "norm": "rms", "place": "pre", "hidden": 96, "activation": "swiglu", "bias": False}
MOE = {"kind": "moe", "norm": "rms", "place": "pre", "experts": 4, "topK": 2, "hidden": 96, "renormalise": False}
LAYERS = [[ATTENTION if layer == 4 else MAMBA, MOE if layer % 2 else MLP] for layer in range(8)]

if __name__ == "__main__":
    run("jamba-moby", "Jamba on Moby Dick", config(64, {"kind": "none"}, sum(LAYERS, []), "rms"), steps=1600)
