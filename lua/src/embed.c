/*
 * Build tool: writes Lua files as one C file with the table of embedded.h.
 *   embed [--source] OUT.c NAME=FILE.lua...
 * Each file is compiled, so that a syntax error ends the build; what is written is its stripped
 * bytecode or, with --source, its text. Runs on the building machine; the bytecode fits
 * every target with the same byte order, as Lua's sizes of numbers are fixed.
 * Built with IVS_EMBED_WITHOUT_LUA it needs no Lua on the building machine: it always writes the
 * text, unchecked.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef IVS_EMBED_WITHOUT_LUA
#include <lauxlib.h>
#include <lua.h>
#endif

enum { BYTES_PER_LINE = 24 };

static void fail(const char *what, const char *which) {
  fprintf(stderr, "embed: %s: %s\n", which, what);
  exit(1);
}

/* Writes bytes as the inside of an initialiser. *written counts them, to break the lines. */
static void write_bytes(FILE *out, const unsigned char *bytes, size_t n, size_t *written) {
  for (size_t i = 0; i < n; i++)
    fprintf(out, "%u,%s", bytes[i], ++*written % BYTES_PER_LINE == 0 ? "\n" : "");
}

struct sink {
  FILE *out;
  size_t written;
};

static void write_source(struct sink *sink, const char *path) {
  unsigned char buffer[4096];
  size_t n;
  FILE *in = fopen(path, "rb");
  if (in == NULL) fail("cannot be read", path);
  while ((n = fread(buffer, 1, sizeof buffer, in)) > 0)
    write_bytes(sink->out, buffer, n, &sink->written);
  if (ferror(in)) fail("cannot be read", path);
  fclose(in);
}

#ifdef IVS_EMBED_WITHOUT_LUA
static void write_code(struct sink *sink, const char *path, bool source) {
  (void)source;
  write_source(sink, path);
}
#else
static int write_chunk(lua_State *L, const void *bytes, size_t n, void *user) {
  struct sink *sink = user;
  (void)L;
  write_bytes(sink->out, bytes, n, &sink->written);
  return 0;
}

static void write_code(struct sink *sink, const char *path, bool source) {
  lua_State *L = luaL_newstate();
  if (L == NULL) fail("out of memory", path);
  if (luaL_loadfilex(L, path, "t") != LUA_OK) fail("does not compile", lua_tostring(L, -1));
  if (source) write_source(sink, path);
  else lua_dump(L, write_chunk, sink, 1);
  lua_close(L);
}
#endif

static void write_module(FILE *out, int index, const char *path, bool source) {
  struct sink sink = {out, 0};
  fprintf(out, "static const unsigned char code_%d[] = {\n", index);
  write_code(&sink, path, source);
  if (sink.written == 0) fail("empty", path);
  fprintf(out, "};\n\n");
}

/* NAME=FILE by NAME, as strcmp() has it. */
static int compare_names(const void *a, const void *b) {
  const char *left = *(char *const *)a, *right = *(char *const *)b;
  size_t n = strcspn(left, "="), m = strcspn(right, "=");
  int order = memcmp(left, right, n < m ? n : m);
  return order != 0 ? order : (n > m) - (n < m);
}

static void write_table(FILE *out, char **modules, int count) {
  fprintf(out, "const struct ivs_embedded ivs_embedded[] = {\n");
  for (int i = 0; i < count; i++) {
    int name = (int)strcspn(modules[i], "=");
    fprintf(out, "  {\"%.*s\", code_%d, sizeof code_%d},\n", name, modules[i], i, i);
  }
  fprintf(out, "  {NULL, NULL, 0},\n};\n");
  fprintf(out, "const size_t ivs_embedded_count = %d;\n", count);
}

int main(int argc, char **argv) {
  bool source = argc > 1 && strcmp(argv[1], "--source") == 0;
  char **modules = argv + (source ? 3 : 2);
  int count = argc - (source ? 3 : 2);
  const char *path = count >= 0 ? modules[-1] : "";
  FILE *out = count >= 0 ? fopen(path, "w") : NULL;
  if (count < 0) fail("embed [--source] OUT.c NAME=FILE.lua...", "usage");
  if (out == NULL) fail("cannot be written", path);

  fprintf(out, "/* Generated at build time from lua/lib. */\n#include \"embedded.h\"\n\n");
  qsort(modules, (size_t)count, sizeof modules[0], compare_names);
  for (int i = 0; i < count; i++) {
    const char *file = strchr(modules[i], '=');
    if (file == NULL) fail("is not NAME=FILE.lua", modules[i]);
    write_module(out, i, file + 1, source);
  }
  write_table(out, modules, count);
  if (ferror(out) | fclose(out)) fail("cannot be written", path);
  return 0;
}
