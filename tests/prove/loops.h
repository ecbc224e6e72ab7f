/*
 * Words of the contracts of loops, in the files `loops`.
 */
#ifndef IVS_PROVE_LOOPS_H
#define IVS_PROVE_LOOPS_H

/*
 * How large the tables of the API are. <ivs/model.h> does not say it, and with contracts of loops
 * CBMC knows the size of an array only where it was said before it is used. A number that is not
 * that of tables.c is an error.
 */
#define TYPES 81
#define FIELDS 254
#define LIMITS 22
#define MEMBER_NAMES 1222
#define OP_NAMES 824
extern const char ivs_member_names[MEMBER_NAMES], ivs_op_names[OP_NAMES];

#include <ivs/codec.h>

extern const struct ivs_type ivs_types[TYPES];
extern const struct ivs_field ivs_fields[FIELDS];
extern const struct ivs_limit ivs_limits[LIMITS];

/* What an expression was when the loop began. */
#define BEFORE(x) __CPROVER_loop_entry(x)

/* p lies from `from` to `to`, in the same memory. */
#define WITHIN(from, p, to)                                           \
  (__CPROVER_same_object(p, to) && __CPROVER_same_object(from, to) && \
   __CPROVER_POINTER_OFFSET(from) <= __CPROVER_POINTER_OFFSET(p) &&   \
   __CPROVER_POINTER_OFFSET(p) <= __CPROVER_POINTER_OFFSET(to))

/*
 * What holds of struct ivs_http1 before and after every call; the names are those of http1.c. Until
 * the connection is closed, `left` counts downwards, here from `least` at the least.
 */
#define HOLDS_FROM(h, least)                                                                      \
  ((h)->state <= FAILED && (h)->line <= END_OF_CHUNK && (h)->name_n <= sizeof(h)->name &&         \
   (h)->value_n <= sizeof(h)->value && (h)->length >= -1 && ((h)->done == 0 || (h)->done == 1) && \
   ((h)->state != FAILED || ((h)->left < 0 && (h)->left >= -200)) &&                              \
   ((h)->state != DATA || (h)->left >= 0 || ((h)->length < 0 && (h)->left >= (least))))
#define HOLDS(h) HOLDS_FROM(h, INT64_MIN / 2) /* nobody sends 2^62 bytes */

/*
 * Says again which of its array's first six elements p points at, as it does already: CBMC forgets
 * that when a loop has been gone round, and then takes every byte of the array for possible.
 */
#define STILL(p, array)                                               \
  {                                                                   \
    __CPROVER_assert(IS_ONE_OF(p, array), "still at the same place"); \
    p = p == &(array)[0]   ? &(array)[0]                              \
        : p == &(array)[1] ? &(array)[1]                              \
        : p == &(array)[2] ? &(array)[2]                              \
        : p == &(array)[3] ? &(array)[3]                              \
        : p == &(array)[4] ? &(array)[4]                              \
                           : &(array)[5];                             \
  }
#define IS_ONE_OF(p, array)                                                                \
  ((p) == &(array)[0] || (p) == &(array)[1] || (p) == &(array)[2] || (p) == &(array)[3] || \
   (p) == &(array)[4] || (p) == &(array)[5])

/*
 * What jsmn counts in each of its tokens, of which there is room for no more than JSMN_TOKENS of
 * jsmn_tokens.h: a million at first at the most, and one more for a byte of the text.
 */
/* clang-format off */ /* which does not know ==> */
#define SIZES_HOLD(tokens, room, at)                                              \
  __CPROVER_forall {                                                              \
    unsigned k;                                                                   \
    (0 <= k && k < 16) ==> (k < (room) ==> (tokens)[k].size <= 1000000 + (int)(at)) \
  }
/* clang-format on */

/* One of jsmn's tokens: any, so that what holds of it holds of each. */
extern unsigned watched;

/* A token lies in the text up to `to`, and is empty only if it is a string. */
#define TOKEN_LIES(token, to)                                                        \
  ((token).start >= 0 && (token).start <= (token).end && (token).end <= (int)(to) && \
   ((token).type == JSMN_STRING || (token).start < (token).end))

/* The one that is watched does, if it was taken; the first is the object that holds the others. */
#define WATCHED_LIES(tokens, taken, to) \
  (watched >= (taken) || watched == 0 || TOKEN_LIES((tokens)[watched], to))

/* The same, or it is an open bracket before `at`: what jsmn keeps to, whatever it reads. */
#define WATCHED_OR_OPEN(tokens, taken, at, to)                                         \
  (watched >= (taken) || TOKEN_LIES((tokens)[watched], to) ||                          \
   (((tokens)[watched].type == JSMN_OBJECT || (tokens)[watched].type == JSMN_ARRAY) && \
    (tokens)[watched].end == -1 && (tokens)[watched].start >= 0 &&                     \
    (tokens)[watched].start <= (int)(at)))

/* No white space and no control character. */
#define VISIBLE(c) ((c) < 0 || (c) > ' ')

/* p's offset in its memory. */
#define AT(p) __CPROVER_POINTER_OFFSET(p)

/* Which struct of the API a place of a walk over the tables is about. */
#define TYPE_OF(place) (AT((place).type) / sizeof(struct ivs_type))

#define FIRST_OF(place) (ivs_types[TYPE_OF(place)].first)

/* Where the search for members goes on in a place of decode.c: among those of its type. */
#define SEARCHES(place)                                                                          \
  (AT((place).next) >= FIRST_OF(place) * sizeof(struct ivs_field) &&                             \
   AT((place).next) <=                                                                           \
       (FIRST_OF(place) + (size_t)ivs_types[TYPE_OF(place)].count) * sizeof(struct ivs_field) && \
   (uint16_t)AT((place).next) % (uint16_t)sizeof(struct ivs_field) == 0)

/*
 * What holds of place k of the walk of decode.c, if `at` has come so far: its struct lies within
 * the one that all is decoded into, and there are places left for all that lies within it; its
 * object lies in the text, its tokens in the room for them; the search for members goes on where
 * it may.
 */
#define DECODES(k, stack, at, out, whole, room)                                                \
  (AT(at) < (k) * sizeof(struct place) ||                                                      \
   (__CPROVER_same_object((stack)[k].type, ivs_types) &&                                       \
    AT((stack)[k].type) % sizeof(struct ivs_type) == 0 && TYPE_OF((stack)[k]) < TYPES &&       \
    height[TYPE_OF((stack)[k])] + (k) <= IVS_DEPTH &&                                          \
    __CPROVER_same_object((stack)[k].base, out) &&                                             \
    AT((stack)[k].base) + ivs_types[TYPE_OF((stack)[k])].size <= __CPROVER_OBJECT_SIZE(out) && \
    __CPROVER_same_object((stack)[k].next, ivs_fields) && SEARCHES((stack)[k]) &&              \
    WITHIN((whole)->p, (stack)[k].object.text, (stack)[k].object.end) &&                       \
    AT((stack)[k].object.text) < AT((stack)[k].object.end) &&                                  \
    AT((stack)[k].object.end) <= AT((whole)->p) + (whole)->n &&                                \
    __CPROVER_same_object((stack)[k].object.tokens, room) &&                                   \
    AT((stack)[k].object.tokens) % IVS_JSON_TOKEN_SIZE == 0 &&                                 \
    AT((stack)[k].object.tokens) + (stack)[k].object.count * (size_t)IVS_JSON_TOKEN_SIZE <=    \
        __CPROVER_OBJECT_SIZE(room)))

/*
 * What gets less with every round of that walk, of place k before those within it: its tokens to
 * come, and whether the walk is in a struct within it.
 */
#define TOKENS_LEFT(o) ((o).count > (o).next ? (o).count - (o).next : 0)
#define TO_COME(k, stack, at) \
  (2 * TOKENS_LEFT((stack)[k].object) + (AT(at) > (k) * sizeof(struct place) ? 1 : 0))

extern uint8_t height[TYPES], list_height[TYPES]; /* heights.h */

/* Whether requests consist of a type: a bit for each, as CBMC keeps 64 elements apart at most. */
enum { REQUESTS_HAVE = (TYPES + 63) / 64 };
extern uint64_t requests_have[REQUESTS_HAVE]; /* heights.h */
#define REQUESTED(t) ((requests_have[(t) / 64] >> (t) % 64 & 1) != 0)

/*
 * What holds of place k of the walk of encode.c, if `at` has come so far: it is one of requests'
 * structs, and there are places left for all that lies within it; the struct at hand and those that
 * have not begun lie in the caller's memory; the members to come are the last of its type.
 */
#define WALKS(k, stack, at, whole, memory)                                                       \
  (AT(at) < (k) * sizeof(struct place) ||                                                        \
   (__CPROVER_same_object((stack)[k].type, ivs_types) &&                                         \
    AT((stack)[k].type) % sizeof(struct ivs_type) == 0 && TYPE_OF((stack)[k]) < TYPES &&         \
    REQUESTED(TYPE_OF((stack)[k])) &&                                                            \
    list_height[TYPE_OF((stack)[k])] + (k) <= list_height[whole] &&                              \
    __CPROVER_same_object((stack)[k].base, memory) &&                                            \
    AT((stack)[k].base) <= __CPROVER_OBJECT_SIZE(memory) &&                                      \
    (stack)[k].structs < UINT16_MAX &&                                                           \
    ((uint16_t)(stack)[k].structs + ((stack)[k].begun ? 1u : 0u)) *                              \
            ivs_types[TYPE_OF((stack)[k])].size <=                                               \
        (uint32_t)(__CPROVER_OBJECT_SIZE(memory) - AT((stack)[k].base)) &&                       \
    (stack)[k].members <= (unsigned)ivs_types[TYPE_OF((stack)[k])].count &&                      \
    ((stack)[k].members == 0 ||                                                                  \
     ((stack)[k].begun && __CPROVER_same_object((stack)[k].next, ivs_fields) &&                  \
      AT((stack)[k].next) ==                                                                     \
          (FIRST_OF((stack)[k]) + ivs_types[TYPE_OF((stack)[k])].count - (stack)[k].members) *   \
              sizeof(struct ivs_field)))))

/* What place k has still to do: structs, and members of the one at hand. */
#define STRUCTS_LEFT(k, stack, at) \
  (AT(at) < (k) * sizeof(struct place) ? 0 : 1 + (stack)[k].structs)
#define MEMBERS_LEFT(k, stack, at) (AT(at) < (k) * sizeof(struct place) ? 0 : (stack)[k].members)

#endif
