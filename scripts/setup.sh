# Sourced by the other scripts: makes .venv in the checkout and keeps it in step with the locks in requirements/.
# Exit codes: 2 when a person has to install something first, 3 when the network or the disk is out of reach.

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
VENV=$ROOT/.venv
LOG=$VENV/setup.log
SPACE_KB=900000
# How pytest runs two files of tests at once, in their order.
TWO_AT_ONCE='-n 2 --dist loadfile --no-loadscope-reorder'

# Container images set this; each of the many processes of the tests would then compile all of the code anew.
unset PYTHONDONTWRITEBYTECODE

say() { printf 'yizhan: %s\n' "$*" >&2; }

fail() {
    code=$1
    shift
    say "$@"
    exit "$code"
}

# Sets PYTHON to the first Python of 3.11 or newer.
find_python() {
    old=
    for PYTHON in python3 python3.13 python3.12 python3.11 python3.14 python; do
        version=$("$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        case $version in
            3.1[1-9] | 3.[2-9][0-9] | [4-9].*) return ;;
            *) old="${old:-; $PYTHON here is $version}" ;;
        esac
    done
    fail 2 "Python 3.11 or newer is needed${old:-, and none is on the PATH}"
}

ensure_space() {
    free=$(df -Pk "$ROOT" | awk 'NR == 2 { print $4 }')
    [ "${free:-0}" -ge "$SPACE_KB" ] || fail 3 "no room: setting up needs $((SPACE_KB / 1000)) MB free on the disk of $ROOT"
    [ -w "$ROOT" ] || fail 3 "$ROOT cannot be written to"
}

has_pip() { "$1" -m pip --version >/dev/null 2>&1; }

# A Debian may lack ensurepip; then the environment is made without pip, and the system's fills it.
create_venv() {
    rm -rf "$VENV"
    if "$PYTHON" -m venv "$VENV" >/dev/null 2>&1 && has_pip "$VENV/bin/python"; then return; fi
    rm -rf "$VENV"
    if has_pip "$PYTHON" && "$PYTHON" -m venv --without-pip "$VENV" >/dev/null 2>&1; then return; fi
    rm -rf "$VENV"
    if "$PYTHON" -m virtualenv --quiet "$VENV" >/dev/null 2>&1 && has_pip "$VENV/bin/python"; then return; fi
    rm -rf "$VENV"
    ensure_space
    fail 2 "$PYTHON makes no virtual environment with pip; type: sudo apt-get install -y python3-venv"
}

make_venv() {
    create_venv
    origin >"$VENV/origin"
}

run_pip() {
    if has_pip "$VENV/bin/python"; then
        "$VENV/bin/python" -m pip "$@"
    else
        find_python
        "$PYTHON" -m pip --python "$VENV/bin/python" "$@"
    fi
}

# Keeps pip's words in memory until the end, because a full disk takes no log.
pip_install() {
    if words=$(run_pip install --quiet --no-input --disable-pip-version-check "$@" 2>&1); then return; fi
    { printf '%s\n' "$words" >"$LOG"; } 2>/dev/null || :
    case $words in
        *'No space left on device'*) fail 3 "no space left on the disk of $ROOT, or on that of temporary files" ;;
        *'WARNING: Retrying'*) fail 3 "the package index is out of reach (what pip said: $LOG)" ;;
        *) fail 3 "setting up failed: $(printf '%s\n' "$words" | grep '^ERROR' | tail -n 1) (what pip said: $LOG)" ;;
    esac
}

# Where the environment stands and which Python it has: it survives neither being moved nor a newer Python below it.
origin() { printf '%s\n%s\n' "$ROOT" "$("$VENV/bin/python" -I -S -c 'import sys; print(sys.version)' 2>&1)"; }

# What the environment was filled from.
recipe() {
    origin
    cat "$ROOT/requirements/build.txt" "$ROOT/requirements/$1.txt" "$ROOT/pyproject.toml"
}

up_to_date() { [ -f "$VENV/$1.recipe" ] && recipe "$1" | cmp -s - "$VENV/$1.recipe"; }

usable() {
    "$VENV/bin/python" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || return
    [ ! -f "$VENV/origin" ] || origin | cmp -s - "$VENV/origin"
}

# set_up base|dev: the environment for running, or for testing, which holds the other one too.
set_up() {
    if up_to_date "$1"; then return; fi
    PYTHON=$VENV/bin/python
    if ! usable; then find_python; fi
    ensure_space
    say "setting up .venv (this happens once, and again when a dependency changes)"
    if [ "$PYTHON" != "$VENV/bin/python" ]; then make_venv; fi
    rm -f "$VENV"/*.recipe
    pip_install --require-hashes --requirement "$ROOT/requirements/build.txt"
    pip_install --require-hashes --no-build-isolation --requirement "$ROOT/requirements/$1.txt"
    pip_install --no-deps --no-build-isolation --editable "$ROOT"
    recipe base >"$VENV/base.recipe"
    if [ "$1" != base ]; then recipe "$1" >"$VENV/$1.recipe"; fi
}
