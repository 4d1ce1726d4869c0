"""Prints the exported calls that no Swift test called: uncalled.py SANJICORE.SWIFT COVERAGE.JSON; exit status 1 if there are any.

The coverage says how often each function of the generated file ran; the file says which of them are exported.
"""

import json
import re
import sys

source, coverage = sys.argv[1:]

exported = {}
owner = None
for number, line in enumerate(open(source, encoding="utf-8"), 1):
    if opened := re.match(r"open class (\w+)", line):
        # What the library would implement itself of the traits that the app gives.
        owner = None if opened[1].endswith("Impl") else opened[1]
    elif line.startswith("public protocol ") or line.startswith("public struct "):
        owner = None
    if call := re.match(r"(?:open func|public static func|public convenience init) ?`?(\w*)`?\(", line.strip()):
        if owner and not line.startswith("    "):
            exported[number] = f"{owner}.{call[1] or 'init'}"
    elif call := re.match(r"public func (\w+)\(", line):
        if not call[1].startswith(("FfiConverter", "uniffi")):
            exported[number] = call[1]

ran = {}
for function in json.load(open(coverage, encoding="utf-8"))["data"][0]["functions"]:
    if any(name.endswith("SanjiCore.swift") for name in function["filenames"]):
        line = function["regions"][0][0]
        ran[line] = max(ran.get(line, 0), function["count"])

uncalled = sorted(name for number, name in exported.items() if not ran.get(number))
print(f"{len(exported)} exported calls, {len(uncalled)} of them not called")
for name in uncalled:
    print(f"  {name}")
sys.exit(1 if uncalled or len(exported) < 50 else 0)
