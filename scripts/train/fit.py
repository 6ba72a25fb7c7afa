"""The training loop: Muon and AdamW, warm-up, cosine, a checkpoint every hundred steps. A batch is drawn from (seed, step) alone,
so a run that was stopped goes on exactly where it stood."""

import math
import os
import time

import numpy as np
import torch

from train.data import FOLDER
from train.muon import Muon

OPTIMISER = {"matrices": "Muon", "others": "AdamW", "weightDecay": 0.1, "clip": 1.0, "warmUp": 100, "schedule": "cosine to 2 %"}


def optimisers(model, decay):
    """Muon for the blocks' matrices, AdamW for the rest; weight decay on what has rows."""
    turns = lambda name, p: p.dim() > 1 and name.startswith("blocks") and "conv" not in name and "A_log" not in name
    matrices = [p for name, p in model.named_parameters() if turns(name, p)]
    rest = [p for name, p in model.named_parameters() if not turns(name, p)]
    groups = [
        {"params": [p for p in rest if p.dim() > 1], "weight_decay": decay},
        {"params": [p for p in rest if p.dim() <= 1], "weight_decay": 0.0},
    ]
    return [torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.95)), Muon(matrices, decay)]


def rate(step, steps, peak):
    if step < 100:
        return peak * (step + 1) / 100
    return peak * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - 100) / (steps - 100))))


def fit(name, model, loss_of, *, steps, seed, peak=4e-3, decay=0.1, clip=1.0):
    """`loss_of(model, generator)` draws a batch and returns its loss. Returns the seconds of processor time of all steps."""
    both = optimisers(model, decay)
    path = f"{FOLDER}/checkpoints/{name}-{seed}.pt"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    step, seconds = 0, 0.0
    if os.path.exists(path):
        saved = torch.load(path)
        model.load_state_dict(saved["model"])
        for optimiser, state in zip(both, saved["optimisers"]):
            optimiser.load_state_dict(state)
        step, seconds = saved["step"], saved["seconds"]
        print(f"{name}: goes on from step {step}", flush=True)
    model.train()
    start, smooth = time.process_time(), None
    while step < steps:
        for group in both[0].param_groups + both[1].param_groups:
            group["lr"] = rate(step, steps, peak)
        model.zero_grad(set_to_none=True)
        loss = loss_of(model, np.random.default_rng([seed, step]))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        for optimiser in both:
            optimiser.step()
        step += 1
        smooth = loss.item() if smooth is None else 0.98 * smooth + 0.02 * loss.item()
        if step % 100 == 0 or step == steps:
            now = seconds + time.process_time() - start
            state = {"model": model.state_dict(), "optimisers": [optimiser.state_dict() for optimiser in both], "step": step, "seconds": now}
            torch.save(state, path + ".part")
            os.replace(path + ".part", path)
            print(f"{name} seed {seed}: step {step}/{steps} loss {smooth:.4f} cpu {now / 60:.1f} min", flush=True)
    model.eval()
    return seconds + time.process_time() - start


def prepare(seed):
    """One thread and one seed, before a model is made."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
