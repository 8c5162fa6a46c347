"""PyTorch by default settings: steps of the network of embedding.bench.mjs over the batches of its folder, as many as each line of
standard input says; a JSON document on standard output for each."""

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

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


def memory_at_peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


for line in sys.stdin:
    wall, cpu, losses = [], [], []
    for _ in range(int(line)):
        before, start = time.process_time(), time.perf_counter()
        losses.append(stepped())
        wall.append(1000 * (time.perf_counter() - start))
        cpu.append(1000 * (time.process_time() - before))
    print(json.dumps({"wall": wall, "cpu": cpu, "losses": losses, "peak": memory_at_peak()}), flush=True)
