"""A draft of GPT: two layers, a tenth of the weights."""

from train.language import config, run

ATTENTION = {"kind": "attention", "norm": "layer", "place": "pre", "heads": 3, "kvHeads": 3, "headDim": 16, "causal": True, "bias": True, "qkvConv": 0}
MLP = {"kind": "mlp", "norm": "layer", "place": "pre", "hidden": 192, "activation": "gelu-tanh", "bias": True}

if __name__ == "__main__":
    run("gpt-little", "Little GPT on Moby Dick", config(48, {"kind": "learned"}, [ATTENTION, MLP] * 2), steps=4000)
