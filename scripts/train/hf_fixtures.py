"""Two tiny checkpoints as Hugging Face's libraries write them, and the logits they must give: python3 -m train.hf_fixtures.

An independent program: it shares nothing with stack.py, writes the safetensors format itself, and computes in float64 from the numbers
as stored. The weights are random, so nothing is learned; they are spread widely, so that a wrong layout shows."""

import json
import math
import os
import struct

import torch

OUT = os.path.join(os.path.dirname(__file__), "..", "..", "gpu", "model", "fixtures", "hf")
TYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
PROMPTS = [[17, 4, 88, 23, 9], [0, 95, 1, 94, 2, 93, 3, 92, 50, 50, 50, 7], [61]]
D, HEADS, VOCABULARY, CONTEXT, HIDDEN, LAYERS = 32, 4, 96, 32, 56, 2
HEAD = D // HEADS


def save_safetensors(path, tensors, kind):
    """A u64 header length, a JSON header padded to eight bytes, then the tensors' bytes in the header's order."""
    header, parts, at = {"__metadata__": {"format": "pt"}}, [], 0
    for name in sorted(tensors):
        values = tensors[name].to(TYPES[kind]).contiguous()
        raw = values.view(torch.int32 if kind == "F32" else torch.int16).numpy().tobytes()
        header[name] = {"dtype": kind, "shape": list(values.shape), "data_offsets": [at, at + len(raw)]}
        parts.append(raw)
        at += len(raw)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(parts))


def random(*shape, spread=1.0):
    return torch.randn(*shape) * spread


def gpt2_weights():
    w = {"transformer.wte.weight": random(VOCABULARY, D, spread=0.5), "transformer.wpe.weight": random(CONTEXT, D, spread=0.5)}
    for n in range(LAYERS):
        h = f"transformer.h.{n}."
        for name in ("ln_1", "ln_2"):
            w[h + name + ".weight"], w[h + name + ".bias"] = 1 + random(D, spread=0.2), random(D, spread=0.2)
        # Conv1D: [in, out], the other way round than Linear.
        for name, into, out in (("attn.c_attn", D, 3 * D), ("attn.c_proj", D, D), ("mlp.c_fc", D, HIDDEN), ("mlp.c_proj", HIDDEN, D)):
            w[h + name + ".weight"], w[h + name + ".bias"] = random(into, out, spread=1.2 / math.sqrt(into)), random(out, spread=0.3)
    w["transformer.ln_f.weight"], w["transformer.ln_f.bias"] = 1 + random(D, spread=0.2), random(D, spread=0.2)
    return w


def heads_of(x, count):
    return x.reshape(len(x), count, HEAD).transpose(0, 1)


def attended(q, k, v):
    n = q.shape[1]
    scores = q @ k.transpose(1, 2) / math.sqrt(HEAD)
    for row in range(n):
        scores[:, row, row + 1 :] = -math.inf
    return (torch.softmax(scores, -1) @ v).transpose(0, 1).reshape(n, -1)


def gpt2_logits(w, ids):
    def ln(x, name):
        centred = x - x.mean(-1, keepdim=True)
        return centred / torch.sqrt((centred**2).mean(-1, keepdim=True) + 1e-5) * w[name + ".weight"] + w[name + ".bias"]

    def dense(x, name):
        return x @ w[name + ".weight"] + w[name + ".bias"]

    x = w["transformer.wte.weight"][ids] + w["transformer.wpe.weight"][: len(ids)]
    for n in range(LAYERS):
        h = f"transformer.h.{n}."
        q, k, v = dense(ln(x, h + "ln_1"), h + "attn.c_attn").split(D, -1)
        x = x + dense(attended(heads_of(q, HEADS), heads_of(k, HEADS), heads_of(v, HEADS)), h + "attn.c_proj")
        up = dense(ln(x, h + "ln_2"), h + "mlp.c_fc")
        x = x + dense(0.5 * up * (1 + torch.tanh(math.sqrt(2 / math.pi) * (up + 0.044715 * up**3))), h + "mlp.c_proj")
    return ln(x, "transformer.ln_f") @ w["transformer.wte.weight"].T


GPT2_CONFIG = {
    "activation_function": "gelu_new", "architectures": ["GPT2LMHeadModel"], "attn_pdrop": 0.1, "bos_token_id": 0, "embd_pdrop": 0.1,
    "eos_token_id": 0, "initializer_range": 0.02, "layer_norm_epsilon": 1e-05, "model_type": "gpt2", "n_ctx": CONTEXT, "n_embd": D,
    "n_head": HEADS, "n_inner": HIDDEN, "n_layer": LAYERS, "n_positions": CONTEXT, "reorder_and_upcast_attn": False, "resid_pdrop": 0.1,
    "scale_attn_by_inverse_layer_idx": False, "scale_attn_weights": True, "summary_activation": None, "summary_first_dropout": 0.1,
    "summary_proj_to_labels": True, "summary_type": "cls_index", "summary_use_proj": True, "transformers_version": "4.40.0",
    "use_cache": True, "vocab_size": VOCABULARY,
}
KV = 2


def llama_weights():
    w = {"model.embed_tokens.weight": random(VOCABULARY, D), "model.norm.weight": 1 + random(D, spread=0.2), "lm_head.weight": random(VOCABULARY, D, spread=0.3)}
    for n in range(LAYERS):
        h = f"model.layers.{n}."
        w[h + "input_layernorm.weight"], w[h + "post_attention_layernorm.weight"] = 1 + random(D, spread=0.2), 1 + random(D, spread=0.2)
        shapes = {"self_attn.q_proj": (D, D), "self_attn.k_proj": (KV * HEAD, D), "self_attn.v_proj": (KV * HEAD, D), "self_attn.o_proj": (D, D)}
        shapes |= {"mlp.gate_proj": (HIDDEN, D), "mlp.up_proj": (HIDDEN, D), "mlp.down_proj": (D, HIDDEN)}
        for name, (out, into) in shapes.items():
            w[f"{h}{name}.weight"] = random(out, into, spread=1.2 / math.sqrt(into))
    return w


def turned(x):
    """Rotary positions with the two halves of a head as the pair. x [heads, n, HEAD]."""
    out = x.clone()
    for position in range(x.shape[1]):
        for i in range(HEAD // 2):
            angle = position * 10000 ** (-2 * i / HEAD)
            a, b = x[:, position, i], x[:, position, i + HEAD // 2]
            out[:, position, i] = a * math.cos(angle) - b * math.sin(angle)
            out[:, position, i + HEAD // 2] = b * math.cos(angle) + a * math.sin(angle)
    return out


def llama_logits(w, ids):
    def rms(x, name):
        return x / torch.sqrt((x**2).mean(-1, keepdim=True) + 1e-5) * w[name + ".weight"]

    x = w["model.embed_tokens.weight"][ids]
    for n in range(LAYERS):
        h = f"model.layers.{n}."
        y = rms(x, h + "input_layernorm")
        q, k, v = (y @ w[f"{h}self_attn.{name}_proj.weight"].T for name in "qkv")
        k, v = (torch.stack([half[head // (HEADS // KV)] for head in range(HEADS)]) for half in (turned(heads_of(k, KV)), heads_of(v, KV)))
        x = x + attended(turned(heads_of(q, HEADS)), k, v) @ w[h + "self_attn.o_proj.weight"].T
        y = rms(x, h + "post_attention_layernorm")
        gate = y @ w[h + "mlp.gate_proj.weight"].T
        x = x + (gate / (1 + torch.exp(-gate)) * (y @ w[h + "mlp.up_proj.weight"].T)) @ w[h + "mlp.down_proj.weight"].T
    return rms(x, "model.norm") @ w["lm_head.weight"].T


LLAMA_CONFIG = {
    "architectures": ["LlamaForCausalLM"], "attention_bias": False, "attention_dropout": 0.0, "bos_token_id": 1, "eos_token_id": 2,
    "hidden_act": "silu", "hidden_size": D, "initializer_range": 0.02, "intermediate_size": HIDDEN, "max_position_embeddings": 256,
    "mlp_bias": False, "model_type": "llama", "num_attention_heads": HEADS, "num_hidden_layers": LAYERS, "num_key_value_heads": KV,
    "pretraining_tp": 1, "rms_norm_eps": 1e-05, "rope_scaling": None, "rope_theta": 10000.0, "tie_word_embeddings": False,
    "transformers_version": "4.40.0", "use_cache": True, "vocab_size": VOCABULARY,
}
NAMES = {"F32": "float32", "F16": "float16", "BF16": "bfloat16"}


def write(name, kind, weights, config, logits_of):
    folder = os.path.join(OUT, f"{name}-{kind.lower()}")
    os.makedirs(folder, exist_ok=True)
    save_safetensors(os.path.join(folder, "model.safetensors"), weights, kind)
    stored = {key: value.to(TYPES[kind]).double() for key, value in weights.items()}
    with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as file:
        file.write(json.dumps({**config, "torch_dtype": NAMES[kind]}, indent=2, sort_keys=True) + "\n")
    rows = [{"ids": ids, "logits": [float(f"{x:.8g}") for x in logits_of(stored, ids)[-1].tolist()]} for ids in PROMPTS]
    with open(os.path.join(folder, "expected.json"), "w", encoding="utf-8") as file:
        file.write(json.dumps({"what": "logits of the last position, float64", "madeBy": "scripts/train/hf_fixtures.py", "prompts": rows}) + "\n")
    print(name, kind, sum(value.numel() for value in weights.values()), "weights")


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.manual_seed(20)
    gpt2, llama = gpt2_weights(), llama_weights()
    for kind in ("F32", "F16"):
        write("gpt2", kind, gpt2, GPT2_CONFIG, gpt2_logits)
    for kind in ("F32", "BF16"):
        write("llama", kind, llama, LLAMA_CONFIG, llama_logits)
