"""The table of a side-by-side run.   table.py LINES.jsonl"""
import json
import os
import platform
import statistics
import sys

every_line = [json.loads(line) for line in open(sys.argv[1]) if line.strip()]
lines = [line for line in every_line if not line["name"].startswith("growth ")]
growth = [line for line in every_line if line["name"].startswith("growth ")]
seconds, memory = {}, {}
for line in lines:
    per_million = line.get("t_1M_s", line.get("wall"))
    seconds.setdefault(line["name"], []).append(per_million)
    if "maxrss_mb" in line:
        memory.setdefault(line["name"], []).append(line["maxrss_mb"])
base = seconds["golive x2"]


def ratio(name, to):
    """Median of the ratios of what ran in the same round, or of medians where one ran once."""
    a, b = seconds[name], seconds[to]
    if len(a) == len(b):
        return statistics.median(x / y for x, y in zip(a, b))
    return statistics.median(a) / statistics.median(b)


def processor():
    try:
        names = [line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
        return f"{names[0]}, {len(names)} cores"
    except (OSError, IndexError):
        return f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores"


vectors = next((line["vectors"] for line in lines if "vectors" in line), "?")
print(f"Machine: {processor()}; kernels of golive: {vectors}. Python {platform.python_version()}.")
print(f"Seconds for a million iterations: median of {len(base)} rounds, in which all ran one after another.\n")
print("| job | seconds | times golive on the same job* | memory, MB |")
print("|---|---:|---:|---:|")
compared_with = {
    "golive x1": "golive x2",
    "numba-simd x1": "golive x1",
    "numba, whole process": "golive, whole process",
    "golive, november-2021 10 plans x2": "golive, november-2021 P1 x2",
}
for name in seconds:
    to = compared_with.get(name, "golive x2")
    alone = name in ("golive x2", "golive, whole process", "golive, november-2021 P1 x2")
    times = "" if alone else f"{ratio(name, to):.2f}"
    mb = f"{statistics.median(memory[name]):.0f}" if name in memory else ""
    print(f"| {name} | {statistics.median(seconds[name]):.4f} | {times} | {mb} |")
print("\n\\* one thread: times two threads; ten plans: times one plan.")
finishes = {line["name"]: line for line in lines if "p50" in line}
network = next(line for line in lines if line["name"] == "golive x2")["figures"]
figures = next(iter(network.values()))
print("\nThe same job: P50, P80, P(≤ 200)\n")
print("| job | P50 | P80 | P(≤ 200) |")
print("|---|---:|---:|---:|")
print(f"| golive | {figures['p50']:.2f} | {figures['p80']:.2f} | {figures['p_target']:.4f} |")
for name, line in finishes.items():
    print(f"| {name} | {line['p50']:.2f} | {line['p80']:.2f} | {line['p_target']:.4f} |")
print("\n## Growth\n\nGenerated networks, layers of ten, three links and a fifth of a risk each; one thread, median of 5.\n")
print("| activities | ns for an activity and iteration |")
print("|---:|---:|")
for line in growth:
    activities = int(line["name"].split()[1])
    print(f"| {activities:,} | {1000 * line['median_1M_s'] / activities:.2f} |")
