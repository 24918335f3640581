"""The architecture in float64, as engine/MODEL.md tells it: what transformers leaves out is here.

    forward(config, weights, f8, tokens, quant) -> Result

weights   {name: f32 array}, scales multiplied in (model_make.plain_weights)
f8        names stored as F8_E4M3: only their inputs are quantised
quant     False: exact; True: quant=fp8, that is
            inputs of F8 matrices   act_quant, 128 channels a block, the last may be short
            latent c of the cache   act_quant, the same; the rotated k_pe stays as it is
            indexer q and k         Hadamard, then act_quant of each head
          Nothing is rounded to bfloat16. kv_b is applied to the quantised latent as it is.
MTP       h' = eh_proj([norm_e(embed(x[t+1])), norm_h(h[t])]) with h behind the final norm, at
          position t with caches of its own; logits predict x[t+2].

Quantisation and choices make cliffs: a value close to a rounding border, two scores close to each
other. The distance to the nearest is recorded in Result.cliff, so that a golden can be drawn
whose decisions float32 arithmetic must repeat.
"""

import math

import numpy as np

import model_make

BLOCK = 128
LATENT_EPS = 1e-6  # q_a, kv_a and the indexer's LayerNorm, whatever rms_norm_eps says


def silu(x):
    return x / (1 + np.exp(-x))


def hadamard(x):
    """Sylvester order, times n^-0.5."""
    n = x.shape[-1]
    y, half = x.copy(), 1
    while half < n:
        pairs = y.reshape(*y.shape[:-1], n // (2 * half), 2, half)
        y = np.stack([pairs[..., 0, :] + pairs[..., 1, :], pairs[..., 0, :] - pairs[..., 1, :]], -2).reshape(y.shape)
        half *= 2
    return y * n**-0.5


def inv_freq(c):
    """Radians per position of each pair; the second value scales the softmax."""
    dim, theta, s = c["qk_rope_head_dim"], c["rope_theta"], c["rope_scaling"]
    i = np.arange(dim // 2)
    speed = theta ** (-2.0 * i / dim)
    if s is None:
        return speed, 1.0

    def border(turns):
        return dim * math.log(s["original_max_position_embeddings"] / (turns * 2 * math.pi)) / (2 * math.log(theta))

    low, high = max(math.floor(border(s["beta_fast"])), 0), min(math.ceil(border(s["beta_slow"])), dim - 1)
    ramp = np.clip((i - low) / ((high - low) or 0.001), 0, 1)
    m = 0.1 * s["mscale_all_dim"] * math.log(s["factor"]) + 1
    return speed / s["factor"] * ramp + speed * (1 - ramp), m * m


class Result:
    def __init__(self):
        self.hidden, self.logits, self.mtp, self.cliff = [], None, None, math.inf


class Model:
    def __init__(self, config, weights, f8, quant):
        self.c, self.f8, self.quant, self.out = config, f8, quant, Result()
        self.w = {k: v.astype(np.float64) for k, v in weights.items()}

    # ---- parts

    def act_quant(self, x):
        y = np.empty_like(x)
        for at in range(0, x.shape[-1], BLOCK):
            cut = np.s_[..., at : at + BLOCK]
            amax = np.maximum(np.abs(x[cut]).max(-1, keepdims=True), 1e-4)
            t = (amax / 448).astype(np.float32)
            scale = model_make.pow2_above(t)
            code = model_make.to_e4m3((x[cut] / scale).astype(np.float32))
            y[cut] = model_make.E4M3[code].astype(np.float64) * scale
            self.watch_rounding(x[cut] / scale, code, amax / scale, t / scale)
        return y

    def watch_rounding(self, u, code, most, fill):
        """Distance of u to where its code would change, in units of the block's largest."""
        size, e = np.abs(u), (code >> 3 & 15).astype(np.int64)
        step = np.where(e == 0, 2.0**-9, 2.0 ** (e - 10))
        part = np.mod(size / step, 1)
        far = np.abs(part - 0.5) * step / most
        big = step / most > 3e-4  # a flip of less moves a product by less than the tolerance
        if big.any():
            self.out.cliff = min(self.out.cliff, far[big].min())
        near = np.minimum(1 - fill, fill - 0.5)  # the scale itself would change
        self.out.cliff = min(self.out.cliff, np.min(np.where(near > 0, near, 1)))

    def linear(self, x, name):
        name += ".weight"
        if self.quant and name in self.f8:
            x = self.act_quant(x)
        return x @ self.w[name].T

    def rms(self, x, name, eps):
        return self.w[name + ".weight"] * x / np.sqrt((x * x).mean(-1, keepdims=True) + eps)

    def layer_norm(self, x, name):
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(-1, keepdims=True) + LATENT_EPS)
        return x * self.w[name + ".weight"] + self.w[name + ".bias"]

    def best(self, score, k):
        """Indexes of the k largest of a row, ties to the lower one."""
        order = np.argsort(-score, kind="stable")
        if k < len(order):
            last, first = score[order[k - 1]], score[order[k]]
            if np.isfinite(first) and last != first:
                scale = np.abs(score[np.isfinite(score)]).max()
                self.out.cliff = min(self.out.cliff, (last - first) / scale)
        return order[:k]

    # ---- rotation

    def tables(self, n):
        speed, _ = inv_freq(self.c)
        angle = np.arange(n, dtype=np.float32)[:, None] * speed.astype(np.float32)[None]  # a f32 product, as published
        return np.cos(angle.astype(np.float64)), np.sin(angle.astype(np.float64))

    def rope(self, x, pairs):
        """x [T][...][rope dim]; pairs: (2i, 2i+1), else (i, i + half)."""
        half = x.shape[-1] // 2
        cos, sin = (t.reshape(len(x), *[1] * (x.ndim - 2), half) for t in self.tables(len(x)))
        a, b = (x[..., 0::2], x[..., 1::2]) if pairs else (x[..., :half], x[..., half:])
        y = np.empty_like(x)
        if pairs:
            y[..., 0::2], y[..., 1::2] = a * cos - b * sin, a * sin + b * cos
        else:
            y[..., :half], y[..., half:] = a * cos - b * sin, a * sin + b * cos
        return y

    # ---- layer

    def select(self, p, x, qr):
        """Positions each token attends to: [T][S] of bool."""
        c, T = self.c, len(x)
        heads, dim, rope = c["index_n_heads"], c["index_head_dim"], c["qk_rope_head_dim"]
        q = self.linear(qr, p + "wq_b").reshape(T, heads, dim)
        k = self.layer_norm(self.linear(x, p + "wk"), p + "k_norm")
        q[..., :rope], k[..., :rope] = self.rope(q[..., :rope], False), self.rope(k[..., :rope], False)
        if self.quant:
            q, k = self.act_quant(hadamard(q)), self.act_quant(hadamard(k))
        weight = self.linear(x, p + "weights_proj") * heads**-0.5 * dim**-0.5
        score = np.einsum("ths,th->ts", np.maximum(np.einsum("thd,sd->ths", q, k), 0), weight)
        seen = np.zeros((T, T), bool)
        for t in range(T):
            seen[t, self.best(score[t, : t + 1], min(c["index_topk"], t + 1))] = True
        return seen

    def attention(self, p, x):
        c, T = self.c, len(x)
        heads, nope, rope, v = c["num_attention_heads"], c["qk_nope_head_dim"], c["qk_rope_head_dim"], c["v_head_dim"]
        qr = self.rms(self.linear(x, p + "q_a_proj"), p + "q_a_layernorm", LATENT_EPS)
        q = self.linear(qr, p + "q_b_proj").reshape(T, heads, nope + rope)
        kv = self.linear(x, p + "kv_a_proj_with_mqa")
        latent = self.rms(kv[:, : c["kv_lora_rank"]], p + "kv_a_layernorm", LATENT_EPS)
        if self.quant:
            latent = self.act_quant(latent)
        k_pe, q_pe = self.rope(kv[:, c["kv_lora_rank"] :], True), self.rope(q[..., nope:], True)
        up = (latent @ self.w[p + "kv_b_proj.weight"].T).reshape(T, heads, nope + v)
        seen = self.select(p + "indexer.", x, qr)
        score = np.einsum("thd,shd->ths", q[..., :nope], up[..., :nope]) + np.einsum("thd,sd->ths", q_pe, k_pe)
        score = np.where(seen[:, None], score * (nope + rope) ** -0.5 * inv_freq(c)[1], -np.inf)
        prob = np.exp(score - score.max(-1, keepdims=True))
        prob /= prob.sum(-1, keepdims=True)
        y = np.einsum("ths,shd->thd", prob, up[..., nope:]).reshape(T, heads * v)
        return self.linear(y, p + "o_proj")

    def mlp(self, p, x):
        return self.linear(silu(self.linear(x, p + "gate_proj")) * self.linear(x, p + "up_proj"), p + "down_proj")

    def route(self, p, x):
        """Experts and weights of one token."""
        c = self.c
        score = 1 / (1 + np.exp(-(self.w[p + "gate.weight"] @ x)))
        choice = (score + self.w[p + "gate.e_score_correction_bias"]).reshape(c["n_group"], -1)
        kept = self.best(np.sort(choice, -1)[:, -2:].sum(-1), c["topk_group"])
        open_ = np.full_like(choice, -np.inf)
        open_[kept] = choice[kept]
        experts = self.best(open_.ravel(), c["num_experts_per_tok"])
        weight = score[experts]
        if c["norm_topk_prob"]:
            weight = weight / (weight.sum() + 1e-20)
        return experts, weight * c["routed_scaling_factor"]

    def experts(self, p, x):
        y = self.mlp(p + "shared_experts.", x)
        for t in range(len(x)):
            for e, weight in zip(*self.route(p, x[t])):
                y[t] += weight * self.mlp(f"{p}experts.{e}.", x[t : t + 1])[0]
        return y

    def layer(self, i, x):
        p, eps = f"model.layers.{i}.", self.c["rms_norm_eps"]
        x = x + self.attention(p + "self_attn.", self.rms(x, p + "input_layernorm", eps))
        feed = self.mlp if i < self.c["first_k_dense_replace"] else self.experts
        return x + feed(p + "mlp.", self.rms(x, p + "post_attention_layernorm", eps))

    # ---- whole

    def run(self, tokens):
        c, eps = self.c, self.c["rms_norm_eps"]
        embed = self.w["model.embed_tokens.weight"]
        head = embed if c["tie_word_embeddings"] else self.w["lm_head.weight"]
        x = embed[tokens]
        for i in range(c["num_hidden_layers"]):
            x = self.layer(i, x)
            self.out.hidden.append(x)
        h = self.rms(x, "model.norm", eps)
        self.out.logits = h @ head.T
        if c["num_nextn_predict_layers"]:
            self.out.mtp = self.predict_next_but_one(tokens, h)
        return self.out

    def predict_next_but_one(self, tokens, h):
        c, eps, i = self.c, self.c["rms_norm_eps"], self.c["num_hidden_layers"]
        p = f"model.layers.{i}."
        e = self.rms(self.w[p + "embed_tokens.weight"][tokens[1:]], p + "enorm", eps)
        x = self.linear(np.concatenate([e, self.rms(h[:-1], p + "hnorm", eps)], -1), p + "eh_proj")
        return self.rms(self.layer(i, x), p + "shared_head.norm", eps) @ self.w[p + "shared_head.head.weight"].T


def forward(config, weights, f8, tokens, quant):
    return Model(config, weights, f8, quant).run(np.array(tokens))
