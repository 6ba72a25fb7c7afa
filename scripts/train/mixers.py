"""The recurrent mixers: Mamba as in Jamba (norms on dt, B and C) and Mamba-2. Both start from nothing, as in a fresh text."""

import math

import torch
import torch.nn.functional as F
from torch import nn

EPSILON = 1e-5


def rms(x, weight):
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + EPSILON) * weight


def first_steps(count):
    """Biases b with softplus(b) spread evenly on a log scale over 0.001 to 0.1."""
    step = torch.exp(torch.rand(count) * (math.log(0.1) - math.log(0.001)) + math.log(0.001))
    return step + torch.log(-torch.expm1(-step))


class Scan(torch.autograd.Function):
    """h_t = a_t h_(t-1) + b_t along the first axis. One fused multiply-add a step; the gradient is the same scan backwards."""

    @staticmethod
    def forward(context, a, b):
        h = torch.empty_like(b)
        h[0] = b[0]
        for t in range(1, len(a)):
            torch.addcmul(b[t], a[t], h[t - 1], out=h[t])
        context.save_for_backward(a, h)
        return h

    @staticmethod
    def backward(context, upper):
        a, h = context.saved_tensors
        g = torch.empty_like(upper)
        g[-1] = upper[-1]
        for t in range(len(a) - 2, -1, -1):
            torch.addcmul(upper[t], a[t + 1], g[t + 1], out=g[t])
        down = torch.empty_like(a)
        down[0] = 0
        torch.mul(g[1:], h[:-1], out=down[1:])
        return down, g


def convolved(x, conv):
    """The causal depthwise convolution of both mixers, then SiLU. x [batch, n, channels]."""
    return F.silu(conv(x.transpose(1, 2))[..., : x.shape[1]].transpose(1, 2))


def short_convolution(channels, taps):
    return nn.Conv1d(channels, channels, taps, groups=channels, padding=taps - 1)


class Mamba(nn.Module):
    def __init__(self, width, block, positions):
        super().__init__()
        inner, states, rank = block["inner"], block["states"], block["dtRank"]
        self.sizes = (rank, states, states)
        self.in_proj = nn.Linear(width, 2 * inner, False)
        self.conv1d = short_convolution(inner, block["conv"])
        self.x_proj = nn.Linear(inner, rank + 2 * states, False)
        self.dt_proj = nn.Linear(rank, inner)
        nn.init.uniform_(self.dt_proj.weight, -(rank**-0.5), rank**-0.5)
        self.dt_proj.bias.data = first_steps(inner)
        self.A_log = nn.Parameter(torch.arange(1, states + 1).float().log().repeat(inner, 1))
        self.D = nn.Parameter(torch.ones(inner))
        self.out_proj = nn.Linear(inner, width, False)
        self.dt_layernorm = nn.ParameterDict({"weight": torch.ones(rank)})
        self.b_layernorm = nn.ParameterDict({"weight": torch.ones(states)})
        self.c_layernorm = nn.ParameterDict({"weight": torch.ones(states)})

    def forward(self, x):
        u, z = self.in_proj(x).chunk(2, -1)
        u = convolved(u, self.conv1d).transpose(0, 1)
        dt, b, c = self.x_proj(u).split(self.sizes, -1)
        dt = F.softplus(self.dt_proj(rms(dt, self.dt_layernorm["weight"])))
        b, c = rms(b, self.b_layernorm["weight"]), rms(c, self.c_layernorm["weight"])
        # All [n, batch, inner, states] from here.
        decay = torch.exp(dt[..., None] * -torch.exp(self.A_log))
        h = Scan.apply(decay, (dt * u)[..., None] * b[:, :, None])
        y = (h @ c[..., None]).squeeze(-1) + self.D * u
        return self.out_proj(y.transpose(0, 1) * F.silu(z))


class Mamba2(nn.Module):
    """One group of B and C. Training takes the chunked matrix form; it equals the recurrence."""

    CHUNK = 64

    def __init__(self, width, block, positions):
        super().__init__()
        self.block, inner, states, heads = block, block["inner"], block["states"], block["heads"]
        self.sizes = (inner, inner + 2 * states, heads)
        self.in_proj = nn.Linear(width, sum(self.sizes), False)
        self.conv1d = short_convolution(inner + 2 * states, block["conv"])
        self.dt_bias = nn.Parameter(first_steps(heads))
        self.A_log = nn.Parameter(torch.empty(heads).uniform_(1, 16).log())
        self.D = nn.Parameter(torch.ones(heads))
        self.gate_norm = nn.ParameterDict({"weight": torch.ones(inner)})
        self.out_proj = nn.Linear(inner, width, False)

    def forward(self, x):
        block, (batch, n, _) = self.block, x.shape
        z, mixed, dt = self.in_proj(x).split(self.sizes, -1)
        u, b, c = convolved(mixed, self.conv1d).split((block["inner"], block["states"], block["states"]), -1)
        dt = F.softplus(dt + self.dt_bias)
        u = u.reshape(batch, n, block["heads"], -1)
        y = self.scan(u * dt[..., None], dt * -torch.exp(self.A_log), b, c) + self.D[:, None] * u
        return self.out_proj(rms(y.reshape(batch, n, -1) * F.silu(z), self.gate_norm["weight"]))

    def scan(self, u, a, b, c):
        """u [batch, n, heads, headDim] times its step, a [batch, n, heads] the log of the decay, b and c [batch, n, states]."""
        batch, n, heads, width = u.shape
        size = min(self.CHUNK, n)
        more = -n % size
        u, a = F.pad(u, (0, 0, 0, 0, 0, more)), F.pad(a, (0, 0, 0, more))
        b, c = F.pad(b, (0, 0, 0, more)), F.pad(c, (0, 0, 0, more))
        chunks = (n + more) // size
        u = u.view(batch, chunks, size, heads, width).transpose(2, 3)
        a = a.view(batch, chunks, size, heads).transpose(2, 3)
        b, c = (t.view(batch, chunks, 1, size, -1) for t in (b, c))
        total = a.cumsum(-1)
        # Masked before the exponential: above the diagonal it would overflow.
        above = torch.ones(size, size, dtype=torch.bool).triu(1)
        decay = (total[..., :, None] - total[..., None, :]).masked_fill(above, -math.inf).exp()
        y = (c @ b.transpose(-1, -2) * decay) @ u
        states = (u * (total[..., -1:] - total).exp()[..., None]).transpose(-1, -2) @ b
        carry, parts = torch.zeros_like(states[:, 0]), []
        for chunk in range(chunks):
            parts.append(c[:, chunk] * total[:, chunk].exp()[..., None] @ carry.transpose(-1, -2))
            carry = carry * total[:, chunk, :, -1, None, None].exp() + states[:, chunk]
        y = y + torch.stack(parts, 1)
        return y.transpose(2, 3).reshape(batch, n + more, heads, width)[:, :n]
