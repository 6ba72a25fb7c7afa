"""GPT: three layers as GPT-2 has them, on Moby Dick."""

from train.language import config, run

ATTENTION = {"kind": "attention", "norm": "layer", "place": "pre", "heads": 4, "kvHeads": 4, "headDim": 32, "causal": True, "bias": True, "qkvConv": 0}
MLP = {"kind": "mlp", "norm": "layer", "place": "pre", "hidden": 512, "activation": "gelu-tanh", "bias": True}

if __name__ == "__main__":
    run("gpt-moby", "GPT on Moby Dick", config(128, {"kind": "learned"}, [ATTENTION, MLP] * 3), steps=7000)
