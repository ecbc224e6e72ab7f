#include "signature.h"

#include <lauxlib.h>

#include <ivs/sigv4.h>
#include <ivs/text.h>

static ivs_str text_argument(lua_State *L, int index) {
  ivs_str s;
  s.p = luaL_checklstring(L, index, &s.n);
  return s;
}

static ivs_str element(lua_State *L, int index, lua_Integer i) {
  ivs_str s;
  lua_rawgeti(L, index, i);
  s.p = luaL_checklstring(L, -1, &s.n); /* the table keeps it alive */
  lua_pop(L, 1);
  return s;
}

/* canonical(method, path, query, headers, payload) -> the canonical request.
   headers: a list of names, each followed by its value. */
static int signature_canonical(lua_State *L) {
  enum { HEADERS = 4 };
  struct ivs_sigv4_request rq = {
      .method = text_argument(L, 1), .path = text_argument(L, 2), .query = text_argument(L, 3)};
  ivs_str payload = text_argument(L, 5);
  luaL_checktype(L, HEADERS, LUA_TTABLE);
  rq.payload = payload.p;
  rq.payload_size = payload.n;
  rq.header_count = (size_t)lua_rawlen(L, HEADERS) / 2;
  ivs_pair *headers = lua_newuserdatauv(L, (rq.header_count + 1) * sizeof *headers, 0);
  for (size_t i = 0; i < rq.header_count; i++) {
    headers[i].name = element(L, HEADERS, 2 * (lua_Integer)i + 1);
    headers[i].value = element(L, HEADERS, 2 * (lua_Integer)i + 2);
  }
  rq.headers = headers;

  struct ivs_out measured = ivs_out_to(NULL, 0);
  int r = ivs_sigv4_canonical(&rq, &measured);
  if (r < 0 && r != IVS_ERR_SPACE) return luaL_error(L, "canonical request: %s", ivs_strerror(r));
  struct ivs_out text = ivs_out_to(lua_newuserdatauv(L, measured.n + 1, 0), measured.n);
  r = ivs_sigv4_canonical(&rq, &text);
  if (r < 0) return luaL_error(L, "canonical request: %s", ivs_strerror(r));
  lua_pushlstring(L, text.p, text.n);
  return 1;
}

/* sha256(text) -> in hexadecimal */
static int signature_sha256(lua_State *L) {
  ivs_str s = text_argument(L, 1);
  struct ivs_sha256 hash = {0};
  uint8_t digest[IVS_SHA256_BYTES];
  char hex[2 * IVS_SHA256_BYTES];
  struct ivs_out o = ivs_out_to(hex, sizeof hex);
  int r = ivs_sha256_start(&hash);
  if (r == 0) r = ivs_sha256_update(&hash, s.p, s.n);
  if (r == 0) r = ivs_sha256_final(&hash, digest);
  ivs_sha256_wipe(&hash);
  if (r < 0) return luaL_error(L, "SHA-256: %s", ivs_strerror(r));
  ivs_put_hex(&o, digest, sizeof digest);
  lua_pushlstring(L, hex, o.n);
  return 1;
}

/* see signature.h */
int luaopen_ivs_signature(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"canonical", signature_canonical}, {"sha256", signature_sha256}, {NULL, NULL}};
  luaL_newlib(L, functions);
  return 1;
}
