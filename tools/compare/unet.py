"""The ancestor's U-Net in PyTorch, under its parameter names."""

import math

import torch
import torch.nn.functional as F
from torch import nn

GROUPS, TIME_WIDTH = 8, 32


class Block(nn.Module):
    def __init__(self, inputs, outputs, emb):
        super().__init__()
        self.norm1 = nn.GroupNorm(GROUPS, inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.norm2 = nn.GroupNorm(GROUPS, outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.emb_proj = nn.Linear(emb, outputs)
        self.skip = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x, emb):
        h = self.conv1(F.silu(self.norm1(x)))
        h = h + self.emb_proj(emb)[:, :, None, None]
        return self.conv2(F.silu(self.norm2(h))) + self.skip(x)


class Stage(nn.Module):
    """One level of the way down or up."""

    def __init__(self, inputs, outputs, emb):
        super().__init__()
        self.block = Block(inputs, outputs, emb)

    def forward(self, x, emb):
        return self.block(x, emb)


class Unet(nn.Module):
    """Without attention: the networks that are compared have none."""

    def __init__(self, config):
        super().__init__()
        channels, base, depth = config["in_channels"], config["base_ch"], config["depth"]
        emb = config["emb_ch"]
        self.time_mlp = nn.Sequential(nn.Identity(), nn.Linear(TIME_WIDTH, emb), nn.SiLU(), nn.Linear(emb, emb))
        self.label_emb = nn.Embedding(config["num_classes"], emb)
        self.init_conv = nn.Conv2d(channels, base, 3, padding=1)
        widths = [base * 2**i for i in range(depth + 1)]
        self.downs = nn.ModuleList(Stage(a, b, emb) for a, b in zip(widths, widths[1:]))
        self.bot = Block(widths[-1], widths[-1], emb)
        self.ups = nn.ModuleList(Stage(2 * b, a, emb) for a, b in reversed(list(zip(widths, widths[1:]))))
        self.out_conv = nn.Sequential(
            nn.GroupNorm(GROUPS, base), nn.SiLU(), nn.Conv2d(base, config["out_channels"], 3, padding=1)
        )

    def forward(self, x, t, y):
        half = TIME_WIDTH // 2
        angles = t[:, None] * torch.exp(-math.log(10000) * torch.arange(half) / (half - 1))[None]
        emb = self.time_mlp(torch.cat([angles.sin(), angles.cos()], 1)) + self.label_emb(y)
        x, skips = self.init_conv(x), []
        for down in self.downs:
            x = down(x, emb)
            skips.append(x)
            x = F.avg_pool2d(x, 2)
        x = self.bot(x, emb)
        for up in self.ups:
            x = F.interpolate(x, scale_factor=2.0, mode="nearest")
            x = up(torch.cat([x, skips.pop()], 1), emb)
        return self.out_conv(x)
