"""The PyTorch contender: the same step as resnet50-in-tfjs.ts, one line of JSON."""

import argparse
import json
import resource
import statistics
import time

import torch
import torchvision

parser = argparse.ArgumentParser()
parser.add_argument("--size", type=int, default=224)
parser.add_argument("--batch", type=int, default=16)
parser.add_argument("--steps", type=int, default=5)
options = parser.parse_args()
WARMUP_STEPS = 2

torch.manual_seed(0)
# channels_last is the layout PyTorch recommends for convolutions on a CPU.
model = torchvision.models.resnet50(zero_init_residual=True).to(memory_format=torch.channels_last).train()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, nesterov=True)
images = torch.randn(options.batch, 3, options.size, options.size).to(memory_format=torch.channels_last)
labels = torch.arange(options.batch) * 37 % 1000


def step() -> float:
    started = time.perf_counter()
    optimizer.zero_grad(set_to_none=True)
    loss = torch.nn.functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    loss.item()
    return 1000 * (time.perf_counter() - started)


for _ in range(WARMUP_STEPS):
    step()
times = [step() for _ in range(options.steps)]
usage = resource.getrusage(resource.RUSAGE_SELF)
print(
    json.dumps(
        {
            "versions": {"pytorch": torch.__version__, "torchvision": torchvision.__version__},
            "millisecondsPerStep": statistics.median(times),
            "peakMemoryMiB": round(usage.ru_maxrss / 1024),
            "processorSeconds": usage.ru_utime + usage.ru_stime,
        }
    )
)
