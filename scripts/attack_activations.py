"""Attacks a house model's activations in PyTorch: what src/model/attack does, faster on a CPU.

    npm run -s workings -- control attacks --model ladder-25k --backend torch

Answers lines of JSON on standard input, one each. A task has `contexts` [reps][s], `targets`
[reps][t], `positions` and the `layer` whose input is controlled. With `steps`, `rate` and `mask`
[reps][width] (1 where a channel is controlled) vectors are moved by Adam from zero; with
`perturbation`, base64 of f32 [reps, positions, width], the given ones are tried. The answer holds
`perturbation`, `steps`, and for each repetition `success` and `loss` in nats.
"""

import base64
import json
import math
import sys

import numpy as np
import torch
import torch.nn.functional as F

from train_lm import load_rounded


class Task:
    def __init__(self, model, task):
        self.model, self.layer, self.positions = model, task["layer"], task["positions"]
        contexts, self.targets = (torch.tensor(task[name]) for name in ("contexts", "targets"))
        self.before = contexts.shape[1] - 1
        ids = torch.cat([contexts, self.targets[:, :-1]], 1)
        with torch.no_grad():
            self.stream = model.stream(ids, self.layer)

    def logits(self, perturbation):
        """Of the places before each target: [reps, t, vocab]."""
        model, heads, width = self.model, self.model.config["heads"], self.model.config["width"]
        x = self.stream.index_add(1, torch.tensor(self.positions), perturbation)
        batch, tokens, _ = x.shape
        for layer in range(self.layer, model.config["depth"]):
            h = f"h.{layer}."
            qkv = model.linear(model.norm(x, h + "ln_1"), h + "attn.c_attn").split(width, -1)
            q, k, v = (part.view(batch, tokens, heads, -1).transpose(1, 2) for part in qkv)
            z = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            z = z.transpose(1, 2).reshape(batch, tokens, width)
            x = x + model.linear(z, h + "attn.c_proj")
            x = x + model.mlp(model.norm(x, h + "ln_2"), layer)
        return model.unembed(x[:, self.before :])

    def losses(self, logits):
        """Mean -log p of each repetition's targets, in nats."""
        return F.cross_entropy(logits.transpose(1, 2), self.targets, reduction="none").mean(1)

    def attack(self, mask, steps, rate):
        reps, width = mask.shape
        perturbation = torch.zeros(reps, len(self.positions), width, requires_grad=True)
        adam = torch.optim.Adam([perturbation], lr=rate)
        made = 0
        while made < steps:
            loss = self.losses(self.logits(perturbation))
            if loss.max().item() * self.targets.shape[1] < math.log(2):
                break
            (perturbation.grad,) = torch.autograd.grad(loss.sum(), perturbation)
            perturbation.grad *= mask[:, None]
            adam.step()
            made += 1
        return perturbation.detach(), made

    def outcome(self, perturbation):
        with torch.no_grad():
            logits = self.logits(perturbation)
        hits = (logits.argmax(-1) == self.targets).float().mean(1)
        return {"success": hits.tolist(), "loss": self.losses(logits).tolist()}


def answer(model, request):
    task = Task(model, request)
    if "perturbation" in request:
        data = np.frombuffer(base64.b64decode(request["perturbation"]), "<f4")
        shape = (len(request["targets"]), len(request["positions"]), -1)
        return task.outcome(torch.from_numpy(data.copy()).view(shape))
    mask = torch.tensor(request["mask"], dtype=torch.float32)
    perturbation, steps = task.attack(mask, request["steps"], request["rate"])
    data = base64.b64encode(perturbation.numpy().astype("<f4").tobytes()).decode()
    return {"perturbation": data, "steps": steps, **task.outcome(perturbation)}


def main():
    torch.set_num_threads(1)
    folder = sys.argv[1]
    with open(f"{folder}/training.json") as file:
        model = load_rounded(json.load(file), f"{folder}/model.safetensors")
    model.requires_grad_(False)
    for line in sys.stdin:
        print(json.dumps(answer(model, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
