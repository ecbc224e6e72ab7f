/*
 * Prints the tables of core/src/tables.c as JSON, and how large the kinds are on this machine.
 * test_tables.py compares it with the model.
 */
#include <ivs/types.h>
#include <stdio.h>

static void print_name(ivs_str name) {
  printf("\"%.*s\"", (int)name.n, name.p);
}

static void print_limit(unsigned index) {
  const struct ivs_limit *limit = &ivs_limits[index];
  if (index == 0) printf("null");
  else printf("[%ld,%ld]", (long)limit->min, (long)limit->max);
}

static void print_field(const struct ivs_field *f) {
  printf("{\"name\":");
  print_name(ivs_field_name(f));
  printf(",\"offset\":%u,\"kind\":%u,\"flags\":%u,\"type\":%u,\"limit\":", f->offset, f->kind,
         f->flags, f->type);
  print_limit(f->limit);
  printf(",\"elements\":");
  print_limit(f->kind == IVS_K_STRS || f->kind == IVS_K_MAP ? f->type : 0);
  printf(",\"values\":");
  print_limit(f->kind == IVS_K_MAP ? f->type + 1u : 0);
  printf("}");
}

static void print_type(const struct ivs_type *t) {
  printf("{\"size\":%u,\"fields\":[", t->size);
  for (unsigned i = 0; i < t->count; i++) {
    if (i > 0) putchar(',');
    print_field(&ivs_fields[t->first + i]);
  }
  printf("]}");
}

static void print_op(const struct ivs_op *op) {
  printf("{\"name\":");
  print_name(ivs_op_name(op));
  printf(",\"in\":%u,\"out\":%u,\"method\":%u,\"repeat\":%u}", op->in, op->out, op->method,
         op->repeat);
}

int main(void) {
  unsigned types = 0;
  printf("{\"kind_sizes\":[%zu,%zu,%zu,%zu,0,%zu,%zu,%zu],\"ops\":[", sizeof(ivs_str),
         sizeof(ivs_bool), sizeof(ivs_int), sizeof(ivs_time), sizeof(struct ivs_any_list),
         sizeof(struct ivs_str_list), sizeof(struct ivs_tags));
  for (unsigned i = 0; i < IVS_OP_COUNT; i++) {
    if (i > 0) putchar(',');
    print_op(&ivs_ops[i]);
    if (ivs_ops[i].in > types) types = ivs_ops[i].in;
    if (ivs_ops[i].out > types) types = ivs_ops[i].out;
  }
  printf("],\"types\":["); /* those of operations come last: one of them has the largest number */
  for (unsigned i = 0; i <= types; i++) {
    if (i > 0) putchar(',');
    print_type(&ivs_types[i]);
  }
  printf("]}\n");
  return 0;
}
