"""A model from its config, the one in the manifest: x += f(norm(x)) block after block. Parameters are named as they are stored."""

import functools
import math

import torch
import torch.nn.functional as F
from torch import nn

from train.mixers import Mamba, Mamba2

EPSILON = 1e-5


class RMSNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + EPSILON) * self.weight


def norm_of(kind, width):
    return RMSNorm(width) if kind == "rms" else nn.LayerNorm(width, eps=EPSILON)


def rotated(x, theta):
    """Rotary positions, layout half: dimension i turns with i + headDim / 2. x [batch, heads, n, headDim]."""
    half = x.shape[-1] // 2
    rates = theta ** (-torch.arange(half, dtype=torch.float32) / half)
    angles = torch.arange(x.shape[2], dtype=torch.float32)[:, None] * rates
    cos, sin = angles.cos(), angles.sin()
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


def past_mix(x, taps):
    """Causal convolution per channel: tap s weighs the row s positions in the past. x [batch, n, channels]."""
    return sum(taps[s] * F.pad(x, (0, 0, s, 0))[:, : x.shape[1]] for s in range(taps.shape[0]))


@functools.lru_cache
def ahead(n):
    """-inf above the diagonal: what a causal row does not see."""
    return torch.full((n, n), -math.inf).triu(1)


def attend(q, k, v, causal):
    """q, k, v [batch, heads, n, headDim]."""
    n, scale = q.shape[2], 1 / math.sqrt(q.shape[3])
    mask = ahead(n) if causal else torch.zeros(1, 1)
    scores = torch.baddbmm(mask, q.flatten(0, 1), k.flatten(0, 1).transpose(1, 2), alpha=scale)
    return (scores.softmax(-1) @ v.flatten(0, 1)).view_as(q)


class Attention(nn.Module):
    def __init__(self, width, block, positions):
        super().__init__()
        self.block, self.positions = block, positions
        rows, kv_rows = block["heads"] * block["headDim"], block["kvHeads"] * block["headDim"]
        self.q_proj = nn.Linear(width, rows, block["bias"])
        self.k_proj = nn.Linear(width, kv_rows, block["bias"])
        self.v_proj = nn.Linear(width, kv_rows, block["bias"])
        self.o_proj = nn.Linear(rows, width, block["bias"])
        if block["qkvConv"]:
            start = torch.tensor([0.5] + [0.5 / block["qkvConv"]] * (block["qkvConv"] - 1))[:, None]
            self.q_conv = nn.Parameter(start.repeat(1, rows))
            self.k_conv = nn.Parameter(start.repeat(1, kv_rows))
            self.v_conv = nn.Parameter(start.repeat(1, kv_rows))

    def forward(self, x):
        block = self.block
        q, k, v = self.q_proj(x), self.k_proj(x), self.v_proj(x)
        if block["qkvConv"]:
            q, k, v = past_mix(q, self.q_conv), past_mix(k, self.k_conv), past_mix(v, self.v_conv)
        q, k, v = (t.view(*t.shape[:2], -1, block["headDim"]).transpose(1, 2) for t in (q, k, v))
        if self.positions["kind"] == "rope":
            q, k = rotated(q, self.positions["theta"]), rotated(k, self.positions["theta"])
        shared = block["heads"] // block["kvHeads"]
        if shared > 1:
            k, v = k.repeat_interleave(shared, 1), v.repeat_interleave(shared, 1)
        return self.o_proj(attend(q, k, v, block["causal"]).transpose(1, 2).flatten(2))


ACTIVATIONS = {
    "relu": F.relu,
    "relu2": lambda x: F.relu(x).square(),
    "gelu": F.gelu,
    "gelu-tanh": lambda x: F.gelu(x, approximate="tanh"),
}


class Mlp(nn.Module):
    def __init__(self, width, block, positions):
        super().__init__()
        self.activation = block["activation"]
        self.up_proj = nn.Linear(width, block["hidden"], block["bias"])
        self.down_proj = nn.Linear(block["hidden"], width, block["bias"])
        if self.activation == "swiglu":
            self.gate_proj = nn.Linear(width, block["hidden"], block["bias"])

    def forward(self, x):
        if self.activation == "swiglu":
            return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))
        return self.down_proj(ACTIVATIONS[self.activation](self.up_proj(x)))


class Moe(nn.Module):
    """Softmax over all experts, the top k keep their weights as they are. `balance` is the load loss, for training alone;
    `last` are the experts of the last row and the least margin of any row's choice."""

    def __init__(self, width, block, positions):
        super().__init__()
        self.top_k, n, hidden = block["topK"], block["experts"], block["hidden"]
        self.router = nn.Linear(width, n, bias=False)
        self.gate_proj = nn.Parameter(torch.empty(n, hidden, width))
        self.up_proj = nn.Parameter(torch.empty(n, hidden, width))
        self.down_proj = nn.Parameter(torch.empty(n, width, hidden))
        self.balance, self.last = 0.0, None

    def forward(self, x):
        rows = x.flatten(0, -2)
        shares = self.router(rows).softmax(-1)
        weights, chosen = shares.topk(self.top_k, -1)
        hits = F.one_hot(chosen, shares.shape[1]).sum(1).float()
        self.balance = shares.shape[1] * (hits.mean(0) * shares.mean(0)).sum()
        if not self.training:
            ordered = shares.sort(-1, descending=True).values
            self.last = (sorted(chosen[-1].tolist()), (ordered[:, self.top_k - 1] - ordered[:, self.top_k]).min().item())
        out = torch.zeros_like(rows)
        for expert in range(shares.shape[1]):
            token, place = (chosen == expert).nonzero(as_tuple=True)
            mine = rows[token]
            hidden = F.silu(mine @ self.gate_proj[expert].t()) * (mine @ self.up_proj[expert].t())
            out = out.index_add(0, token, hidden @ self.down_proj[expert].t() * weights[token, place, None])
        return out.view_as(x)


class Cct(nn.Module):
    """The encoder layer of Compact Transformers as its code has it: the second residual starts from the normalised stream."""

    def __init__(self, width, block, positions):
        super().__init__()
        self.heads = block["heads"]
        self.pre_norm = nn.LayerNorm(width, eps=EPSILON)
        self.self_attn = nn.ModuleDict({"qkv": nn.Linear(width, 3 * width, False), "proj": nn.Linear(width, width)})
        self.norm1 = nn.LayerNorm(width, eps=EPSILON)
        self.linear1 = nn.Linear(width, block["hidden"])
        self.linear2 = nn.Linear(block["hidden"], width)

    def forward(self, x):
        batch, n, width = x.shape
        qkv = self.self_attn["qkv"](self.pre_norm(x)).view(batch, n, 3, self.heads, width // self.heads)
        mixed = attend(*qkv.permute(2, 0, 3, 1, 4), causal=False).transpose(1, 2).flatten(2)
        x = self.norm1(x + self.self_attn["proj"](mixed))
        return x + self.linear2(F.gelu(self.linear1(x)))


def waves(n, width):
    """Where learned positions start from: sines and cosines, so that neighbours resemble each other from the first step."""
    angles = torch.arange(n)[:, None] * 10000 ** (-torch.arange(0, width, 2) / width)
    return 0.1 * torch.stack([angles.sin(), angles.cos()], -1).flatten(1)


KINDS = {"attention": Attention, "mlp": Mlp, "moe": Moe, "mamba": Mamba, "mamba2": Mamba2, "cct": Cct}


class Tokens(nn.Module):
    """Numbers to rows: a table for characters and bytes, a projection for patches, convolutions for pictures."""

    def __init__(self, tokens, width, class_token):
        super().__init__()
        self.tokens = tokens
        if tokens["kind"] in ("characters", "bytes"):
            self.embedding = nn.Parameter(torch.empty(tokens["vocabulary"], width))
        elif tokens["kind"] == "patches":
            self.projection = nn.Linear(tokens["patch"] ** 2 * tokens["channels"], width)
        else:
            sizes = [tokens["channels"]] + [conv["channels"] for conv in tokens["convs"]]
            self.convs = nn.ModuleList(
                nn.Conv2d(a, b, conv["kernel"], conv["stride"], conv["padding"], bias=False)
                for a, b, conv in zip(sizes, sizes[1:], tokens["convs"])
            )
        # nn.Module.register_parameter: `class` is a word of the language.
        if class_token:
            self.register_parameter("class", nn.Parameter(torch.empty(width)))

    def forward(self, x):
        if self.tokens["kind"] in ("characters", "bytes"):
            x = F.embedding(x, self.embedding)
        elif self.tokens["kind"] == "patches":
            x = self.projection(F.unfold(x[:, None], self.tokens["patch"], stride=self.tokens["patch"]).transpose(1, 2))
        else:
            x = x[:, None]
            for conv, facts in zip(self.convs, self.tokens["convs"]):
                x = F.max_pool2d(F.relu(conv(x)), facts["pool"], facts["poolStride"], facts["poolPadding"])
            x = x.flatten(2).transpose(1, 2)
        first = getattr(self, "class", None)
        return x if first is None else torch.cat([first.expand(len(x), 1, -1), x], 1)


class Stack(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config, width, readout = config, config["width"], config["readout"]
        self.tokens = Tokens(config["tokens"], width, readout["kind"] == "class-token")
        if config["positions"]["kind"] == "learned":
            self.positions = nn.ParameterDict({"table": torch.empty(config["context"], width)})
        self.blocks = nn.ModuleList()
        for block in config["blocks"]:
            module = KINDS[block["kind"]](width, block, config["positions"])
            if block["kind"] != "cct":
                module.norm = norm_of(block["norm"], width)
            self.blocks.append(module)
        outputs = readout.get("classes") or config["tokens"]["vocabulary"]
        self.readout = nn.Linear(width, outputs, bias=readout["kind"] != "next-token")
        if readout["norm"] != "none":
            self.readout.norm = norm_of(readout["norm"], width)
        if readout["kind"] == "seqpool":
            self.readout.pool = nn.Linear(width, 1)
        self.initialise()

    def initialise(self):
        residual = 1 / math.sqrt(len(self.blocks))
        for name, parameter in self.named_parameters():
            if name == "positions.table":
                parameter.data = waves(*parameter.shape)
            elif name in ("tokens.embedding", "tokens.class"):
                nn.init.normal_(parameter, 0, 0.1)
            elif name.endswith("bias") and "mamba" not in name and "dt_" not in name and "conv1d" not in name:
                nn.init.zeros_(parameter)
            elif parameter.dim() > 1 and "A_log" not in name and "_conv" not in name and "conv1d" not in name and "dt_" not in name:
                fan_in = parameter[0].numel() if parameter.dim() != 3 else parameter.shape[2]
                closing = any(part in name for part in ("o_proj", "down_proj", "out_proj", "proj.weight", "linear2"))
                closing = closing and not any(part in name for part in ("q_proj", "k_proj", "v_proj", "up_proj", "gate_proj", "in_proj", "x_proj"))
                nn.init.normal_(parameter, 0, (residual if closing else 1) * 0.7 / math.sqrt(fan_in))

    def forward(self, x):
        x = self.tokens(x)
        if self.config["positions"]["kind"] == "learned":
            x = x + self.positions["table"][: x.shape[1]]
        for facts, block in zip(self.config["blocks"], self.blocks):
            x = block(x) if facts["kind"] == "cct" else x + block(block.norm(x))
        readout = self.config["readout"]
        if readout["norm"] != "none":
            x = self.readout.norm(x)
        if readout["kind"] == "class-token":
            x = x[:, 0]
        elif readout["kind"] == "mean":
            x = x.mean(1)
        elif readout["kind"] == "seqpool":
            x = (self.readout.pool(x).softmax(1).transpose(1, 2) @ x).squeeze(1)
        return self.readout(x)

    def balance(self):
        return sum(block.balance for block in self.blocks if isinstance(block, Moe))
