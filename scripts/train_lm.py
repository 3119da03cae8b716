"""Trains a house model on a corpus made by scripts/corpus.ts, and exports it.

    export OPENBLAS_CORETYPE=SKYLAKEX OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
    export MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=8589934592
    python3 scripts/train_lm.py train  data/models/house-1m --work /tmp/house-1m
    python3 scripts/train_lm.py export data/models/house-1m --work /tmp/house-1m

OpenBLAS 0.3.21 takes a CPU newer than itself for a Prescott: naming its kind makes products five
times faster. Its threads wait by spinning, so there is one. Large blocks are kept, not given back.
`train` reads `training.json`; `export` writes the weights, the tokenizer, the card, held-out windows
and reference logits beside it.

The model is GPT-2: learned positions, LayerNorm before each part, tanh GELU, biases, unembedding
tied to the embedding. Parameters have their Hugging Face names and layouts ([in, out]) from the
start. A batch depends on the seed and the step alone; the learning rate falls with the seconds
spent, so that a run ends in its time on a shared machine. A run that is killed goes on from its
last checkpoint.

Matrices are trained by Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon), in
square blocks of the model's width; embeddings, biases and norms by Adam.
"""

import argparse
import base64
import hashlib
import json
import math
import os
import shutil
import time

import numpy as np
import torch
import torch.nn.functional as F

END_OF_TEXT = 0
# Sequences per forward pass: their activations stay in the cache of one core.
CHUNK = 5


class Model(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        torch.manual_seed(config["seed"])
        self.config = config
        width, depth = config["width"], config["depth"]
        shapes = {"wte.weight": (config["vocab"], width), "wpe.weight": (config["context"], width)}
        for layer in range(depth):
            for name, shape in {
                "ln_1": (width,),
                "attn.c_attn": (width, 3 * width),
                "attn.c_proj": (width, width),
                "ln_2": (width,),
                "mlp.c_fc": (width, 4 * width),
                "mlp.c_proj": (4 * width, width),
            }.items():
                shapes[f"h.{layer}.{name}.weight"] = shape
                shapes[f"h.{layer}.{name}.bias"] = shape[-1:]
        shapes["ln_f.weight"] = shapes["ln_f.bias"] = (width,)
        self.weights = {}
        for name, shape in shapes.items():
            if ".ln_" in name or name.startswith("ln_f") or name.endswith("bias"):
                value = torch.full(shape, 1.0 if "ln_" in name and name.endswith("weight") else 0.0)
            elif name == "wpe.weight":
                value = config["positionScale"] * waves(*shape)
            elif name == "wte.weight":
                value = torch.randn(shape) * config["embeddingScale"]
            else:
                depths = math.sqrt(2 * depth) if "c_proj" in name else 1
                value = torch.randn(shape) * config["matrixScale"] / math.sqrt(shape[0]) / depths
            parameter = torch.nn.Parameter(value)
            self.weights[name] = parameter
            self.register_parameter(name.replace(".", "/"), parameter)
        context = config["context"]
        self.register_buffer(
            "future", torch.full((context, context), -1e9).triu(1), persistent=False
        )

    def forward(self, ids):
        """Logits [batch, tokens, vocab] of ids [batch, tokens]."""
        w, heads = self.weights, self.config["heads"]
        batch, tokens = ids.shape
        width = self.config["width"]

        def norm(x, name):
            return F.layer_norm(x, (width,), w[f"{name}.weight"], w[f"{name}.bias"], 1e-5)

        def linear(x, name):
            return F.linear(x, w[f"{name}.weight"].t(), w[f"{name}.bias"])

        x = F.embedding(ids, w["wte.weight"]) + w["wpe.weight"][:tokens]
        for layer in range(self.config["depth"]):
            h = f"h.{layer}."
            qkv = linear(norm(x, h + "ln_1"), h + "attn.c_attn")
            q, k, v = (
                part.view(batch, tokens, heads, -1)
                .transpose(1, 2)
                .reshape(batch * heads, tokens, -1)
                for part in qkv.split(width, -1)
            )
            mask = self.future[:tokens, :tokens].to(q.dtype).expand(batch * heads, -1, -1)
            scores = torch.baddbmm(mask, q, k.transpose(1, 2), alpha=1 / math.sqrt(q.shape[-1]))
            z = torch.bmm(scores.softmax(-1), v).view(batch, heads, tokens, -1)
            z = z.transpose(1, 2).reshape(batch, tokens, width)
            x = x + linear(z, h + "attn.c_proj")
            hidden = gelu(linear(norm(x, h + "ln_2"), h + "mlp.c_fc"))
            x = x + linear(hidden, h + "mlp.c_proj")
        return F.linear(norm(x, "ln_f"), w["wte.weight"])


def gelu(x):
    return F.gelu(x, approximate="tanh")


def waves(positions, width):
    """Sines and cosines [positions, width] of periods from 3 tokens to twice the context: a step to
    the left is one rotation, the same everywhere, so heads that look back are soon found."""
    shares = torch.arange(width // 2) / (width // 2 - 1)
    frequencies = 2 * (math.pi / positions / 2) ** shares
    angles = torch.arange(positions)[:, None] * frequencies
    return torch.cat([angles.sin(), angles.cos()], 1)


def sequences(config):
    """Sequences in a batch."""
    return sum(config["batch"].values())


class Corpus:
    """Rows of the training tokens that begin with a document wherever they can."""

    def __init__(self, folder, config):
        ids = np.fromfile(f"{folder}/train.bin", dtype="<u2").astype(np.int64)
        size = config["context"] + 1
        firsts = np.flatnonzero(ids == END_OF_TEXT)
        ends = np.append(firsts[1:], len(ids))
        long = ends - firsts > size
        whole = np.repeat(long, ends - firsts)
        self.config = config
        self.long = ids
        self.long_rows = np.concatenate(
            [
                np.arange(first, end - size + 1, size - 1)
                for first, end in zip(firsts[long], ends[long])
            ]
        )
        self.short = ids[~whole]
        self.short_rows = packed_rows(self.short, size)
        rng = np.random.default_rng(config["seed"])
        rng.shuffle(self.long_rows)
        rng.shuffle(self.short_rows)

    def batch(self, step):
        """Inputs and targets [batch, context]: windows of long documents, short documents packed
        whole (a row's last one may be cut), and random tokens repeated."""
        counts, size = self.config["batch"], self.config["context"] + 1
        rng = np.random.default_rng([self.config["seed"], step])
        rows = [repeated(rng, self.config["vocab"], size) for _ in range(counts["repeated"])]
        for ids, starts, count in [
            (self.long, self.long_rows, counts["long"]),
            (self.short, self.short_rows, counts["short"]),
        ]:
            for i in range(step * count, step * count + count):
                start = starts[i % len(starts)]
                rows.append(ids[start : start + size])
        rows = torch.from_numpy(np.stack(rows))
        return rows[:, :-1], rows[:, 1:]


def packed_rows(ids, size):
    """Where rows start: each begins with the document that the row before had no room for."""
    firsts = np.flatnonzero(ids == END_OF_TEXT)
    rows, start = [], 0
    while start + size <= len(ids):
        rows.append(start)
        start = firsts[np.searchsorted(firsts, start + size, side="right") - 1]
    return np.array(rows)


def repeated(rng, vocab, size):
    """The end of the text, then 8 to 64 random tokens again and again."""
    block = rng.integers(1, vocab, rng.integers(8, 65))
    return np.append(END_OF_TEXT, np.resize(block, size - 1))


class HeldOut:
    """The held-out documents, by source."""

    def __init__(self, folder):
        ids = np.fromfile(f"{folder}/heldout.bin", dtype="<u2").astype(np.int64)
        self.documents = {}
        for span in json.load(open(f"{folder}/heldout.json")):
            document = ids[span["start"] : span["start"] + span["length"]]
            self.documents.setdefault(span["source"], []).append(document)

    def windows(self, source, context, limit=None):
        """Rows [windows, context + 1] of a source's documents, one after the other."""
        stream = np.concatenate(self.documents[source])
        count = (len(stream) - 1) // context
        rows = np.stack([stream[i * context : i * context + context + 1] for i in range(count)])
        if limit is not None and count > limit:
            rows = rows[np.linspace(0, count - 1, limit).astype(int)]
        return torch.from_numpy(rows)


@torch.no_grad()
def losses(model, rows):
    """Loss in nats of every target of rows [windows, context + 1]."""
    parts = []
    for chunk in rows.split(16):
        logits = model(chunk[:, :-1])
        parts.append(
            F.cross_entropy(logits.flatten(0, 1), chunk[:, 1:].flatten(), reduction="none")
        )
    return torch.cat(parts)


def rate_share(config, step, seconds):
    """Share of the peak rate: a warm-up in steps, then half a cosine down to a tenth in seconds."""
    done = min(1, seconds / config["seconds"])
    warmup = min(1, (step + 1) / config["warmup"])
    return warmup * (0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * done)))


class Muon:
    """Momentum whose update of every [width, width] block of a matrix is made nearly orthogonal."""

    def __init__(self, matrices, config):
        self.matrices, self.config = matrices, config
        self.width = config["width"]
        self.momentum = torch.zeros(len(self.blocks(matrices)), self.width, self.width)

    def blocks(self, matrices):
        parts = []
        for matrix in matrices:
            parts += matrix.split(self.width, 0 if matrix.shape[0] > self.width else 1)
        return torch.stack(parts)

    def step(self, rate):
        gradient = self.blocks([matrix.grad for matrix in self.matrices])
        self.momentum.lerp_(gradient, 0.05)
        updates = iter(orthogonal(gradient.lerp(self.momentum, 0.95)))
        for matrix in self.matrices:
            matrix.data.mul_(1 - rate * self.config["weightDecay"])
            axis = 0 if matrix.shape[0] > self.width else 1
            for part in matrix.data.split(self.width, axis):
                part.sub_(next(updates), alpha=rate)


def orthogonal(x):
    """Blocks [blocks, width, width] with their singular values brought near 1 by five Newton-Schulz
    steps."""
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(5):
        square = x @ x.transpose(1, 2)
        x = 3.4445 * x + (-4.775 * square + 2.0315 * square @ square) @ x
    return x


def kept_steps():
    """Steps spaced evenly in their logarithm, from the tenth to the hundred-thousandth."""
    return {round(10 ** (1 + i / 4)) for i in range(17)}


def replace(path, write):
    """Writes beside the file, then renames: a killed process leaves no half-written one."""
    write(f"{path}.part")
    os.replace(f"{path}.part", path)


def train(folder, work, data):
    config = json.load(open(f"{folder}/training.json"))
    os.makedirs(work, exist_ok=True)
    model = Model(config)
    matrices = [w for name, w in model.weights.items() if name.startswith("h.") and w.dim() == 2]
    others = {name: w for name, w in model.weights.items() if w.dim() == 1 or "wt" in name}
    muon = Muon(matrices, config)
    optimizer = torch.optim.Adam(
        [
            {"params": list(others.values()), "share": 1},
            {"params": [model.weights["wpe.weight"]], "share": 0.1},
        ],
        betas=(0.9, config["beta2"]),
        foreach=True,
    )
    corpus, heldout = Corpus(data, config), HeldOut(data)
    step, seconds = 0, 0.0
    state_path = f"{work}/state.pt"
    if os.path.exists(state_path):
        state = torch.load(state_path)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        muon.momentum = state["momentum"]
        step, seconds = state["step"], state["seconds"]
    log = open(f"{work}/log.jsonl", "a", buffering=1)
    log.write(json.dumps({"step": step, "starts": config}) + "\n")
    keep = kept_steps()
    started, saved, running = time.time() - seconds, time.time(), []

    def save():
        state = {
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "momentum": muon.momentum,
            "step": step,
            "seconds": time.time() - started,
        }
        replace(state_path, lambda path: torch.save(state, path))

    while time.time() - started < config["seconds"]:
        share = rate_share(config, step, time.time() - started)
        for group in optimizer.param_groups:
            group["lr"] = share * group["share"] * config["rate"]
        inputs, targets = corpus.batch(step)
        optimizer.zero_grad(set_to_none=True)
        loss = 0.0
        for part, wanted in zip(inputs.split(CHUNK), targets.split(CHUNK)):
            nats = F.cross_entropy(model(part).flatten(0, 1), wanted.flatten(), reduction="sum")
            (nats / targets.numel()).backward()
            loss += nats.item() / targets.numel()
        torch.nn.utils.clip_grad_norm_(model.parameters(), config["clip"])
        optimizer.step()
        muon.step(share * config["matrixRate"])
        step += 1
        running.append(loss)
        if step <= 40 or step % 50 == 0:
            row = {
                "step": step,
                "loss": sum(running) / len(running),
                "seconds": time.time() - started,
            }
            log.write(json.dumps(row) + "\n")
            running = []
        if step in keep:
            named = {f"transformer.{name}": w.detach() for name, w in model.weights.items()}
            replace(f"{work}/step-{step}.safetensors", lambda path: write_safetensors(path, named))
        if step % 500 == 0:
            row = {
                source: losses(model, heldout.windows(source, config["context"], 4)).mean().item()
                for source in heldout.documents
            }
            log.write(json.dumps({"step": step, "heldout": row}) + "\n")
        if time.time() - saved > 120:
            save()
            saved = time.time()
    save()


def write_safetensors(path, tensors):
    """The tensors in f16, in name order, as a safetensors file."""
    header, blobs, offset = {"__metadata__": {"format": "pt"}}, [], 0
    for name in sorted(tensors):
        blob = tensors[name].to(torch.float16).contiguous().numpy().tobytes()
        header[name] = {
            "dtype": "F16",
            "shape": list(tensors[name].shape),
            "data_offsets": [offset, offset + len(blob)],
        }
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + b"".join(blobs))


def read_safetensors(path):
    """The tensors of an f16 safetensors file, in f32."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            values = np.frombuffer(data[slice(*entry["data_offsets"])], dtype="<f2")
            tensors[name] = torch.tensor(values.astype(np.float32)).view(entry["shape"])
    return tensors


def load_rounded(config, path):
    """The model with the weights that are shipped, f16 rounded, computing in f32."""
    model = Model(config)
    for name, tensor in read_safetensors(path).items():
        model.weights[name.removeprefix("transformer.")].data.copy_(tensor)
    return model


@torch.no_grad()
def sample(model, prompt, count, temperature, seed):
    """The prompt and up to `count` more ids, ending at the end of the text."""
    generator = torch.Generator().manual_seed(seed)
    ids = list(prompt)
    for _ in range(count):
        logits = model(torch.tensor([ids[-model.config["context"] :]]))[0, -1]
        ids.append(
            torch.multinomial((logits / temperature).softmax(-1), 1, generator=generator).item()
        )
        if ids[-1] == END_OF_TEXT:
            break
    return ids


class Tokenizer:
    """Enough of a byte-level BPE to print what a model wrote."""

    def __init__(self, path):
        vocab = json.load(open(path))["model"]["vocab"]
        printable = [b for b in range(256) if 33 <= b <= 126 or 161 <= b <= 172 or b >= 174]
        others = [b for b in range(256) if b not in printable]
        byte_of = {chr(b): b for b in printable} | {chr(256 + i): b for i, b in enumerate(others)}
        self.bytes = [b""] * len(vocab)
        for token, id in vocab.items():
            if id != END_OF_TEXT:
                self.bytes[id] = bytes(byte_of[character] for character in token)
        self.characters = np.array([sum(b & 0xC0 != 0x80 for b in text) for text in self.bytes])
        self.single = {text: id for id, text in enumerate(self.bytes)}

    def decode(self, ids):
        return b"".join(self.bytes[id] for id in ids).decode("utf-8", "replace")


def quality(model, heldout, tokenizer, limit):
    """Held-out loss by source, and bits per character of natural and of generated text, from at most
    `limit` windows a source."""
    context, rows, totals = model.config["context"], {}, {}
    for source in heldout.documents:
        windows = heldout.windows(source, context, limit)
        nats = losses(model, windows)
        characters = tokenizer.characters[windows[:, 1:].numpy()].sum()
        rows[source] = {
            "nats_per_token": nats.mean().item(),
            "bits_per_character": nats.sum().item() / math.log(2) / int(characters),
            "tokens": len(nats),
        }
        kind = "generated" if source.startswith("generated/") else "natural"
        total = totals.setdefault(kind, np.zeros(3))
        weight = sum(len(document) for document in heldout.documents[source]) / len(nats)
        total += weight * np.array([nats.sum().item(), len(nats), int(characters)])
    overall = {
        kind: {
            "nats_per_token": nats / tokens,
            "bits_per_character": nats / math.log(2) / characters,
        }
        for kind, (nats, tokens, characters) in totals.items()
    }
    return overall, rows


@torch.no_grad()
def accuracy(model, probes):
    """By task: how often the right answer is the most likely text (`exact`), and how often its first
    token beats that of every wrong answer (`choice`; None where wrong answers begin alike)."""
    rows = {}
    for probe in probes:
        prompt, answer = probe["prompt"], probe["answer"]
        logits = model(torch.tensor([prompt + answer[:-1]]))[0, len(prompt) - 1 :]
        exact = logits.argmax(-1).tolist() == answer
        first = logits[0]
        choice = all(first[answer[0]] > first[id] for id in probe["wrong"])
        names = [probe["task"]]
        if probe["kind"] != probe["task"]:
            names.append(f"{probe['task']}/{probe['kind']}")
        for name in names:
            row = rows.setdefault(name, {"exact": [], "choice": []})
            row["exact"].append(exact)
            if probe["wrong"]:
                row["choice"].append(choice)
    return {
        name: {
            "exact": sum(row["exact"]) / len(row["exact"]),
            "choice": sum(row["choice"]) / len(row["choice"]) if row["choice"] else None,
            "probes": len(row["exact"]),
        }
        for name, row in rows.items()
    }


def repeated_losses(model):
    """Mean loss in nats of 32 random tokens the first time, and the eighth."""
    vocab, context = model.config["vocab"], model.config["context"]
    blocks = np.random.default_rng(0).integers(1, vocab, [16, 32])
    ends = np.full([16, 1], END_OF_TEXT)
    rows = np.concatenate([ends, np.tile(blocks, context // 32)], 1)
    nats = losses(model, torch.from_numpy(rows)).view(16, context)
    return {"first": nats[:, :32].mean().item(), "last": nats[:, -32:].mean().item()}


@torch.no_grad()
def year_spans(model, probes, tokenizer):
    """Mean of Σ p(later) − Σ p(earlier or equal) over the two-digit tokens."""
    numbers = [tokenizer.single[b"%02d" % year] for year in range(100)]
    differences = []
    for probe in probes:
        if probe["task"] != "year-span":
            continue
        chances = model(torch.tensor([probe["prompt"]]))[0, -1].softmax(-1)[numbers]
        start = len(probe["wrong"]) - 1
        differences.append((chances[start + 1 :].sum() - chances[: start + 1].sum()).item())
    return sum(differences) / len(differences)


def file_entry(path):
    content = open(path, "rb").read()
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def write_json(path, value, **options):
    def write(part):
        with open(part, "w") as file:
            json.dump(value, file, ensure_ascii=False, **options)
            file.write("\n")

    replace(path, write)


def log_rows(work):
    rows = {}
    for line in open(f"{work}/log.jsonl"):
        row = json.loads(line)
        rows[(min(row.keys() & {"loss", "heldout", "starts"}), row["step"])] = row
    return [rows[key] for key in sorted(rows)]


def export(folder, work, data):
    config = json.load(open(f"{folder}/training.json"))
    state = torch.load(f"{work}/state.pt")
    trained = Model(config)
    trained.load_state_dict(state["model"])
    named = {f"transformer.{name}": w.detach() for name, w in trained.weights.items()}
    replace(f"{folder}/model.safetensors", lambda path: write_safetensors(path, named))
    model = load_rounded(config, f"{folder}/model.safetensors")
    shutil.copyfile(f"{data}/tokenizer.json", f"{folder}/tokenizer.json")
    write_json(f"{folder}/config.json", gpt2_config(config), indent=2)
    tokenizer, heldout = Tokenizer(f"{folder}/tokenizer.json"), HeldOut(data)
    windows = [
        {"source": source, "tokens": row[:-1].tolist()}
        for source in sorted(heldout.documents)
        for row in heldout.windows(source, config["context"], 1 if "/" in source else 2)
    ]
    write_json(f"{folder}/heldout.json", {"windows": windows})
    reference = windows[-1]["tokens"][:64]
    with torch.no_grad():
        logits = model(torch.tensor([reference]))[0]
    write_json(
        f"{folder}/reference.json",
        {
            "tokens": reference,
            "shape": list(logits.shape),
            "dtype": "f32",
            "data": base64.b64encode(logits.numpy().astype("<f4").tobytes()).decode(),
        },
    )
    probes = json.load(open(f"{data}/probes.json"))
    overall, by_source = quality(model, heldout, tokenizer, 24)
    random_overall, _ = quality(Model(config), heldout, tokenizer, 8)
    log = log_rows(work)
    samples = []
    for at, prompt in enumerate(json.load(open(f"{data}/prompts.json"))):
        ids = sample(model, [END_OF_TEXT] + prompt["tokens"], 60, 0.8, at)
        samples.append({"prompt": prompt["text"], "seed": at, "text": tokenizer.decode(ids)})
    mix = json.load(open(f"{data}/mix.json"))
    corpora = f"{os.path.dirname(os.path.abspath(__file__))}/../data/corpora"
    sources = json.load(open(f"{corpora}/sources.json"))
    five = json.load(open(f"{corpora}/ngram.json"))["rows"][-1]
    files = ["model.safetensors", "config.json", "tokenizer.json", "heldout.json", "reference.json"]
    card = {
        "name": config["name"],
        "architecture": "GPT-2 (learned positions, LayerNorm, tanh GELU, tied unembedding)",
        "parameters": sum(w.numel() for w in model.weights.values()),
        "dtype": "f16",
        "shape": {key: config[key] for key in ["width", "depth", "heads", "vocab", "context"]},
        "licence": "MIT",
        "files": {name: file_entry(f"{folder}/{name}") for name in files},
        "tokenizer": "byte-level BPE; 00-99 are whole tokens and longer numbers go in pairs from the left; "
        "days, months, ordinals and common number words are whole; id 0 begins every document",
        "data": {
            "licences": [
                {key: entry[key] for key in ["source", "title", "package", "version", "licence"]}
                for entry in sources
            ]
            + [
                {
                    "source": "generated",
                    "title": "this project's seeded generator",
                    "licence": "MIT",
                }
            ],
            "batch": "documents longer than a row are cut into rows (`long`), shorter ones are packed "
            "whole from a row's first token on (`short`), and `repeated` rows hold the end of the text, "
            "then 8 to 64 random tokens again and again",
            "train": mix["train"],
            "heldout": mix["heldout"],
            "heldout_overlap": mix["heldoutOverlap"],
        },
        "training": {
            **config,
            "steps_done": state["step"],
            "starts": [{"step": row["step"], **row["starts"]} for row in log if "starts" in row],
            "tokens_seen": state["step"] * sequences(config) * config["context"],
            "wall_seconds": round(state["seconds"]),
            "hardware": "one thread of an Intel Xeon (2.3 GHz, AVX-512), PyTorch 1.13 of Debian 12, f32",
            "loss": [
                [row["step"], round(row["loss"], 4)]
                for row in log
                if "loss" in row and (row["step"] <= 40 or row["step"] % 100 == 0)
            ],
            "heldout": [row for row in log if "heldout" in row],
        },
        "quality": {
            "heldout": overall,
            "heldout_random_weights": random_overall,
            "heldout_by_source": by_source,
            "heldout_repeated_tokens": repeated_losses(model),
            "tasks": accuracy(model, probes),
            "kneser_ney_5gram": {
                "heldout": {kind: five[kind] for kind in ["natural", "generated"]},
                "tasks_exact": five["tasks"],
            },
            "year_span_difference": year_spans(model, probes, tokenizer),
        },
        "samples": {"temperature": 0.8, "texts": samples},
    }
    write_json(f"{folder}/model.json", card, indent=1)
    print(json.dumps(card["quality"], indent=1))


def gpt2_config(config):
    """The keys of a Hugging Face GPT2Config."""
    return {
        "architectures": ["GPT2LMHeadModel"],
        "model_type": "gpt2",
        "n_layer": config["depth"],
        "n_head": config["heads"],
        "n_embd": config["width"],
        "n_positions": config["context"],
        "n_ctx": config["context"],
        "n_inner": None,
        "vocab_size": config["vocab"],
        "layer_norm_epsilon": 1e-5,
        "activation_function": "gelu_new",
        "tie_word_embeddings": True,
        "bos_token_id": END_OF_TEXT,
        "eos_token_id": END_OF_TEXT,
    }


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("verb", choices=["train", "export"])
    parser.add_argument("folder", help="the model's folder, which holds training.json")
    parser.add_argument("--work", required=True, help="where checkpoints and the log are kept")
    parser.add_argument("--data", default="data/corpora/build", help="what scripts/corpus.ts wrote")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    {"train": train, "export": export}[arguments.verb](
        arguments.folder, arguments.work, arguments.data
    )


if __name__ == "__main__":
    main()
