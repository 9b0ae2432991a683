#!/bin/sh
# What only a GPU can show, in six minutes at most: PYTHON=python3 sh benchmarks/gpu.sh [FOLDER OF DATA]
#
# One JSON object a line on standard output, all else on standard error; the exit code is 1 where a check failed.
# PYTHON needs torch >= 2.11 and transformers >= 5.17. What else is missing is installed with what it needs, none of which
# brings a torch. Without a network the step that needs pytest is left out, and its line says so.
# EVIDENTIA_MODEL names another model. Where it is not on the machine, weights of its shape are made up, and the steps
# that need its words are left out. The limits of the steps add up to less than six minutes.
set -u
cd "$(dirname "$0")/.." || exit 2
python=${PYTHON:-python3}
data=${1:-../shared/data}
export PYTHONPATH="$PWD/.links${PYTHONPATH:+:$PYTHONPATH}" PYTHONSAFEPATH=1
failed=0

# step SECONDS NAME COMMAND…
step() {
    most=$1 name=$2
    shift 2
    begun=$(date +%s)
    timeout -k 5 "$most" "$@"
    code=$?
    [ "$code" -eq 0 ] || failed=1
    echo "{\"step\": \"$name\", \"exit\": $code, \"seconds\": $(($(date +%s) - begun)), \"most\": $most}"
}

missing=$("$python" benchmarks/gpu_checks.py missing) || exit 2
# shellcheck disable=SC2086
[ -z "$missing" ] || timeout 30 "$python" -m pip install --quiet $missing >&2
step 20 versions "$python" benchmarks/gpu_checks.py versions
[ "$failed" -eq 0 ] || exit 1

scores="graphs score as the plain forward"
if "$python" -m pytest --version >&2; then
    step 60 "$scores" sh -c '"$0" -m pytest "$@" >&2' "$python" -q -W default \
        -p no:cacheprovider tests/serving/network/test_cuda_graphs.py -k on_a_gpu
else
    echo "{\"step\": \"$scores\", \"left_out\": \"pytest or hypothesis is not installed\"}"
fi
step 90 "lean forward, graphs and dense index are used" "$python" benchmarks/gpu_checks.py all
if "$python" benchmarks/gpu_checks.py model >&2; then
    step 30 "a pass by its width" "$python" benchmarks/kernels.py --json --windows 0 --repeats 3
    if [ -d "$data" ]; then
        step 70 "replies" "$python" benchmarks/serving.py --json --data "$data" --each 1 --warm 1 --tokens 64
    fi
    step 40 "what guesses bring" "$python" benchmarks/gpu_checks.py guesses
fi
exit "$failed"
