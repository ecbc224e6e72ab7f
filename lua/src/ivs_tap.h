/*
 * A port over a port: it passes everything on, tells a Lua function what goes by in the clear, and
 * ends a silence that is longer than was asked for. A client that asks for neither has none.
 */
#ifndef IVS_TAP_H
#define IVS_TAP_H

#include <ivs/port.h>

#include <stdbool.h>

#include <lua.h>

struct ivs_tap {
  struct ivs_port port;
  struct ivs_port *under;
  lua_State *L;         /* the call under way, with the client at index 1; NULL: nobody is told */
  uint32_t connect_ms;  /* for the connection to open, TLS included; 0: no limit */
  uint32_t read_ms;     /* from a byte to the next; 0: no limit */
  uint64_t since;       /* ticks from which that counts */
  uint64_t delay_until; /* ticks, of the delay between two attempts that was told last */
  bool opening;
};

/* Sets the tap up over a port. */
void ivs_tap_init(struct ivs_tap *tap, struct ivs_port *below, uint32_t connect_ms,
                  uint32_t read_ms);

/* Calls the function that is to be told. Does nothing if there is none. It may raise, which ends
   the call. */
void ivs_tap_tell(struct ivs_tap *tap, const char *event, const void *text, size_t n);

/* From now to ivs_tap_end() a call runs. L: its client, at index 1, has the function to be told as
   user value IVS_TRACE, or nil there. Does nothing if there is no tap. */
void ivs_tap_begin(struct ivs_tap *tap, lua_State *L);
void ivs_tap_end(struct ivs_tap *tap);

#endif
