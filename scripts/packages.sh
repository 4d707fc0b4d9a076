# Sourced after setup.sh: the system packages that some tests need, one a line in packages.txt.

# Each line is a package and, if it has one, the command that it is wanted for: where that is found, all is well.
missing_packages() {
    sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$ROOT/scripts/packages.txt" | while read -r package command; do
        if [ -n "$command" ] && command -v "$command" >/dev/null 2>&1; then continue; fi
        status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) || status=absent
        [ "$status" = installed ] || printf '%s ' "$package"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs what is missing under CI; elsewhere says what to type, and goes on.
ensure_packages() {
    missing=$(missing_packages)
    if [ -z "$missing" ]; then return; fi
    if [ "${CI:-}" != true ]; then
        say "some tests need system packages; type: sudo apt-get install -y ${missing% }"
        return
    fi
    as_root apt-get update -qq >&2 || fail 3 'the lists of system packages are out of reach'
    # shellcheck disable=SC2086  # a word for each package
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2 ||
        fail 3 "these system packages could not be installed: ${missing% }"
}
