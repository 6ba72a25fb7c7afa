"""When was it said: 256 bytes of a State of the Union address, four eras, whole speeches held out."""

import argparse

import numpy as np
import torch
import torch.nn.functional as F

from train.classes import check_of, finish
from train.data import ERAS, Era
from train.fit import fit, prepare
from train.stack import Stack


def config(layers, heads):
    """The same eight heads of 32 in every model, side by side or one after the other."""
    attention = {"kind": "attention", "norm": "layer", "place": "pre", "heads": heads, "kvHeads": heads, "headDim": 32, "causal": False, "bias": True, "qkvConv": 0}
    mlp = {"kind": "mlp", "norm": "layer", "place": "pre", "hidden": 256, "activation": "gelu-tanh", "bias": True}
    return {
        "tokens": {"kind": "bytes", "vocabulary": 128},
        "width": 64,
        "positions": {"kind": "learned"},
        "blocks": [attention, mlp] * layers,
        "readout": {"kind": "mean", "norm": "layer", "classes": 4, "tied": False},
        "normEpsilon": 1e-5,
        "context": 256,
    }


def run(id, title, model_config, *, steps, peak=3e-3, batch=16, decay=0.1):
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seed", type=int, default=0)
    seed = arguments.parse_args().seed
    prepare(seed)
    era, model = Era(), Stack(model_config)

    def loss_of(model, draw):
        picks = draw.integers(0, len(era.train), batch)
        return F.cross_entropy(model(torch.from_numpy(era.train[picks].astype(np.int64))), torch.from_numpy(era.train_labels[picks]))

    seconds = fit(id, model, loss_of, steps=steps, seed=seed, peak=peak, decay=decay)
    held_out = era.held_out.astype(np.int64)
    spread = np.random.default_rng(5).permutation(len(held_out))[:64]
    finish(
        id, title, "speeches", seed, model,
        task=f"when it was said: {', '.join(ERAS)}", held_out=held_out, labels=era.labels, documents=era.speech, baselines="era",
        sizes={"trained": len(era.train), "heldOut": len(held_out), "unit": "pieces of 256 bytes", "heldOutPart": "49 whole speeches"},
        facts=(steps, steps * batch, "pieces", seconds, peak, batch, decay),
        limits=[
            "Presidents speaking to Congress; it dates no other text.",
            "Counting strings of eight letters may do better: see the baselines.",
            "A difference between layers and heads needs the three seeds together.",
        ],
        check=lambda model: check_of(model, held_out[spread], "pieces of held-out speeches; logits by torch in float32 on the stored weights", lambda row: {"tokens": row.tolist()}),
        extra={"classes": ERAS},
    )
