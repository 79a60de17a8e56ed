"""See to it that the tests have a browser: one that is there, Debian's as root, else Playwright's own download."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> int:
    if found():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=False)
    if not found():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if not found():
        sys.stdout.write(
            "No browser: none of chromium, chromium-browser and google-chrome is here, and none could be installed.\n"
            "Install Chromium (Debian and Ubuntu: apt install chromium), or name one in JIAOJIE_TEST_BROWSER.\n"
        )
        return 1
    return 0


def found() -> str | None:
    """The path of a browser that the tests can drive, or None."""
    named = os.environ.get("JIAOJIE_TEST_BROWSER")
    if named:
        return named
    for name in NAMES:
        if path := shutil.which(name):
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        own = driver.chromium.executable_path
    return own if os.path.exists(own) else None  # noqa: PTH110  # a text is what Playwright gives and takes


if __name__ == "__main__":
    sys.exit(main())
