/* What happens to a packet that opens a connection: the rules of Services, at a device. */
#pragma once

#include "flows.h"
#include "frontends.h"
#include "pick.h"

/* Section 11: whether the endpoint is to see an address of this node instead of the client's. */
static __always_inline bool np_is_masqueraded(const struct np_request *r, const struct np_frontend *frontend,
                                              const struct np_endpoint *endpoint, const struct np_settings *s)
{
  if (np_same(&r->client, &endpoint->address)) return true; /* MASQ-09, MASQ-10 */
  const bool is_pod = np_is_pod(r, s);
  if (np_is_member(&cluster_ips, &r->addressed)) /* MASQ-02 to MASQ-04 */
    return s->flags & NP_MASQUERADE_ALL || (s->flags & NP_PODS_KNOWN && !is_pod);
  if (frontend->outside.action == NP_NONE) return true;            /* MASQ-05 */
  return !is_pod && (r->is_process || np_is_local(&r->client)); /* MASQ-06 to MASQ-08 */
}

/* ETP-02 to ETP-04 */
static __always_inline const struct np_target *np_target_for(const struct np_request *r, const struct np_frontend *frontend,
                                                             const struct np_settings *s)
{
  if (frontend->outside.action == NP_NONE || r->is_process || np_is_pod(r, s) || np_is_local(&r->client))
    return &frontend->inside;
  return &frontend->outside;
}

static __always_inline enum np_verdict np_lose(__u32 reason)
{
  np_count(reason);
  return NP_LOSE;
}

/* What becomes of a new connection; `d` is where it goes, if it is translated. */
__noinline int np_decide(const struct np_request *r, struct np_decision *d)
{
  if (!r || !d) return NP_PASS_ON;
  const struct np_settings *s = np_settings_now();
  if (!s) return NP_PASS_ON;
  const struct np_frontend *frontend = np_addressed(r, s);
  if (!frontend) return r->opens ? np_unknown(&r->addressed) : NP_PASS_ON;
  if (!np_may_use(frontend, &r->client)) return np_lose(NP_DROPPED_SOURCE);

  const struct np_target *target = np_target_for(r, frontend, s);
  if (target->action == NP_REJECT) return NP_REFUSE;
  if (target->action != NP_FORWARD) return np_lose(NP_DROPPED_POLICY);
  const struct np_endpoint *endpoint = np_pick(target, &r->client);
  if (!endpoint) return np_lose(NP_DROPPED_NO_SLOT);

  d->endpoint = *endpoint;
  d->flags = r->is_process ? NP_CLIENT_HERE : 0;
  if (np_is_masqueraded(r, frontend, endpoint, s)) d->flags |= NP_MASQUERADE;
  return NP_TRANSLATE;
}
