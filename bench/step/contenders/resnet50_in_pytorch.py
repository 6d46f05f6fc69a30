"""The PyTorch contender: the same step as resnet50-in-tfjs.ts, one line of JSON."""

import torch
import torchvision
from measure import measure, parse_flags, taken_gpu_memory

options = parse_flags("--compile", "--profile")
on_gpu = options.device == "gpu"
gpu_memory_before = taken_gpu_memory() if on_gpu else 0
device = "cuda" if on_gpu else "cpu"
dtype = getattr(torch, options.precision)
if on_gpu:
    # TensorFlow tries its convolutions and uses TF32 unasked.
    torch.backends.cudnn.benchmark = True
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True

torch.manual_seed(0)
# channels_last is the layout PyTorch recommends for convolutions.
model = torchvision.models.resnet50(zero_init_residual=True).to(device, memory_format=torch.channels_last).train()
forward = torch.compile(model) if options.compile else model
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, nesterov=True, fused=on_gpu)
scaler = torch.amp.GradScaler(device, enabled=dtype == torch.float16)
images = torch.randn(options.batch, 3, options.size, options.size, device=device)
images = images.to(memory_format=torch.channels_last)
labels = (torch.arange(options.batch) * 37 % 1000).to(device)


def step() -> None:
    optimizer.zero_grad(set_to_none=True)
    with torch.autocast(device, dtype=dtype, enabled=dtype != torch.float32):
        loss = torch.nn.functional.cross_entropy(forward(images), labels)
    scaler.scale(loss).backward()
    scaler.step(optimizer)
    scaler.update()
    if on_gpu:
        torch.cuda.synchronize()
    loss.item()


def watch(counted):
    """Calls and milliseconds of one step, by PyTorch's own ops, each without the ops it calls."""
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profiler:
        times = counted()
    events = sorted(profiler.key_averages(), key=lambda event: -event.self_cpu_time_total)
    return times, {
        event.key: {
            "calls": round(event.count / options.steps, 1),
            "milliseconds": round(event.self_cpu_time_total / 1000 / options.steps, 2),
        }
        for event in events
        if event.self_cpu_time_total > 0
    }


versions = {"pytorch": torch.__version__, "torchvision": torchvision.__version__}
measure(step, options, versions, gpu_memory_before, watch if options.profile else None)
