"""Handwritten digits: random shifts of up to two pixels, 10 000 official test pictures, a check on pictures drawn here."""

import argparse

import numpy as np
import torch
import torch.nn.functional as F

from train.classes import check_of, finish
from train.data import Digits
from train.fit import fit, prepare
from train.stack import Stack


def shifted(pictures, draw):
    """Each picture moved by up to two pixels either way; what comes in is black."""
    padded = np.pad(pictures, ((0, 0), (2, 2), (2, 2)))
    moves = draw.integers(0, 5, (len(pictures), 2))
    return np.stack([picture[y : y + 28, x : x + 28] for picture, (y, x) in zip(padded, moves)])


def drawn(count):
    """Pictures of our own for check.json, in sixteenths: two to four soft strokes. No pixel of MNIST leaves the training folder."""
    draw, rows = np.random.default_rng(11), np.arange(28)
    out = np.zeros((count, 28, 28), np.float32)
    for picture in out:
        ends = draw.uniform(5, 23, (draw.integers(3, 6), 2))
        for a, b in zip(ends, ends[1:]):
            for t in np.linspace(0, 1, 40):
                y, x = a + t * (b - a)
                np.maximum(picture, np.exp(-((rows[:, None] - y) ** 2 + (rows - x) ** 2) / 1.6), out=picture)
    return np.round(out * 16) / 16


def run(id, title, config, *, steps, peak, batch=64, decay=0.05):
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seed", type=int, default=0)
    seed = arguments.parse_args().seed
    prepare(seed)
    digits, model = Digits(), Stack(config)

    def loss_of(model, draw):
        picks = draw.integers(0, len(digits.train), batch)
        pictures = torch.from_numpy(shifted(digits.train[picks], draw))
        return F.cross_entropy(model(pictures), torch.from_numpy(digits.train_labels[picks]))

    seconds = fit(id, model, loss_of, steps=steps, seed=seed, peak=peak, decay=decay)
    sixteenths = lambda picture: {"sixteenths": (picture * 16).astype(int).ravel().tolist()}
    finish(
        id, title, "digits", seed, model,
        task="which digit", held_out=digits.held_out, labels=digits.labels, documents=None, baselines="digits",
        sizes={"trained": 60000, "heldOut": 10000, "unit": "pictures", "heldOutPart": "the official test pictures"},
        facts=(steps, steps * batch, "pictures", seconds, peak, batch, decay),
        limits=[
            "Digits centred in 28 x 28 pixels, white on black, as MNIST prepares them; anything else it calls a digit all the same.",
            "The held-out pictures may not be shipped, so the page cannot measure this number again.",
        ],
        check=lambda model: check_of(model, drawn(64), "pictures drawn by the script, not MNIST; logits by torch in float32 on the stored weights", sixteenths),
    )
