"""Certificates for the TLS tests, made by the openssl program in a folder that the caller removes."""
import os
import subprocess

CA_CONFIG = """
[ca]
default_ca = all
[all]
dir = {folder}
database = {folder}/index.txt
serial = {folder}/serial
new_certs_dir = {folder}
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = dn
prompt = no
[dn]
commonName = unused
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = CA:FALSE
keyUsage = digitalSignature, keyEncipherment
{san}
"""


class Maker:
    def __init__(self, folder):
        self.folder = folder
        with open(self.path("index.txt"), "w", encoding="ascii"):
            pass
        with open(self.path("serial"), "w", encoding="ascii") as f:
            f.write("01\n")

    def path(self, name):
        return os.path.join(self.folder, name)

    def openssl(self, *arguments):
        done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, timeout=120, cwd=self.folder)
        if done.returncode != 0:
            raise SystemExit(f"openssl {arguments[0]} failed: {done.stderr}")

    def key(self, name, kind):
        """kind: "ec" (P-256) or "rsa" (2048 bits). The file's path."""
        path = self.path(name + ".key")
        if kind == "ec":
            self.openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path)
        else:
            self.openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", path)
        return path

    def certificate(self, name, key, issuer=None, cn=None, san=None, authority=False,
                    begin="20200101000000Z", end="20400101000000Z"):
        """issuer: (certificate, key), or None for one that signs itself. The file's path."""
        config, request, path = self.path(name + ".cnf"), self.path(name + ".csr"), self.path(name + ".crt")
        with open(config, "w", encoding="ascii") as f:
            f.write(CA_CONFIG.format(folder=self.folder, san=f"subjectAltName = {san}" if san else ""))
        self.openssl("req", "-new", "-config", config, "-key", key, "-subj", f"/CN={cn or name}", "-out", request)
        signer = ["-selfsign", "-keyfile", key] if issuer is None else ["-cert", issuer[0], "-keyfile", issuer[1]]
        self.openssl("ca", "-batch", "-notext", "-config", config, "-in", request, "-out", path, *signer,
                     "-startdate", begin, "-enddate", end, "-extensions", "authority" if authority else "leaf")
        return path

    def bundle(self, name, *paths):
        path = self.path(name)
        with open(path, "w", encoding="ascii") as out:
            for p in paths:
                with open(p, encoding="ascii") as f:
                    out.write(f.read())
        return path
