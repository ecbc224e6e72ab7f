/*
 * Endpoints by AWS's published rules. A row of the table is all that is known of a partition.
 */
#include <ivs/endpoint.h>
#include <ivs/text.h>

/*
 * A row for each partition: how the names of its regions begin, its DNS suffix, the suffix of
 * dual-stack names, and a name that the published data lists beside those regions, if any. The
 * first is GovCloud's, the last is for all names that fit none before.
 * tests/vectors/endpoint/partitions.json has the data as published.
 */
static const char partitions[] =
    "us-gov- amazonaws.com api.aws aws-us-gov-global\0"
    "cn- amazonaws.com.cn api.amazonwebservices.com.cn aws-cn-global\0"
    "eusc-de- amazonaws.eu api.amazonwebservices.eu\0"
    "us-iso- c2s.ic.gov api.aws.ic.gov aws-iso-global\0"
    "us-isob- sc2s.sgov.gov api.aws.scloud aws-iso-b-global\0"
    "eu-isoe- cloud.adc-e.uk api.cloud-aws.adc-e.uk aws-iso-e-global\0"
    "us-isof- csp.hci.ic.gov api.aws.hci.ic.gov aws-iso-f-global\0"
    "* amazonaws.com api.aws";

/* The word at *row, which moves on to the next; "" behind the last. */
static ivs_str take_word(const char **row) {
  ivs_str word = {*row, 0};
  while (word.p[word.n] != ' ' && word.p[word.n] != '\0') word.n++;
  *row += word.n + (word.p[word.n] == ' ');
  return word;
}

/* True for <begin><letters and digits>-<number>. */
static bool is_region_of(ivs_str region, ivs_str begin) {
  if (region.n <= begin.n || memcmp(region.p, begin.p, begin.n) != 0) return false;
  size_t at = begin.n;
  while (at < region.n && region.p[at] != '-') at++;
  if (at == begin.n || region.n - at < 2) return false;
  for (at++; at < region.n; at++)
    if (region.p[at] < '0' || region.p[at] > '9') return false;
  return true;
}

static bool is_in_partition(ivs_str region, const char *row) {
  if (is_region_of(region, take_word(&row))) return true;
  take_word(&row);
  take_word(&row);
  return ivs_str_eq(region, take_word(&row));
}

static const char *find_partition(ivs_str region) {
  const char *row = partitions;
  while (row[0] != '*' && !is_in_partition(region, row)) row += strlen(row) + 1;
  return row;
}

static ivs_str suffix_of(const char *row, bool dual_stack) {
  take_word(&row);
  if (dual_stack) take_word(&row);
  return take_word(&row);
}

/* see ivs/endpoint.h */
int ivs_endpoint_resolve(struct ivs_endpoint *e, ivs_str service, ivs_str region, unsigned flags) {
  bool sts = ivs_str_eq(service, IVS_STR("sts"));
  if (!sts && !ivs_str_eq(service, IVS_STR("ivs"))) return IVS_ERR_ARGUMENT;
  if (!ivs_is_region(region) || region.n > 63) return IVS_ERR_ARGUMENT;
  if (region.p[0] == '-' || region.p[region.n - 1] == '-') return IVS_ERR_ARGUMENT;

  const char *partition = find_partition(region);
  bool dual_stack = (flags & IVS_ENDPOINT_DUAL_STACK) != 0;
  bool fips = (flags & IVS_ENDPOINT_FIPS) != 0;
  /* GovCloud's STS complies under its usual name, and has no other but for dual-stack. */
  if (sts && partition == partitions && !dual_stack) fips = false;

  memset(e, 0, sizeof *e);
  struct ivs_out o = ivs_out_to(e->authority, sizeof e->authority);
  ivs_put_str(&o, service);
  ivs_put_text(&o, fips ? "-fips." : ".");
  ivs_put_str(&o, region);
  ivs_put_char(&o, '.');
  ivs_put_str(&o, suffix_of(partition, dual_stack));
  e->host_n = (uint8_t)o.n;
  e->port = 443;
  e->tls = true;
  return 0;
}

/* see ivs/endpoint.h */
const char *ivs_endpoint_conflict(unsigned flags) {
  if (flags & IVS_ENDPOINT_FIPS)
    return "FIPS endpoints are AWS's own: use either FIPS or a custom endpoint";
  if (flags & IVS_ENDPOINT_DUAL_STACK)
    return "dual-stack endpoints are AWS's own: use either dual-stack or a custom endpoint";
  return NULL;
}
