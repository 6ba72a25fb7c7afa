"""The numbers to beat, measured on the same held-out data: python3 -m train.baselines. Writes baselines.json beside this file."""

import collections
import json
import os

import numpy as np

from train.data import FOLDER, Digits, Era, Moby

HERE = os.path.dirname(__file__)


def witten_bell(train, test, orders, vocabulary):
    """Bits of each character of `test`. P(c | h) = (n(h c) + t(h) P(c | h')) / (n(h) + t(h)), t the kinds seen after h; below
    the empty h: uniform. An order of 5 counts strings of five: the four characters before and the one to come."""
    top = max(orders) - 1
    counts = [collections.defaultdict(dict) for _ in range(top + 1)]
    text = train.tobytes()
    for length in range(top + 1):
        table = counts[length]
        for at in range(length, len(text)):
            row = table[text[at - length : at]]
            row[text[at]] = row.get(text[at], 0) + 1
    totals = [{history: sum(row.values()) for history, row in table.items()} for table in counts]
    out = {order: np.zeros(len(test)) for order in orders}
    both = text[-top:] + test.tobytes()
    for at in range(len(test)):
        p = 1 / vocabulary
        for length in range(top + 1):
            history, sign = both[top + at - length : top + at], both[top + at]
            row = counts[length].get(history)
            if row:
                n, kinds = totals[length][history], len(row)
                p = (row.get(sign, 0) + kinds * p) / (n + kinds)
            if length + 1 in out:
                out[length + 1][at] = -np.log2(p)
    return out


def moby_baselines():
    moby = Moby()
    bits = witten_bell(moby.train.astype(np.uint8), moby.held_out.astype(np.uint8), [3, 5, 6], len(moby.alphabet))
    np.savez(f"{FOLDER}/baseline-moby.npz", **{f"order{order}": values for order, values in bits.items()})
    return [
        {"name": f"Witten-Bell n-gram, order {order}", "order": order, "value": round(float(values.mean()), 4)}
        for order, values in bits.items()
    ]


def linear(train, labels, test, test_labels, classes, steps=400, rate=0.5):
    """Softmax regression on standardised features, by full-batch gradient with momentum; share of right answers."""
    mean, spread = train.mean(0), train.std(0) + 1e-3
    train, test = (train - mean) / spread, (test - mean) / spread
    w, b = np.zeros((train.shape[1], classes), np.float32), np.zeros(classes, np.float32)
    moment_w, moment_b = np.zeros_like(w), np.zeros_like(b)
    wanted = np.eye(classes, dtype=np.float32)[labels]
    rate = rate / train.shape[1] * 10
    for _ in range(steps):
        scores = train @ w + b
        scores = np.exp(scores - scores.max(1, keepdims=True))
        error = (scores / scores.sum(1, keepdims=True) - wanted) / len(train)
        moment_w, moment_b = 0.9 * moment_w + train.T @ error, 0.9 * moment_b + error.sum(0)
        w, b = w - rate * moment_w, b - rate * moment_b
    return float(((test @ w + b).argmax(1) == test_labels).mean())


def digit_baselines():
    digits = Digits()
    train, test = digits.train.reshape(-1, 784), digits.held_out.reshape(-1, 784)
    centres = np.stack([train[digits.train_labels == digit].mean(0) for digit in range(10)])
    nearest = ((test[:, None] - centres) ** 2).sum(-1).argmin(1)
    return [
        {"name": "nearest centroid", "value": round(float((nearest == digits.labels).mean()), 4)},
        {"name": "linear on pixels", "value": round(linear(train, digits.train_labels, test, digits.labels, 10), 4)},
    ]


def hashed(chunks, n, buckets):
    """The bucket of every string of n letters in every chunk."""
    code = np.zeros((len(chunks), chunks.shape[1] - n + 1), dtype=np.uint64)
    for at in range(n):
        code = code * np.uint64(0x100000001B3) + chunks[:, at : at + code.shape[1]]
    code ^= code >> np.uint64(29)
    code *= np.uint64(0xBF58476D1CE4E5B9)
    return ((code >> np.uint64(32)) % np.uint64(buckets)).astype(np.int64)


def bags(chunks, n, buckets):
    out = np.zeros((len(chunks), buckets), dtype=np.float32)
    for row, codes in zip(out, hashed(chunks, n, buckets)):
        row += np.bincount(codes, minlength=buckets)
    return np.log1p(out)


def naive_bayes(era, n, smoothing=0.01, buckets=2**21):
    counts = np.stack([
        np.bincount(hashed(era.train[era.train_labels == label], n, buckets).ravel(), minlength=buckets) for label in range(4)
    ]) + smoothing
    logs = np.log(counts / counts.sum(1, keepdims=True))
    prior = np.log(np.bincount(era.train_labels) / len(era.train_labels))
    codes = hashed(era.held_out, n, buckets)
    scores = np.stack([logs[label][codes].sum(1) + prior[label] for label in range(4)], 1)
    return round(float((scores.argmax(1) == era.labels).mean()), 4)


def era_baselines():
    era = Era()
    most = np.bincount(era.train_labels).argmax()
    bytes_ = lambda chunks: np.stack([np.bincount(chunk, minlength=128) for chunk in chunks]).astype(np.float32)
    largest = round(float(np.bincount(era.labels).max() / len(era.labels)), 4)
    return [
        {"name": "the era with most held-out pieces", "value": largest},
        {"name": "the era with most training pieces", "value": round(float((era.labels == most).mean()), 4)},
        {"name": "linear on byte counts", "value": round(linear(np.log1p(bytes_(era.train)), era.train_labels, np.log1p(bytes_(era.held_out)), era.labels, 4), 4)},
        {"name": "linear on trigrams, hashed to 4096", "value": round(linear(bags(era.train, 3, 4096), era.train_labels, bags(era.held_out, 3, 4096), era.labels, 4, 150), 4)},
        *({"name": f"naive Bayes on {n} letters", "value": naive_bayes(era, n)} for n in (4, 5, 6, 8, 10)),
    ]


if __name__ == "__main__":
    path = os.path.join(HERE, "baselines.json")
    found = json.load(open(path)) if os.path.exists(path) else {}
    for name, measure in (("moby", moby_baselines), ("digits", digit_baselines), ("era", era_baselines)):
        if name not in found:
            found[name] = measure()
            print(name, found[name], flush=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(json.dumps(found, indent=2) + "\n")
