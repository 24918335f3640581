/* One forward pass: T tokens of any mixture of requests through all layers.
 *
 * The caller (sched.c, engine.c) fills a batch: which token, whose, at which position. Tokens of
 * one request lie in ascending order and continue what its cache holds. Every row is computed as
 * if it were alone; rows meet only through the cache of their own request.
 *
 * The parts of a layer live in mla.c (attention with its indexer), moe.c (feed forward) and
 * mtp.c (the layer after the last). They share the work buffers here. Machine memory throughout,
 * except where marked host. */
#pragma once
#include "engine/engine.h"
#include "engine/kv.h"
#include "engine/model.h"

struct batch {
    int64_t T;
    int32_t *id;       /* [T] host */
    int32_t *slot;     /* [T] host */
    int32_t *position; /* [T] host */
};

typedef void forward_tap(void *ctx, int64_t layer, int64_t position, const float *hidden,
                         int64_t n);

struct forward {
    struct model *m;
    struct kv *kv;
    enum quant quant;
    int64_t n_rows; /* most T of a pass */
    int64_t n_out;  /* most rows of logits at a time */

    int32_t *id; /* the batch, on the machine */
    struct krows rows;
    int32_t *slot;
    int32_t *position;
    int32_t *out_row;
    float *table; /* [T][rope] cosines and sines */

    float *x;       /* [T][H] residual stream */
    float *xn;      /* [T][H] normalised */
    float *y;       /* [T][H] what a sublayer adds */
    float *rounded; /* [T][widest input] activations as FP8 holds them */
    float *qa;      /* [T][q_rank] */
    float *q;       /* [T][n_heads][nope + rope] */
    float *kv_row;  /* [T][kv_rank + rope] */
    float *iq;      /* [T][index_n_heads][index_dim] */
    float *ik;      /* [T][index_dim] */
    float *iw;      /* [T][index_n_heads] */
    float *qc;      /* [T][n_heads][kv_rank + rope] queries in the space of latents */
    float *oc;      /* [T][n_heads][kv_rank] mixed latents */
    float *att;     /* [T][n_heads][v] */
    struct kselect which;
    float *gate;   /* [T][widest MLP] */
    float *up;     /* [T][widest MLP] */
    float *scores; /* [T][n_experts] */
    struct kroute route;
    float *pair;       /* [T][2 H] MTP: embedding half, hidden half */
    int32_t *from_row; /* [T] MTP: where the hidden half comes from */
    float *final;      /* [n_out][H] */
    float *logits;     /* [n_out][V] */

    int32_t *routes;  /* host [n_layers][n_rows][n_used] experts of the last pass; NULL: not kept */
    forward_tap *tap; /* NULL: nobody watches */
    void *tap_ctx;
    float *tap_row; /* host [H] */
    void *owned[64];
    int64_t n_owned;
};

/* Borrows model and cache until forward_close. n_cached: longest request. */
MUST_CHECK bool forward_open(struct forward **out, struct model *m, struct kv *kv, enum quant quant,
                             int64_t n_rows, int64_t n_out, int64_t n_cached, struct err *e);
void forward_close(struct forward *f); /* NULL is fine */

/* Feeds the batch; afterwards f->xn holds the hidden states after the final norm. */
MUST_CHECK bool forward_run(struct forward *f, const struct batch *b, struct err *e);

/* Logits of rows of the last batch (host [n], n <= n_out) into host [n][V]. */
MUST_CHECK bool forward_logits(struct forward *f, const int32_t *row, int64_t n, float *out,
                               struct err *e);

/* The same through another head, of rows of f->xn as it is. */
MUST_CHECK bool forward_head(struct forward *f, const struct kweight *head, const int32_t *row,
                             int64_t n, float *out, struct err *e);

/* What a batch says of its rows, put where the ops look for it. */
MUST_CHECK bool forward_upload(struct forward *f, const struct batch *b, struct err *e);

/* From now on every pass leaves its rows' experts in f->routes. */
MUST_CHECK bool forward_keep_routes(struct forward *f, struct err *e);

/* y = x W^T; rounds x first where FP8 weights ask for it (QUANT_FP8). */
MUST_CHECK bool forward_linear(struct forward *f, struct kmat y, struct kmat x,
                               const struct kweight *w, int64_t T, struct err *e);

/* mla.c: f->y = attention of layer i over f->xn; moe.c: f->y = feed forward over f->xn. */
MUST_CHECK bool mla_forward(struct forward *f, int64_t layer, int64_t T, struct err *e);
MUST_CHECK bool ffn_forward(struct forward *f, int64_t layer, int64_t T, struct err *e);

/* One decoder layer over the residual stream f->x. */
MUST_CHECK bool forward_layer(struct forward *f, int64_t layer, int64_t T, struct err *e);
