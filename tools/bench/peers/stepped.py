"""Does steps when it is asked, as a racer is asked: a number of steps on each line of standard input, a JSON document on standard output for each."""

import json
import sys
import time


def memory_at_peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def steps_when_asked(step, **facts):
    for line in sys.stdin:
        wall, cpu, losses = [], [], []
        for _ in range(int(line)):
            before, at = time.process_time(), time.perf_counter()
            losses.append(step())
            wall.append((time.perf_counter() - at) * 1000)
            cpu.append((time.process_time() - before) * 1000)
        print(json.dumps({"wall": wall, "cpu": cpu, "losses": losses, "peak": memory_at_peak(), **facts}), flush=True)
