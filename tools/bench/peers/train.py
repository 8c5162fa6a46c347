"""Trains one network of the bench "train" with PyTorch. Arguments: the network (perceptron, convolutional, separable), then "default" or "best" (fused AdamW,
channels_last). Each line of standard input is a number of steps; each line of standard output is one JSON document: what they took."""

import sys

import torch
from stepped import steps_when_asked
from torch import nn

THREADS = 2
torch.set_num_threads(THREADS)
torch.manual_seed(1)


def conv_block(inputs, outputs):
    return [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]


def separable_block(inputs, outputs, stride):
    return [
        nn.Conv2d(inputs, inputs, 3, stride=stride, padding=1, groups=inputs),
        nn.ReLU(),
        nn.Conv2d(inputs, outputs, 1),
        nn.ReLU(),
    ]


pooled = [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
cases = {
    "perceptron": (
        lambda: [nn.Linear(512, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, 256)],
        (128, 512),
        256,
    ),
    "convolutional": (
        lambda: [*conv_block(3, 32), *conv_block(32, 64), *conv_block(64, 128), *pooled, nn.Linear(128, 20)],
        (32, 3, 64, 64),
        20,
    ),
    "separable": (
        lambda: [
            nn.Conv2d(3, 32, 3, padding=1),
            nn.ReLU(),
            *separable_block(32, 64, 2),
            *separable_block(64, 128, 1),
            *separable_block(128, 128, 2),
            *separable_block(128, 128, 1),
            *pooled,
            nn.Linear(128, 20),
        ],
        (64, 3, 48, 36),
        20,
    ),
}

layers, shape, classes = cases[sys.argv[1]]
best = sys.argv[2] == "best"
model = nn.Sequential(*layers())
x = torch.rand(shape)
y = torch.arange(shape[0]) % classes
if best and len(shape) == 4:
    model = model.to(memory_format=torch.channels_last)
    x = x.to(memory_format=torch.channels_last)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, fused=best or None)
loss_of = nn.CrossEntropyLoss()


def step():
    optimizer.zero_grad()
    loss = loss_of(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


steps_when_asked(step, version=torch.__version__)
