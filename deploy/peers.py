"""See to it that the tests have what judges our signatures from outside: Debian's as root, else they are skipped."""

import os
import shutil
import subprocess
import sys

NEEDED = {"pdfsig": "poppler-utils", "softhsm2-util": "softhsm2", "openssl": "openssl"}  # command: Debian's package


def main() -> int:
    packages = missing()
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], check=False)
    if packages := missing():
        listed = " ".join(packages)
        sys.stdout.write(
            f"Absent, and not to be installed from here: {listed}. Tests of signatures that ask them are skipped.\n"
            f"Install them to run these too (Debian and Ubuntu: apt install {listed}).\n"
        )
    return 0


def missing() -> list[str]:
    """Debian's packages of the commands that are not here."""
    return [package for command, package in NEEDED.items() if not shutil.which(command)]


if __name__ == "__main__":
    sys.exit(main())
