"""PyTorch by default settings: steps of the network of embedding.bench.mjs over the batches of its folder, as many as each line of
standard input says; a JSON document on standard output for each."""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from stepped import steps_when_asked

folder = Path(sys.argv[1])
meta = json.loads((folder / "meta.json").read_text())
torch.set_num_threads(meta["threads"])

rows, width, classes = meta["rows"], meta["width"], meta["classes"]
bags = torch.nn.EmbeddingBag(rows, width, mode="mean", sparse=True)
head = torch.nn.Linear(width, classes)
with torch.no_grad():
    bags.weight.copy_(torch.from_numpy(np.fromfile(folder / "table.f32", np.float32).reshape(rows, width)))
    head.weight.copy_(torch.from_numpy(np.fromfile(folder / "head.f32", np.float32).reshape(width, classes)).T)
    head.bias.zero_()
loss_of = torch.nn.CrossEntropyLoss()
optimizer = torch.optim.Adagrad([*bags.parameters(), *head.parameters()], lr=meta["rate"])

ids = torch.from_numpy(np.fromfile(folder / "ids.i64", np.int64).reshape(meta["batches"], meta["batch"], -1))
labels = torch.from_numpy(np.fromfile(folder / "labels.i64", np.int64).reshape(meta["batches"], -1))
done = 0


def stepped():
    global done
    at = done % meta["batches"]
    optimizer.zero_grad()
    loss = loss_of(head(bags(ids[at])), labels[at])
    loss.backward()
    optimizer.step()
    done += 1
    return loss.item()


steps_when_asked(stepped)
