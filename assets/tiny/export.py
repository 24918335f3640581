#!/usr/bin/env python3
"""Write a trained model as a Hugging Face folder in the layout of DeepSeek-V3.2, and read one back.

    python3 assets/tiny/export.py --checkpoint WORK/checkpoint.pt --out assets/tiny

Linear weights become FP8 E4M3 with F32 `weight_scale_inv`, one power of two per 128x128 block; embeddings, head,
norms, router, indexer weights_proj and eh_proj become BF16; the router's correction bias stays F32. Two shards and
an index, so that a loader's sharded path is the one in use. The multi-token layer follows the last layer and
carries its own copies of embedding and head, as the real checkpoint does.
"""

import argparse
import json
import os

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from model import CONFIG, Model, from_fp8, to_fp8

HEAD = "lm_head.weight"


def attention_tensors(a):
    linear = {"q_a_proj": a.q_a_proj, "q_b_proj": a.q_b_proj, "kv_a_proj_with_mqa": a.kv_a_proj_with_mqa,
              "kv_b_proj": a.kv_b_proj, "o_proj": a.o_proj, "indexer.wq_b": a.indexer.wq_b, "indexer.wk": a.indexer.wk}
    plain = {"q_a_layernorm.weight": a.q_a_layernorm.weight, "kv_a_layernorm.weight": a.kv_a_layernorm.weight,
             "indexer.k_norm.weight": a.indexer.k_norm.weight, "indexer.k_norm.bias": a.indexer.k_norm.bias,
             "indexer.weights_proj.weight": a.indexer.weights_proj}
    return linear, plain


def mlp_tensors(m):
    three = ("gate_proj", "up_proj", "down_proj")
    if not hasattr(m, "shared"):
        return {name: getattr(m, name) for name in three}, {}
    linear = {f"shared_experts.{name}": getattr(m.shared, name) for name in three}
    for name in three:
        for e, w in enumerate(getattr(m, name)):
            linear[f"experts.{e}.{name}"] = w
    return linear, {"gate.weight": m.gate, "gate.e_score_correction_bias": m.bias}


def layer_tensors(layer, prefix):
    """(FP8 matrices by name without .weight, other tensors by full name)."""
    linear, plain = {}, {}
    for part, (ls, ps) in {"self_attn": attention_tensors(layer.self_attn), "mlp": mlp_tensors(layer.mlp)}.items():
        linear.update({f"{prefix}{part}.{k}": v for k, v in ls.items()})
        plain.update({f"{prefix}{part}.{k}": v for k, v in ps.items()})
    for name in ("input_layernorm", "post_attention_layernorm"):
        plain[f"{prefix}{name}.weight"] = getattr(layer, name).weight
    return linear, plain


def model_tensors(model):
    linear, plain = {}, {"model.embed_tokens.weight": model.embed}
    for i, layer in enumerate(list(model.layers) + [model.mtp.layer]):
        ls, ps = layer_tensors(layer, f"model.layers.{i}.")
        linear.update(ls), plain.update(ps)
    p, m = f"model.layers.{len(model.layers)}.", model.mtp
    plain.update({p + "enorm.weight": m.enorm.weight, p + "hnorm.weight": m.hnorm.weight,
                  p + "eh_proj.weight": m.eh_proj, p + "embed_tokens.weight": model.embed,
                  p + "shared_head.norm.weight": m.norm.weight, p + "shared_head.head.weight": model.head,
                  "model.norm.weight": model.norm.weight, HEAD: model.head})
    return linear, plain


def stored(model):
    """Everything as it is written: name -> tensor."""
    linear, plain = model_tensors(model)
    out = {}
    for name, w in linear.items():
        q, scale = to_fp8(w.detach())
        rows, cols = w.shape
        out[name + ".weight"] = q.flatten(-4, -3).flatten(-2, -1)[:rows, :cols].contiguous()
        out[name + ".weight_scale_inv"] = scale[:, 0, :, 0].contiguous()
    for name, w in plain.items():
        dtype = torch.float32 if name.endswith("e_score_correction_bias") else torch.bfloat16
        out[name] = w.detach().to(dtype).clone().contiguous()
    return out


def write_json(folder, name, value):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
        json.dump(value, f, indent=2, ensure_ascii=False)
        f.write("\n")


def write_folder(model, folder):
    tensors = stored(model)
    first = lambda n: n.startswith(("model.embed_tokens", "model.layers.0.", "model.layers.1."))
    names = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    where = {n: names[0 if first(n) else 1] for n in sorted(tensors)}
    for name in names:
        path = os.path.join(folder, name)
        save_file({n: tensors[n] for n in where if where[n] == name}, path, {"format": "pt"})
        os.chmod(path, 0o644)
    total = sum(t.numel() * t.element_size() for t in tensors.values())
    write_json(folder, "model.safetensors.index.json", {"metadata": {"total_size": total}, "weight_map": where})
    write_json(folder, "config.json", CONFIG)
    write_json(folder, "generation_config.json", {"_from_model_config": True, "bos_token_id": 0, "eos_token_id": 1,
               "do_sample": True, "temperature": 1.0, "top_p": 0.95, "transformers_version": "4.44.2"})
    token = lambda text: {"__type": "AddedToken", "content": text, "lstrip": False, "normalized": True,
                          "rstrip": False, "single_word": False}
    write_json(folder, "tokenizer_config.json", {
        "add_bos_token": True, "add_eos_token": False, "bos_token": token("<｜begin▁of▁sentence｜>"),
        "clean_up_tokenization_spaces": False, "eos_token": token("<｜end▁of▁sentence｜>"), "legacy": True,
        "model_max_length": CONFIG["max_position_embeddings"], "pad_token": token("<｜end▁of▁sentence｜>"),
        "sp_model_kwargs": {}, "unk_token": None, "tokenizer_class": "LlamaTokenizerFast"})
    return total


def read_tensors(folder):
    """Every tensor of the folder in float32, FP8 multiplied out: what the weights mean."""
    with open(os.path.join(folder, "model.safetensors.index.json"), encoding="utf-8") as f:
        where = json.load(f)["weight_map"]
    raw = {}
    for shard in sorted(set(where.values())):
        with safe_open(os.path.join(folder, shard), "pt") as f:
            raw.update({n: f.get_tensor(n) for n in f.keys()})
    out = {}
    for name, t in raw.items():
        if name.endswith("_scale_inv"):
            continue
        if t.dtype == torch.float8_e4m3fn:
            scale = raw[name + "_scale_inv"].repeat_interleave(128, 0).repeat_interleave(128, 1)
            t = t.float() * scale[: t.shape[0], : t.shape[1]]
        out[name] = t.float()
    return out


@torch.no_grad()
def read_folder(folder):
    """The folder as a Model of model.py, sparse attention on, weights already dequantised."""
    model, tensors = Model(CONFIG), read_tensors(folder)
    linear, plain = model_tensors(model)
    for name, p in list(linear.items()) + list(plain.items()):
        p.copy_(tensors[name + ".weight" if name in linear else name])
    model.sparse = True
    return model.eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", help="checkpoint.pt of train.py; without it the weights are random")
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    torch.manual_seed(0)
    model = Model(CONFIG)
    if args.checkpoint:
        model.load_state_dict(torch.load(args.checkpoint, weights_only=False)["model"])
    os.makedirs(args.out, exist_ok=True)
    total = write_folder(model, args.out)
    back, (linear, plain) = read_folder(args.out), model_tensors(model)
    for (name, a), b in zip(linear.items(), model_tensors(back)[0].values()):
        assert torch.equal(from_fp8(*to_fp8(a.detach()), a.shape), b), name
    print("bytes of tensors", total, "parameters", sum(p.numel() for p in model.parameters()))


if __name__ == "__main__":
    main()
