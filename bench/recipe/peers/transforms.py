"""The augmentation of the paper's section 2.1, on a whole batch at once, so that it is not Python's loader that is measured.

The same distributions as torchvision's RandomResizedCrop and MXNet's hue, saturation, brightness and PCA noise.
"""

import math

import torch

MEAN = torch.tensor([123.68, 116.779, 103.939]).view(3, 1, 1)
DEVIATION = torch.tensor([58.393, 57.12, 57.375]).view(3, 1, 1)

TO_YIQ = torch.tensor([[0.299, 0.587, 0.114], [0.596, -0.274, -0.321], [0.211, -0.523, 0.311]])
EIGENVALUES = torch.tensor([55.46, 4.794, 1.148])
EIGENVECTORS = torch.tensor([[-0.5675, 0.7192, 0.4009], [-0.5808, -0.0045, -0.8140], [-0.5836, -0.6948, 0.4203]])


def normalise(pixels):
    return (pixels - MEAN) / DEVIATION


def augment(images, *, size, area, ratio, flip, jitter, pca, resize=None):
    """Bytes to normalised pictures of `size`: crop, mirror, colour."""
    count, _, height, width = images.shape
    left, top, w, h = random_crop(count, width, height, area, ratio)
    across = resampling(left, w, size, width)
    across = torch.where((torch.rand(count) < flip).view(-1, 1, 1), across.flip(1), across)
    down = resampling(top, h, size, height)
    pixels = down[:, None] @ images.float() @ across[:, None].transpose(2, 3)
    if jitter > 0 or pca > 0:
        pixels = recolour(pixels, jitter, pca)
    return normalise(pixels.round().clamp(0, 255))


def evaluation(images, *, size, resize, **_):
    """Short side to `resize`, then the central square of `size`."""
    _, _, height, width = images.shape
    short = min(height, width)

    def side(length):
        scaled = resize if length == short else resize * length // short
        # Python's round, as torchvision's CenterCrop: a half goes to the even pixel.
        first = round((scaled - size) / 2)
        return resampling(torch.zeros(1), torch.full((1,), float(length)), scaled, length)[0, first : first + size]

    return normalise((side(height) @ images.float() @ side(width).T).round().clamp(0, 255))


def random_crop(count, width, height, area, ratio):
    """Ten tries each, then the largest centred rectangle within the ratio."""
    tries = (10, count)
    areas = width * height * (area + (1 - area) * torch.rand(tries))
    ratios = torch.exp(math.log(ratio) * (2 * torch.rand(tries) - 1))
    w, h = (areas * ratios).sqrt().round(), (areas / ratios).sqrt().round()
    fits = (w > 0) & (w <= width) & (h > 0) & (h <= height)
    chosen = fits.int().argmax(0)[None]
    found = fits.any(0)
    w = torch.where(found, w.gather(0, chosen)[0], min(width, round(height * ratio)))
    h = torch.where(found, h.gather(0, chosen)[0], min(height, round(width * ratio)))
    place = torch.rand(2, count)
    left = torch.where(found, (place[0] * (width - w + 1)).floor(), (width - w).div(2, rounding_mode="floor"))
    top = torch.where(found, (place[1] * (height - h + 1)).floor(), (height - h).div(2, rounding_mode="floor"))
    return left, top, w, h


def resampling(start, length, size, pixels):
    """Weights (N × size × pixels) that resize the stretch of `length` pixels from `start`: Pillow's bilinear filter."""
    scale = (length / size).view(-1, 1, 1)
    start, length = start.view(-1, 1, 1), length.view(-1, 1, 1)
    centres = start + (torch.arange(size).view(1, -1, 1) + 0.5) * scale
    pixel = torch.arange(pixels).view(1, 1, -1)
    # Where it shrinks, the triangle is as much wider.
    weights = (1 - (pixel + 0.5 - centres).abs() / scale.clamp(min=1)).clamp(min=0)
    weights = weights * ((pixel >= start) & (pixel < start + length))
    return weights / weights.sum(2, keepdim=True)


def recolour(pixels, jitter, pca):
    count = len(pixels)
    hue, saturation, brightness = 1 + jitter * (2 * torch.rand(3, count) - 1)
    turn = torch.zeros(count, 3, 3)
    turn[:, 0, 0] = 1
    turn[:, 1, 1] = turn[:, 2, 2] = saturation * torch.cos((hue - 1) * math.pi)
    turn[:, 2, 1] = saturation * torch.sin((hue - 1) * math.pi)
    turn[:, 1, 2] = -turn[:, 2, 1]
    change = brightness.view(-1, 1, 1) * (TO_YIQ.inverse() @ turn @ TO_YIQ)
    noise = (EIGENVECTORS * EIGENVALUES) @ (torch.randn(count, 3, 1) * pca)
    return (change @ pixels.flatten(2) + noise).view_as(pixels)
