"""Reads command lines (one JSON array of gcloud's arguments each) and says for each whether the installed gcloud's own parser
takes it: `ok` or `refused`, with its reasons on standard error. One process for all: loading the SDK takes seconds, a command a few hundredths.

    python3 parse-gcloud.py SDK_ROOT < commands
"""
import contextlib
import io
import json
import os
import sys

root = sys.argv[1]
sys.path[:0] = [os.path.join(root, "lib"), os.path.join(root, "lib", "third_party")]
os.environ["CLOUDSDK_CORE_DISABLE_PROMPTS"] = "1"

from googlecloudsdk import gcloud_main  # noqa: E402
from googlecloudsdk.core import properties  # noqa: E402

properties.VALUES.core.disable_usage_reporting.Set(True)
parser = gcloud_main.CreateCLI([])._CLI__parser

for line in sys.stdin:
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            parser.parse_args(json.loads(line))
        print("ok", flush=True)
    except BaseException:  # The parser ends the process where it refuses; its words are on standard error.
        print("refused", flush=True)
