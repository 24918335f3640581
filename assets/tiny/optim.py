"""Muon for the hidden matrices (orthogonalised momentum), Adam for everything else.

Muon replaces the momentum of a matrix by the nearest orthogonal one, found by five steps of a Newton-Schulz
iteration; matrices of one shape, such as the experts of all layers, are done as one batch of products.
"""

import torch


@torch.no_grad()
def orthogonal(m):
    """Roughly U V^T of m = U S V^T, for a batch [n, rows, cols]."""
    wide = m if m.shape[-2] <= m.shape[-1] else m.transpose(-1, -2)
    x = wide / (wide.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(5):
        a = x @ x.transpose(-1, -2)
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * (a @ a)) @ x
    return x if m.shape[-2] <= m.shape[-1] else x.transpose(-1, -2)


class Muon:
    def __init__(self, params, momentum=0.95, decay=0.05):
        self.params, self.momentum, self.decay = list(params), momentum, decay
        self.state = [torch.zeros_like(p) for p in self.params]

    @torch.no_grad()
    def step(self, lr):
        shapes = {}
        for p, m in zip(self.params, self.state):
            if p.grad is None:
                continue
            m.lerp_(p.grad, 1 - self.momentum)
            shapes.setdefault(p.shape[-2:], []).append((p, torch.lerp(p.grad, m, self.momentum)))
        for (rows, cols), pairs in shapes.items():
            flat = torch.cat([g.view(-1, rows, cols) for _, g in pairs])
            done = orthogonal(flat).split([g.numel() // (rows * cols) for _, g in pairs])
            for (p, _), u in zip(pairs, done):
                p.mul_(1 - lr * self.decay).add_(u.reshape(p.shape), alpha=-lr * max(1.0, rows / cols) ** 0.5)


class Adam:
    """One learning rate a parameter: groups are (params, lr)."""

    def __init__(self, groups, betas=(0.9, 0.97)):
        self.items = [(p, lr, torch.zeros_like(p), torch.zeros_like(p)) for params, lr in groups for p in params]
        self.betas, self.steps = betas, [0] * len(self.items)

    @torch.no_grad()
    def step(self, factor):
        b1, b2 = self.betas
        for i, (p, lr, m, v) in enumerate(self.items):
            if p.grad is None:
                continue
            self.steps[i] += 1
            m.lerp_(p.grad, 1 - b1)
            v.lerp_(p.grad.square(), 1 - b2)
            t = self.steps[i]
            p.addcdiv_(m, (v / (1 - b2**t)).sqrt_().add_(1e-10), value=-lr * factor / (1 - b1**t))
