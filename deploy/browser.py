"""See to it that the tests have a browser: one that is there, Debian's as root, else Playwright's own download.

A browser without windows (Chromium's headless shell) goes first: it draws the same, with a tenth less work.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHELL = "chromium-headless-shell"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> int:
    if found():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", SHELL], check=False)
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
    shell, browser = downloaded()
    paths = (shutil.which(SHELL), shell, *map(shutil.which, NAMES), browser)
    return next((path for path in paths if path), None)


def downloaded() -> tuple[str | None, str | None]:
    """What Playwright has downloaded: its headless shell and its browser with windows, None for what is not there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = Path(driver.chromium.executable_path)  # …/chromium-1255/chrome-linux64/chrome
    folder = browser.parents[1].name.replace("-", "_headless_shell-")
    shells = browser.parents[2].glob(f"{folder}/*/*headless*shell")
    shell = next((str(path) for path in shells if os.access(path, os.X_OK)), None)
    return shell, str(browser) if browser.exists() else None


if __name__ == "__main__":
    sys.exit(main())
