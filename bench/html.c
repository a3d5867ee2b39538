// SPDX-License-Identifier: GPL-2.0-or-later
/* The report: one page that needs nothing else. */
#include "page.h"

#include <string.h>

static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width\">\n<title>hpcap: benchmark</title>\n"
	"<style>\n"
	"body{font:15px/1.45 sans-serif;max-width:1100px;margin:2em auto;padding:0 1em;color:#222}\n"
	"table{border-collapse:collapse;margin:.6em 0 1.4em}\n"
	"th,td{border:1px solid #ccc;padding:.25em .6em;text-align:right;vertical-align:top}\n"
	"th,td:first-child{text-align:left;font-weight:normal;background:#f4f4f4}\n"
	".pub{color:#777;font-style:italic}.no{color:#777;font-size:85%}\n"
	".said td{text-align:left}.met{background:#dff2df}.missed{background:#f8dcdc}\n"
	"small{color:#555}a{color:#124f8c;text-decoration:none}a:hover{text-decoration:underline}\n"
	"figure{margin:1em 0}svg{max-width:100%;height:auto}details{margin:1em 0}\n"
	".note{border-left:4px solid #d0a020;padding:.2em 1em;background:#fdf8ea}\n"
	"#raw td,#raw th{font-size:80%;text-align:left}#raw tr:target td{background:#fff3b0}\n"
	"@media print{body{max-width:none;font-size:10pt}details{display:none}\n"
	"tr,figure{break-inside:avoid}h2,h3{break-after:avoid}}\n"
	"</style></head><body>\n";

static void machine(const struct tally_run *r)
{
	printf("<table>\n");
	for (const char *line = r->machine; *line;) {
		size_t all = strcspn(line, "\n"), len = strcspn(line, " \n");
		char word[512];

		snprintf(word, sizeof(word), "%.*s", (int)len, line);
		printf("<tr><th>");
		page_text(word);
		snprintf(word, sizeof(word), "%.*s", (int)(all > len ? all - len - 1 : 0),
			 line + len + (all > len));
		printf("</th><td style=\"text-align:left\">");
		page_text(word);
		printf("</td></tr>\n");
		line += all + (line[all] == '\n');
	}
	printf("</table>\n");
}

/* What the numbers are worth, by how the machines of the lab ran. */
static void honest_words(const struct tally_run *r)
{
	char accel[64];

	tally_machine(r, "accel", accel, sizeof(accel));
	printf("<div class=\"note\"><p>A cell shows the median and, in brackets, the 95 %% confidence "
	       "interval of the mean (Student's distribution; repeats of this run only: what "
	       "changes from day to day is not in it). Each number leads to its raw row; the "
	       "pointer over it shows all rows, smallest and largest.</p>\n");
	if (!strcmp(accel, "tcg"))
		printf("<p><b>The machines of this run were emulated (TCG).</b> Their CPUs, clock, "
		       "NIC and IOMMU are programs. So <b>no rate here is a rate of hardware</b>, and "
		       "none may be quoted as one; CPU time is the time of an interpreter, in which "
		       "a memory access and an interrupt cost other multiples than in silicon, and "
		       "a guest's guest pays for emulated SVM. What the numbers do show: that each "
		       "way works with the real programs, which of two engines in the same machine "
		       "and the same minute gets further, and, exactly, what is counted and not "
		       "timed: frames, losses by place, instructions, exits, interrupts, copies. "
		       "&ldquo;Bare metal&rdquo; is the outer virtual machine.</p>\n");
	else if (!strcmp(accel, "kvm"))
		printf("<p>The machines of this run were virtual (KVM, nested); the NIC was "
		       "emulated: no rate here is a rate of hardware. &ldquo;Bare metal&rdquo; is "
		       "the outer virtual machine.</p>\n");
	printf("</div>\n");
}

/* Has any network cell this metric, or a reason why not? NULL: any metric. */
static bool in_matrix(const struct row_list *l, const char *metric)
{
	for (size_t i = 0; i < l->nr; i++)
		if (!strncmp(l->all[i].name, "net.", 4) &&
		    (!metric || !strcmp(l->all[i].metric, metric)))
			return true;
	return false;
}

/* The first table is there for its reasons, even if there is nothing else. */
static void matrices(const struct tally_run *r)
{
	static const struct {
		const char *metric, *title;
	} tables[] = {
		{"lossless_rate", "Highest rate without loss, frames a second"},
		{"captured_overload", "Captured of the highest rate, %"},
		{"captured_percent", "Captured at the fixed rate, %"},
		{"lost_nic", "Lost before the driver counts, frames at the fixed rate"},
		{"lost_engine", "Lost between driver and program, frames at the fixed rate"},
		{"cpu_frame", "CPU time of the capturing machine, microseconds a frame"},
		{"cpu_kernel", "of that in the kernel"},
		{"cpu_user", "of that in programs"},
		{"cpu_host", "CPU time of the host around it, microseconds a frame"},
		{"exits", "Exits of the guest in 1,000 frames"},
		{"exits_caused", "of these not there without frames"},
		{"exits_busy", "the same with hpcap's thread busy"},
		{"exits_idle", "Exits of the guest in a second without frames"},
		{"injections", "Interrupts injected into the guest in 1,000 frames"},
		{"mmio", "MMIO accesses that left the guest in 1,000 frames"},
		{"instructions", "Instructions of the capturing machine a frame"},
		{"instructions_host", "Instructions of the host around it a frame"},
		{"memory", "Memory of the program that captures, MiB"},
		{"copies", "Copies of a frame on its way (of the design, not measured)"},
		{"first_frame", "First frame to the program, ms"},
	};

	if (!in_matrix(&r->rows, NULL)) {
		printf("<p>No cell of network and engine is in this run.</p>\n");
		return;
	}
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		if (!i || in_matrix(&r->rows, tables[i].metric))
			page_matrix(r, tables[i].metric, tables[i].title);
}

/* What the matrix and the tables of the thesis do not show: all other figures. */
static void others(const struct tally_run *r)
{
	const struct row_list *l = &r->rows;

	printf("<table><tr><th>case</th><th>metric</th><th>unit</th><th>n</th><th>min</th>"
	       "<th>median and interval</th><th>max</th></tr>\n");
	for (size_t i = 0; i < l->nr; i++) {
		const struct row *row = &l->all[i];
		struct figure f;

		if (!row_is_first(l, i) || !strncmp(row->name, "net.", 4) ||
		    !strcmp(row->metric, "loss_at_rate"))
			continue;
		rows_figure(l, row->name, row->metric, TALLY_CONFIDENCE, &f);
		printf("<tr><th>");
		page_text(row->name);
		printf("</th><th>");
		page_text(row->metric);
		printf("</th><td>");
		page_text(row->unit);
		printf("</td><td>%zu</td><td>", f.sum.n);
		page_number(f.sum.min);
		printf("</td>");
		page_figure(l, row->name, row->metric);
		printf("<td>");
		page_number(f.sum.max);
		printf("</td></tr>\n");
	}
	printf("</table>\n");
}

static void raw_rows(const struct tally_run *r)
{
	printf("<details open><summary>%zu rows of results.tsv; the number is the line</summary>\n"
	       "<table id=\"raw\"><tr><th>row</th><th>case</th><th>repeat</th><th>metric</th>"
	       "<th>unit</th><th>value</th><th>note</th></tr>\n",
	       r->rows.nr);
	for (size_t i = 0; i < r->rows.nr; i++) {
		const struct row *row = &r->rows.all[i];

		printf("<tr id=\"r%d\"><td>%d</td><td>", row->line, row->line);
		page_text(row->name);
		printf("</td><td>%d</td><td>", row->repeat);
		page_text(row->metric);
		printf("</td><td>");
		page_text(row->unit);
		if (row->has_value)
			printf("</td><td>%.9g</td><td>", row->value);
		else
			printf("</td><td>-</td><td>");
		page_text(row->note);
		printf("</td></tr>\n");
	}
	printf("</table></details>\n");
}

/**
 * tally_html() - The report on stdout
 * @argc: of the verb
 * @argv: DIR of the results, the published tables, drawings to put in
 *
 * Return: exit status.
 */
int tally_html(int argc, char **argv)
{
	struct tally_run r;
	bool good = true;

	if (argc < 3)
		return tally_misuse(
			"html: wanted a folder of results and the published tables");
	if (!tally_open(&r, argv[1]))
		return TALLY_FAILED;
	fputs(head, stdout);
	printf("<h1>hpcap: what virtualisation costs a capture</h1>\n");
	honest_words(&r);
	printf("<h2>Machine</h2>\n");
	machine(&r);
	printf("<h2>Goals</h2>\n");
	page_goals(&r);
	printf("<h2>Networks and engines</h2>\n");
	for (int i = 3; i < argc && good; i++)
		good = page_svg(argv[i], i);
	matrices(&r);
	printf("<h2>Beside what was published</h2>\n<p>The thesis measured 10 Gb/s on an 82599 and "
	       "Xeons of 2013; <span class=\"pub\">its numbers are the slanted grey ones</span>, "
	       "and 100 %% there is 14.2 million frames a second. Here 100 %% is the highest "
	       "rate of the case.</p>\n");
	good = good && page_published(&r, argv[2]);
	printf("<h2>Everything else</h2>\n");
	others(&r);
	printf("<h2>Raw rows</h2>\n");
	raw_rows(&r);
	printf("</body></html>\n");
	tally_close(&r);
	return good ? TALLY_OK : TALLY_FAILED;
}
