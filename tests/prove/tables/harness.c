#include "../heights.h"

static size_t alignment(const struct ivs_field *f) {
  return f->kind == IVS_K_BOOL ? 1 : sizeof(void *);
}

static void limits_are_there(const struct ivs_field *f) {
  MUST(f->limit < LIMITS);
  if (f->kind == IVS_K_STRS) MUST(f->type < LIMITS);
  if (f->kind == IVS_K_MAP) MUST(f->type + 1u < LIMITS);
}

/* A member of any struct; another of the same. */
static void members(void) {
  uint8_t t = any_type();
  MUST(ivs_types[t].first + (size_t)ivs_types[t].count <= FIELDS);
  if (ivs_types[t].count == 0) return;
  MUST(ivs_types[t].size >= sizeof(bool));
  const struct ivs_field *f = any_field(t), *other = any_field(t);
  MUST(f->offset + member_size(f) <= ivs_types[t].size);
  MUST(f->offset % alignment(f) == 0);
  MUST(f >= other || f->offset + member_size(f) <= other->offset);
  if (f->kind == IVS_K_STRUCT || f->kind == IVS_K_LIST) {
    MUST(f->type < t && ivs_types[f->type].count > 0);
    MUST(any_field(f->type)->offset >= sizeof(bool)); /* there is `present` before it */
  }
  MUST(f->name_n > 0 && f->name + (size_t)f->name_n < MEMBER_NAMES);
  limits_are_there(f);
}

static void operations(void) {
  size_t id = any_size_to(IVS_OP_COUNT - 1);
  const struct ivs_op *op = &ivs_ops[id];
  MUST(__CPROVER_OBJECT_SIZE(ivs_ops) == IVS_OP_COUNT * sizeof *op);
  MUST(op->in < TYPES && op->out < TYPES);
  MUST(op->name < OP_NAMES);
  size_t name_n = (uint8_t)ivs_op_names[op->name];
  MUST(name_n > 0 && name_n < OP_NAMES - op->name);
  if (ivs_types[op->in].count == 0) return;
  const struct ivs_field *f = any_field(op->in);
  if (f->flags & IVS_F_PATH) MUST(f->kind == IVS_K_STR && (f->flags & IVS_F_QUERY) == 0);
  if (f->flags & IVS_F_QUERY) MUST(f->kind == IVS_K_STRS);
}

static void heights(void) {
  uint8_t t = any_type();
  measure();
  MUST(height[t] <= IVS_DEPTH);
  MUST(list_height[t] <= IVS_DEPTH);
  if (ivs_types[t].count == 0) return;
  const struct ivs_field *f = any_field(t);
  if (f->kind == IVS_K_STRUCT) MUST(height[f->type] < height[t]);
  if (f->kind >= IVS_K_STRUCT && f->kind <= IVS_K_LIST) MUST(list_height[f->type] < list_height[t]);
}

/* Answers alone have times. */
static void requests(void) {
  uint8_t t = any_type();
  measure_requests();
  if (requested(t) && ivs_types[t].count > 0) MUST(any_field(t)->kind != IVS_K_TIME);
}

void harness(void) {
  if (any_bool()) members();
  else if (any_bool()) operations();
  else if (any_bool()) requests();
  else heights();
}
