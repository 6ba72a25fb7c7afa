"""Next character on Moby Dick: batches, held-out bits per character, the card."""

import argparse
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

from train.data import FOLDER, Moby
from train.export import flat, to_stored, training, write_model
from train.fit import OPTIMISER, fit, prepare
from train.stack import Moe, Stack

CONTEXT, STRIDE = 256, 64
HERE = os.path.dirname(__file__)


def config(width, positions, blocks, norm="layer"):
    return {
        "tokens": {"kind": "characters", "vocabulary": 80},
        "width": width,
        "positions": positions,
        "blocks": blocks,
        "readout": {"kind": "next-token", "norm": norm, "classes": 80, "tied": False},
        "normEpsilon": 1e-5,
        "context": CONTEXT,
    }


def bits(model, moby):
    """Bits of every held-out character, each seen with the 193 to 256 characters before it."""
    count = len(moby.held_out)
    steps = -(-count // STRIDE)
    text = np.concatenate([moby.train[-CONTEXT:], moby.held_out, np.zeros(steps * STRIDE - count, np.int64)])
    out = []
    with torch.no_grad():
        for group in np.array_split(np.arange(steps) * STRIDE + STRIDE, -(-steps // 16)):
            windows = torch.from_numpy(np.stack([text[start - 1 : start + CONTEXT] for start in group]))
            logits = model(windows[:, :-1])[:, -STRIDE:]
            out.append(F.cross_entropy(logits.flatten(0, 1), windows[:, -STRIDE:].flatten(), reduction="none").numpy())
    return np.concatenate(out)[:count].astype(np.float64) / np.log(2)


def paragraphs(moby):
    """The paragraph each held-out character stands in."""
    ends = np.array([a == b == 0 for a, b in zip(moby.held_out, moby.held_out[1:])] + [False])
    return np.cumsum(ends) - ends


def interval(values, group, draws=2000):
    """95 % of the mean over paragraphs drawn with replacement: characters of one paragraph are not independent."""
    sums, counts = np.bincount(group, values), np.bincount(group)
    picks = np.random.default_rng(0).integers(0, len(sums), (draws, len(sums)))
    return [round(float(x), 4) for x in np.percentile(sums[picks].sum(1) / counts[picks].sum(1), [2.5, 97.5])]


def card_of(values, moby, parameters, facts, seeds=1):
    group = paragraphs(moby)
    baseline = json.load(open(os.path.join(HERE, "baselines.json")))["moby"]
    best = min(baseline, key=lambda entry: entry["value"])
    margin = values - np.load(f"{FOLDER}/baseline-moby.npz")[f"order{best['order']}"]
    return {
        "data": {"trained": len(moby.train), "heldOut": len(moby.held_out), "unit": "characters", "heldOutPart": "the last 5 % of the book"},
        "task": "next character",
        "metric": "bits per character",
        "better": "lower",
        "parameters": parameters,
        "result": {
            "value": round(float(values.mean()), 4),
            "interval": interval(values, group),
            "items": len(values),
            "resampled": f"{group.max() + 1} paragraphs",
            "seeds": seeds,
        },
        "baselines": [{"name": entry["name"], "value": entry["value"]} for entry in baseline],
        "againstBest": {"name": best["name"], "difference": round(float(margin.mean()), 4), "interval": interval(margin, group)},
        "training": facts,
        "limits": [
            "One book: it knows whaling and little else, and no fact it writes is to be believed.",
            "One seed: a difference of a few hundredths between two of these models may be chance.",
            f"Measured with 193 to 256 characters before each; never asked for more than {CONTEXT}.",
        ],
        "measured": True,
    }


def check_of(model, moby):
    """32 held-out pieces: 31 of 48 characters, one of 256; the logits of the last position."""
    draw, inputs = np.random.default_rng(7), []
    with torch.no_grad():
        while len(inputs) < 32:
            size = CONTEXT if len(inputs) == 31 else 48
            start = draw.integers(0, len(moby.held_out) - size)
            tokens = moby.held_out[start : start + size]
            logits = model(torch.from_numpy(tokens)[None])[0, -1]
            chosen = [block.last for block in model.blocks if isinstance(block, Moe)]
            if any(margin <= (1e-3 if size == 48 else 1e-5) for _, margin in chosen):
                continue
            entry = {"tokens": tokens.tolist(), "logits": flat(logits)}
            if chosen:
                entry["experts"] = [experts for experts, _ in chosen]
                entry["margin"] = min(margin for _, margin in chosen)
            inputs.append(entry)
    return {"what": "logits of the last position, by torch in float32 on the stored weights", "inputs": inputs}


def run(id, title, model_config, *, steps, batch=4, peak=6e-3, shipped=True):
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seed", type=int, default=0)
    seed = arguments.parse_args().seed
    prepare(seed)
    moby = Moby()
    model, text = Stack(model_config), torch.from_numpy(moby.train)
    parameters = sum(p.numel() for p in model.parameters())

    def loss_of(model, draw):
        starts = draw.integers(0, len(text) - CONTEXT, batch)
        rows = torch.stack([text[start : start + CONTEXT + 1] for start in starts])
        loss = F.cross_entropy(model(rows[:, :-1]).flatten(0, 1), rows[:, 1:].flatten())
        return loss + 1e-3 * model.balance()

    seconds = fit(id, model, loss_of, steps=steps, seed=seed, peak=peak)
    values = bits(to_stored(model), moby)
    facts = training(steps, steps * batch * CONTEXT, "characters", seconds, {**OPTIMISER, "peak": peak, "batch": batch})
    card = card_of(values, moby, parameters, facts)
    write_model(id, title, "moby", seed, model, card, check_of(model, moby) if shipped else None, {"alphabet": moby.alphabet})
    print(json.dumps(card["result"]), json.dumps(card["againstBest"]))
