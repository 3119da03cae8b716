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
start. A batch depends on the seed and the step alone, so a run that is killed goes on from its last
checkpoint as if nothing had happened.
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
CHUNK = 4


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
            else:
                scale = 0.02 / math.sqrt(2 * depth) if "c_proj" in name else 0.02
                value = torch.randn(shape) * scale
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


def batch_size(config, step):
    """Sequences in the batch of a step; the config lists [first step, sequences]."""
    return next(size for start, size in reversed(config["batch"]) if start <= step)


def sequences_before(config, step):
    """Sequences seen by the steps before this one."""
    ends = [start for start, _ in config["batch"][1:]] + [step]
    return sum(
        size * max(0, min(end, step) - start) for (start, size), end in zip(config["batch"], ends)
    )


class Corpus:
    """The packed tokens of one split, each labelled with the source of its document."""

    def __init__(self, folder, split):
        self.ids = np.fromfile(f"{folder}/{split}.bin", dtype="<u2")
        self.windows = None

    def batch(self, config, step):
        """Inputs and targets [batch, context]: windows of a seeded permutation, each once an epoch."""
        size, context = batch_size(config, step), config["context"]
        count = (len(self.ids) - 1) // context - 1
        epoch, at = divmod(sequences_before(config, step), count - count % 16)
        if self.windows is None or self.windows[0] != epoch:
            rng = np.random.default_rng([config["seed"], epoch])
            self.windows = (epoch, rng.integers(context), rng.permutation(count))
        _, shift, order = self.windows
        starts = order[at : at + size] * context + shift
        rows = np.stack([self.ids[start : start + context + 1] for start in starts]).astype(
            np.int64
        )
        rows = torch.from_numpy(rows)
        return rows[:, :-1], rows[:, 1:]


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


def learning_rate(config, step):
    """A warm-up and half a cosine for every cycle; the config lists [first step, peak rate]."""
    firsts = [first for first, _ in config["cycles"]] + [config["steps"]]
    cycle = max(i for i, first in enumerate(firsts[:-1]) if first <= step)
    first, last, peak = firsts[cycle], firsts[cycle + 1], config["cycles"][cycle][1]
    if step - first < config["warmup"]:
        return peak * (step - first + 1) / config["warmup"]
    share = (step - first - config["warmup"]) / max(1, last - first - config["warmup"])
    return peak * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * share)))


def kept_steps(config):
    """Ten steps spaced evenly in their logarithm, the last one the end of training."""
    return sorted({round(config["steps"] ** (0.3 + 0.7 * i / 9)) for i in range(10)})


def replace(path, write):
    """Writes beside the file, then renames: a killed process leaves no half-written one."""
    write(f"{path}.part")
    os.replace(f"{path}.part", path)


def train(folder, work, data):
    config = json.load(open(f"{folder}/training.json"))
    os.makedirs(work, exist_ok=True)
    model = Model(config)
    decayed = [p for p in model.parameters() if p.dim() > 1]
    plain = [p for p in model.parameters() if p.dim() == 1]
    optimizer = torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": config["weightDecay"]},
            {"params": plain, "weight_decay": 0},
        ],
        lr=learning_rate(config, 0),
        betas=(0.9, config["beta2"]),
        foreach=True,
    )
    corpus, heldout = Corpus(data, "train"), HeldOut(data)
    step, seconds = 0, 0.0
    state_path = f"{work}/state.pt"
    if os.path.exists(state_path):
        state = torch.load(state_path)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        step, seconds = state["step"], state["seconds"]
    log = open(f"{work}/log.jsonl", "a", buffering=1)
    log.write(json.dumps({"step": step, "starts": config}) + "\n")
    keep = set(kept_steps(config))
    started, saved, running = time.time() - seconds, time.time(), []

    def save():
        state = {
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "step": step,
            "seconds": time.time() - started,
        }
        replace(state_path, lambda path: torch.save(state, path))

    while step < config["steps"]:
        rate = learning_rate(config, step)
        for group in optimizer.param_groups:
            group["lr"] = rate
            group["betas"] = (0.9, config["beta2"])
        inputs, targets = corpus.batch(config, step)
        optimizer.zero_grad(set_to_none=True)
        loss = 0.0
        for part, wanted in zip(inputs.split(CHUNK), targets.split(CHUNK)):
            nats = F.cross_entropy(model(part).flatten(0, 1), wanted.flatten(), reduction="sum")
            (nats / targets.numel()).backward()
            loss += nats.item() / targets.numel()
        torch.nn.utils.clip_grad_norm_(model.parameters(), config["clip"])
        optimizer.step()
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
        if step % 500 == 0 or step == config["steps"]:
            row = {
                source: losses(model, heldout.windows(source, config["context"], 4)).mean().item()
                for source in heldout.documents
            }
            log.write(json.dumps({"step": step, "heldout": row}) + "\n")
        if time.time() - saved > 120 or step == config["steps"]:
            save()
            saved = time.time()


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
    sources = json.load(open(f"{os.path.dirname(__file__)}/../data/corpora/sources.json"))
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
            "train": mix["train"],
            "heldout": mix["heldout"],
            "heldout_overlap": mix["heldoutOverlap"],
        },
        "training": {
            **config,
            "steps_done": state["step"],
            "starts": [{"step": row["step"], **row["starts"]} for row in log if "starts" in row],
            "tokens_seen": sequences_before(config, state["step"]) * config["context"],
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
            "tasks": accuracy(model, probes),
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
