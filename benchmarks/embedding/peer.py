"""fastembed on the same weights and texts, or the machine's own matrix multiplication: one JSON line on stdout.

usage: peer.py embed FOLDER TEXTS.json BATCH THREADS | peer.py peak THREADS
"""
import json
import os
import resource
import sys
import time

what, threads = sys.argv[1], sys.argv[-1]
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = threads
os.environ["HF_HUB_OFFLINE"] = "1"

if what == "peak":
    import numpy as np

    n = 2048
    a, b = (np.random.default_rng(seed).standard_normal((n, n), dtype=np.float32) for seed in (1, 2))
    a @ b
    best = 0.0
    for _ in range(8):
        start = time.perf_counter()
        a @ b
        best = max(best, 2 * n**3 / (time.perf_counter() - start) / 1e9)
    print(json.dumps({"gflops": best}))
else:
    import fastembed
    from fastembed import TextEmbedding
    from fastembed.common.model_description import ModelSource, PoolingType

    folder, texts, batch = sys.argv[2], json.load(open(sys.argv[3], encoding="utf8")), int(sys.argv[4])
    TextEmbedding.add_custom_model(
        model="bundled", pooling=PoolingType.MEAN, normalization=True, sources=ModelSource(hf="none/none"), dim=384,
        model_file="onnx/model_quantized.onnx",
    )
    model = TextEmbedding("bundled", specific_model_path=folder, threads=int(threads))
    list(model.embed(["warm"]))
    wall, cpu = time.perf_counter(), time.process_time()
    vectors = list(model.embed(texts, batch_size=batch))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    first = [float(x) for x in vectors[0]]
    print(json.dumps({"wall": wall, "cpu": cpu, "rss": rss, "first": first, "version": fastembed.__version__}))
