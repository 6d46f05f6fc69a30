"""Prints, as JSON, what TensorBoard's own readers find in the folders that are named: every event, and what is shown of them."""

import base64
import json
import logging
import os
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader

logging.getLogger("tensorboard").setLevel(logging.ERROR)


def number(value):
    """JSON has no NaN."""
    return value if value == value else "NaN"


def shown(folder):
    run = EventAccumulator(folder, size_guidance={"scalars": 0, "images": 0, "tensors": 0}).Reload()
    tags = run.Tags()
    return {
        "scalars": {
            tag: [[event.step, event.wall_time, number(event.value)] for event in run.Scalars(tag)]
            for tag in tags["scalars"]
        },
        "images": {
            tag: [
                [event.step, event.wall_time, event.width, event.height, base64.b64encode(event.encoded_image_string).decode()]
                for event in run.Images(tag)
            ]
            for tag in tags["images"]
        },
        "texts": {
            tag: [
                [event.step, event.wall_time, event.tensor_proto.string_val[0].decode()]
                for event in run.Tensors(tag)
            ]
            for tag in tags["tensors"]
            if run.SummaryMetadata(tag).plugin_data.plugin_name == "text"
        },
    }


def events(folder):
    """How many events each file has, and their steps; in the order in which TensorBoard reads the files."""
    return [
        [event.step for event in LegacyEventFileLoader(os.path.join(folder, name)).Load()]
        for name in sorted(os.listdir(folder))
        if "tfevents" in name
    ]


print(json.dumps([{**shown(folder), "files": events(folder)} for folder in sys.argv[1:]]))
