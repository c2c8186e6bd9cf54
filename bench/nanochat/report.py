"""The report as Markdown."""

import statistics

PUBLISHED = {
    "val_bpb": "0.997900",
    "tokens_per_second": "1,665,000",
    "mfu_percent": "39.80",
    "peak_vram_mb": "45,060",
    "training_seconds": "300.1",
    "not_training_seconds": "25.8",
    "num_steps": "953",
    "num_params_M": "50.3",
}
"""One run on an H100, with FlashAttention 3, on another text."""


def markdown(report: dict) -> str:
    machine, trials = report["machine"], [each for each in report.get("trials", []) if "failed" not in each]
    lines = [
        f"Measured {report['date']} on {machine['name']}"
        + (f" ({machine['memory_gb']} GB, CUDA {machine['cuda']})" if machine["device"] == "cuda" else f" ({machine['cores']} cores)")
        + f", PyTorch {machine['torch']}, size `{report['size']}`.",
        "",
    ]
    if "data" in report:
        tokens = report["data"]["tokens"]
        lines += [
            f"Text: {report['data']['text']}; {tokens['training'] / 1e6:.1f} M tokens for training, "
            f"{tokens['validation'] / 1e6:.2f} M for validation, prepared in {report['data']['prepared_in']} s. "
            "`val_bpb` on this text compares with nothing measured on another.",
            "",
        ]
    lines += trial_table(report, trials)
    if "attention" in report:
        lines += ["| attention, forward and backward | window | ms |", "| --- | --- | --- |"]
        lines += [f"| {row['kernel']} | {row['window']} | {row.get('ms', row.get('failed'))} |" for row in report["attention"]]
        lines.append("")
    if "precision" in report:
        lines += [f"Relative error of a matrix product: bf16 {report['precision']['bf16']:.1e}, float32 {report['precision']['float32']:.1e}.", ""]
    if "profile" in report:
        lines += ["| operation | calls a step | ms a step |", "| --- | --- | --- |"]
        lines += [f"| `{row['operation']}` | {row['calls']} | {row['ms']} |" for row in report["profile"]]
        lines.append("")
    return "\n".join(lines)


def trial_table(report: dict, trials: list[dict]) -> list[str]:
    if not trials:
        return []
    names = [name for name in PUBLISHED if name in trials[0]]
    is_gpu = report["size"] == "gpu"
    heads = ["figure", "first trial", *(["median of the others"] if len(trials) > 1 else []), *(["published, H100"] if is_gpu else [])]
    lines = [f"{len(trials)} trials of {report['train_seconds']} s of training; attention: {trials[0]['machine']}.", ""]
    lines += ["| " + " | ".join(heads) + " |", "| " + " | ".join("---" for _ in heads) + " |"]
    for name in names:
        cells = [name, show(trials[0][name])]
        if len(trials) > 1:
            cells.append(show(statistics.median(each[name] for each in trials[1:])))
        if is_gpu:
            cells.append(PUBLISHED[name])
        lines.append("| " + " | ".join(cells) + " |")
    lines.append("")
    if len(trials) > 1:
        values = [each["val_bpb"] for each in trials]
        lines += [f"Noise between seeds: standard deviation {statistics.stdev(values):.5f} of val_bpb over {len(values)} trials.", ""]
    return lines


def show(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.6g}"
