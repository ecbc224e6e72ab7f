#include <ivs/provider.h>
#include <ivs/text.h>

/* Seconds. New credentials are asked for this long before the old ones end; when that fails, again
   after a pause. */
enum { AHEAD = 300, PAUSE = 60 };

/* see ivs/provider.h */
int ivs_provider_ready(struct ivs_provider *p, int64_t now, bool must) {
  bool usable = p->version > 0 && !must && (p->expires == 0 || now < p->expires);
  if (usable && (p->due == 0 || now < p->due)) return 0;
  int r = p->fn->step(p, now);
  if (r >= 0 || r == IVS_AGAIN) return r;
  if (!usable) return IVS_ERR_CREDENTIALS;
  ivs_provider_postpone(p, now);
  return 0;
}

/* see ivs/provider.h */
void ivs_provider_postpone(struct ivs_provider *p, int64_t now) {
  p->due = now + PAUSE;
}

/* When to ask for the next ones: in the middle of a short life, if it is known how long that is. */
static int64_t due_at(int64_t now, int64_t expires) {
  if (now == IVS_CLOCK_UNKNOWN || expires - now >= 2 * AHEAD) return expires - AHEAD;
  return expires - (expires - now) / 2;
}

/* see ivs/provider.h */
int ivs_provider_take(struct ivs_provider *p, const char *source, int64_t now,
                      ivs_str access_key_id, ivs_str secret_access_key, ivs_str session_token,
                      int64_t expires) {
  ivs_str none = {NULL, 0};
  if (expires != 0 && expires <= now)
    return ivs_provider_fail(p, source, "its credentials have expired already", none);
  if (ivs_creds_check(access_key_id, secret_access_key, session_token) < 0)
    return ivs_provider_fail(p, source, "its credentials are malformed or too long", none);
  ivs_creds_set(&p->creds, access_key_id, secret_access_key, session_token);
  p->expires = expires;
  p->due = expires != 0 ? due_at(now, expires) : 0;
  p->version++;
  p->problem[0] = '\0';
  p->cause = 0;
  return 0;
}

/* see ivs/provider.h */
int ivs_provider_fail(struct ivs_provider *p, const char *source, const char *what,
                      ivs_str detail) {
  struct ivs_out o = ivs_out_to(p->problem, sizeof p->problem - 1);
  ivs_put_text(&o, source);
  ivs_put_text(&o, ": ");
  ivs_put_text(&o, what);
  if (detail.n > 0) ivs_put_text(&o, ": ");
  size_t n = o.n < o.cap ? o.n : o.cap;
  ivs_str_cut(p->problem + n, sizeof p->problem - n, detail);
  p->cause = 0;
  for (char *c = p->problem; *c != '\0'; c++)
    if ((unsigned char)*c < ' ' || *c == 0x7F) *c = ' ';
  return IVS_ERR_CREDENTIALS;
}

/* see ivs/provider.h */
void ivs_provider_wipe(struct ivs_provider *p) {
  p->fn->cancel(p);
  ivs_creds_wipe(&p->creds);
  p->expires = INT64_MIN; /* no clock says less */
  p->version++;           /* clients that have copied a pointer look again */
}
