"""Inception v3 as the author of Xception built it for Keras, counted."""

LAYERS = (  # channels in, channels out, weights of a kernel, how many such layers
    # the layers before the modules
    *((3, 32, 9, 1), (32, 32, 9, 1), (32, 64, 9, 1), (64, 80, 1, 1), (80, 192, 9, 1)),
    # three modules on 35x35 maps; 1x1 that read the same maps stand together
    *((192, 64 + 48 + 64 + 32, 1, 1), (256, 64 + 48 + 64 + 32, 1, 2)),  # (1)!
    *((48, 64, 25, 3), (64, 96, 9, 3), (96, 96, 9, 3)),
    # to 17x17
    *((256, 384, 9, 1), (256, 64, 1, 1), (64, 96, 9, 1), (96, 96, 9, 1)),
    # four modules, with 1x7 and 7x1 kernels
    *((736, 192 + 128 + 128 + 192, 1, 1), (768, 192 + 160 + 160 + 192, 1, 2)),
    *((768, 192 + 192 + 160 + 192, 1, 1), (128, 128, 7, 4), (128, 192, 7, 2)),
    *((160, 160, 7, 8), (160, 192, 7, 5), (192, 192, 7, 5)),
    # to 8x8
    *((768, 192 + 192, 1, 1), (192, 320, 9, 1), (192, 192, 7, 2), (192, 192, 9, 1)),
    # two modules, with 1x3 and 3x1 kernels
    *((1280, 320 + 384 + 448 + 192, 1, 1), (2048, 320 + 384 + 448 + 192, 1, 1)),
    *((384, 384, 3, 8), (448, 384, 9, 2)),
)

weights = sum(seen * made * kernel * times for seen, made, kernel, times in LAYERS)
channels = sum(made * times for _, made, _, times in LAYERS)
dense = 2048 * 1000 + 1000
print(f"weights of the convolutions: {weights:,}")
print(f"channels that they make: {channels:,}")
print(f"dense layer: {dense:,}")
print(f"with biases and normalisation: {weights + 3 * channels + dense:,}")  # (2)!
print(f"with normalisation only: {weights + 2 * channels + dense:,}")
