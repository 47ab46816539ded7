# Shared by ./run and ./test: a Python, a virtual environment, the pinned packages, the assets.
# Everything is skipped when it is up to date, which a stamp (a checksum of its inputs) tells.

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

find_python() {
    for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3 python; do
        [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$candidate"
            return
        fi
    done
    fail "需要 Python 3.11 或更高版本。Python 3.11 or later is needed: install it, or name one with
PYTHON=/path/to/python3.11 $0"
}

checksum() { cat "$@" | cksum | tr ' ' '-'; }

# done_before NAME FILE...: whether this step has run with these very inputs.
done_before() {
    step=$1; shift
    [ "$(cat ".venv/stamps/$step" 2>/dev/null)" = "$(checksum "$@")" ]
}
mark_done() {
    step=$1; shift
    mkdir -p .venv/stamps
    checksum "$@" > ".venv/stamps/$step"
}

make_venv() {
    [ -x .venv/bin/python ] && .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
        && .venv/bin/python -m pip --version >/dev/null 2>&1 && return
    python=$(find_python) || exit 1
    say "正在创建虚拟环境 … making the virtual environment"
    "$python" -m venv --clear .venv || fail "创建虚拟环境失败。The virtual environment could not be made.
在 Debian/Ubuntu 上请先安装 python3-venv：apt-get install python3-venv"
}

# install_packages NAME REQUIREMENTS...: exactly what is pinned, checked by its hashes.
install_packages() {
    name=$1; shift
    done_before "$name" "$@" && return
    say "正在安装依赖 … installing packages ($*)"
    set -- $(for file in "$@"; do printf ' -r %s' "$file"; done)
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes "$@" \
        || fail "依赖安装失败，请检查网络后重试。Packages could not be installed."
}

# install_assets [dev]: the libraries of the pages; with dev also the peers that benches measure.
install_assets() {
    inputs="package.json package-lock.json tools/vendor.py"
    assets=assets${1:+-$1}
    # shellcheck disable=SC2086
    done_before "$assets" $inputs && [ -f server/static/vendor/pdf.min.mjs ] && return
    say "正在准备页面资源 … fetching page assets"
    if ! command -v npm >/dev/null 2>&1; then
        install_packages assets-node requirements-assets.txt
        PATH="$PWD/.venv/bin:$PATH"
    fi
    # What is left out here is taken away if it was there.
    rm -f .venv/stamps/assets-dev
    # shellcheck disable=SC2046
    npm ci --ignore-scripts --omit=optional $([ -n "${1:-}" ] || echo --omit=dev) \
        --no-audit --no-fund --loglevel=error >&2 \
        || fail "页面资源下载失败，请检查网络后重试。The page assets could not be fetched."
    .venv/bin/python tools/vendor.py || exit 1
    # shellcheck disable=SC2086
    mark_done assets $inputs
    # shellcheck disable=SC2086
    mark_done "$assets" $inputs
}

compile_words() {
    [ -d translations/en ] || return 0
    done_before words translations/en/LC_MESSAGES/messages.po \
        && [ -f translations/en/LC_MESSAGES/messages.mo ] && return
    .venv/bin/pybabel --quiet compile -d translations || exit 1
    mark_done words translations/en/LC_MESSAGES/messages.po
}
