/*
 * Reading the XML of STS: what is found, what is never mistaken for it, what is refused.
 */
#include "../check.h"

#include "../../core/src/sts_answer.h"

static const ivs_str path[] = {IVS_STR_INIT("R"), IVS_STR_INIT("E")};
static const char *const names[] = {"Code", "Message"};
static ivs_str texts[2];

/* Reads a copy whose end is the end of memory, and keeps it until the next. */
static int read_text(const char *xml, size_t n) {
  static char *copy;
  static size_t size;
  if (copy != NULL) check_guard_free(copy, size);
  copy = check_guard(n);
  size = n;
  memcpy(copy, xml, n);
  int r = ivs_sts_read(copy, n, path, 2, names, texts, 2);
  for (size_t i = 0; i < 2; i++) {
    if (r < 0 || texts[i].p == NULL) continue;
    CHECK(texts[i].p >= copy && texts[i].p + texts[i].n < copy + n);
    *(copy + (texts[i].p - copy) + texts[i].n) = '\0'; /* as said, there is a byte */
  }
  return r;
}

static int read_xml(const char *xml) {
  return read_text(xml, strlen(xml));
}

static void found(void) {
  static const char *const forms[] = {
      "<R><E><Code>abc</Code><Message>d e</Message></E></R>",
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<R xmlns='u:v' a = \"&gt;>/\"\t>\r\n <E >"
      "<Message a='Code'>d e</Message > <Code>abc</Code></E\n></R>\n<!-- end -->\n",
      "<!--<R><E><Code>no</Code></E></R>--><R><!-- - --><E><Code>abc</Code><!--<Message>x"
      "</Message>--><Message>d e</Message><More><Code>no</Code></More></E><Code>no</Code></R>",
  };
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    CHECK_INT(read_xml(forms[i]), 0);
    CHECK_STR(texts[0], "abc");
    CHECK_STR(texts[1], "d e");
  }
}

/* The names occur, but not there: nothing is found, and nothing is wrong. */
static void at_that_place_only(void) {
  static const char *const forms[] = {
      "<R/>",
      "<R></R>",
      "<Code>x</Code>",
      "<R><Code>x</Code><E/><Message>y</Message></R>",
      "<R><E><X><Code>x</Code></X></E></R>",
      "<R><X><Code>x</Code></X><E a='<Code>x</Code>' b=\"<Message>\"></E></R>",
      "<R><E><!-- <Code>x</Code> --><?pi <Code>x</Code>?></E></R>",
      "<R><E>&lt;Code&gt;x&lt;/Code&gt;</E></R>",
      "<R><E><code>x</code><CODE>x</CODE><CodeX>x</CodeX><Cod>x</Cod><p:Code>x</p:Code></E></R>",
      "<R><E><Code/><Message /></E></R>",
      "<R><E><Code>a<b/>c</Code><Message>a<!-- -->c</Message></E></R>",
      "<R><E><Code><b>a</b></Code><Message><?p?>c</Message></E></R>",
      "<S><E><Code>x</Code></E></S>",
      "<R><F><Code>x</Code></F></R>",
      "<E><R><Code>x</Code></R></E>",
      "<X><R><E><Code>x</Code></E></R></X>",
  };
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    if (!CHECK_INT(read_xml(forms[i]), 0)) puts(forms[i]);
    if (!CHECK(texts[0].p == NULL && texts[1].p == NULL)) puts(forms[i]);
  }
}

static void refused(void) {
  static const char *const forms[] = {
      "",
      " ",
      "text",
      "<",
      "<R",
      "<R>",
      "<R><E></R></E>",
      "<R></S>",
      "<R></R",
      "<R></R><R></R>",
      "<R/><R/>",
      "<R></R>text",
      "text<R></R>",
      "</R>",
      "<R><E></E></R></R>",
      "<R><E><Code>a</Code><Code>b</Code></E></R>",
      "<R><E><Code>a</Code></E><E><Code>a</Code></E></R>",
      "<!DOCTYPE R [<!ENTITY x 'y'>]><R></R>",
      "<R><![CDATA[<E><Code>x</Code></E>]]></R>",
      "<R><E><Code><![CDATA[x]]></Code></E></R>",
      "<R><E><Code>&nbsp;</Code></E></R>",
      "<R><E><Code>&amp</Code></E></R>",
      "<R><E><Code>&</Code></E></R>",
      "<R><E><Code>&;</Code></E></R>",
      "<R><E><Code>&#;</Code></E></R>",
      "<R><E><Code>&#x;</Code></E></R>",
      "<R><E><Code>&#0;</Code></E></R>",
      "<R><E><Code>&#x110000;</Code></E></R>",
      "<R><E><Code>&#99999999999999999999;</Code></E></R>",
      "<R><E><Code>&#xg;</Code></E></R>",
      "<R><E><Code>&#1a;</Code></E></R>",
      "<R><E><Code>& amp;</Code></E></R>",
      "<R a></R>",
      "<R a=b></R>",
      "<R a=\"b></R>",
      "<R a='b\"></R>",
      "<R a='b'b='c'></R>",
      "<R a=></R>",
      "< R></R>",
      "<R></ R>",
      "<R/ >",
      "<R><></></R>",
      "<R><!- x --></R>",
      "<R><!-- x -></R>",
      "<R><?x></R>",
      "<\xc3\xa9/>",
      "<a><a><a><a><a><a><a><a><a></a></a></a></a></a></a></a></a></a>",
      "\xef\xbb\xbf<R></R>",
  };
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (!CHECK_INT(read_xml(forms[i]), IVS_ERR_TYPE)) puts(forms[i]);
  CHECK_INT(read_xml("<a><a><a><a><a><a><a><a></a></a></a></a></a></a></a></a>"), 0);
}

static void entities(void) {
  CHECK_INT(read_xml("<R><E><Code>&amp;lt;&lt;&gt;&quot;&apos;&#38;&#x2F;&#X2f;</Code></E></R>"),
            IVS_ERR_TYPE); /* X has to be lower-case */
  CHECK_INT(read_xml("<R><E><Code>&amp;lt;&lt;&gt;&quot;&apos;&#38;&#x2F;&#x2f;-&#10;"
                     "</Code><Message>&#xe9;&#8364;&#x10FFFF;a</Message></E></R>"),
            0);
  CHECK_STR(texts[0], "&lt;<>\"'&//-\n");
  CHECK_STR(texts[1], "???a");
  CHECK_INT(read_xml("<R><E><Code></Code><Message>\xe2\x82\xac</Message></E></R>"), 0);
  CHECK(texts[0].p != NULL && texts[0].n == 0);
  CHECK_STR(texts[1], "\xe2\x82\xac");
}

static void every_truncation(void) {
  static const char xml[] =
      "<?xml version='1.0'?><!-- c --><R a=\"b\"><E><Code>a&amp;b</Code><Message/></E></R>";
  for (size_t n = 0; n + 1 < sizeof xml; n++) CHECK_INT(read_text(xml, n), IVS_ERR_TYPE);
  CHECK_INT(read_xml(xml), 0);
}

/* Whatever the bytes are, it stays within them; what it finds stands between the right tags. */
static void random_bytes(void) {
  static const char *const pieces[] = {
      "<R>",       "</R>", "<E>",  "</E>", "<Code>", "</Code>", "<Message>", "</Message>",
      "<X a='1'>", "</X>", "<X/>", "<!--", "-->",    "<?",      "?>",        "&amp;",
      "&#65;",     "&",    ";",    "text", " ",      "<",       ">",         "/",
      "\"",        "'",    "=",    "<!",   "]]>",    "\n"};
  int good = 0, hits = 0;
  char xml[400];
  for (int round = 0; round < 60000; round++) {
    size_t n = 0;
    bool wrapped = round % 3 != 0;
    if (wrapped) n += (size_t)snprintf(xml, sizeof xml, "<R><E>");
    for (size_t i = check_below(12); i > 0; i--)
      n += (size_t)snprintf(xml + n, sizeof xml - n, "%s",
                            pieces[check_below(sizeof pieces / sizeof *pieces)]);
    if (round % 3 == 1) n += (size_t)snprintf(xml + n, sizeof xml - n, "<Code>x</Code>");
    if (wrapped) n += (size_t)snprintf(xml + n, sizeof xml - n, "</E></R>");
    int r = read_text(xml, n);
    CHECK(r == 0 || r == IVS_ERR_TYPE);
    good += r == 0;
    hits += r == 0 && texts[0].p != NULL;
    if (r == 0 && texts[0].p != NULL) CHECK(check_holds(xml, n, "<Code>"));
  }
  CHECK(good > 100 && hits > 100);
}

int main(void) {
  check_seed();
  RUN(found);
  RUN(at_that_place_only);
  RUN(refused);
  RUN(entities);
  RUN(every_truncation);
  RUN(random_bytes);
  return check_done();
}
