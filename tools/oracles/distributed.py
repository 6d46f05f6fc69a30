"""What PyTorch's DistributedDataParallel makes of a small network in 20 steps. For `imagenet train` under mpirun.

Two processes over gloo, each with half of a step's pictures and batch norm's statistics of its own. Weights and pictures are
the hash of resnet.py, which the test repeats, and go in at the order of image-dataset. Everything runs in float64.
"""

import math
import os
import tempfile

import torch
from torch.nn.parallel import DistributedDataParallel

from _fixture import write
from resnet import digest, hashed, narrow, uniform

RANKS, BATCH, SIZE, WIDTH, CLASSES, PICTURES = 2, 4, 64, 8, 4, 16
# epochOrder(16, { seed: 0, epoch }) of ten epochs, two steps each.
ORDER = [
    [14, 12, 15, 0, 1, 10, 5, 9, 13, 7, 6, 2, 4, 3, 8, 11],
    [6, 9, 8, 12, 14, 13, 2, 10, 3, 15, 7, 0, 1, 4, 11, 5],
    [7, 12, 2, 15, 14, 0, 4, 6, 8, 10, 3, 5, 9, 1, 13, 11],
    [9, 14, 0, 13, 6, 1, 4, 3, 7, 11, 15, 10, 5, 12, 8, 2],
    [0, 13, 11, 1, 12, 10, 3, 6, 8, 2, 5, 15, 4, 14, 7, 9],
    [3, 8, 1, 7, 15, 10, 4, 11, 2, 0, 6, 14, 9, 5, 12, 13],
    [2, 4, 0, 6, 11, 10, 14, 12, 3, 1, 7, 13, 5, 15, 9, 8],
    [0, 3, 6, 1, 10, 11, 8, 13, 9, 7, 5, 15, 2, 12, 14, 4],
    [1, 6, 5, 11, 10, 14, 0, 2, 7, 9, 15, 12, 13, 8, 3, 4],
    [13, 5, 4, 1, 14, 7, 0, 2, 3, 8, 6, 15, 11, 12, 9, 10],
]
SEEN = [index for epoch in ORDER for index in epoch]
STEPS = len(SEEN) // (RANKS * BATCH)
# Linear in the batch of both.
PEAK = 0.1 * RANKS * BATCH / 256


def network():
    return hashed(18, "D", lambda depth, variant, _: narrow(depth, variant, CLASSES, WIDTH))


def batch(indices):
    pixels = torch.stack([(uniform(f"picture {index}", (SIZE, SIZE, 3)) * 256).floor() for index in indices])
    # The paper's section 2.1.
    mean, deviation = torch.tensor([123.68, 116.779, 103.939]), torch.tensor([58.393, 57.12, 57.375])
    labels = torch.tensor([index // (PICTURES // CLASSES) for index in indices])
    return ((pixels - mean.double()) / deviation.double()).permute(0, 3, 1, 2), labels


def train(model, share):
    """Trains on the pictures of each step that are this process's."""
    model.train()
    weights = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim == 1]
    groups = [{"params": weights, "weight_decay": 1e-4}, {"params": others, "weight_decay": 0}]
    optimizer = torch.optim.SGD(groups, lr=PEAK, momentum=0.9, nesterov=True)
    losses = []
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = PEAK * (1 + math.cos(math.pi * step / STEPS)) / 2
        images, labels = batch(share(SEEN[step * RANKS * BATCH : (step + 1) * RANKS * BATCH]))
        loss = torch.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def process(rank, folder):
    torch.set_num_threads(1)
    torch.distributed.init_process_group("gloo", f"file://{folder}/meet", rank=rank, world_size=RANKS)
    model = network()
    losses = train(
        DistributedDataParallel(model, broadcast_buffers=False),
        lambda indices: indices[rank * BATCH : (rank + 1) * BATCH],
    )
    torch.save((model.state_dict(), losses), f"{folder}/{rank}")
    torch.distributed.destroy_process_group()


def distance(weights, others, start):
    """Of two trainings from one start, relative to how far the first one went."""
    squares = [(weights[name] - others[name]).square().sum() for name, _ in start]
    return (sum(squares) / sum((weights[name] - p).square().sum() for name, p in start)).sqrt().item()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(process, (folder,), RANKS)
        (first, losses), (second, other_losses) = (torch.load(os.path.join(folder, str(rank))) for rank in range(RANKS))
    start = list(network().named_parameters())
    assert distance(first, second, start) == 0
    # One process with the whole batch, and so other statistics, comes elsewhere: a test that takes them for the same fails.
    whole = network()
    train(whole, lambda indices: indices)
    far = distance(first, dict(whole.named_parameters()), start)
    means = [name for name in first if name.endswith("running_mean")]
    values = {
        "losses": [float(f"{sum(pair) / RANKS:.9g}") for pair in zip(losses, other_losses)],
        # Of each weight, and of how it has changed.
        "weights": {name: digest(name, first[name]) for name, _ in start},
        "changes": {name: digest(name, first[name] - p) for name, p in start},
        "runningMeans": {name: digest(name, (first[name] + second[name]) / RANKS) for name in means},
        "wholeBatchIsOff": float(f"{far:.3g}"),
    }
    write("distributed", values, ["torch", "timm"])
