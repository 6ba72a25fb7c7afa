"""Mamba-2 on Moby Dick: three mixers, no attention, no positions."""

from train.language import config, run

MIXER = {"kind": "mamba2", "norm": "rms", "place": "pre", "inner": 256, "heads": 8, "headDim": 32, "states": 16, "conv": 4, "groups": 1}

if __name__ == "__main__":
    run("mamba2-moby", "Mamba-2 on Moby Dick", config(128, {"kind": "none"}, [MIXER] * 3, "rms"), steps=3000)
