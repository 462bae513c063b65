"""Reads the JUnit files that a run of the tests wrote into BUILD_FOLDER/reports."""

import collections
import re
import xml.etree.ElementTree

Case = collections.namedtuple("Case", "name seconds result reason")  # result: passed, failed or skipped


def reason_in(text):
    found = re.search(r"SKIP: *([^\n]*)", text or "")
    return found.group(1).strip() if found else ""


def cases_of_ctest(report):
    """The tests in a JUnit file that ctest wrote. An end-to-end file counts as one test."""
    results = {"run": "passed", "fail": "failed"}
    for case in xml.etree.ElementTree.parse(report).getroot().iter("testcase"):
        reason = reason_in(case.findtext("system-out"))
        result = results.get(case.get("status"), "skipped")
        yield Case(case.get("name"), float(case.get("time")), result, reason or "ctest did not run it")


def cases_of_pytest(report, name):
    """The tests inside an end-to-end file, from the JUnit file that pytest wrote."""
    for case in xml.etree.ElementTree.parse(report).getroot().iter("testcase"):
        skipped = case.find("skipped")
        failed = case.find("failure") is not None or case.find("error") is not None
        result = "failed" if failed else "passed" if skipped is None else "skipped"
        message = "" if skipped is None else skipped.get("message", "")
        reason = reason_in(message) or message
        yield Case(f"{name}: {case.get('name')}", float(case.get("time")), result, reason)


def all_cases(folder):
    """Every test once. An end-to-end file is replaced by the tests inside it if pytest reported them."""
    for case in cases_of_ctest(folder / "ctest.xml"):
        report = folder / f"{case.name.replace('/', '.')}.xml"
        inside = list(cases_of_pytest(report, case.name)) if report.exists() else []
        yield from inside or [case]
