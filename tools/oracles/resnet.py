"""Expected numbers for @bag-of-tricks/resnet-tweaks: parameter counts, logits and one training step of timm and torchvision.

Weights and images come from a hash of the tensor's torch name and the position in it, which the test repeats, so that the
fixture holds results alone. Everything runs in float64 on the CPU.
"""

import numpy as np
import timm
import torch
import torchvision
from timm.models.resnet import BasicBlock, Bottleneck, ResNet

from _fixture import write

DEPTHS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
CLASSES = 10


def network(depth, variant, classes):
    if variant in "AB":
        model = torchvision.models.get_model(f"resnet{depth}", num_classes=classes)
        return stride_first(model) if variant == "A" else model
    if variant == "D":
        return timm.create_model(f"resnet{depth}d", num_classes=classes)
    # timm names resnet50c and deeper; these are the same arguments.
    block = BasicBlock if depth < 50 else Bottleneck
    return ResNet(block, DEPTHS[depth], num_classes=classes, stem_width=32, stem_type="deep")


def narrow(depth, variant, classes, width=16):
    """timm's C or D with fewer filters, all in the same proportion."""
    block = BasicBlock if depth < 50 else Bottleneck
    stem = {"stem_width": width // 2, "stem_type": "deep"}
    channels = tuple(width * 2**stage for stage in range(4))
    return ResNet(block, DEPTHS[depth], num_classes=classes, channels=channels, avg_down=variant == "D", **stem)


def stride_first(model):
    """torchvision's bottleneck with the stride where the paper of 2015 had it."""
    for module in model.modules():
        if isinstance(module, torchvision.models.resnet.Bottleneck):
            module.conv1.stride, module.conv2.stride = module.conv2.stride, module.conv1.stride
    return model


def uniform(name, shape):
    """Numbers in [0, 1): murmur3's finalizer of position · golden ratio + FNV-1a of the name."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = (seed ^ byte) * 0x01000193 & 0xFFFFFFFF
    x = np.arange(np.prod(shape), dtype=np.uint32) * np.uint32(0x9E3779B1) + np.uint32(seed)
    x = (x ^ x >> np.uint32(16)) * np.uint32(0x85EBCA6B)
    x = (x ^ x >> np.uint32(13)) * np.uint32(0xC2B2AE35)
    x ^= x >> np.uint32(16)
    return torch.from_numpy(x / 2.0**32).reshape(shape)


def symmetric(name, shape):
    return 2 * uniform(name, shape) - 1


def weight(name, shape):
    if len(shape) > 1:
        return symmetric(name, shape) * (6 / np.prod(shape[1:])) ** 0.5
    if name.endswith(("weight", "running_var")):
        return uniform(name, shape) + 0.5
    return symmetric(name, shape) * 0.1


def hashed(depth, variant, make=network):
    model = make(depth, variant, CLASSES).double()
    tensors = {name: tensor for name, tensor in model.state_dict().items() if tensor.ndim > 0}
    model.load_state_dict({name: weight(name, tensor.shape) for name, tensor in tensors.items()}, strict=False)
    return model


def clear_of_kinks(model):
    """Moves every ReLU five deviations off its kink, to either side, and behind a sum to the upper one.

    In float32 rounding decides where the ReLUs nearest to zero fall: in 50 layers torch's own float32 gradients stray by
    4 % from these. So far off, they agree to 3e-5; the small network is compared with its kinks in place.
    """
    last = "bn3" if any("bn3" in name for name, _ in model.named_modules()) else "bn2"
    for name, module in model.named_modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            upper = last in name or "downsample" in name
            sign = 1 if upper else uniform(f"{name}.bias", module.bias.shape).sub(0.5).sign()
            module.bias.data = 5 * sign * module.weight.data
    # The blocks now add up: smaller logits, or the softmax saturates.
    model.fc.weight.data *= 0.05
    return model


def digest(name, tensor):
    """The norm and the projection on a vector of its own: an error in any entry, or in their order, moves them."""
    return [tensor.norm().item(), (tensor * symmetric(f"probe {name}", tensor.shape)).sum().item()]


def parameters(depth, variant):
    with torch.device("meta"):
        return sum(p.numel() for p in network(depth, variant, 1000).parameters())


def logits(depth, variant, size, make=network):
    images = symmetric(f"images {size}", (2, 3, size, size))
    with torch.no_grad():
        return hashed(depth, variant, make).eval()(images).tolist()


def training_step(model, size=64, batch=4):
    model.train()
    before = {name: buffer.clone() for name, buffer in model.named_buffers()}
    counts = {}
    for name, module in model.named_modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.register_forward_hook(lambda _, __, y, name=name: counts.update({name: y.numel() // y.shape[1]}))
    loss = torch.nn.functional.cross_entropy(
        model(symmetric(f"images {size}", (batch, 3, size, size))), torch.arange(batch) * 3 % CLASSES
    )
    loss.backward()

    statistics = {}
    for name, buffer in model.named_buffers():
        if name.removesuffix(".running_var") in counts:
            # torch averages the sample variance, Σ/(n-1), and TensorFlow.js the population's, Σ/n.
            n = counts[name.removesuffix(".running_var")]
            buffer = 0.9 * before[name] + (buffer - 0.9 * before[name]) * (n - 1) / n
        if buffer.ndim > 0:
            statistics[name] = digest(name, buffer)
    gradients = {name: digest(name, p.grad) for name, p in model.named_parameters() if p.grad is not None}
    return {"loss": loss.item(), "gradients": gradients, "statistics": statistics}


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


if __name__ == "__main__":
    torch.set_num_threads(1)
    values = {
        "parameters": {f"{depth}{variant}": parameters(depth, variant) for depth in DEPTHS for variant in "ABCD"},
        "logits": {
            f"{depth}{variant} {size}": logits(depth, variant, size)
            for depth, variant, size in [
                (18, "B", 33), (18, "D", 33), (34, "D", 64),
                (50, "A", 33), (50, "B", 33), (50, "C", 33), (50, "D", 33), (50, "D", 64),
            ]
        },
        "narrow": {f"{depth}{variant} 33": logits(depth, variant, 33, narrow) for depth, variant in [(18, "D"), (50, "C")]},
        "step": {"18D": training_step(hashed(18, "D")), "50D": training_step(clear_of_kinks(hashed(50, "D")))},
    }
    write("resnet", rounded(values), ["torch", "torchvision", "timm"])
