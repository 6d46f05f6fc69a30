"""The peer against torchvision and Pillow: bench/.venv/bin/python -m unittest discover bench/recipe/peers."""

import json
import unittest
from pathlib import Path

import numpy as np
import torch
import torchvision
from PIL import Image
from torchvision import transforms

from network import network
from optimizer import schedule
from pytorch_recipe import smoothed
from transforms import DEVIATION, MEAN, evaluation, random_crop, recolour, resampling

FIXTURE = Path(__file__).parents[3] / "tools/oracles/fixtures/resnet.json"
PICTURE = np.random.default_rng(0).integers(0, 256, (40, 48, 3), dtype=np.uint8)
BATCH = torch.from_numpy(PICTURE).permute(2, 0, 1)[None]


def model_of(depth, variant, classes, width=64):
    return network(classes, depth=depth, variant=variant, width=width, initializer="kaimingFanOut", zeroGamma=True)


class Network(unittest.TestCase):
    def test_parameters_are_those_of_torchvision_and_timm(self):
        for name, expected in json.loads(FIXTURE.read_text())["parameters"].items():
            with torch.device("meta"):
                model = model_of(int(name[:-1]), name[-1], 1000)
            self.assertEqual(sum(p.numel() for p in model.parameters()), expected, name)

    def test_variant_b_is_torchvision_s(self):
        theirs = torchvision.models.resnet18(num_classes=10).eval()
        ours = model_of(18, "B", 10).eval()
        ours.load_state_dict(theirs.state_dict())
        images = torch.randn(2, 3, 64, 64)
        self.assertTrue(torch.equal(ours(images), theirs(images)))

    def test_a_narrow_network_is_narrow_from_the_stem_on(self):
        shapes = {name: tuple(p.shape) for name, p in model_of(18, "D", 10, 16).named_parameters()}
        self.assertEqual(shapes["conv1.0.weight"], (8, 3, 3, 3))
        self.assertEqual(shapes["layer1.0.conv1.weight"], (16, 16, 3, 3))
        self.assertEqual(shapes["fc.weight"], (10, 128))
        self.assertNotIn("layer1.0.downsample.1.weight", shapes)


class Transforms(unittest.TestCase):
    def assert_same_bytes(self, pixels, picture):
        """But for Pillow's rounding between its two passes."""
        difference = pixels[0].permute(1, 2, 0).numpy() - np.asarray(picture, np.float32)
        self.assertLessEqual(np.abs(difference).max(), 1)

    def test_a_crop_is_resized_as_by_pillow(self):
        for left, top, w, h, size in [(3, 5, 20, 17, 32), (0, 0, 48, 40, 16), (10, 2, 33, 38, 24)]:
            across = resampling(torch.tensor([float(left)]), torch.tensor([float(w)]), size, 48)[0]
            down = resampling(torch.tensor([float(top)]), torch.tensor([float(h)]), size, 40)[0]
            cropped = Image.fromarray(PICTURE).crop((left, top, left + w, top + h))
            resized = cropped.resize((size, size), Image.Resampling.BILINEAR)
            self.assert_same_bytes((down @ BATCH.float() @ across.T).round(), resized)

    def test_evaluation_is_resize_and_centre_crop(self):
        expected = transforms.CenterCrop(24)(transforms.Resize(29)(Image.fromarray(PICTURE)))
        self.assert_same_bytes(evaluation(BATCH, size=24, resize=29) * DEVIATION + MEAN, expected)

    def test_crops_cover_the_area_and_lie_inside(self):
        left, top, w, h = random_crop(10_000, 32, 32, 0.5, 4 / 3)
        # Sides are rounded to whole pixels.
        self.assertGreater((w * h).min().item() / 32**2, 0.47)
        self.assertLess((w / h).max().item(), 1.4)
        self.assertGreaterEqual(min(left.min(), top.min()), 0)
        self.assertEqual([(left + w).max().item(), (top + h).max().item()], [32, 32])

    def test_grey_stays_grey_where_there_is_no_noise(self):
        grey = torch.full((8, 3, 4, 4), 100.0)
        colours = recolour(grey, 0.4, 0)
        # Of three decimals are the coefficients of YIQ.
        self.assertLess((colours - colours.mean(1, keepdim=True)).abs().max().item(), 0.5)


class Training(unittest.TestCase):
    recipe = {"batch": 128, "rate": {"base": 0.1, "per": 256, "warmup": 1, "schedule": "step", "milestones": [1, 2]}}

    def test_milestones_count_from_the_end_of_warmup(self):
        rates = [schedule(self.recipe, 40, 10)(step) for step in [0, 9, 10, 19, 20, 29, 30]]
        np.testing.assert_allclose(rates, [0.005, 0.05, 0.05, 0.05, 0.005, 0.005, 0.0005])

    def test_a_cosine_falls_from_the_peak_to_nearly_nothing(self):
        rate = {**self.recipe["rate"], "schedule": "cosine"}
        rates = [schedule({**self.recipe, "rate": rate}, 40, 10)(step) for step in [10, 25, 39]]
        # ½ (1 + cos(29π/30)) = 0.0027390523.
        np.testing.assert_allclose(rates, [0.05, 0.025, 0.05 * 0.0027390523], rtol=1e-6)

    def test_smoothing_is_the_paper_s_or_torch_s(self):
        row = torch.tensor([[0.0, 1, 0, 0]])
        torch.testing.assert_close(smoothed(row, 0.3, "others"), torch.tensor([[0.1, 0.7, 0.1, 0.1]]))
        torch.testing.assert_close(smoothed(row, 0.2, "all"), torch.tensor([[0.05, 0.85, 0.05, 0.05]]))


if __name__ == "__main__":
    unittest.main()
