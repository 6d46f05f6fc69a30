"""Training on batches that go through in parts, by torch's own summing of gradients: gradient-accumulation."""

import torch
from torch.nn.functional import cross_entropy

from _fixture import write

torch.manual_seed(0)
x = torch.randn(12, 3, dtype=torch.float64)
labels = torch.randint(0, 4, (12,))
kernel_values = torch.randn(3, 4, dtype=torch.float64)
rate, momentum = 0.5, 0.9


def train(parts):
    """Torch adds gradients up by itself, from one backward() to the next."""
    kernel = kernel_values.clone().requires_grad_()
    bias = torch.zeros(4, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([kernel, bias], lr=rate, momentum=momentum, nesterov=True)
    steps = []
    for _ in range(4):
        optimizer.zero_grad()
        for part in torch.arange(12).split(parts):
            loss = cross_entropy(x[part] @ kernel + bias, labels[part])
            (loss * len(part) / 12).backward()
        gradients = {"kernel": kernel.grad.tolist(), "bias": bias.grad.tolist()}
        optimizer.step()
        steps.append({"gradients": gradients, "kernel": kernel.tolist(), "bias": bias.tolist()})
    return {"parts": parts, "steps": steps}


write(
    "gradient-accumulation",
    {
        "x": x.tolist(),
        "labels": labels.tolist(),
        "kernel": kernel_values.tolist(),
        "rate": rate,
        "momentum": momentum,
        "runs": [train([12]), train([3, 3, 3, 3]), train([5, 1, 6])],
    },
    ["torch"],
)
