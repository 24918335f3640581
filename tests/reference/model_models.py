"""The small models whose golden outputs are committed. Each is there for a reason."""

YARN = {
    "beta_fast": 32, "beta_slow": 1, "factor": 40, "mscale": 1.0, "mscale_all_dim": 1.0,
    "original_max_position_embeddings": 4096, "type": "yarn",
}
FP8 = {
    "activation_scheme": "dynamic", "fmt": "e4m3", "quant_method": "fp8", "scale_fmt": "ue8m0",
    "weight_block_size": [128, 128],
}
BASE = {
    "architectures": ["DeepseekV32ForCausalLM"], "attention_bias": False, "attention_dropout": 0.0,
    "bos_token_id": 0, "eos_token_id": 1, "ep_size": 1, "first_k_dense_replace": 1, "hidden_act": "silu",
    "hidden_size": 64, "index_head_dim": 32, "index_n_heads": 8, "index_topk": 16, "initializer_range": 0.02,
    "intermediate_size": 96, "kv_lora_rank": 32, "max_position_embeddings": 163840, "model_type": "deepseek_v32",
    "moe_intermediate_size": 32, "moe_layer_freq": 1, "n_group": 4, "n_routed_experts": 16, "n_shared_experts": 1,
    "norm_topk_prob": True, "num_attention_heads": 4, "num_experts_per_tok": 3, "num_hidden_layers": 3,
    "num_key_value_heads": 4, "num_nextn_predict_layers": 0, "q_lora_rank": 48, "qk_nope_head_dim": 16,
    "qk_rope_head_dim": 16, "rms_norm_eps": 1e-06, "rope_scaling": YARN, "rope_theta": 10000,
    "routed_scaling_factor": 2.5, "scoring_func": "sigmoid", "tie_word_embeddings": False, "topk_group": 2,
    "topk_method": "noaux_tc", "torch_dtype": "bfloat16", "transformers_version": "4.44.2", "use_cache": True,
    "v_head_dim": 16, "vocab_size": 160,
}
MAKE = {"matrix": "F32", "wide": "F32", "norm": "F32", "scale": "ue8m0", "n_shards": 1, "sorted": True}


def model(why, n_tokens, positions, make=None, n_fp8_tokens=0, **config):
    """positions: those whose outputs are kept; n_fp8_tokens: of the run with quant=fp8, 0 for none."""
    return {"why": why, "n_tokens": n_tokens, "positions": positions, "n_fp8_tokens": n_fp8_tokens,
            "config": BASE | config, "make": MAKE | (make or {})}


MODELS = {
    "dense_f32": model(
        "the simplest: every token sees all before it, no experts at all, head tied to the embedding",
        24, [0, 1, 7, 15, 23], index_topk=64, first_k_dense_replace=2, num_hidden_layers=2, tie_word_embeddings=True,
    ),
    "sparse_bf16": model(
        "BF16; sparse from position 16 on; two of four groups; two index heads, so many scores tie at zero",
        80, [0, 15, 16, 17, 40, 79], {"matrix": "BF16", "wide": "BF16", "norm": "BF16", "n_shards": 3}, index_n_heads=2,
    ),
    "fp8_blocks": model(
        "FP8 in whole 128 x 128 blocks, power-of-two scales, an MTP layer, two shards",
        48, [0, 11, 12, 30, 47],
        {"matrix": "F8_E4M3", "wide": "BF16", "norm": "F32", "n_shards": 2}, n_fp8_tokens=18,
        hidden_size=256, q_lora_rank=128, kv_lora_rank=128, num_attention_heads=4, num_key_value_heads=4,
        qk_nope_head_dim=64, qk_rope_head_dim=32, v_head_dim=64, index_head_dim=64, index_n_heads=4, index_topk=12,
        intermediate_size=384, moe_intermediate_size=128, n_routed_experts=8, n_group=4, topk_group=2,
        num_experts_per_tok=2, num_hidden_layers=2, num_nextn_predict_layers=1, quantization_config=FP8,
    ),
    "fp8_odd": model(
        "FP8 with ragged blocks and arbitrary scales; tensors at unaligned bytes of the file",
        56, [0, 13, 14, 33, 55],
        {"matrix": "F8_E4M3", "wide": "F32", "norm": "BF16", "scale": "plain", "sorted": False}, n_fp8_tokens=20,
        hidden_size=201, q_lora_rank=72, kv_lora_rank=136, num_attention_heads=3, num_key_value_heads=3,
        qk_nope_head_dim=40, qk_rope_head_dim=20, v_head_dim=33, index_head_dim=32, index_n_heads=5, index_topk=14,
        intermediate_size=259, moe_intermediate_size=131, n_routed_experts=6, n_group=2, topk_group=1,
        num_experts_per_tok=3, num_hidden_layers=3, quantization_config=FP8, vocab_size=131,
    ),
    "real_heads": model(
        "head sizes of the release: nope 128, rope 64, latent 512, v 128, index 128; an MTP layer",
        40, [0, 9, 10, 25, 39],
        {"matrix": "BF16", "wide": "BF16", "norm": "F32"}, n_fp8_tokens=16,
        hidden_size=256, q_lora_rank=192, kv_lora_rank=512, num_attention_heads=2, num_key_value_heads=2,
        qk_nope_head_dim=128, qk_rope_head_dim=64, v_head_dim=128, index_head_dim=128, index_n_heads=4, index_topk=10,
        intermediate_size=320, moe_intermediate_size=96, num_hidden_layers=2, num_nextn_predict_layers=1,
    ),
    "routing": model(
        "the release's routing, 8 of 4 of 8 groups, two shared experts; weights not normed; F16; plain RoPE",
        64, [0, 23, 24, 40, 63],
        {"matrix": "F16", "wide": "F16", "norm": "F16"},
        n_routed_experts=64, n_group=8, topk_group=4, num_experts_per_tok=8, n_shared_experts=2, norm_topk_prob=False,
        routed_scaling_factor=1.25, rope_scaling=None, rope_theta=50000, index_topk=24, first_k_dense_replace=0,
        moe_intermediate_size=24, num_hidden_layers=2,
    ),
    "long": model(
        "a context of 700 where YaRN bends the frequencies and 64 of 700 tokens are attended to",
        700, [0, 63, 64, 127, 350, 500, 699],
        index_topk=64, num_hidden_layers=2,
        rope_scaling=YARN | {"factor": 8, "original_max_position_embeddings": 64, "beta_fast": 4, "mscale": 0.7,
                             "mscale_all_dim": 0.7},
        max_position_embeddings=2048, qk_rope_head_dim=32, vocab_size=300,
    ),
}
