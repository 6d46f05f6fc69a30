"""Averages the gradients of ResNet-50 over two processes as a user of PyTorch does without a GPU: with gloo.

`tensors` makes a call for each gradient; `buckets` makes one for each 25 MB, whose gradients lie in a row already, as DDP
keeps them (gradient_as_bucket_view). All calls are under way at once, then each sum is divided. Rank 0 prints one line of JSON:
milliseconds of each step.
"""

import argparse
import json
import os
import platform
import socket
import time

import torch
import torch.distributed as dist
import torch.multiprocessing as mp
import torchvision

BUCKET = 25 * 2**20 // 4


def gradients(rank, way):
    sizes = [parameter.numel() for parameter in torchvision.models.resnet50().parameters()]
    assert len(sizes) == 161
    if way == "buckets":
        buckets = [0]
        # DDP fills them from the last layer on.
        for size in reversed(sizes):
            if buckets[-1] + size > BUCKET and buckets[-1] > 0:
                buckets.append(0)
            buckets[-1] += size
        sizes = buckets
    return [torch.full((size,), float(rank)) for size in sizes]


def average(tensors):
    for work in [dist.all_reduce(tensor, async_op=True) for tensor in tensors]:
        work.wait()
    for tensor in tensors:
        tensor.div_(2)


def main(rank, arguments):
    torch.set_num_threads(1)
    dist.init_process_group("gloo", rank=rank, world_size=2)
    tensors = gradients(rank, arguments.way)
    milliseconds = []
    for step in range(-2, arguments.steps):
        dist.barrier()
        start = time.perf_counter()
        average(tensors)
        if step >= 0:
            milliseconds.append(1000 * (time.perf_counter() - start))
    assert all(bool((tensor == 0.5).all()) for tensor in tensors)
    dist.destroy_process_group()
    if rank == 0:
        versions = {"torch": torch.__version__, "torchvision": torchvision.__version__, "python": platform.python_version()}
        print(json.dumps({"milliseconds": milliseconds, "versions": versions}))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--way", choices=["tensors", "buckets"], required=True)
    parser.add_argument("--steps", type=int, required=True)
    os.environ["MASTER_ADDR"] = "127.0.0.1"
    os.environ["MASTER_PORT"] = str(free_port())
    mp.spawn(main, (parser.parse_args(),), nprocs=2)
