"""Primer on Moby Dick: a convolution of three rows after q, k and v, squared ReLU; rotary positions."""

from train.language import config, run

ATTENTION = {"kind": "attention", "norm": "layer", "place": "pre", "heads": 4, "kvHeads": 4, "headDim": 32, "causal": True, "bias": True, "qkvConv": 3}
MLP = {"kind": "mlp", "norm": "layer", "place": "pre", "hidden": 512, "activation": "relu2", "bias": True}
ROPE = {"kind": "rope", "layout": "half", "theta": 10000}

if __name__ == "__main__":
    run("primer-moby", "Primer on Moby Dick", config(128, ROPE, [ATTENTION, MLP] * 3), steps=4000)
