/*
 * Addresses as the TLS port reads them, against inet_pton.
 */
#include <arpa/inet.h>

#include "../../platform/mbedtls/internal.h"
#include "../check.h"

static void against_system(const char *text) {
  uint8_t ours[16] = {0}, theirs[16] = {0};
  uint8_t n = ivs_tls_address(text, ours);
  if (inet_pton(AF_INET, text, theirs) == 1) {
    if (!CHECK_INT(n, 4) || !CHECK_MEM(ours, 4, theirs, 4)) fprintf(stderr, "  %s\n", text);
  } else if (inet_pton(AF_INET6, text, theirs) == 1) {
    if (!CHECK_INT(n, 16) || !CHECK_MEM(ours, 16, theirs, 16)) fprintf(stderr, "  %s\n", text);
  } else if (!CHECK_INT(n, 0)) {
    fprintf(stderr, "  %s\n", text);
  }
}

static void test_known(void) {
  static const char *const texts[] = {"",
                                      "127.0.0.1",
                                      "255.255.255.255",
                                      "0.0.0.0",
                                      "256.0.0.1",
                                      "1.2.3",
                                      "1.2.3.4.5",
                                      "1.2.3.4.",
                                      ".1.2.3",
                                      "01.2.3.4",
                                      "1..2.3",
                                      "1.2.3.4a",
                                      "::",
                                      "::1",
                                      "1::",
                                      "1::2",
                                      "1:2:3:4:5:6:7:8",
                                      "1:2:3:4:5:6:7::",
                                      "::2:3:4:5:6:7:8",
                                      "1:2:3:4::5:6:7:8",
                                      "1:2:3:4:5:6:7:8:9",
                                      "1:2:3:4:5:6:7",
                                      ":::",
                                      "1:::2",
                                      "1::2::3",
                                      ":1::2",
                                      "1::2:",
                                      "::ffff:1.2.3.4",
                                      "1:2:3:4:5:6:1.2.3.4",
                                      "1:2:3:4:5:6:7:1.2.3.4",
                                      "::1.2.3.4:5",
                                      "::1.2.3",
                                      "12345::",
                                      "fe80::ABcd",
                                      "g::",
                                      "localhost",
                                      "a.pl",
                                      "1:2",
                                      ":",
                                      "1:",
                                      "1:2:3:4:5:6:7:",
                                      "1.2.3.4::"};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) against_system(texts[i]);
}

static void test_random(void) {
  static const char alphabet[] = "0123456789abF:::::....";
  for (int i = 0; i < 300000; i++) {
    char text[40];
    size_t n = check_below(24);
    for (size_t j = 0; j < n; j++) text[j] = alphabet[check_below(sizeof alphabet - 1)];
    text[n] = '\0';
    against_system(text);
  }
}

static void test_grouped(void) {
  for (int i = 0; i < 300000; i++) {
    char text[200];
    size_t n = 0;
    size_t groups = 1 + check_below(9);
    for (size_t g = 0; g < groups; g++) {
      if (g > 0 || check_below(4) == 0)
        n += (size_t)sprintf(text + n, "%s", check_below(5) == 0 ? "::" : ":");
      if (check_below(8) == 0)
        n += (size_t)sprintf(text + n, "%d.%d.%d.%d", (int)check_below(300), 2, 3,
                             (int)check_below(12));
      else if (check_below(8) != 0)
        n += (size_t)sprintf(text + n, "%x", (unsigned)check_below(70000));
    }
    text[n] = '\0';
    against_system(text);
  }
}

static void test_zone(void) {
  uint8_t a[16], b[16];
  CHECK_INT(ivs_tls_address("fe80::1%eth0", a), 16);
  CHECK_INT(ivs_tls_address("fe80::1", b), 16);
  CHECK_MEM(a, 16, b, 16);
  CHECK_INT(ivs_tls_address("::1.2.3.4%2", a), 16);
  CHECK_INT(ivs_tls_address("1.2.3.4%2", a), 0);
}

int main(void) {
  check_seed();
  RUN(test_known);
  RUN(test_random);
  RUN(test_grouped);
  RUN(test_zone);
  return check_done();
}
