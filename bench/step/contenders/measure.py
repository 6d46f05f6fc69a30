"""What the Python contenders share: flags, the counted steps, the line of JSON that the benchmark reads."""

import argparse
import json
import resource
import subprocess
import time


def parse_flags(*more: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", default="cpu", choices=["cpu", "gpu"])
    parser.add_argument("--precision", default="float32", choices=["float32", "bfloat16", "float16"])
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--warmup", type=int, default=3)
    for flag in more:
        parser.add_argument(flag, action="store_true")
    return parser.parse_args()


def taken_gpu_memory() -> int:
    """MiB taken on the card, by anyone."""
    query = ["nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits", "--id=0"]
    return int(subprocess.run(query, check=True, capture_output=True, text=True).stdout)


def busy_seconds() -> float:
    with open("/proc/stat") as stat:
        user, nice, system, _, _, irq, softirq, steal = map(int, stat.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / 100


def measure(step, options, versions: dict[str, str], gpu_memory_before: int, watch=None) -> None:
    """Times `step`, which waits for its own end, and prints the sample; `watch` counts the ops of the counted steps."""
    for _ in range(options.warmup):
        step()
    busy, own, began = busy_seconds(), time.process_time(), time.time()

    def counted() -> list[float]:
        times = []
        for _ in range(options.steps):
            started = time.perf_counter()
            step()
            times.append(1000 * (time.perf_counter() - started))
        return times

    times, operations = watch(counted) if watch else (counted(), None)
    ended = time.time()
    others = busy_seconds() - busy - (time.process_time() - own)
    sample = {
        "versions": versions,
        "stepMilliseconds": times,
        "coresUsedByOthers": max(0, others) / (ended - began),
        "counted": [1000 * began, 1000 * ended],
        "peakMemoryMiB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    if options.device == "gpu":
        sample["peakGpuMemoryMiB"] = taken_gpu_memory() - gpu_memory_before
    if operations:
        sample["operations"] = operations
    print(json.dumps(sample))
