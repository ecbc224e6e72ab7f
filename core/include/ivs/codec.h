/*
 * From the typed structs to the bytes of a request, and from the bytes of an
 * answer to the structs, by the tables of <ivs/model.h>. Pure functions of their arguments.
 */
#ifndef IVS_CODEC_H
#define IVS_CODEC_H

#include <ivs/json.h>
#include <ivs/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Memory that no text of a request may lie in. */
struct ivs_region {
  const void *p;
  size_t n;
};

/*
 * Judges a request without writing it: required members, UTF-8, overlap.
 * 0, IVS_ERR_REQUIRED, IVS_ERR_UTF8, IVS_ERR_OVERLAP; *culprit is then the wire name of the member.
 */
int ivs_encode_judge(const struct ivs_op *op, const void *in, struct ivs_region forbidden,
                     ivs_str *culprit);

/*
 * Judges one member of a request that is there. ivs_check_member is the API's own limits: length of
 * texts in characters, counts, ranges, ARNs by their beginning; patterns and enumerated values are
 * left to the service. IVS_ERR_LENGTH, IVS_ERR_RANGE, IVS_ERR_ARN. It is the only part of the core
 * that needs the table of limits.
 */
typedef int ivs_member_check(const struct ivs_field *field, const void *member);
ivs_member_check ivs_check_member;

/* Has check judge every member of a good request, at every depth. The first error, with the member
   in *culprit. */
int ivs_encode_check(const struct ivs_op *op, const void *in, ivs_member_check *check,
                     ivs_str *culprit);

/* These three write what ivs_encode_judge() found good. The path is percent-encoded and begins with
   '/'. */
void ivs_encode_path(const struct ivs_op *op, const void *in, struct ivs_out *o);
void ivs_encode_query(const struct ivs_op *op, const void *in, struct ivs_out *o);
/* The JSON object of the members that are neither in the path nor in the query. Nothing unless the
   method is POST. */
void ivs_encode_body(const struct ivs_op *op, const void *in, struct ivs_out *o);

/* Room for tokens, suitably aligned. */
struct ivs_arena {
  void *tokens;
  size_t room; /* in tokens */
};

/*
 * Reads the object v of checked text into the struct `out` of that type, zeroed first. Strings are
 * unescaped in place: the text serves once. Unknown members are skipped, null counts as absent,
 * of a repeated member the last counts.
 * 0; IVS_ERR_TYPE, with the member in *culprit; IVS_ERR_SPACE if the arena has fewer tokens than
 * ivs_json_check() said. The text does not serve again after an error.
 */
int ivs_decode(struct ivs_arena arena, uint8_t type, struct ivs_json_value v, void *out,
               ivs_str *culprit);

/*
 * Takes the next element out of a list (a struct, or an ivs_str) or map (an ivs_pair) of an answer.
 * 1: *element is filled. 0: there is none left, or the list is absent. IVS_ERR_USED: it was read
 * before, through this struct to its end or through a copy of it. IVS_ERR_TYPE, IVS_ERR_SPACE as
 * above.
 */
int ivs_decode_next(struct ivs_arena arena, ivs_span *rest, void *element, ivs_str *culprit);

/* Bytes of a page token with a NUL: the API allows 1,024. */
enum { IVS_PAGE_TOKEN_SIZE = 1025 };

/*
 * Turns the request of a list operation into the one for the page behind *out: its nextToken is
 * copied into token, where it stays while in is used, for the answer's own lies in the workspace.
 * 1: there is such a page. 0: that was the last. IVS_ERR_SPACE: the token is longer than it may be.
 * IVS_ERR_ARGUMENT: the operation has no pages.
 */
int ivs_page_more(const struct ivs_op *op, void *in, const void *out,
                  char token[IVS_PAGE_TOKEN_SIZE]);

/* The elements of a list or map of an answer that are still to be read; does not use it up. */
size_t ivs_decode_count(const ivs_span *rest);

#ifdef __cplusplus
}
#endif

#endif
