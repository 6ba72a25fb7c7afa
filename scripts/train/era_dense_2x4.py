"""Era, 2 layer(s) of 4 heads."""

from train.era import config, run

if __name__ == "__main__":
    run("era-dense-2x4", "Era, 2 × 4 heads", config(2, 4), steps=2000)
