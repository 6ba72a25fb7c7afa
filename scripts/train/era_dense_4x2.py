"""Era, 4 layer(s) of 2 heads."""

from train.era import config, run

if __name__ == "__main__":
    run("era-dense-4x2", "Era, 4 × 2 heads", config(4, 2), steps=2000)
