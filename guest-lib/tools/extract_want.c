// SPDX-License-Identifier: GPL-2.0-or-later
/* What is looked for: moments, hosts, flows. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include "cli.h"
#include "extract.h"

static bool parse_addr(const char *text, uint8_t *family, uint8_t addr[16])
{
	memset(addr, 0, 16);
	*family = strchr(text, ':') ? 6 : 4;
	return inet_pton(*family == 6 ? AF_INET6 : AF_INET, text, addr) == 1;
}

bool want_add_host(struct want *w, const char *text)
{
	struct hpcap_flow *h = &w->host[w->hosts];

	if (w->hosts == EXTRACT_HOSTS_MAX || !parse_addr(text, &h->family, h->addr[0]))
		return false;
	w->key[w->hosts + w->flows] = hpcap_flow_host_key(h->family, h->addr[0]);
	w->hosts++;
	return true;
}

static bool parse_proto(const char *text, uint8_t *proto)
{
	static const struct {
		const char *name;
		uint8_t number;
	} known[] = {{"tcp", 6},    {"udp", 17}, {"dccp", 33},
		     {"sctp", 132}, {"icmp", 1}, {"icmp6", 58}};
	uint64_t n;
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!strcasecmp(text, known[i].name)) {
			*proto = known[i].number;
			return true;
		}
	}
	if (!cli_number(text, 255, &n))
		return false;
	*proto = (uint8_t)n;
	return true;
}

bool want_add_flow(struct want *w, const char *text)
{
	struct hpcap_flow *f = &w->flow[w->flows];
	char copy[192], *part[5], *rest = copy;
	uint8_t family;
	uint64_t port;
	int i;

	if (w->flows == EXTRACT_HOSTS_MAX || strlen(text) >= sizeof(copy))
		return false;
	memset(f, 0, sizeof(*f));
	strcpy(copy, text);
	for (i = 0; i < 5; i++)
		part[i] = strsep(&rest, ",");
	if (rest || !part[4] || !parse_proto(part[0], &f->proto))
		return false;
	for (i = 0; i < 2; i++) {
		if (!parse_addr(part[1 + 2 * i], i ? &family : &f->family, f->addr[i]) ||
		    !cli_number(part[2 + 2 * i], 65535, &port))
			return false;
		f->port[i] = (uint16_t)port;
	}
	if (family != f->family)
		return false;
	w->key[w->hosts + w->flows] = hpcap_flow_key(f);
	w->flows++;
	return true;
}

static bool same_end(const struct hpcap_flow *a, int i, const struct hpcap_flow *b, int j)
{
	return a->port[i] == b->port[j] && !memcmp(a->addr[i], b->addr[j], sizeof(a->addr[0]));
}

static bool same_flow(const struct hpcap_flow *a, const struct hpcap_flow *b)
{
	if (a->family != b->family || a->proto != b->proto)
		return false;
	return (same_end(a, 0, b, 0) && same_end(a, 1, b, 1)) ||
	       (same_end(a, 0, b, 1) && same_end(a, 1, b, 0));
}

static bool has_host(const struct hpcap_flow *f, const struct hpcap_flow *host)
{
	return f->family == host->family &&
	       (!memcmp(f->addr[0], host->addr[0], sizeof(f->addr[0])) ||
		!memcmp(f->addr[1], host->addr[0], sizeof(f->addr[0])));
}

static bool want_flow(const struct want *w, const struct hpcap_frame *frame)
{
	struct hpcap_flow f;
	size_t i;

	if (frame->linktype != HPCAP_LINK_ETHERNET ||
	    !hpcap_flow_parse(&f, frame->rec.data, frame->rec.caplen))
		return false;
	for (i = 0; i < w->hosts; i++)
		if (has_host(&f, &w->host[i]))
			return true;
	for (i = 0; i < w->flows; i++)
		if (same_flow(&f, &w->flow[i]))
			return true;
	return false;
}

static bool has_window(const struct want *w)
{
	return w->from_ns || w->to_ns != UINT64_MAX;
}

bool want_all(const struct want *w)
{
	return !has_window(w) && !w->hosts && !w->flows;
}

int want_filter(struct want *w, uint32_t link)
{
	char why[256];
	size_t n;

	for (n = 0; n < w->filters; n++)
		if (w->link[n] == link)
			return (int)n;
	if (n == EXTRACT_LINKS_MAX) {
		cli_error("frames of more than %d link types", EXTRACT_LINKS_MAX);
		return -E2BIG;
	}
	if (!filter_init(&w->filter[n], w->expr, link, why, sizeof(why))) {
		cli_error("filter \"%s\" for link type %u: %s", w->expr, link, why);
		return -EINVAL;
	}
	w->link[n] = link;
	w->filters++;
	return (int)n;
}

void want_free(struct want *w)
{
	while (w->filters)
		filter_deinit(&w->filter[--w->filters]);
}

int want_frame(struct want *w, const struct hpcap_frame *f)
{
	const uint64_t t = f->rec.sec * (uint64_t)CLI_NSEC + f->rec.nsec;
	int n;

	if (has_window(w) && (!f->has_time || t < w->from_ns || t > w->to_ns))
		return 0;
	if ((w->hosts || w->flows) && !want_flow(w, f))
		return 0;
	if (!w->expr)
		return 1;
	n = want_filter(w, f->linktype);
	return n < 0 ? n : filter_passes(&w->filter[n], &f->rec);
}

/* ".123456789" as nanoseconds; further digits are dropped. */
static bool parse_fraction(const char **text, uint64_t *ns)
{
	uint64_t unit = CLI_NSEC / 10;
	const char *p = *text;

	*ns = 0;
	if (*p != '.' && *p != ',')
		return true;
	if (p[1] < '0' || p[1] > '9')
		return false;
	for (p++; *p >= '0' && *p <= '9'; p++, unit /= 10)
		*ns += (uint64_t)(*p - '0') * unit;
	*text = p;
	return true;
}

static bool parse_zone(const char *p, int64_t *offset_s)
{
	unsigned int h, m;
	int end = 0;

	*offset_s = 0;
	if (!*p || !strcmp(p, "Z") || !strcmp(p, "z"))
		return true;
	if ((*p != '+' && *p != '-') || sscanf(p + 1, "%2u:%2u%n", &h, &m, &end) != 2 ||
	    end != 5 || p[1 + end] || h > 23 || m > 59)
		return false;
	*offset_s = (*p == '-' ? -1 : 1) * (int64_t)(h * 3600 + m * 60);
	return true;
}

static bool parse_date(const char *text, uint64_t *ns)
{
	struct tm tm = {0}, check;
	int64_t offset_s, seconds;
	const char *p = strptime(text, "%Y-%m-%d", &tm);
	uint64_t fraction = 0;

	if (!p || p - text != 10)
		return false;
	if (*p) {
		if (*p != 'T' && *p != 't' && *p != ' ')
			return false;
		p = strptime(p + 1, "%H:%M:%S", &tm);
		if (!p || !parse_fraction(&p, &fraction))
			return false;
	}
	check = tm;
	if (!parse_zone(p, &offset_s))
		return false;
	seconds = timegm(&check) - offset_s;
	/* 31 February has become March */
	if (check.tm_mday != tm.tm_mday || seconds < 0 || seconds > UINT32_MAX)
		return false;
	*ns = (uint64_t)seconds * CLI_NSEC + fraction;
	return true;
}

static bool parse_seconds(const char **text, uint64_t max, uint64_t *ns)
{
	char *end;
	uint64_t s, fraction;

	if (**text < '0' || **text > '9')
		return false;
	s = strtoull(*text, &end, 10);
	*text = end;
	if (s > max || !parse_fraction(text, &fraction))
		return false;
	*ns = s * CLI_NSEC + fraction;
	return true;
}

/* 90s, 1.5h, 2d; seconds without a unit. */
static bool parse_span(const char *p, uint64_t *ns)
{
	static const struct {
		const char *name;
		uint64_t divide, multiply;
	} units[] = {{"", 1, 1},     {"s", 1, 1},    {"ms", 1000, 1}, {"m", 1, 60},
		     {"min", 1, 60}, {"h", 1, 3600}, {"d", 1, 86400}, {"us", 1000000, 1}};
	size_t i;

	if (!parse_seconds(&p, 100000000, ns))
		return false;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(p, units[i].name))
			continue;
		return !__builtin_mul_overflow(*ns / units[i].divide, units[i].multiply, ns);
	}
	return false;
}

bool parse_moment(const char *text, uint64_t now_ns, uint64_t base_ns, uint64_t *ns)
{
	const char *p = text;
	uint64_t span;

	if (!strcmp(text, "now")) {
		*ns = now_ns;
		return true;
	}
	if (*text == '-' || *text == '+') {
		if (!parse_span(text + 1, &span))
			return false;
		if (*text == '+')
			return !__builtin_add_overflow(base_ns, span, ns);
		*ns = span > now_ns ? 0 : now_ns - span;
		return true;
	}
	if (parse_seconds(&p, UINT32_MAX, ns) && !*p)
		return true;
	return parse_date(text, ns);
}
