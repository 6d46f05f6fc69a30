"""Pictures resized and cut by torchvision, colours changed by torchvision and colorsys, crops drawn by torchvision: image-dataset."""

import base64
import cmath
import colorsys
import math

import numpy
import torch
from PIL import Image
from torchvision.transforms import CenterCrop, Compose, RandomResizedCrop, Resize
from torchvision.transforms import functional as F

from _fixture import write


def picture(width, height):
    """Red: slopes with jumps. Green: a disc. Blue: a chequerboard of 13 pixels. Whole numbers only: the test has the same."""
    y, x = numpy.mgrid[0:height, 0:width]
    red = (3 * x + 2 * y) % 256
    green = numpy.where((2 * x - width) ** 2 + (2 * y - height) ** 2 < height**2 // 2, 220, 40)
    blue = 20 + 200 * ((x // 13 + y // 13) % 2)
    return Image.fromarray(numpy.stack([red, green, blue], axis=2).astype(numpy.uint8))


def pixels(image):
    return base64.b64encode(numpy.asarray(image).tobytes()).decode()


def evaluated(width, height, resize, size):
    transform = Compose([Resize(resize), CenterCrop(size)])
    case = {"width": width, "height": height, "resize": resize, "size": size}
    return {**case, "pixels": pixels(transform(picture(width, height)))}


def mirrored(width, height, size):
    image = F.hflip(F.resized_crop(picture(width, height), 0, 0, height, width, [size, size]))
    return {"width": width, "height": height, "size": size, "pixels": pixels(image)}


def turned(red, green, blue, angle):
    """Turns the chroma of a colour in YIQ."""
    y, i, q = colorsys.rgb_to_yiq(red, green, blue)
    chroma = complex(i, q) * cmath.exp(1j * angle)
    # colorsys.yiq_to_rgb clips: a colour is chosen so that it does not have to.
    return colorsys.yiq_to_rgb(y, chroma.real, chroma.imag)


def recoloured(hue, saturation, brightness):
    colours = [(120, 110, 100), (90, 120, 100), (100, 95, 125), (110, 110, 110)]
    result = []
    for colour in colours:
        turned_colour = turned(*(value / 255 for value in colour), (hue - 1) * math.pi)
        tensor = torch.tensor(turned_colour, dtype=torch.float64).reshape(3, 1, 1)
        tensor = F.adjust_brightness(F.adjust_saturation(tensor, saturation), brightness)
        result.append([255 * value for value in tensor.flatten().tolist()])
    return {"hue": hue, "saturation": saturation, "brightness": brightness, "colours": colours, "recoloured": result}


def crops(width, height, draws):
    """Deciles of what RandomResizedCrop draws: share of the area, ratio, and place between the borders."""
    torch.manual_seed(0)
    image = torch.empty(3, height, width)
    drawn = [RandomResizedCrop.get_params(image, [0.08, 1.0], [3 / 4, 4 / 3]) for _ in range(draws)]
    top, left, h, w = numpy.array(drawn, dtype=float).T
    shares = numpy.linspace(0.1, 0.9, 9)
    free = (w < width) & (h < height)
    measures = {
        "area": w * h / (width * height),
        "ratio": w / h,
        "left": ((left + 0.5) / (width - w + 1))[free],
        "top": ((top + 0.5) / (height - h + 1))[free],
    }
    return {
        "width": width,
        "height": height,
        "draws": draws,
        "deciles": {name: numpy.quantile(values, shares).tolist() for name, values in measures.items()},
    }


write(
    "image-transforms",
    {
        "evaluation": [
            evaluated(320, 200, 64, 56),
            evaluated(101, 240, 48, 48),
            evaluated(28, 36, 64, 64),
            evaluated(45, 31, 32, 27),
        ],
        "mirrored": [mirrored(200, 150, 64), mirrored(24, 18, 32)],
        "recoloured": [
            recoloured(1, 1, 1.3),
            recoloured(1, 0.6, 1),
            recoloured(1.4, 1, 1),
            recoloured(0.7, 1.4, 0.6),
        ],
        "crops": crops(500, 375, 100_000),
    },
    ["numpy", "pillow", "torch", "torchvision"],
)
