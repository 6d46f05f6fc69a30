"""torch's GradScaler over scripted overflows, and its unscaling of gradients: mixed-precision."""

import torch
from torch.amp import GradScaler

from _fixture import write

inf, nan = float("inf"), float("nan")


def trajectory(runs, **options):
    """The scaler after each run of steps that are all finite or all not; `runs` is a list of (finite, steps)."""
    scaler = GradScaler("cpu", **options)
    weight = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=1.0)
    states = []
    for finite, steps in runs:
        skipped = 0
        for _ in range(steps):
            optimizer.zero_grad()
            before = weight.item()
            scaler.scale(weight.sum() * (1e-4 if finite else inf)).backward()
            scaler.step(optimizer)
            scaler.update()
            skipped += weight.item() == before
        state = scaler.state_dict()
        states.append({"skipped": skipped, "scale": state["scale"], "goodSteps": state["_growth_tracker"]})
    return {"runs": runs, "states": states}


def unscaled(gradients, scale):
    """What GradScaler.unscale_ leaves in the gradients, and whether it found all of them finite."""
    parameters = [torch.zeros(len(values), requires_grad=True) for values in gradients]
    for parameter, values in zip(parameters, gradients):
        parameter.grad = torch.tensor(values)
    optimizer = torch.optim.SGD(parameters, lr=1.0)
    scaler = GradScaler("cpu", init_scale=scale)
    scaler.scale(torch.zeros(1))
    scaler.unscale_(optimizer)
    found = scaler._found_inf_per_device(optimizer).values()
    results = [parameter.grad.tolist() for parameter in parameters]
    finite = not any(value.item() for value in found)
    # JSON has no infinity: what is not finite is told by the verdict alone.
    return {"scale": scale, "finite": finite, **({"gradients": gradients, "unscaled": results} if finite else {})}


def spoiled(value):
    return unscaled([[1.0, 2.0], [3.0, value, 5.0]], 8.0)["finite"]


alternating = [[True, 2], [False, 1], [True, 3], [True, 1], [False, 2], [True, 7], [False, 1], [True, 6], [False, 4]]
write(
    "mixed-precision",
    {
        "standard": trajectory([[True, 1999], [False, 1], [True, 1999], [True, 1], [False, 3], [True, 4001]]),
        "short": {
            "options": {"initial": 1000.0, "growth": 1.5, "backoff": 0.75, "interval": 3},
            **trajectory(alternating, init_scale=1000.0, growth_factor=1.5, backoff_factor=0.75, growth_interval=3),
        },
        "unscale": [
            unscaled([[65536.0, -3.0, 0.0], [1e-3, 7e5]], 2.0**16),
            unscaled([[0.1, 0.2, 0.3], [-5e-8, 3e30]], 1000.0),
        ],
        "finiteWith": {"1e30": spoiled(1e30), "inf": spoiled(inf), "-inf": spoiled(-inf), "nan": spoiled(nan)},
    },
    ["torch"],
)
