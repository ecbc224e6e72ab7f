"""make dist: the same bytes each time and from anywhere, from the archive itself too; in it nothing
that should not be; checksums that hold; a bill of materials that SPDX 2.3 allows and that says what
is so."""

import copy
import gzip
import json
import os
import pathlib
import re
import shutil
import subprocess
import tarfile
import tempfile
import unittest

from support import TOP, announce, must, run, version

ROOT = "ivs-" + version()
FILES = sorted([ROOT + ".tar.gz", ROOT + ".spdx.json", "ivs.c", "ivs.h", "SHA256SUMS"])
ANYWHERE = {k: v for k, v in os.environ.items() if k != "SOURCE_DATE_EPOCH"}

# What the specification asks of an element, each with what its text must look like.
SOME = r"(?s).+"
ID = r"SPDXRef-[A-Za-z0-9.-]+$"
EXPRESSION = r"(NOASSERTION|NONE|[A-Za-z0-9.-]+( (AND|OR) [A-Za-z0-9.-]+)*)$"
DOCUMENT = {
    "spdxVersion": r"SPDX-2\.3$",
    "dataLicense": r"CC0-1\.0$",
    "SPDXID": r"SPDXRef-DOCUMENT$",
    "name": SOME,
    "documentNamespace": r"https?://[^#\s]+$",
}
PACKAGE = {
    "SPDXID": ID,
    "name": SOME,
    "versionInfo": SOME,
    "downloadLocation": r"(NOASSERTION|NONE|https?://\S+)$",
    "licenseConcluded": EXPRESSION,
    "licenseDeclared": EXPRESSION,
    "copyrightText": SOME,
    "supplier": r"(NOASSERTION|(Person|Organization): .+)$",
}
# What may stand there besides.
DOCUMENT_MORE = {"creationInfo", "packages", "relationships"}
PACKAGE_MORE = {
    *("checksums", "comment", "externalRefs", "filesAnalyzed", "homepage", "licenseComments"),
    *("packageFileName", "primaryPackagePurpose"),
}
CHECKSUM = {"algorithm": r"SHA256$", "checksumValue": r"[0-9a-f]{64}$"}
REFERENCES = {
    "purl": ("PACKAGE-MANAGER", r"pkg:[a-z]+/[^@\s]+@[^@\s]+$"),
    "cpe23Type": ("SECURITY", r"cpe:2\.3:a:[a-z_-]+:[a-z_]+:[0-9.]+(:\*){7}$"),
}
RELATIONS = {"DESCRIBES", "CONTAINS", "DEPENDS_ON", "OPTIONAL_DEPENDENCY_OF"}


def faults_of_fields(element, fields, more=()):
    where = str(element.get("SPDXID", element))
    unknown = [
        "%s: %s is unknown" % (where, name) for name in element if name not in {*fields, *more}
    ]
    return unknown + [
        "%s: %s" % (where, name)
        for name, shape in fields.items()
        if not re.match(shape, str(element.get(name, "")))
    ]


def faults_of(document):
    """What is wrong with a bill of materials, a line each."""
    faults = faults_of_fields(document, DOCUMENT, DOCUMENT_MORE)
    made = document.get("creationInfo", {})
    if not re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", made.get("created", "")):
        faults.append("created")
    if not made.get("creators") or not all(
        re.match("(Person|Organization|Tool): .", c) for c in made["creators"]
    ):
        faults.append("creators")
    ids = ["SPDXRef-DOCUMENT"]
    for package in document.get("packages", []):
        ids.append(package.get("SPDXID"))
        faults += faults_of_fields(package, PACKAGE, PACKAGE_MORE)
        if package.get("filesAnalyzed") is not False:
            faults.append("filesAnalyzed, without a verification code")
        for sum_ in package.get("checksums", []):
            faults += faults_of_fields(sum_, CHECKSUM)
        for reference in package.get("externalRefs", []):
            category, shape = REFERENCES.get(reference["referenceType"], ("", "$^"))
            if reference["referenceCategory"] != category or not re.match(
                shape, reference["referenceLocator"]
            ):
                faults.append("reference %s" % reference)
    if len(set(ids)) != len(ids):
        faults.append("an SPDXID twice")
    related = set()
    for relation in document.get("relationships", []):
        ends = {relation["spdxElementId"], relation["relatedSpdxElement"]}
        related |= ends
        if relation["relationshipType"] not in RELATIONS or not ends <= set(ids):
            faults.append("relation %s" % relation)
    return faults + ["%s is related to nothing" % i for i in ids if i not in related]


def make(top, folder, umask=0o022, **environment):
    """Makes a release of a tree; its files by name."""
    run_ = subprocess.run(
        [top / "scripts/dist", folder],
        capture_output=True,
        text=True,
        timeout=60,
        umask=umask,
        env={**ANYWHERE, **environment},
    )
    assert run_.returncode == 0, run_.stderr
    return {path.name: path.read_bytes() for path in folder.iterdir()}


class Dist(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.work = pathlib.Path(temporary.name)
        cls.first = make(TOP, cls.work / "first", SOURCE_DATE_EPOCH="1700000000")

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def unpack(self, name, umask=0o022):
        """The archive unpacked by tar, as users do; its top folder."""
        (self.folder / name).mkdir()
        subprocess.run(
            ["tar", "xzf", self.work / "first" / (ROOT + ".tar.gz"), "-C", self.folder / name],
            check=True,
            timeout=60,
            umask=umask,
        )
        return self.folder / name / ROOT

    def members(self):
        with tarfile.open(self.work / "first" / (ROOT + ".tar.gz")) as tar:
            return tar.getmembers()

    def test_same_from_the_archive(self):
        """Other folders, other umasks, with files about that a build and a test leave."""
        self.assertEqual(sorted(self.first), FILES)
        for umask in (0o022, 0o077, 0o002):
            top = self.unpack("umask%o" % umask, umask)
            for left in ("build/libivs_core.a", "tests/simulator/__pycache__/wire.pyc"):
                (top / left).parent.mkdir(parents=True, exist_ok=True)
                (top / left).write_text("left")
            made = make(top, top / "build/dist", umask)
            self.assertEqual(
                [n for n in FILES if made.get(n) != self.first[n]], [], "umask %o" % umask
            )

    def test_what_git_tracks(self):
        """In a repository: its files and its date; a file that is not tracked stays out."""
        top = self.unpack("repository")
        (top / ".release").unlink()
        identity = {
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_AUTHOR_NAME": "n",
            "GIT_AUTHOR_EMAIL": "e",
            "GIT_COMMITTER_NAME": "n",
            "GIT_COMMITTER_EMAIL": "e",
            "GIT_COMMITTER_DATE": "@1600000000 +0200",
            "PATH": os.environ["PATH"],
        }
        for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
            must("git", "-C", top, *words, env=identity)
        (top / "notes.txt").write_text("mine")
        made = make(top, self.folder / "made")
        self.assertTrue(
            re.search(
                rb"date: 1600000000\ncommit: [0-9a-f]{40}\n",
                gzip.decompress(made[ROOT + ".tar.gz"]),
            )
        )
        self.assertIn("2020-09-13T12:26:40Z", made[ROOT + ".spdx.json"].decode())
        with tarfile.open(self.folder / "made" / (ROOT + ".tar.gz")) as tar:
            self.assertEqual([m.name for m in tar.getmembers()], [m.name for m in self.members()])
        shutil.rmtree(top / ".git")
        self.assertEqual(
            run(top / "scripts/dist", self.folder / "none", env=ANYWHERE).stderr,
            "dist: neither git nor .release here to take a date from: set SOURCE_DATE_EPOCH\n",
        )

    def test_date_of_the_environment(self):
        top = self.unpack("dated")
        made = make(top, self.folder / "made", SOURCE_DATE_EPOCH="1000000000")
        self.assertTrue(b"date: 1000000000\n" in gzip.decompress(made[ROOT + ".tar.gz"]))
        wrong = run(
            top / "scripts/dist",
            self.folder / "wrong",
            env={**ANYWHERE, "SOURCE_DATE_EPOCH": "yesterday"},
        )
        self.assertEqual(
            (wrong.returncode, wrong.stderr),
            (1, "dist: the date must be seconds since 1970, not 'yesterday'\n"),
        )

    def test_members(self):
        members = self.members()
        names = [m.name for m in members]
        self.assertEqual(names, sorted(names))
        for wanted in (
            ".release",
            ".ci/run",
            ".clang-format",
            "LICENSE",
            "Makefile",
            "core/src/client.c",
            "tests/CMakeLists.txt",
        ):
            self.assertIn("%s/%s" % (ROOT, wanted), names)
        for m in members:
            self.assertTrue(m.isfile() and m.name.startswith(ROOT + "/"), m.name)
            self.assertNotRegex(m.name, r"/build/|__pycache__|\.pyc$|/\.git/")
            self.assertEqual(
                (m.uid, m.gid, m.uname, m.gname, m.mtime), (0, 0, "", "", members[0].mtime), m.name
            )
            self.assertEqual(
                m.mode,
                0o755 if os.access(TOP / m.name[len(ROOT) + 1 :], os.X_OK) else 0o644,
                m.name,
            )
        head = self.first[ROOT + ".tar.gz"][:10]
        self.assertEqual((head[3], head[4:8]), (0, bytes(4)))  # gzip: no name, no date

    def test_checksums(self):
        """As a user checks them."""
        said = must("sha256sum", "-c", "SHA256SUMS", cwd=self.work / "first")
        self.assertEqual(said.count(": OK\n"), len(FILES) - 1)

    def bill(self):
        return json.loads(self.first[ROOT + ".spdx.json"])

    def test_bill_is_valid(self):
        self.assertEqual(faults_of(self.bill()), [])

    def test_faults_of_a_bill_are_found(self):
        def spoil(change):
            document = copy.deepcopy(self.bill())
            change(document)
            return faults_of(document)

        for change in (
            lambda d: d.pop("dataLicense"),
            lambda d: d["creationInfo"].update(created="2026-11-23"),
            lambda d: d["packages"][1].pop("downloadLocation"),
            lambda d: d["packages"][1].update(licenseDeclared="Apache 2"),
            lambda d: d["packages"][1].update(SPDXID="SPDXRef-ivs"),
            lambda d: d["packages"][0].update(filesAnalyzed=True),
            lambda d: d["packages"][1]["checksums"][0].update(checksumValue="?"),
            lambda d: d["packages"][1].update(licence="MIT"),
            lambda d: d["relationships"].pop(),
            lambda d: d["relationships"][0].update(relationshipType="HAS"),
        ):
            self.assertNotEqual(spoil(change), [])

    def test_bill_says_what_is_so(self):
        packages = {p["SPDXID"]: p for p in self.bill()["packages"]}
        self.assertEqual(packages["SPDXRef-ivs"]["versionInfo"], version())
        sums = self.first["SHA256SUMS"].decode()
        self.assertIn(
            packages["SPDXRef-ivs"]["checksums"][0]["checksumValue"] + "  " + ROOT + ".tar.gz\n",
            sums,
        )
        for line in (TOP / "scripts/deps.lock").read_text().splitlines():
            if not line.startswith("#"):
                name, pinned, digest, file, address = line.split()[:5]
                found = packages["SPDXRef-" + name]
                self.assertEqual(
                    [
                        found["versionInfo"],
                        found["checksums"][0]["checksumValue"],
                        found["packageFileName"],
                        found["downloadLocation"],
                    ],
                    [pinned, digest, file, address],
                )
        # What a table of the vectors names with Apache's licence is a package, at that version.
        contained = [
            (p["homepage"], p["versionInfo"], p["name"])
            for p in packages.values()
            if "homepage" in p
        ]
        rows = [
            row
            for readme in (TOP / "tests/vectors").rglob("README.md")
            for row in readme.read_text().splitlines()
            if row.endswith("| Apache-2.0 |")
        ]
        self.assertGreater(len(rows), 3)
        for row in rows:
            self.assertTrue(
                any(
                    (home in row or name in row) and number in row
                    for home, number, name in contained
                ),
                row,
            )


if __name__ == "__main__":
    announce("tar", "git")
    unittest.main()
