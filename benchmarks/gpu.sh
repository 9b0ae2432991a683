#!/bin/sh
# Everything that is measured on a GPU, in a few minutes: sh benchmarks/gpu.sh [FOLDER OF DATA]
# EVIDENTIA_MODEL names another model, PYTHON another interpreter.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
data=${1:-../shared/data}

echo "# CUDA graphs score as the plain forward"
"$python" -m pytest -q -rs tests/serving/engine/test_graphs.py -k gpu

echo "# A pass by its width: plain launches, CUDA graphs, transformers"
"$python" benchmarks/kernels.py --windows 0 --repeats 5

echo "# Replies: generate(), the engine with and without graphs, each with and without guesses"
"$python" benchmarks/serving.py --data "$data" --each 2 --warm 2 --tokens 96

echo "# What guesses bring by kind of prompt"
"$python" -m evidentia model bench --repeats 1
