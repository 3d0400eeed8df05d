"""Asks by pip-audit whether what a lock file names has known vulnerabilities, and says plainly where nobody answered.

    python .ci/vulnerabilities.py kzforeign/locks/requirements-dev.lock pypi

Ends with 0 where all were asked about and none has any, 1 where some have, 2 where that is not known: by itself
pip-audit also ends with 0 where its service knew nothing of a package.
"""

import json
import re
import subprocess
import sys

HOSTS = {"pypi": "pypi.org", "osv": "api.osv.dev"}


def main(lock, service):
    if service not in HOSTS:
        return say(2, f"SERVICE is {' or '.join(HOSTS)}, not {service}.")
    command = [sys.executable, "-m", "pip_audit", "--requirement", lock, "--require-hashes", "--disable-pip"]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", "15"]
    asked = subprocess.run([*command, "--vulnerability-service", service], capture_output=True, text=True)
    try:
        packages = json.loads(asked.stdout)["dependencies"]
    except (ValueError, KeyError):
        return unknown(lock, service, f"It ended with: {last_line(asked.stderr)}")
    return told(lock, service, packages)


def told(lock, service, packages):
    unasked = [package for package in packages if "skip_reason" in package]
    found = [(package, fault) for package in packages for fault in package.get("vulns", ())]
    for package, fault in found:
        names = ", ".join([fault["id"], *fault["aliases"]])
        remedy = ", ".join(fault["fix_versions"]) or "no version yet"
        print(f"{package['name']} {package['version']}: {names}; mended in {remedy}")
    if found:
        return say(1, f"{len(found)} known vulnerabilities in what {lock} names.")
    if unasked or not packages:
        some = ", ".join(package["name"] for package in unasked[:3])
        return unknown(
            lock, service, f"{len(unasked)} of {len(packages)} packages are not known there ({some}, ...)."
        )
    return say(
        0, f"None of the {len(packages)} packages of {lock} has a known vulnerability ({HOSTS[service]})."
    )


def unknown(lock, service, why):
    return say(
        2,
        f"Whether what {lock} names has known vulnerabilities is NOT known: the service at https://{HOSTS[service]}/ "
        f"could not be asked.\n{why}\nTry again where it can be reached; HTTPS_PROXY names a proxy. "
        "SERVICE=osv asks another one, https://api.osv.dev/.",
    )


def last_line(text):
    """What a program said at its end, without the names that a proxy may have in its address."""
    line = (text.strip().splitlines() or ["nothing"])[-1]
    return re.sub(r"//[^/@\s]*@", "//", line)[:300]


def say(status, text):
    print(text, file=sys.stderr if status else sys.stdout)
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
