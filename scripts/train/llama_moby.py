"""A small Llama on Moby Dick: rotary positions, two key and value heads for four of queries, SwiGLU, RMS norms, no biases."""

from train.language import config, run

ATTENTION = {"kind": "attention", "norm": "rms", "place": "pre", "heads": 4, "kvHeads": 2, "headDim": 32, "causal": True, "bias": False, "qkvConv": 0}
MLP = {"kind": "mlp", "norm": "rms", "place": "pre", "hidden": 344, "activation": "swiglu", "bias": False}
ROPE = {"kind": "rope", "layout": "half", "theta": 10000}

if __name__ == "__main__":
    run("llama-moby", "Llama-like on Moby Dick", config(128, ROPE, [ATTENTION, MLP] * 3, "rms"), steps=3500)
