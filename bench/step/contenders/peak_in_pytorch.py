"""Prints how fast PyTorch multiplies large matrices: the best of some rounds, as peak-in-tfjs.ts measures it."""

import argparse
import json
import time

import torch

parser = argparse.ArgumentParser()
parser.add_argument("--device", default="cpu")
parser.add_argument("--precision", default="float32")
options = parser.parse_args()

on_gpu = options.device == "gpu"
device = "cuda" if on_gpu else "cpu"
side, products = (8192, 20) if on_gpu else (2048, 1)
rounds = 10
if on_gpu:
    torch.backends.cuda.matmul.allow_tf32 = True
a, b = (torch.randn(side, side, device=device, dtype=getattr(torch, options.precision)) for _ in range(2))


def seconds_of_round() -> float:
    started = time.perf_counter()
    for _ in range(products):
        product = a @ b
    # Reading waits for a GPU.
    product[0, 0].item()
    return time.perf_counter() - started


seconds_of_round()
best = min(seconds_of_round() for _ in range(rounds))
print(json.dumps({"gigaflopsPerSecond": products * 2 * side**3 / best / 1e9}))
