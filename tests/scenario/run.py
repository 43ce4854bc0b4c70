#!/usr/bin/env python3
"""Runs one scenario: a text file of commands and of what they must do.

    # a comment; the first one names the scenario
    needs data            skip unless $UNDERSTUDY_DATA is there
    file NAME             the lines up to a line of three dots become that file
    ...
    $ command             run by bash in an empty folder, `understudy` on the PATH
    exit 3                its exit code (0 when not given)
    stdout REGEX          a line of its output matches
    stderr REGEX          a line of its errors matches
    exists PATH           after the command
    absent PATH
    same PATH PATH        both files hold the same bytes

Usage: run.py PROGRAM SCENARIO. Exit code 0 passed, 1 failed, 77 skipped.
"""
import filecmp
import os
import pathlib
import re
import subprocess
import sys
import tempfile


class Failure(Exception):
    pass


def require(condition, line, detail):
    if not condition:
        raise Failure(f"{line}\n{detail}")


def check(word, rest, result, folder, line):
    output = f"exit {result.returncode}\n--- stdout\n{result.stdout[-3000:]}\n--- stderr\n{result.stderr[-3000:]}"
    if word == "stdout":
        require(re.search(rest, result.stdout, re.M), line, output)
    elif word == "stderr":
        require(re.search(rest, result.stderr, re.M), line, output)
    elif word == "exists":
        require((folder / rest).exists(), line, output)
    elif word == "absent":
        require(not (folder / rest).exists(), line, output)
    elif word == "same":
        first, second = rest.split()
        require(filecmp.cmp(folder / first, folder / second, shallow=False), line, "the files differ")
    else:
        raise Failure(f"unknown line: {line}")


def run(program, scenario, folder):
    environment = dict(os.environ, PATH=f"{pathlib.Path(program).resolve().parent}:{os.environ['PATH']}")
    lines = iter(pathlib.Path(scenario).read_text().splitlines())
    result, exit_checked = None, True

    def finish():
        if result is not None and not exit_checked:
            check_exit(0)

    def check_exit(code):
        require(result.returncode == code, f"exit {code} expected", f"exit {result.returncode}\n{result.stdout[-3000:]}\n{result.stderr[-3000:]}")

    for line in lines:
        word, _, rest = line.partition(" ")
        if not line.strip() or word == "#":
            continue
        if word == "needs":
            if not os.environ.get("UNDERSTUDY_DATA"):
                return 77
        elif word == "file":
            body = []
            for text in lines:
                if text == "...":
                    break
                body.append(text)
            (folder / rest).write_text("\n".join(body) + "\n")
        elif word == "$":
            finish()
            result = subprocess.run(["bash", "-c", rest], cwd=folder, env=environment, capture_output=True, text=True, timeout=600)
            exit_checked = False
        elif word == "exit":
            check_exit(int(rest))
            exit_checked = True
        else:
            check(word, rest, result, folder, line)
    finish()
    return 0


def main():
    program, scenario = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        try:
            return run(program, scenario, pathlib.Path(folder))
        except Failure as failure:
            print(f"{scenario}: failed at\n{failure}")
            return 1


sys.exit(main())
