/*
 * The binding under an allocator that fails: for every N, scripts run in a fresh state in which the
 * Nth allocation and all after it fail until the script has ended. Then memory is there again: the
 * client that the script left must still work, and closing the state must leave no byte and no file
 * descriptor. No userdata may be freed with a private key in it.
 *
 * usage: alloc_fail FILE        the scripts: alloc_fail.lua
 */
#include <dirent.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <lauxlib.h>
#include <lualib.h>

#include "check.h"
#include "ivs_lua.h"

enum { MOST_ALLOCATIONS = 100000, CHANNELS = 30, SERVICE_SECONDS = 300 };

/* --- a service on loopback: a process, one connection at a time --- */

static char page[16384];

static void make_page(void) {
  size_t n = (size_t)snprintf(page, sizeof page, "{\"channels\":[");
  for (int i = 0; i < CHANNELS; i++)
    n += (size_t)snprintf(page + n, sizeof page - n,
                          "%s{\"arn\":\"arn:%d\",\"name\":\"caf\\u00e9\",\"authorized\":false,"
                          "\"tags\":{\"a\":\"%d\",\"b\":\"%0200d\"}}",
                          i > 0 ? "," : "", i, i, i);
  snprintf(page + n, sizeof page - n, "]");
}

static void answer(int fd, const char *request) {
  static char text[sizeof page + 64], all[sizeof text + 128];
  int status = 200;
  if (strncmp(request, "POST /ListChannels", 18) == 0) {
    bool last = strstr(request, "nextToken") != NULL;
    snprintf(text, sizeof text, "%s%s}", page, last ? "" : ",\"nextToken\":\"two\"");
  } else if (strstr(request, "missing") != NULL) {
    status = 404;
    snprintf(text, sizeof text,
             "{\"__type\":\"ResourceNotFoundException\",\"exceptionMessage\":\"none\"}");
  } else {
    snprintf(text, sizeof text, "{\"channel\":{\"arn\":\"arn:1\",\"srt\":{\"endpoint\":\"x\"}}}");
  }
  int n = snprintf(all, sizeof all, "HTTP/1.1 %d X\r\nContent-Length: %zu\r\n\r\n%s", status,
                   strlen(text), text);
  if (send(fd, all, (size_t)n, MSG_NOSIGNAL) != n)
    fprintf(stderr, "the test's service could not answer\n");
}

/* The requests of the tests come in one piece or two: head and body. */
static void serve(int fd) {
  char request[16384];
  size_t have = 0;
  ssize_t r;
  while (have < sizeof request - 1 &&
         (r = recv(fd, request + have, sizeof request - 1 - have, 0)) > 0) {
    have += (size_t)r;
    request[have] = '\0';
    const char *end = strstr(request, "\r\n\r\n"), *length = strstr(request, "content-length: ");
    if (end == NULL ||
        (length != NULL && have < (size_t)(end + 4 - request) + strtoul(length + 16, NULL, 10)))
      continue;
    answer(fd, request);
    have = 0;
  }
  close(fd);
}

static unsigned port;
static pid_t service;

static void start_service(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(listener >= 0 && bind(listener, (struct sockaddr *)&address, sizeof address) == 0 &&
        listen(listener, 16) == 0);
  CHECK(getsockname(listener, (struct sockaddr *)&address, &size) == 0);
  port = ntohs(address.sin_port);
  service = fork();
  CHECK(service >= 0);
  if (service != 0) {
    close(listener);
    return;
  }
  alarm(SERVICE_SECONDS); /* in case nobody stops it */
  make_page();
  for (;;) {
    int fd = accept(listener, NULL, NULL);
    if (fd >= 0) serve(fd);
  }
}

static void stop_service(void) {
  kill(service, SIGKILL);
  waitpid(service, NULL, 0);
}

/* --- the allocator --- */

struct memory {
  size_t bytes;   /* in use */
  unsigned count; /* allocations since the script began */
  unsigned fail;  /* the first that fails; 0: none */
};

/* Before each block: what Lua said that it is for, a LUA_T... or 0. */
union head {
  size_t kind;
  max_align_t align;
};

static bool holds(const char *p, size_t n, const char *text) {
  size_t length = strlen(text);
  for (; n >= length; p++, n--)
    if (memcmp(p, text, length) == 0) return true;
  return false;
}

static void release(union head *head, size_t n) {
  if (head == NULL) return;
  if (head->kind == LUA_TUSERDATA) CHECK(!holds((const char *)(head + 1), n, "PRIVATE KEY"));
  free(head);
}

static void *allocate(void *user, void *p, size_t old, size_t n) {
  struct memory *m = (struct memory *)user;
  union head *head = p != NULL ? (union head *)p - 1 : NULL;
  size_t kind = p != NULL ? head->kind : old;
  if (p == NULL) old = 0;
  if (n == 0) {
    release(head, old);
    m->bytes -= old;
    return NULL;
  }
  if (n > old && m->fail != 0 && ++m->count >= m->fail) return NULL;
  head = realloc(head, sizeof *head + n);
  if (head == NULL) return NULL;
  m->bytes += n - old;
  head->kind = kind;
  return head + 1;
}

static unsigned open_files(void) {
  unsigned n = 0;
  DIR *folder = opendir("/proc/self/fd");
  while (folder != NULL && readdir(folder) != NULL) n++;
  if (folder != NULL) closedir(folder);
  return n;
}

/* --- the scripts --- */

static char source[16384];

/* Parts of the source, of which the last is what runs when memory is there again. */
static struct part { const char *name, *text; } parts[10];
static size_t part_count;

/* Cuts the source at its lines "--- NAME". */
static void load_parts(const char *path) {
  static const char mark[] = "\n--- ";
  FILE *file = path != NULL ? fopen(path, "rb") : NULL;
  if (file == NULL) return;
  size_t n = fread(source, 1, sizeof source - 1, file);
  CHECK(n < sizeof source - 1);
  fclose(file);
  for (char *at = strstr(source, mark); at != NULL && part_count < 10; part_count++) {
    char *name = at + sizeof mark - 1, *end = strchr(name, '\n');
    *at = '\0';
    if (end == NULL) return;
    *end = '\0';
    parts[part_count] = (struct part){name, end + 1};
    at = strstr(end + 1, mark);
  }
}

static int run_script(lua_State *L) {
  const char *script = (const char *)lua_touserdata(L, 1);
  luaL_requiref(L, "ivs", luaopen_ivs, 0);
  if (luaL_loadstring(L, script) != LUA_OK) return lua_error(L);
  lua_call(L, 0, 0);
  return 0;
}

static bool client_still_works(lua_State *L) {
  bool ok = luaL_dostring(L, parts[part_count - 1].text) == LUA_OK && lua_toboolean(L, -1);
  if (!ok) fprintf(stderr, "%s\n", luaL_tolstring(L, -1, NULL));
  return ok;
}

/* Runs a script whose fail-th allocation is the first to fail. True if it came through. */
static bool attempt(const char *script, unsigned fail) {
  struct memory memory = {0, 0, 0};
  unsigned files = open_files();
  lua_State *L = lua_newstate(allocate, &memory);
  luaL_openlibs(L);
  lua_pushfstring(L, "http://127.0.0.1:%d", (int)port);
  lua_setglobal(L, "url");
  lua_pushcfunction(L, run_script);
  lua_pushlightuserdata(L, (void *)(uintptr_t)script);
  memory.fail = fail;
  int status = lua_pcall(L, 1, 0, 0);
  bool through = status == LUA_OK && memory.count < fail;
  memory.fail = 0;
  bool expected =
      status == LUA_OK || strstr(luaL_tolstring(L, -1, NULL), "not enough memory") != NULL;
  if (!CHECK(expected)) fprintf(stderr, "allocation %u: %s\n", fail, lua_tostring(L, -1));
  CHECK(client_still_works(L));
  lua_close(L);
  CHECK(memory.bytes == 0);
  CHECK(open_files() == files);
  return through;
}

int main(int argc, char **argv) {
  load_parts(argc > 1 ? argv[1] : NULL);
  if (!CHECK(part_count > 1)) return check_done();
  start_service();
  for (size_t i = 0; i < part_count - 1; i++) {
    unsigned fail = 1;
    while (fail < MOST_ALLOCATIONS && check_failed == 0 && !attempt(parts[i].text, fail)) fail++;
    CHECK(fail > 100 && fail < MOST_ALLOCATIONS);
    printf("%s: %u allocations\n", parts[i].name, fail - 1);
  }
  stop_service();
  return check_done();
}
