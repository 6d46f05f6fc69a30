"""Averages of weights over some steps of training, by torch's and timm's own: model-ema."""

import torch
from timm.utils import ModelEmaV3
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from _fixture import write

torch.manual_seed(0)
decay = 0.9
model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2)).double()
names = [name for name, value in model.state_dict().items() if value.is_floating_point()]


def weights(module):
    return {name: module.state_dict()[name].tolist() for name in names}


start = weights(model)
torch_average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay), use_buffers=True)
timm_average = ModelEmaV3(model, decay=decay)
# The first update of AveragedModel copies, as a warm start: before the first step.
torch_average.update_parameters(model)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
steps = []
for step in range(6):
    optimizer.zero_grad()
    model(torch.randn(8, 3, dtype=torch.float64)).pow(3).mean().backward()
    optimizer.step()
    torch_average.update_parameters(model)
    timm_average.update(model)
    steps.append(
        {"weights": weights(model), "torch": weights(torch_average.module), "timm": weights(timm_average.module)}
    )

write("model-ema", {"decay": decay, "names": names, "start": start, "steps": steps}, ["torch", "timm"])
