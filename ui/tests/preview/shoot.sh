#!/bin/sh
# Takes a picture of a scene: shoot.sh OUT.png WIDTHxHEIGHT 'scene=full&lang=bg'
# Serve ui/ first: python3 -m http.server --bind 127.0.0.1 8377 --directory ui
set -eu
profile=$(mktemp -d)
chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
  --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$profile" \
  --window-size="$(echo "$2" | tr x ,)" --virtual-time-budget=5000 --screenshot="$1" \
  "http://127.0.0.1:8377/tests/preview/index.html?$3" >"$1.log" 2>&1 || true
rm -rf "$profile"
