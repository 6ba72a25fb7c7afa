"""Era, 1 layer(s) of 8 heads."""

from train.era import config, run

if __name__ == "__main__":
    run("era-dense-1x8", "Era, 1 × 8 heads", config(1, 8), steps=2000)
