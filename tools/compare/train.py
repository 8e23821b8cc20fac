#!/usr/bin/env python3
"""Trains the same networks with `ddpm` and with PyTorch, in turns on this
machine, and prints the ratio of their rates: `make bench-train`.

A step of either is a batch of pictures of noise forward, backward and through
Adam. Ours also draws x_0 from a set and makes x_t of it, clips the gradient and
averages the weights; PyTorch is spared that. Before anything is timed, both
compute ε from one checkpoint: they must have as many parameters and agree to
1e-4, in ε and in the loss.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

try:
    import torch
except ImportError:
    sys.exit(
        f"{sys.executable} has no PyTorch to compare with. On Debian: apt install python3-torch; "
        "elsewhere: pip install torch numpy. PYTHON=/path/to/python3 chooses another Python."
    )

import tensors
from unet import Unet

TOLERANCE = 1e-4


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ddpm", default="tools/bin/ddpm", help="our program")
    parser.add_argument("--net", nargs="+", default=["base32", "base64"], help="names that ddpm init knows")
    parser.add_argument("--batch", type=int, default=64, help="ddpm bench trains on 64")
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count()))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3, help="of each measurement")
    parser.add_argument("--out", default="tools/bin/bench-train", help="folder for train.json")
    parser.add_argument("--readme", action="store_true", help="write the table into README.md too")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    os.makedirs(options.out, exist_ok=True)
    report = {"torch": torch.__version__, "threads": options.threads, "batch": options.batch}
    report["networks"] = [compare(options, name) for name in options.net]
    path = os.path.join(options.out, "train.json")
    with open(path + ".part", "w") as f:
        json.dump(report, f, indent=2)
        f.write("\n")
    os.replace(path + ".part", path)
    print(f"\n{path}")
    if options.readme:
        embed(table(report))


BEGIN = "<!-- bench-train: written by make bench-train BENCH_TRAIN=--readme -->"
END = "<!-- /bench-train -->"


def table(report):
    """The report in Markdown."""
    lines = [
        f"**Training, images a second, batch {report['batch']}, {report['threads']} threads**",
        "",
        f"| network | ours | PyTorch {report['torch']} | ours / PyTorch | efficiency |",
        "|---|---:|---:|---:|---:|",
    ]
    for net in report["networks"]:
        fastest = max(net["torch"].values())
        lines.append(f"| {net['network']} | {net['ours']:.1f} | {fastest:.1f} | {net['ratio']:.2f} | {net['efficiency']:.2f} |")
    lines += ["", "In turns on the same weights; PyTorch in the faster of its two layouts. "
              "Efficiency is the rate over that of one thread times the threads."]
    return "\n".join(lines)


def embed(text):
    """Puts text between the README's two comments."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "README.md")
    with open(path) as f:
        readme = f.read()
    begin, end = readme.find(BEGIN), readme.find(END)
    if begin < 0 or end < begin:
        sys.exit(f"README.md has no {BEGIN} … {END} to write between")
    with open(path + ".part", "w") as f:
        f.write(f"{readme[:begin + len(BEGIN)]}\n{text}\n\n{readme[end:]}")
    os.replace(path + ".part", path)


def compare(options, name):
    """Both trainers on one network, a measurement each in turn."""
    checkpoint = os.path.join(options.out, name + ".safetensors")
    ddpm(options, "init", "--net", name, "--out", checkpoint)
    metadata, weights = tensors.read(checkpoint)
    config = json.loads(metadata["config"])
    if config["attention_levels"]:
        sys.exit(f"{name} has attention, which tools/compare/unet.py does without")
    same = agreement(options, name, checkpoint, config, weights)
    peers = {layout: Peer(config, weights, options.batch, layout) for layout in ("nchw", "channels_last")}
    for peer in peers.values():
        peer.step()
    ours, theirs, efficiency = [], {layout: [] for layout in peers}, []
    for _ in range(options.rounds):
        for layout, peer in peers.items():
            rates = train_ours(options, name)
            ours.append(rates[options.threads])
            efficiency.append(rates[options.threads] / (options.threads * rates[1]))
            theirs[layout].append(peer.rate(options.seconds))
    ours, efficiency = statistics.median(ours), statistics.median(efficiency)
    theirs = {layout: statistics.median(rates) for layout, rates in theirs.items()}
    fastest = max(theirs, key=theirs.get)
    result = {"network": name, **same, "ours": ours, "torch": theirs, "ratio": ours / theirs[fastest]}
    result["efficiency"] = efficiency
    print(f"{name}, batch {options.batch}, {options.threads} threads, {same['parameters']} parameters, ", end="")
    print(f"ε agrees to {same['error_eps']:.1e}, the loss to {same['error_loss']:.1e}")
    for layout, rate in theirs.items():
        print(f"  PyTorch {torch.__version__} {layout:14}{rate:8.1f} images/s")
    print(f"  ddpm{ours:36.1f} images/s, {result['ratio']:.2f} times the faster", end="")
    print(f" (efficiency on {options.threads} threads {efficiency:.2f})", flush=True)
    return result


def ddpm(options, *arguments):
    return subprocess.run([options.ddpm, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def train_ours(options, name):
    """Images a second by number of threads."""
    report = json.loads(
        ddpm(options, "bench", "training", "--net", name, "--threads", str(options.threads),
             "--benchtime", f"{options.seconds}s", "--json")
    )
    if report["training"][0]["batch"] != options.batch:
        sys.exit(f"ddpm bench trains on batches of {report['training'][0]['batch']}, not {options.batch}")
    return {r["threads"]: r["images_per_s"] for r in report["training"]}


def agreement(options, name, checkpoint, config, weights):
    """That both are the same network; anything else ends the program."""
    model = Unet(config)
    parameters = sum(p.numel() for p in model.parameters())
    theirs = {n: list(p.shape) for n, p in model.named_parameters()}
    ours = {n: list(w.shape) for n, w in weights.items()}
    if ours != theirs:
        odd = sorted(set(map(str, ours.items())) ^ set(map(str, theirs.items())))
        sys.exit(f"{name}: the parameters differ: {odd}")
    model.load_state_dict(weights)
    size, channels, n = config["image_size"], config["in_channels"], 4
    x, target = torch.randn(2, n, channels, size, size)
    t, y = torch.randint(0, 1000, (n,)), torch.randint(0, config["num_classes"], (n,))
    given, made = (os.path.join(options.out, f) for f in ("in.safetensors", "eps.safetensors"))
    tensors.write(given, {"x": x, "t": t, "y": y})
    ddpm(options, "eps", "--model", checkpoint, "--in", given, "--out", made)
    eps = tensors.read(made)[1]["eps"]
    with torch.no_grad():
        wanted = model(x, t.float(), y)
    losses = [((e - target) ** 2).mean().item() for e in (eps, wanted)]
    error_eps = ((eps - wanted).norm() / wanted.norm()).item()
    error_loss = abs(losses[0] - losses[1]) / losses[1]
    if not max(error_eps, error_loss) < TOLERANCE:
        sys.exit(f"{name}: ε differs by {error_eps:.1e}, the loss by {error_loss:.1e}; want {TOLERANCE:.0e} at most")
    return {"parameters": parameters, "error_eps": error_eps, "error_loss": error_loss}


class Peer:
    """A network that PyTorch trains."""

    def __init__(self, config, weights, batch, layout):
        self.layout = torch.channels_last if layout == "channels_last" else torch.contiguous_format
        self.model = Unet(config)
        self.model.load_state_dict(weights)
        self.model = self.model.to(memory_format=self.layout)
        size = config["image_size"]
        self.x = torch.randn(batch, config["in_channels"], size, size).contiguous(memory_format=self.layout)
        self.classes = config["num_classes"]
        self.adam = torch.optim.Adam(self.model.parameters(), 1e-4)

    def step(self):
        n = len(self.x)
        t, y = torch.randint(0, 1000, (n,)).float(), torch.randint(0, self.classes, (n,))
        loss = ((self.model(self.x, t, y) - torch.randn_like(self.x)) ** 2).mean()
        self.adam.zero_grad(set_to_none=True)
        loss.backward()
        self.adam.step()

    def rate(self, seconds):
        """Images a second, once warm."""
        self.step()
        start, steps = time.perf_counter(), 0
        while time.perf_counter() - start < seconds:
            self.step()
            steps += 1
        return steps * len(self.x) / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
