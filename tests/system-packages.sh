#!/bin/sh
# Chromium and a CJK font, which only the browser tests need. Installed where that is possible;
# where it is not, the browser tests skip and say why.
set -u
browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
font() { command -v fc-list >/dev/null && fc-list :lang=zh 2>/dev/null | grep -q .; }
if browser >/dev/null && font; then exit 0; fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "Installing Chromium and a Chinese font for the browser tests ..."
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk; } >/dev/null 2>&1
fi
browser >/dev/null || echo "No Chromium here and none could be installed: the browser tests will be skipped. Install it with your system's package manager (Debian: apt-get install chromium fonts-noto-cjk)."
font || echo "No Chinese font here: screenshots may show boxes instead of characters."
exit 0
