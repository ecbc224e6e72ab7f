/*
 * A host that closes its Lua state while a name is still being looked up for a client of it, as an
 * editor or a server does with a plugin's: lua_close() takes away the modules that were loaded for
 * the state, but the thread that looks the name up has to end in its own time.
 *
 * usage: closed_state MODULE        ivs.so
 */
#include "check.h"

#include <dirent.h>
#include <netdb.h>
#include <pthread.h>

#include <lauxlib.h>
#include <lualib.h>

enum { LOOK_MS = 5, MOST_LOOKS = 4000 };

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;

/* In the place of the C library's: answers when nobody waits any more. */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **list) {
  (void)node;
  (void)service;
  (void)hints;
  (void)list;
  pthread_mutex_lock(&held);
  pthread_mutex_unlock(&held);
  return EAI_NONAME;
}

static int threads(void) {
  int n = 0;
  DIR *folder = opendir("/proc/self/task");
  for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
    if (entry->d_name[0] != '.') n++;
  if (folder != NULL) closedir(folder);
  return n;
}

static void test_look_up_outlives_the_state(const char *module) {
  static const char script[] =
      "local ivs = assert(package.loadlib(..., 'luaopen_ivs'))()\n"
      "local client = assert(ivs.client { region = 'eu-west-1', endpoint = 'https://a.example',\n"
      "  access_key_id = 'a', secret_access_key = 'b', timeout = 0.1 })\n"
      "local answer, err = client:list_channels()\n"
      "assert(not answer and err.code == 'Timeout', tostring(err))\n";
  const struct timespec pause = {0, LOOK_MS * 1000000};
  lua_State *L = luaL_newstate();
  luaL_openlibs(L);
  pthread_mutex_lock(&held);
  CHECK(luaL_loadstring(L, script) == LUA_OK);
  lua_pushstring(L, module);
  if (!CHECK(lua_pcall(L, 1, 0, 0) == LUA_OK)) fprintf(stderr, "%s\n", lua_tostring(L, -1));
  int before = threads();
  lua_close(L);
  CHECK_INT(threads(), before);
  CHECK(before > 1);
  pthread_mutex_unlock(&held);
  for (int i = 0; i < MOST_LOOKS && threads() >= before; i++) nanosleep(&pause, NULL);
  CHECK_INT(threads(), before - 1);
}

int main(int argc, char **argv) {
  if (!CHECK(argc > 1)) return check_done();
  for (int i = 0; i < 2; i++) test_look_up_outlives_the_state(argv[1]); /* is loaded once more */
  return check_done();
}
