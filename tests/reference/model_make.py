"""Random models of the DeepSeek-V3.2 architecture, written as the folder a release would be.

Every number is a function of (seed, tensor name, index), so that a model need not be stored:
tests/support/model_make.c makes the same files, byte for byte. Needs numpy only.

What a golden folder holds for it:
  config.json   copied as it is
  golden.json   "make": {"seed", "matrix", "wide", "norm", "scale", "n_shards", "sorted"}
                matrix F32|F16|BF16|F8_E4M3 for the big matrices, wide for embedding, head, router
                and the indexer's weights, norm for norms; scale ue8m0|plain; sorted: wide types
                first, as the safetensors library writes, or in order of the architecture
"""

import hashlib
import json
import math
import os

import numpy as np

BLOCK = 128
SIZE = {"F32": 4, "F16": 2, "BF16": 2, "F8_E4M3": 1}

# ---- what there is ---------------------------------------------------------------------------


def layer_tensors(c, i):
    """(name, shape, kind) of one decoder layer; kind: matrix, wide, norm, bias."""
    h, heads, nope, rope = c["hidden_size"], c["num_attention_heads"], c["qk_nope_head_dim"], c["qk_rope_head_dim"]
    q, kv, v = c["q_lora_rank"], c["kv_lora_rank"], c["v_head_dim"]
    ih, ik = c["index_n_heads"], c["index_head_dim"]
    p = f"model.layers.{i}."
    yield p + "input_layernorm.weight", (h,), "norm"
    yield p + "post_attention_layernorm.weight", (h,), "norm"
    a = p + "self_attn."
    yield a + "q_a_proj.weight", (q, h), "matrix"
    yield a + "q_a_layernorm.weight", (q,), "norm"
    yield a + "q_b_proj.weight", (heads * (nope + rope), q), "matrix"
    yield a + "kv_a_proj_with_mqa.weight", (kv + rope, h), "matrix"
    yield a + "kv_a_layernorm.weight", (kv,), "norm"
    yield a + "kv_b_proj.weight", (heads * (nope + v), kv), "matrix"
    yield a + "o_proj.weight", (h, heads * v), "matrix"
    yield a + "indexer.wq_b.weight", (ih * ik, q), "matrix"
    yield a + "indexer.wk.weight", (ik, h), "matrix"
    yield a + "indexer.k_norm.weight", (ik,), "norm"
    yield a + "indexer.k_norm.bias", (ik,), "bias"
    yield a + "indexer.weights_proj.weight", (ih, h), "wide"
    if i < c["first_k_dense_replace"]:
        yield from mlp_tensors(p + "mlp.", h, c["intermediate_size"])
        return
    yield p + "mlp.gate.weight", (c["n_routed_experts"], h), "wide"
    yield p + "mlp.gate.e_score_correction_bias", (c["n_routed_experts"],), "bias"
    for e in range(c["n_routed_experts"]):
        yield from mlp_tensors(f"{p}mlp.experts.{e}.", h, c["moe_intermediate_size"])
    yield from mlp_tensors(p + "mlp.shared_experts.", h, c["moe_intermediate_size"] * c["n_shared_experts"])


def mlp_tensors(p, h, inner):
    yield p + "gate_proj.weight", (inner, h), "matrix"
    yield p + "up_proj.weight", (inner, h), "matrix"
    yield p + "down_proj.weight", (h, inner), "matrix"


def tensors(c):
    v, h, n = c["vocab_size"], c["hidden_size"], c["num_hidden_layers"]
    yield "model.embed_tokens.weight", (v, h), "wide"
    for i in range(n):
        yield from layer_tensors(c, i)
    yield "model.norm.weight", (h,), "norm"
    if not c.get("tie_word_embeddings"):
        yield "lm_head.weight", (v, h), "wide"
    if c.get("num_nextn_predict_layers"):
        p = f"model.layers.{n}."
        yield p + "enorm.weight", (h,), "norm"
        yield p + "hnorm.weight", (h,), "norm"
        yield p + "eh_proj.weight", (h, 2 * h), "wide"
        yield p + "embed_tokens.weight", (v, h), "wide"
        yield p + "shared_head.norm.weight", (h,), "norm"
        yield p + "shared_head.head.weight", (v, h), "wide"
        yield from layer_tensors(c, n)


# ---- numbers ---------------------------------------------------------------------------------


def source_name(name, c):
    """The MTP layer's embedding and head repeat the model's own."""
    p = f"model.layers.{c['num_hidden_layers']}."
    own = {p + "embed_tokens.weight": "model.embed_tokens.weight", p + "shared_head.head.weight": "lm_head.weight"}
    return own.get(name, name)


def uniform(seed, name, n):
    """n numbers in [-1, 1): splitmix64 from a start that FNV-1a makes of the name. f64, exact."""
    start = 0xCBF29CE484222325
    for byte in name.encode():
        start = (start ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    start ^= seed * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    z = np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(start)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return ((z >> np.uint64(40)).astype(np.int64) - (1 << 23)).astype(np.float64) * 2.0**-23


def values(seed, name, shape, kind):
    """f32. A matrix keeps the variance of what it multiplies."""
    u = uniform(seed, name, math.prod(shape)).reshape(shape)
    if kind == "norm":
        return (1 + 0.25 * u).astype(np.float32)
    if kind == "bias":
        return (0.1 * u).astype(np.float32)
    gain = 1.0 if name == "model.embed_tokens.weight" else math.sqrt(3 / shape[1])
    return (u * gain).astype(np.float32)


def to_bf16(x):
    bits = x.view(np.uint32).astype(np.uint64)
    return ((bits + 0x7FFF + ((bits >> np.uint64(16)) & np.uint64(1))) >> np.uint64(16)).astype(np.uint16)


def from_bf16(u):
    return (u.astype(np.uint32) << np.uint32(16)).view(np.float32)


def to_e4m3(x):
    """f32 to e4m3fn codes, to nearest, ties to even; beyond 448 clamped."""
    x = np.clip(x, np.float32(-448), np.float32(448)).astype(np.float32)
    size = np.abs(x)
    bits = size.view(np.uint32)
    normal = ((bits + np.uint32(0x7FFFF) + ((bits >> np.uint32(20)) & np.uint32(1))) >> np.uint32(20)) - np.uint32(120 << 3)
    small = np.rint(size * np.float32(512)).astype(np.uint32)
    code = np.where(size < np.float32(2.0**-6), small, normal).astype(np.uint8)
    return code | (np.signbit(x).astype(np.uint8) << 7)


def e4m3_table():
    """Value of each of the 256 codes, f32."""
    out = np.zeros(256, np.float32)
    for code in range(256):
        e, m = code >> 3 & 15, code & 7
        size = m * 2.0**-9 if e == 0 else (8 + m) * 2.0 ** (e - 10)
        out[code] = math.nan if code & 127 == 127 else -size if code & 128 else size
    return out


E4M3 = e4m3_table()


def pow2_above(t):
    """Smallest power of two not below t (f32 > 0, normal), by its bits."""
    bits = t.view(np.uint32)
    up = (bits >> np.uint32(23)) + ((bits & np.uint32(0x7FFFFF)) != 0)
    return (up.astype(np.uint32) << np.uint32(23)).view(np.float32)


def blocks(n):
    return -(-n // BLOCK)


def quantise(x, how):
    """(codes, scales): W = value of code * scale of its 128 x 128 block."""
    rows, cols = x.shape
    codes, scales = np.zeros(x.shape, np.uint8), np.zeros((blocks(rows), blocks(cols)), np.float32)
    for i in range(scales.shape[0]):
        for j in range(scales.shape[1]):
            cut = np.s_[i * BLOCK : (i + 1) * BLOCK, j * BLOCK : (j + 1) * BLOCK]
            t = np.abs(x[cut]).max().reshape(1) / np.float32(448)
            scales[i, j] = (pow2_above(t) if how == "ue8m0" else t)[0]
            codes[cut] = to_e4m3(x[cut] / scales[i, j])
    return codes, scales


def dequantise(codes, scales):
    """f32."""
    big = np.repeat(np.repeat(scales, BLOCK, 0), BLOCK, 1)[: codes.shape[0], : codes.shape[1]]
    return E4M3[codes] * big


# ---- files -----------------------------------------------------------------------------------


def dtype_of(name, kind, make):
    return "F32" if name.endswith("e_score_correction_bias") else make["norm" if kind == "bias" else kind]


def stored(c, make):
    """(name, dtype, shape, array as stored) of everything, scales behind their matrix."""
    for name, shape, kind in tensors(c):
        x = values(make["seed"], source_name(name, c), shape, kind)
        dtype = dtype_of(name, kind, make)
        if dtype == "F8_E4M3":
            codes, scales = quantise(x, make["scale"])
            yield name, dtype, shape, codes
            yield name + "_scale_inv", "F32", scales.shape, scales
        else:
            yield name, dtype, shape, {"F32": lambda: x, "F16": lambda: x.astype(np.float16), "BF16": lambda: to_bf16(x)}[dtype]()


def header(items):
    at, parts = 0, []
    for name, dtype, shape, a in items:
        size = ",".join(str(n) for n in shape)
        parts.append(f'"{name}":{{"dtype":"{dtype}","shape":[{size}],"data_offsets":[{at},{at + a.nbytes}]}}')
        at += a.nbytes
    text = ("{" + ",".join(parts) + "}").encode()
    return text + b" " * (-len(text) % 8)


def write_file(path, items, is_sorted):
    if is_sorted:
        items = sorted(items, key=lambda t: -SIZE[t[1]])  # stable
    text = header(items)
    with open(path, "wb") as f:
        f.write(len(text).to_bytes(8, "little") + text)
        for *_, a in items:
            f.write(np.ascontiguousarray(a).tobytes())


def file_names(n):
    if n == 1:
        return ["model.safetensors"]
    return [f"model-{i + 1:05}-of-{n:05}.safetensors" for i in range(n)]


def make_folder(golden, out):
    """Makes the model of one golden folder in `out`; returns {file: sha256} without config.json."""
    with open(os.path.join(golden, "config.json"), "rb") as f:
        config = f.read()
    with open(os.path.join(golden, "golden.json")) as f:
        make = json.load(f)["make"]
    c, n = json.loads(config), make["n_shards"]
    items = list(stored(c, make))
    where = [k * n // len(items) for k in range(len(items))]
    names = file_names(n)
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, "config.json"), "wb") as f:
        f.write(config)
    for i, name in enumerate(names):
        write_file(os.path.join(out, name), [t for t, w in zip(items, where) if w == i], make["sorted"])
    if n > 1:
        total = sum(t[3].nbytes for t in items)
        lines = ",".join(f'"{t[0]}":"{names[w]}"' for t, w in zip(items, where))
        with open(os.path.join(out, "model.safetensors.index.json"), "w") as f:
            f.write(f'{{"metadata":{{"total_size":{total}}},"weight_map":{{{lines}}}}}')
    return {name: hashlib.sha256(open(os.path.join(out, name), "rb").read()).hexdigest() for name in names}


def identity(folder, files):
    """What weights_sha256() of engine/weights.h answers."""
    h = hashlib.sha256()
    for name in ["config.json"] + sorted(files):
        with open(os.path.join(folder, name), "rb") as f:
            digest = hashlib.sha256(f.read()).hexdigest()
        for field in (name, digest):
            h.update(len(field).to_bytes(8, "little") + field.encode())
    return h.hexdigest()


def plain_weights(c, make):
    """{name: f32 array} as the stored numbers mean it, scales multiplied in."""
    out, codes = {}, None
    for name, dtype, _, a in stored(c, make):
        if name.endswith("_scale_inv"):
            out[name.removesuffix("_scale_inv")] = dequantise(codes, a)
        elif dtype == "F8_E4M3":
            codes = a
        else:
            out[name] = from_bf16(a) if dtype == "BF16" else a.astype(np.float32)
    return out
