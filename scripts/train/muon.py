"""Muon for the matrices of a stack: the momentum's step is made orthogonal (five Newton-Schulz rounds), so every direction of a
matrix moves alike. Vectors, tables and convolutions go to AdamW."""

import torch


def orthogonal(g):
    """The nearest matrix with singular values near 1; g [..., rows, columns]."""
    tall = g.shape[-2] > g.shape[-1]
    x = g.transpose(-1, -2) if tall else g
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(5):
        s = x @ x.transpose(-1, -2)
        x = 3.4445 * x + (-4.7750 * s + 2.0315 * s @ s) @ x
    return x.transpose(-1, -2) if tall else x


class Muon(torch.optim.Optimizer):
    def __init__(self, parameters, decay, momentum=0.95):
        super().__init__(parameters, {"lr": 0.0, "weight_decay": decay, "momentum": momentum})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                state = self.state[p]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(p)
                buffer = state["momentum"].lerp_(p.grad, 1 - group["momentum"])
                update = orthogonal(p.grad.lerp(buffer, group["momentum"]))
                # The root mean square of an update is then about 0.2, as AdamW's is, whatever the matrix's shape.
                scale = 0.2 * max(p.shape[-2:]) ** 0.5
                p.mul_(1 - group["lr"] * group["weight_decay"]).add_(update, alpha=-group["lr"] * scale)
