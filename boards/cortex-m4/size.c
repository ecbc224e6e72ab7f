/*
 * A program that uses all operations of the core with static credentials, and nothing else of it.
 * scripts/size links it to see what of the core such a program carries; it is never run.
 */
#include <ivs/ivs.h>

static ivs_client client;
static struct ivs_creds creds;
static struct ivs_endpoint endpoint;
static char workspace[4096];

/* From the product, in a real program: its transport, and which call to make with what. */
extern struct ivs_port *product_port(void);
extern ivs_str product_text(int which);
extern enum ivs_op_id product_request(const void **in, void **out, ivs_span **list, void **element);
extern void product_result(int result, const struct ivs_error *error);

static int start(void) {
  struct ivs_options options = {.endpoint = &endpoint, .creds = &creds};
  int r = ivs_creds_set(&creds, product_text(0), product_text(1), product_text(2));
  if (r == 0) r = ivs_endpoint_for_region(&endpoint, product_text(3));
  options.port = product_port();
  options.region = product_text(3);
  if (r == 0) r = ivs_init(&client, &options);
  if (r == 0) r = ivs_workspace(&client, workspace, sizeof workspace);
  return r;
}

int main(void) {
  const void *in;
  void *out, *element;
  ivs_span *list;
  int r = start();
  while (r == 0) {
    enum ivs_op_id op = product_request(&in, &out, &list, &element);
    r = ivs_call(&client, op, in, out);
    while (r == 0 && ivs_next(&client, list, element) == 1) product_result(1, NULL);
    product_result(r, ivs_last(&client));
  }
  ivs_close(&client);
  ivs_creds_wipe(&creds);
  return 0;
}
