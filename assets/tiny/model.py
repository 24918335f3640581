"""The DeepSeek-V3.2 architecture, small, in PyTorch for the CPU: enough to train it and to sample from it.

What is here follows the model's published forward pass (multi-head latent attention, lightning indexer with
top-k selection, group-limited sigmoid routing with a correction bias, one multi-token-prediction layer).
Switches on the Model choose the stage of training:

  sparse         attend only to the tokens that the indexer selects (else to all earlier tokens)
  quantise       every linear weight passes through FP8 E4M3 with one power-of-two scale per 128x128 block,
                 and what is stored as BF16 through BF16; the gradient goes straight through
  index_loss     also compute the indexer's loss: KL from the summed attention of all heads to its scores

The indexer and the multi-token layer never send gradients into the rest of the model. The Hadamard rotation
of the indexer is left out: it is orthogonal and changes no score.

Shapes: B sequences, T positions, H hidden, N heads, S cached positions, E experts.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

CONFIG = {
    "architectures": ["DeepseekV32ForCausalLM"], "attention_bias": False, "attention_dropout": 0.0,
    "bos_token_id": 0, "eos_token_id": 1, "ep_size": 1, "first_k_dense_replace": 1, "hidden_act": "silu",
    "hidden_size": 128, "index_head_dim": 128, "index_n_heads": 2, "index_topk": 32, "initializer_range": 0.02,
    "intermediate_size": 384, "kv_lora_rank": 128, "max_position_embeddings": 2048, "model_type": "deepseek_v32",
    "moe_intermediate_size": 128, "moe_layer_freq": 1, "n_group": 4, "n_routed_experts": 16, "n_shared_experts": 1,
    "norm_topk_prob": True, "num_attention_heads": 4, "num_experts_per_tok": 2, "num_hidden_layers": 4,
    "num_key_value_heads": 4, "num_nextn_predict_layers": 1, "q_lora_rank": 128, "qk_nope_head_dim": 32,
    "qk_rope_head_dim": 32,
    "quantization_config": {"activation_scheme": "dynamic", "fmt": "e4m3", "quant_method": "fp8",
                            "scale_fmt": "ue8m0", "weight_block_size": [128, 128]},
    "rms_norm_eps": 1e-06,
    "rope_scaling": {"beta_fast": 32, "beta_slow": 1, "factor": 4, "mscale": 1.0, "mscale_all_dim": 1.0,
                     "original_max_position_embeddings": 512, "type": "yarn"},
    "rope_theta": 10000, "routed_scaling_factor": 1.5, "scoring_func": "sigmoid", "tie_word_embeddings": False,
    "topk_group": 2, "topk_method": "noaux_tc", "torch_dtype": "bfloat16", "transformers_version": "4.44.2",
    "use_cache": True, "v_head_dim": 32, "vocab_size": 1024,
}


# ---------------------------------------------------------------------------------- quantisation

def to_fp8(w):
    """(w as float8_e4m3fn, scales): w [..., out, in], one power of two per 128x128 block, partial blocks padded."""
    rows, cols = w.shape[-2:]
    pad = F.pad(w.float(), (0, -cols % 128, 0, -rows % 128))
    blocks = pad.unflatten(-1, (-1, 128)).unflatten(-3, (-1, 128))  # [..., R, 128, C, 128]
    amax = blocks.abs().amax(dim=(-3, -1), keepdim=True).clamp(min=1e-4)
    scale = torch.exp2(torch.ceil(torch.log2(amax / 448.0)))
    q = (blocks / scale).clamp(-448.0, 448.0).to(torch.float8_e4m3fn)
    return q, scale


def from_fp8(q, scale, shape):
    return (q.float() * scale).flatten(-4, -3).flatten(-2, -1)[..., : shape[-2], : shape[-1]]


def fake_fp8(w):
    with torch.no_grad():
        delta = from_fp8(*to_fp8(w), w.shape) - w
    return w + delta


def fake_bf16(w):
    with torch.no_grad():
        delta = w.to(torch.bfloat16).float() - w
    return w + delta


# ------------------------------------------------------------------------------------- positions

def inverse_frequencies(c):
    """YaRN: slow pairs are divided by the factor, fast ones kept, a ramp between. [rope/2] f32."""
    dim, s = c["qk_rope_head_dim"], c["rope_scaling"]
    freq = c["rope_theta"] ** (-torch.arange(0, dim, 2, dtype=torch.float64) / dim)

    def turn(rotations):
        length = s["original_max_position_embeddings"] / (rotations * 2 * math.pi)
        return dim * math.log(length) / (2 * math.log(c["rope_theta"]))

    low, high = max(math.floor(turn(s["beta_fast"])), 0), min(math.ceil(turn(s["beta_slow"])), dim - 1)
    ramp = ((torch.arange(dim // 2, dtype=torch.float64) - low) / max(high - low, 0.001)).clamp(0, 1)
    return (freq / s["factor"] * ramp + freq * (1 - ramp)).float()


def softmax_scale(c):
    m = 0.1 * c["rope_scaling"]["mscale_all_dim"] * math.log(c["rope_scaling"]["factor"]) + 1.0
    return (c["qk_nope_head_dim"] + c["qk_rope_head_dim"]) ** -0.5 * m * m


def rope_pairs(x, cos, sin):
    """Interleaved pairs (2i, 2i+1). The result is left in halves: only dot products are ever taken of it."""
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


def rope_halves(x, cos, sin):
    """Half-split pairs (i, i + n/2) over the first 2*len(cos) numbers; the rest passes."""
    n = cos.shape[-1]
    a, b, rest = x[..., :n], x[..., n : 2 * n], x[..., 2 * n :]
    return torch.cat([a * cos - b * sin, a * sin + b * cos, rest], -1)


# ---------------------------------------------------------------------------------------- layers

class Norm(nn.Module):
    def __init__(self, n, bias=False):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(n))
        self.bias = nn.Parameter(torch.zeros(n)) if bias else None


class Weights:
    """How a stored weight is seen by the forward pass; `quantise` is shared by the whole model."""
    quantise = False


def linear(x, w):
    return F.linear(x, fake_fp8(w) if Weights.quantise else w)


def plain(w):
    return fake_bf16(w) if Weights.quantise else w


def rms(x, norm):
    return F.rms_norm(x, (x.shape[-1],), plain(norm.weight), 1e-6)


def matrix(*shape):
    return nn.Parameter(torch.randn(*shape) * shape[-1] ** -0.5)


class Indexer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.heads, self.dim = c["index_n_heads"], c["index_head_dim"]
        self.wq_b = matrix(self.heads * self.dim, c["q_lora_rank"])
        self.wk = matrix(self.dim, c["hidden_size"])
        self.k_norm = Norm(self.dim, bias=True)
        self.weights_proj = matrix(self.heads, c["hidden_size"])

    def keys(self, x, cos, sin):
        k = F.layer_norm(linear(x, self.wk), (self.dim,), plain(self.k_norm.weight), plain(self.k_norm.bias), 1e-6)
        return rope_halves(k, cos, sin)

    def scores(self, x, qr, k, cos, sin):
        """I [B, T, S]: how much each query wants each key."""
        q = linear(qr, self.wq_b).unflatten(-1, (self.heads, self.dim))
        q = rope_halves(q, cos[..., None, :], sin[..., None, :]).transpose(1, 2)
        w = F.linear(x, plain(self.weights_proj)) * (self.heads * self.dim) ** -0.5
        dots = F.relu(q @ k[:, None].transpose(-1, -2))
        return (dots * w.transpose(1, 2)[..., None]).sum(1)


class Attention(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.heads, self.nope, self.rope = c["num_attention_heads"], c["qk_nope_head_dim"], c["qk_rope_head_dim"]
        self.v_dim, self.rank, self.topk = c["v_head_dim"], c["kv_lora_rank"], c["index_topk"]
        self.scale = softmax_scale(c)
        h, qr = c["hidden_size"], c["q_lora_rank"]
        self.q_a_proj = matrix(qr, h)
        self.q_a_layernorm = Norm(qr)
        self.q_b_proj = matrix(self.heads * (self.nope + self.rope), qr)
        self.kv_a_proj_with_mqa = matrix(self.rank + self.rope, h)
        self.kv_a_layernorm = Norm(self.rank)
        self.kv_b_proj = matrix(self.heads * (self.nope + self.v_dim), self.rank)
        self.o_proj = nn.Parameter(torch.zeros(h, self.heads * self.v_dim))
        self.indexer = Indexer(c)

    def select(self, index, mask):
        """mask [B, T, S] (True = may attend) cut down to the topk best scores of each row."""
        if index.shape[-1] <= self.topk:
            return mask
        index = index.masked_fill(~mask, -torch.inf)
        chosen = torch.zeros_like(mask).scatter_(-1, index.topk(self.topk, -1).indices, True)
        return chosen & mask

    def forward(self, x, rope, mask, sparse, want_index_loss, cache=None):
        cos, sin = rope
        qr = rms(linear(x, self.q_a_proj), self.q_a_layernorm)
        q = linear(qr, self.q_b_proj).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        q_nope, q_pe = q.split([self.nope, self.rope], -1)
        q_pe = rope_pairs(q_pe, cos[:, None], sin[:, None])
        c, k_pe = linear(x, self.kv_a_proj_with_mqa).split([self.rank, self.rope], -1)
        c, k_pe = rms(c, self.kv_a_layernorm), rope_pairs(k_pe, cos, sin)
        index = None
        x_ix, qr_ix = x.detach(), qr.detach()
        k_ix = self.indexer.keys(x_ix, cos, sin) if sparse or want_index_loss or cache is not None else None
        if cache is not None:
            c, k_pe, k_ix = cache.append(c, k_pe, k_ix)
        kv = linear(c, self.kv_b_proj).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        k_nope, v = kv.split([self.nope, self.v_dim], -1)
        if sparse or want_index_loss:
            index = self.indexer.scores(x_ix, qr_ix, k_ix, cos, sin)
        if sparse:
            mask = self.select(index.detach(), mask)
        k = torch.cat([k_nope, k_pe[:, None].expand(-1, self.heads, -1, -1)], -1)
        logits = (torch.cat([q_nope, q_pe], -1) * self.scale) @ k.transpose(-1, -2)
        p = logits.masked_fill(~mask[:, None], -1e30).softmax(-1)
        out = linear((p @ v).transpose(1, 2).flatten(-2), self.o_proj)
        return out, self.index_loss(index, p, mask) if want_index_loss else 0.0

    @staticmethod
    def index_loss(index, p, mask):
        """Mean over rows of KL(mean attention of the heads || softmax of the indexer's scores)."""
        target = p.detach().mean(1)
        log_q = index.masked_fill(~mask, -1e30).log_softmax(-1)
        kl = torch.where(mask, torch.special.xlogy(target, target) - target * log_q, torch.zeros(()))
        return kl.sum(-1).mean()


class Dense(nn.Module):
    def __init__(self, h, inner):
        super().__init__()
        self.gate_proj, self.up_proj = matrix(inner, h), matrix(inner, h)
        self.down_proj = nn.Parameter(torch.zeros(h, inner))

    def forward(self, x):
        return linear(F.silu(linear(x, self.gate_proj)) * linear(x, self.up_proj), self.down_proj)


class Experts(nn.Module):
    """Routed experts (weights stacked) and one shared expert."""

    def __init__(self, c):
        super().__init__()
        self.c, n, inner, h = c, c["n_routed_experts"], c["moe_intermediate_size"], c["hidden_size"]
        self.gate = matrix(n, h)
        self.register_buffer("bias", torch.zeros(n))
        self.gate_proj, self.up_proj = matrix(n, inner, h), matrix(n, inner, h)
        self.down_proj = nn.Parameter(torch.zeros(n, h, inner))
        self.shared = Dense(h, inner)
        self.register_buffer("load", torch.zeros(n), persistent=False)

    def route(self, x):
        """Experts [T, k] and their weights [T, k]."""
        c = self.c
        s = torch.sigmoid(F.linear(x, plain(self.gate)))
        with torch.no_grad():
            biased = (s + self.bias).unflatten(-1, (c["n_group"], -1))
            best = biased.topk(2, -1).values.sum(-1).topk(c["topk_group"], -1).indices
            allowed = torch.zeros_like(biased[..., 0], dtype=torch.bool).scatter_(-1, best, True)
            biased = biased.masked_fill(~allowed[..., None], -torch.inf).flatten(-2)
            chosen = biased.topk(c["num_experts_per_tok"], -1).indices
        w = s.gather(-1, chosen)
        return chosen, w / (w.sum(-1, keepdim=True) + 1e-20) * c["routed_scaling_factor"]

    def forward(self, x):
        shape, x = x.shape, x.flatten(0, -2)
        chosen, w = self.route(x)
        k = chosen.shape[-1]
        order = chosen.flatten().argsort(stable=True)
        counts = torch.bincount(chosen.flatten(), minlength=self.gate.shape[0])
        if self.training:
            self.load += counts
        token = order // k
        parts = x[token].split(counts.tolist())
        quant = fake_fp8 if Weights.quantise else (lambda m: m)
        gate, up, down = (quant(m).unbind(0) for m in (self.gate_proj, self.up_proj, self.down_proj))
        ys = [F.linear(F.silu(F.linear(p, g)) * F.linear(p, u), d) for p, g, u, d in zip(parts, gate, up, down)]
        y = torch.cat(ys) * w.flatten()[order, None]
        return self.shared(x).index_add(0, token, y).view(shape)


class Layer(nn.Module):
    def __init__(self, c, dense):
        super().__init__()
        self.input_layernorm, self.post_attention_layernorm = Norm(c["hidden_size"]), Norm(c["hidden_size"])
        self.self_attn = Attention(c)
        self.mlp = Dense(c["hidden_size"], c["intermediate_size"]) if dense else Experts(c)

    def forward(self, x, rope, mask, sparse, want_index_loss, cache=None):
        a, loss = self.self_attn(rms(x, self.input_layernorm), rope, mask, sparse, want_index_loss, cache)
        x = x + a
        return x + self.mlp(rms(x, self.post_attention_layernorm)), loss


class NextToken(nn.Module):
    """The multi-token-prediction layer: from h_t and the token at t+1 to the token at t+2."""

    def __init__(self, c):
        super().__init__()
        h = c["hidden_size"]
        self.enorm, self.hnorm, self.norm = Norm(h), Norm(h), Norm(h)
        self.eh_proj = matrix(h, 2 * h)
        self.layer = Layer(c, dense=False)


class Cache:
    """What one layer keeps of a batch: latent, rotated key and indexer key, [B, S, *] each."""

    def __init__(self):
        self.kept = None

    def append(self, *new):
        self.kept = new if self.kept is None else tuple(torch.cat(pair, 1) for pair in zip(self.kept, new))
        return self.kept


@torch.no_grad()
def look_back(attention, frequencies, sharpness=7.0):
    """Start the first heads of a layer as looking 1, 2, 3 tokens back, whatever the tokens are.

    Hidden number 0 of every embedding starts large, so keys and queries can hold a constant; the constant's rotary
    pairs are turned by -d positions for the head that looks d back. Copying needs this circuit first, and finding it
    by gradient took longer than all the arithmetic (a first run without it had not learned to copy after 1.9 M tokens).
    """
    a, seen = attention, 2.9  # hidden number 0 after the norm
    a.kv_a_proj_with_mqa[a.rank :].zero_()
    a.kv_a_proj_with_mqa[a.rank :: 2, 0] = sharpness / seen
    a.q_a_proj[0].zero_()
    a.q_a_proj[0, 0] = 1.0
    q = a.q_b_proj.view(a.heads, a.nope + a.rope, -1)[:, a.nope :]
    q.zero_()
    for head in range(a.heads - 1):
        turn = -(head + 1) * frequencies
        q[head, 0::2, 0] = sharpness / seen * turn.cos()
        q[head, 1::2, 0] = sharpness / seen * turn.sin()


class Model(nn.Module):
    def __init__(self, c=CONFIG):
        super().__init__()
        self.c = c
        self.embed = nn.Parameter(torch.randn(c["vocab_size"], c["hidden_size"]) * 0.5)
        self.layers = nn.ModuleList(Layer(c, i < c["first_k_dense_replace"]) for i in range(c["num_hidden_layers"]))
        self.norm = Norm(c["hidden_size"])
        self.head = nn.Parameter(torch.zeros(c["vocab_size"], c["hidden_size"]))
        self.mtp = NextToken(c)
        self.register_buffer("freq", inverse_frequencies(c), persistent=False)
        self.sparse = False
        with torch.no_grad():
            self.embed[:, 0] = 1.5
        look_back(self.layers[0].self_attn, self.freq)

    def angles(self, positions):
        a = positions[..., None].float() * self.freq
        return a.cos(), a.sin()

    def hidden(self, ids, positions, mask, want_index_loss=False, caches=None):
        """Final-normed states [B, T, H] and the summed indexer loss. mask [B, T, S], True = may attend."""
        x, rope, loss = F.embedding(ids, plain(self.embed)), self.angles(positions), 0.0
        for i, layer in enumerate(self.layers):
            x, one = layer(x, rope, mask, self.sparse, want_index_loss, caches[i] if caches else None)
            loss = loss + one
        return rms(x, self.norm), loss

    def logits(self, h):
        return F.linear(h, plain(self.head))

    def next_logits(self, h, ids, positions, mask, want_index_loss):
        """Logits for t+2 at positions 0..T-2; trains the multi-token layer alone."""
        m = self.mtp
        e = F.embedding(ids[:, 1:], plain(self.embed).detach())
        x = torch.cat([rms(e, m.enorm), rms(h[:, :-1].detach(), m.hnorm)], -1)
        x = F.linear(x, plain(m.eh_proj))
        x, loss = m.layer(x, self.angles(positions[:, :-1]), mask[:, :-1, :-1], self.sparse, want_index_loss)
        return F.linear(rms(x, m.norm), plain(self.head).detach()), loss


# -------------------------------------------------------------------------------------- sampling

def pick(logits, temperature, top_p, generator):
    if temperature == 0:
        return logits.argmax(-1)
    p, order = (logits / temperature).softmax(-1).sort(-1, descending=True)
    p = p.masked_fill(p.cumsum(-1) - p >= top_p, 0.0)
    return order.gather(-1, torch.multinomial(p, 1, generator=generator))[:, 0]


@torch.no_grad()
def sample(model, prompts, max_tokens, temperature=1.0, top_p=0.95, seed=0, eos=1):
    """Completions (lists of ids, EOS left out; None marks one cut off) of prompts (lists of ids), as one batch.

    Prompts are padded on the left; positions start at 0 with each prompt's first token, so a request's tokens
    do not see the padding."""
    generator = torch.Generator().manual_seed(seed)
    n, width = len(prompts), max(map(len, prompts))
    pad = torch.tensor([width - len(p) for p in prompts])
    ids = torch.tensor([[0] * (width - len(p)) + p for p in prompts])
    was_training = model.training
    model.eval()
    caches, out, done = [Cache() for _ in model.layers], [[] for _ in prompts], [False] * n
    start, alive = 0, torch.arange(n)
    for _ in range(max_tokens):
        q = torch.arange(start, start + ids.shape[1])
        s = torch.arange(start + ids.shape[1])
        mask = (s[None, None] <= q[None, :, None]) & (s[None, None] >= pad[alive][:, None, None])
        mask[..., 0] |= ~mask.any(-1)  # padding rows look somewhere, nobody looks at them
        positions = (q[None] - pad[alive][:, None]).clamp(min=0)
        h, _ = model.hidden(ids, positions, mask, caches=caches)
        token = pick(model.logits(h[:, -1]), temperature, top_p, generator)
        for i, t in zip(alive.tolist(), token.tolist()):
            if t == eos:
                done[i] = True
            else:
                out[i].append(t)
        keep = token != eos
        start += ids.shape[1]
        if not keep.any():
            break
        alive, ids = alive[keep], token[keep, None]
        for cache in caches:
            cache.kept = tuple(k[keep] for k in cache.kept) if not keep.all() else cache.kept
    model.train(was_training)
    return [o if d else None for o, d in zip(out, done)]
