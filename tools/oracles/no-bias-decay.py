"""Five steps of torch's SGD (Nesterov) and AdamW where only the weight decays: no-bias-decay."""

import torch

from _fixture import write

images = torch.tensor([[1.0, 2.0, -1.0], [0.5, -0.3, 2.0]], dtype=torch.float64)
targets = torch.tensor([[1.0, -1.0], [0.5, 2.0]], dtype=torch.float64)
start = {"weight": [[0.3, -0.2], [0.1, 0.4], [-0.5, 0.2]], "bias": [0.7, -0.6]}


def trajectory(make):
    weight = torch.tensor(start["weight"], dtype=torch.float64, requires_grad=True)
    bias = torch.tensor(start["bias"], dtype=torch.float64, requires_grad=True)
    optimizer = make([{"params": [weight]}, {"params": [bias], "weight_decay": 0}])
    states = []
    for _ in range(5):
        optimizer.zero_grad()
        ((images @ weight + bias - targets) ** 2).mean().backward()
        optimizer.step()
        states.append({"weight": weight.tolist(), "bias": bias.tolist()})
    return states


sgd = {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.05}
adamw = {"lr": 0.01, "betas": (0.9, 0.999), "eps": 1e-7, "weight_decay": 0.5}
write(
    "no-bias-decay",
    {
        "images": images.tolist(),
        "targets": targets.tolist(),
        "start": start,
        "sgd": {**sgd, "states": trajectory(lambda groups: torch.optim.SGD(groups, nesterov=True, **sgd))},
        "adamw": {**adamw, "states": trajectory(lambda groups: torch.optim.AdamW(groups, **adamw))},
    },
    ["torch"],
)
