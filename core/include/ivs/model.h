/*
 * The API as data: the format of the tables in core/src/tables.c, which are
 * generated from core/model/. Encoder, decoder, request check, Lua and command line all run on
 * them; no operation has code of its own.
 *
 * The records hold no pointers, so that the tables are the same read-only bytes
 * on every target. A struct is reached by its type number, a member by its offset.
 */
#ifndef IVS_MODEL_H
#define IVS_MODEL_H

#include <ivs/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a member is in JSON, and by which C type the struct holds it. ORDER KIND: decode.c
   has a table in this order, and for encode.c the lists and maps come last. */
enum ivs_kind {
  IVS_K_STR = 0, /* string: ivs_str */
  IVS_K_BOOL,    /* true, false: ivs_bool */
  IVS_K_INT,     /* whole number: ivs_int */
  IVS_K_TIME,    /* timestamp: ivs_time. Answers only */
  IVS_K_STRUCT,  /* object: the struct itself, whose first member is `bool present` */
  IVS_K_LIST,    /* array of objects: struct ivs_<element>_list */
  IVS_K_STRS,    /* array of strings: struct ivs_str_list */
  IVS_K_MAP      /* object of strings: struct ivs_tags */
};

enum {
  IVS_F_REQUIRED = 1,
  IVS_F_SENSITIVE = 2, /* never shown in a log */
  IVS_F_PATH = 4,      /* a label of the path, not in the body */
  IVS_F_QUERY = 8,     /* repeated query member, not in the body */
  IVS_F_ARN = 16       /* the text, or each text of a list, begins like an ARN or is empty */
};

/* One member of a struct. 6 bytes. */
struct ivs_field {
  uint16_t flags : 5;   /* IVS_F_* */
  uint16_t name : 11;   /* where its wire name begins in ivs_member_names, */
  uint16_t limit : 5;   /* index of ivs_limits; 0: none */
  uint16_t offset : 11; /* of the member in its struct */
  uint16_t kind : 3;    /* enum ivs_kind */
  uint16_t name_n : 7;  /* and how many bytes it has: see ivs_field_name() */
  uint16_t type : 6;    /* of IVS_K_STRUCT, and of the elements of IVS_K_LIST: index of ivs_types;
                           of the texts of IVS_K_STRS: index of ivs_limits; of the names of
                           IVS_K_MAP: likewise, and the next one is for its values */
};

/* One struct. Its members are ivs_fields[first] .. [first + count - 1], in the order of the API. 4
   bytes. Type 0 has no members: the answer of an operation that says nothing. */
struct ivs_type {
  uint16_t first : 9;
  uint16_t tokens : 7; /* tokens to read one, its structs included but not its lists; for an answer,
                          the most that an element of its lists needs too */
  uint16_t size : 11;  /* sizeof the struct */
  uint16_t count : 5;
};

/* Structs within one another, or as elements of one another's lists, at the most; and structs
   within a member of a request. The generator refuses an API that has more. */
enum { IVS_DEPTH = 6 };

enum { IVS_GET = 0, IVS_POST = 1, IVS_DELETE = 2 };

/* What may happen to an operation whose answer was lost. */
enum {
  IVS_FREE = 0, /* may be repeated freely */
  IVS_ONCE = 1, /* a repetition could make a second one: it is not repeated */
  IVS_CUE = 2   /* a repetition may show a viewer the same cue twice: the caller decides */
};

/* One operation. 4 bytes. Its path is "/" and its name, or "/tags/" and the member that has
   IVS_F_PATH. */
struct ivs_op {
  uint16_t name : 12;  /* where in ivs_op_names: see ivs_op_name() */
  uint16_t method : 2; /* IVS_GET, IVS_POST, IVS_DELETE */
  uint16_t repeat : 2; /* IVS_FREE, IVS_ONCE, IVS_CUE */
  uint8_t in, out;     /* index of ivs_types */
};

/* Smallest and largest: characters of a string, elements of a list or map, or the value of a
   number. */
struct ivs_limit {
  int32_t min;
  int32_t max; /* INT32_MAX: no upper limit */
};

/* The names of members, run together; one that is part of another lies in that. */
extern const char ivs_member_names[];
/* The names of operations, each behind a byte that says its length. */
extern const char ivs_op_names[];
extern const struct ivs_field ivs_fields[];
extern const struct ivs_type ivs_types[];
extern const struct ivs_limit ivs_limits[];
extern const struct ivs_op ivs_ops[]; /* index: enum ivs_op_id, IVS_OP_COUNT of them */

/* The name of a member in JSON, or in the query. */
static inline ivs_str ivs_field_name(const struct ivs_field *f) {
  ivs_str s = {ivs_member_names + f->name, f->name_n};
  return s;
}

/* The name of an operation: "PutMetadata". */
static inline ivs_str ivs_op_name(const struct ivs_op *op) {
  const char *p = ivs_op_names + op->name;
  ivs_str s = {p + 1, (unsigned char)*p};
  return s;
}

/*
 * The rest of a list or map of an answer: one element is taken out at a time, by
 * the ivs_next_* functions. Private to them. Lies in the workspace: it dies at the next call.
 */
typedef struct ivs_span {
  char *p;      /* the next element; NULL: absent */
  uint32_t n;   /* bytes from there to the closing bracket, that included; 0: read to the end */
  uint8_t kind; /* IVS_K_LIST, IVS_K_STRS, IVS_K_MAP */
  uint8_t type; /* of the elements */
} ivs_span;

/*
 * Lists. In a request, items points at count elements of the caller's (absent: items == NULL;
 * empty: any other pointer and count 0). In an answer, items is NULL and rest holds the elements.
 */
struct ivs_str_list {
  const ivs_str *items;
  size_t count;
  ivs_span rest;
};

/* A map of text to text. The same rules. */
struct ivs_tags {
  const ivs_pair *items;
  size_t count;
  ivs_span rest;
};

/* All lists and maps, whatever their elements, look like this to the encoder and decoder. */
struct ivs_any_list {
  const void *items;
  size_t count;
  ivs_span rest;
};

#ifdef __cplusplus
}
#endif

#endif
