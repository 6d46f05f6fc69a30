"""Rates of torch's and optax's schedules, step by step: lr-warmup, cosine-schedule, step-schedule."""

import jax
import optax
import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, MultiStepLR

from _fixture import write

jax.config.update("jax_enable_x64", True)


def torch_rates(base, count, make):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=base)
    scheduler = make(optimizer)
    rates = []
    for _ in range(count):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


def optax_rates(schedule, count):
    return [float(schedule(step)) for step in range(count)]


warmup_cosine = optax.join_schedules(
    # Step i of the ramp has (i + 1) / 4 of the rate, so it begins one notch above 0 and ends at 0.4 at step 3.
    [optax.linear_schedule(0.1, 0.4, 3), optax.cosine_decay_schedule(0.4, 6)],
    boundaries=[4],
)

write(
    "schedules",
    {
        # LinearLR goes from start_factor at step 0 to 1 at step total_iters.
        "warmup": {
            "steps": 5,
            "from": 0,
            "base": 0.4,
            "torch": torch_rates(0.4, 5, lambda o: LinearLR(o, start_factor=1 / 5, total_iters=4)),
        },
        "warmupFrom": {
            "steps": 5,
            "from": 0.1,
            "base": 0.4,
            "torch": torch_rates(0.4, 5, lambda o: LinearLR(o, start_factor=0.16 / 0.4, total_iters=4)),
        },
        "warmupCosine": {"warmupSteps": 4, "steps": 6, "base": 0.4, "optax": optax_rates(warmup_cosine, 12)},
        "cosine": {
            "steps": 10,
            "base": 0.4,
            "end": 0.01,
            "torch": torch_rates(0.4, 11, lambda o: CosineAnnealingLR(o, T_max=10, eta_min=0.01)),
            "optax": optax_rates(optax.cosine_decay_schedule(0.4, 10, alpha=0.01 / 0.4), 13),
        },
        "stepDecay": {
            "base": 0.5,
            "milestones": [3, 6, 8],
            "factor": 0.2,
            "torch": torch_rates(0.5, 11, lambda o: MultiStepLR(o, milestones=[3, 6, 8], gamma=0.2)),
        },
        "stepDecayTwice": {
            "milestones": [2, 2, 4],
            "torch": torch_rates(1.0, 6, lambda o: MultiStepLR(o, milestones=[2, 2, 4])),
        },
    },
    ["torch", "optax", "jax"],
)
