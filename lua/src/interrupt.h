/*
 * Signals become one Lua error. SIGINT, SIGTERM, SIGHUP and a broken pipe stop the script with an
 * error object whose tostring is "interrupted" and whose code is "Interrupted", so that its
 * clean-up runs; a second one ends the program at once.
 */
#ifndef IVS_INTERRUPT_H
#define IVS_INTERRUPT_H

#include <stdbool.h>

#include <lua.h>

/* Sets the handlers. L: the main thread of the only state that is interrupted. */
void ivs_interrupt_set(lua_State *L);

/* A signal that came is not raised in the main thread any more: what is to be closed there is closed
   undisturbed. ivs_interrupt_code() goes on to tell of it. */
void ivs_interrupt_calm(void);

/* The state is about to be closed: a signal from now on ends the program at once. */
void ivs_interrupt_end(void);

/* Has hook called every `count` instructions of this thread, the main one, and of the coroutines
   that are made from now on; also after a signal was raised as an error, which needs the hook. */
void ivs_interrupt_set_hook(lua_State *L, lua_Hook hook, int count);

/* To be called when a system call was ended by a signal: raises the error if the script has to
   stop. */
void ivs_interrupt_check(lua_State *L);

/* Not 0 from the signal until the error was raised; for ivs_lua_set_interrupt(). */
int ivs_interrupt_pending(void);

/* Forgets an interrupt that was answered: the next one is a first one. One by SIGTERM and the like
   stays. */
void ivs_interrupt_forget(void);

/* The error object, onto the stack: one for all time, so that it can be compared. */
void ivs_interrupt_push(lua_State *L);

/* Whether a reader of what is written has gone away, also after another signal. */
bool ivs_interrupt_piped(void);

/* The exit code that the signal asks for, 128 and its number; 0: there was none. */
int ivs_interrupt_code(void);

#endif
