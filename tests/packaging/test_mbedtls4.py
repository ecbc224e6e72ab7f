"""The core and the TLS port on PSA alone, as mbedTLS 4 wants it.

There is no mbedTLS 4 here. Its stand-in is 3.6 behind mbedtls4.h, with what 4 removed made an error: the headers, and each
name that they declare. Everything must compile so. Where the build's mbedTLS is on PSA (-DIVS_CRYPTO=psa), the tests of the
TLS port then run on what was compiled, with the build's sockets.
"""
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from support import BUILD, HERE, TOP, cached, pinned, run

USER_CONFIG = TOP / "platform" / "mbedtls" / "user_config.h"

# Headers that went, after "No direct access to specific algorithms" of TF-PSA-Crypto's migration guide.
REMOVED_HEADERS = """
    aes aria bignum block_cipher camellia ccm chacha20 chachapoly cipher cmac ctr_drbg des dhm ecdh ecdsa ecjpake ecp entropy
    gcm hkdf hmac_drbg md5 pkcs12 pkcs5 poly1305 ripemd160 rsa sha1 sha256 sha3 sha512""".split()
# Names that went from headers that stayed.
REMOVED_NAMES = """
    mbedtls_pk_can_do mbedtls_pk_can_do_ext mbedtls_pk_get_len mbedtls_pk_get_type mbedtls_pk_get_name mbedtls_pk_info_from_type
    mbedtls_pk_setup mbedtls_pk_setup_opaque mbedtls_pk_rsa mbedtls_pk_ec mbedtls_pk_encrypt mbedtls_pk_decrypt mbedtls_pk_debug
    mbedtls_pk_parse_subpubkey mbedtls_pk_write_pubkey mbedtls_pk_type_t MBEDTLS_PK_NONE MBEDTLS_PK_RSA MBEDTLS_PK_ECKEY
    MBEDTLS_PK_ECDSA MBEDTLS_PK_RSASSA_PSS MBEDTLS_PK_OPAQUE mbedtls_md_hmac_starts mbedtls_md_hmac_update mbedtls_md_hmac_finish
    mbedtls_md_hmac_reset mbedtls_md_hmac mbedtls_md_list mbedtls_md_info_from_string mbedtls_md_get_name mbedtls_md_info_from_ctx
    mbedtls_md_file mbedtls_psa_get_random mbedtls_low_level_strerr mbedtls_high_level_strerr mbedtls_ssl_conf_rng
    mbedtls_ssl_conf_curves mbedtls_ssl_conf_sig_hashes mbedtls_ssl_conf_min_version mbedtls_ssl_conf_max_version
    MBEDTLS_ERR_ASN1_ALLOC_FAILED MBEDTLS_ERR_CIPHER_ALLOC_FAILED MBEDTLS_ERR_ECP_ALLOC_FAILED MBEDTLS_ERR_MD_ALLOC_FAILED
    MBEDTLS_ERR_MPI_ALLOC_FAILED MBEDTLS_ERR_PEM_ALLOC_FAILED MBEDTLS_ERR_PK_ALLOC_FAILED MBEDTLS_ERR_PK_BAD_INPUT_DATA
    MBEDTLS_ERR_SSL_ALLOC_FAILED
    MBEDTLS_ERR_SSL_BAD_INPUT_DATA MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL MBEDTLS_ERR_X509_ALLOC_FAILED
    MBEDTLS_ERR_X509_BUFFER_TOO_SMALL MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED""".split()

FLAGS = ["-std=c11", "-D_DEFAULT_SOURCE", "-O1", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror"]


class StandIn:
    """A folder with mbedTLS 4's stand-in, and the compiler's options for it."""

    def __init__(self, folder, mbedtls, config=f'-DMBEDTLS_USER_CONFIG_FILE="{USER_CONFIG}"'):
        include = mbedtls / "include"
        removed = folder / "mbedtls"
        removed.mkdir()
        names = set(REMOVED_NAMES)
        for name in REMOVED_HEADERS:
            text = (include / "mbedtls" / f"{name}.h").read_text()
            names.update(re.findall(r"\b(mbedtls_[a-z0-9_]+)\s*\(", text))
            (removed / f"{name}.h").write_text(f"#ifndef MBEDTLS4_READY\n#include_next <mbedtls/{name}.h>\n#else\n"
                                               f'#error "mbedTLS 4 has no <mbedtls/{name}.h>"\n#endif\n')
        self.names = names
        prelude = folder / "prelude.h"
        prelude.write_text('#pragma GCC system_header\n#include "mbedtls4.h"\n#define MBEDTLS4_READY\n'
                           + "".join(f"#undef {name}\n" for name in REMOVED_NAMES if name.isupper())
                           + "".join(f"#pragma GCC poison {name}\n" for name in sorted(names)))
        self.flags = [f"-iquote{HERE}", f"-I{folder}", f"-isystem{include}", "-DIVS_CRYPTO_PSA",
                      *([config] if config else []), "-include", str(prelude)]


def sources():
    return sorted([*(TOP / "core" / "src").glob("*.c"), *(TOP / "platform" / "mbedtls").glob("*.c")])


class Mbedtls4(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.mbedtls, cls.jsmn = pinned("mbedtls"), pinned("jsmn")
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.temporary.name)
        cls.stand_in = StandIn(cls.folder, cls.mbedtls)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def compile(self, files, *more):
        paths = [f"-I{TOP / 'core/include'}", f"-I{TOP / 'platform/include'}", f"-isystem{self.jsmn}"]
        return run("cc", *FLAGS, *self.stand_in.flags, *paths, *files, *more)

    def fails(self, text, expected):
        source = self.folder / "wrong.c"
        source.write_text(text)
        result = self.compile([source], "-fsyntax-only")
        self.assertNotEqual(result.returncode, 0, text)
        self.assertIn(expected, result.stderr)

    def test_stand_in_refuses_what_is_gone(self):
        self.fails("#include <mbedtls/sha256.h>\n", "mbedTLS 4 has no <mbedtls/sha256.h>")
        self.fails("#include <mbedtls/md.h>\nvoid f(void *p);\nvoid f(void *p) { mbedtls_sha256_init(p); }\n", "poisoned")
        self.fails("#include <mbedtls/ssl.h>\nvoid f(mbedtls_ssl_config *c);\n"
                   "void f(mbedtls_ssl_config *c) { mbedtls_ssl_conf_rng(c, 0, 0); }\n", "poisoned")
        self.fails("int a = MBEDTLS_ERR_X509_ALLOC_FAILED;\n", "poisoned")

    def test_legacy_hash_says_what_to_do(self):
        self.stand_in.flags.remove("-DIVS_CRYPTO_PSA")
        self.addCleanup(self.stand_in.flags.append, "-DIVS_CRYPTO_PSA")
        self.stand_in.flags.append("-DMBEDTLS_USE_PSA_CRYPTO")
        self.addCleanup(self.stand_in.flags.remove, "-DMBEDTLS_USE_PSA_CRYPTO")
        result = self.compile([TOP / "core/src/crypto_mbedtls.c"], "-fsyntax-only")
        self.assertIn("define IVS_CRYPTO_PSA", result.stderr)

    def test_everything_compiles(self):
        for source in sources():
            with self.subTest(source=source.name):
                result = self.compile([source], "-fsyntax-only")
                self.assertEqual(result.returncode, 0, result.stderr[:4000])

    def test_generator_of_psa_with_3_6(self):
        """mbedTLS 3.6 whose random numbers are the system's, as Zephyr builds it: no generator of its own."""
        config = self.folder / "external_rng.h"
        config.write_text(f'#include "{USER_CONFIG}"\n#define MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG\n'
                          "#undef MBEDTLS_CTR_DRBG_C\n#undef MBEDTLS_ENTROPY_C\n")
        for source in sources():
            result = run("cc", *FLAGS, "-fsyntax-only", "-DIVS_CRYPTO_PSA", f'-DMBEDTLS_USER_CONFIG_FILE="{config}"',
                         f"-isystem{self.mbedtls / 'include'}", f"-isystem{self.jsmn}", f"-I{TOP / 'core/include'}",
                         f"-I{TOP / 'platform/include'}", source)
            self.assertEqual(result.returncode, 0, result.stderr[:4000])

    @unittest.skipUnless(cached("IVS_CRYPTO") == "psa", "the build's mbedTLS is not on PSA")
    def test_port_runs(self):
        program = self.folder / "tls_get"
        tests = TOP / "tests/platform"
        result = self.compile([*sources(), tests / "tls_get.c", tests / "tls_faults.c"], f"-I{TOP / 'tests'}",
                              "-Wl,--wrap=clock_gettime,--wrap=mbedtls_ctr_drbg_random", "-o", program,
                              BUILD / "libivs_platform.a", BUILD / "libivs_mbedtls.a", "-lpthread")
        self.assertEqual(result.returncode, 0, result.stderr[:4000])
        for test in ("test_tls.py", "test_tls_session.py"):
            with self.subTest(test=test):
                result = subprocess.run([sys.executable, tests / test, program], capture_output=True, text=True,
                                        timeout=140, cwd=TOP)
                self.assertEqual(result.returncode, 0, result.stderr[-4000:])


if __name__ == "__main__":
    unittest.main(verbosity=2)
