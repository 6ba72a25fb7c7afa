"""Which class: accuracy on held-out items, Wilson's interval, the card. Digits and eras share it."""

import json
import os

import numpy as np
import torch

from train.export import flat, to_stored, training, write_model
from train.fit import OPTIMISER

HERE = os.path.dirname(__file__)


def wilson(right, n, z=1.96):
    p, half = right / n, z * np.sqrt(right / n * (1 - right / n) / n + z * z / (4 * n * n))
    return [round(float((p + z * z / (2 * n) + sign * half) / (1 + z * z / n)), 4) for sign in (-1, 1)]


def by_document(hits, documents, draws=2000):
    """95 % over whole documents drawn with replacement: pieces of one speech are not independent."""
    _, group = np.unique(documents, return_inverse=True)
    sums, counts = np.bincount(group, hits), np.bincount(group)
    picks = np.random.default_rng(0).integers(0, len(sums), (draws, len(sums)))
    return [round(float(x), 4) for x in np.percentile(sums[picks].sum(1) / counts[picks].sum(1), [2.5, 97.5])]


def logits_of(model, inputs):
    model.eval()
    with torch.no_grad():
        return torch.cat([model(part) for part in torch.from_numpy(inputs).split(250)]).numpy()


def check_of(model, inputs, what, spelled):
    """32 inputs whose two best classes are more than 0.001 apart; `spelled` turns one input into what JSON holds."""
    logits = logits_of(model, inputs)
    ordered = np.sort(logits, 1)
    clear = np.flatnonzero(ordered[:, -1] - ordered[:, -2] > 1e-3)[:32]
    rows = [{**spelled(inputs[at]), "logits": flat(logits[at]), "class": int(logits[at].argmax())} for at in clear]
    return {"what": what, "inputs": rows}


def finish(id, title, data, seed, model, *, task, held_out, labels, sizes, documents, baselines, facts, limits, check, extra=None):
    hits = logits_of(to_stored(model), held_out).argmax(1) == labels
    interval = wilson(hits.sum(), len(hits)) if documents is None else by_document(hits, documents)
    resampled = "Wilson" if documents is None else f"{len(set(documents))} speeches"
    entries = json.load(open(os.path.join(HERE, "baselines.json")))[baselines]
    steps, samples, kind, seconds, peak, batch, decay = facts
    card = {
        "data": sizes,
        "task": task,
        "metric": "accuracy",
        "better": "higher",
        "parameters": sum(p.numel() for p in model.parameters()),
        "result": {"value": round(float(hits.mean()), 4), "interval": interval, "items": len(hits), "resampled": resampled, "seeds": 1},
        "baselines": [{"name": entry["name"], "value": entry["value"]} for entry in entries],
        "training": training(steps, samples, kind, seconds, {**OPTIMISER, "weightDecay": decay, "peak": peak, "batch": batch}),
        "limits": limits,
        "measured": True,
    }
    write_model(id, title, data, seed, model, card, check(model), extra)
    print(json.dumps(card["result"]))
