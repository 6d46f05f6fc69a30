"""The contender of Python's TensorFlow: the same step as resnet50-in-tfjs.ts as one graph, one line of JSON."""

import keras
import tensorflow as tf
from keras import layers
from measure import measure, parse_flags, taken_gpu_memory

options = parse_flags()
on_gpu = options.device == "gpu"
gpu_memory_before = taken_gpu_memory() if on_gpu else 0
if not on_gpu:
    tf.config.set_visible_devices([], "GPU")
elif not tf.config.list_physical_devices("GPU"):
    raise SystemExit("TensorFlow does not see the GPU: it needs pip install 'tensorflow[and-cuda]'")
if options.precision != "float32":
    keras.mixed_precision.set_global_policy(f"mixed_{options.precision}")
keras.utils.set_random_seed(0)


def convolve(x, channels: int, kernel: int, stride: int = 1, gamma: str = "ones"):
    padding = kernel // 2
    x = layers.ZeroPadding2D(padding)(x) if stride > 1 and padding else x
    same = "valid" if stride > 1 else "same"
    x = layers.Conv2D(channels, kernel, stride, padding=same, use_bias=False)(x)
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, gamma_initializer=gamma)(x)


def block(x, channels: int, stride: int):
    """A bottleneck of variant B: the 3 × 3 convolution has the stride."""
    y = layers.ReLU()(convolve(x, channels, 1))
    y = layers.ReLU()(convolve(y, channels, 3, stride))
    y = convolve(y, 4 * channels, 1, gamma="zeros")
    shortcut = x if x.shape == y.shape else convolve(x, 4 * channels, 1, stride)
    return layers.ReLU()(layers.Add()([y, shortcut]))


def resnet50(size: int) -> keras.Model:
    images = layers.Input((size, size, 3))
    x = layers.ReLU()(convolve(images, 64, 7, 2))
    x = layers.MaxPooling2D(3, 2)(layers.ZeroPadding2D(1)(x))
    for stage, blocks in enumerate([3, 4, 6, 3]):
        for i in range(blocks):
            x = block(x, 64 * 2**stage, 2 if stage > 0 and i == 0 else 1)
    return keras.Model(images, layers.Dense(1000, dtype="float32")(layers.GlobalAveragePooling2D()(x)))


model = resnet50(options.size)
optimizer = keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True)
if options.precision == "float16":
    optimizer = keras.mixed_precision.LossScaleOptimizer(optimizer)
optimizer.build(model.trainable_variables)
images = tf.random.normal([options.batch, options.size, options.size, 3])
labels = tf.range(options.batch) * 37 % 1000


@tf.function
def train():
    with tf.GradientTape() as tape:
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, model(images, training=True))
        loss = tf.reduce_mean(losses)
        scaled = optimizer.scale_loss(loss)
    optimizer.apply(tape.gradient(scaled, model.trainable_variables), model.trainable_variables)
    return loss


measure(lambda: train().numpy(), options, {"tensorflow-python": tf.__version__, "keras": keras.__version__}, gpu_memory_before)
