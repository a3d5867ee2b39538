// SPDX-License-Identifier: GPL-2.0-or-later
// hmp - a command for QEMU's human monitor, through its QMP socket; prints the answer.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int qmp_open(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(a.sun_path)) {
		fprintf(stderr, "hmp: %s: too long for a socket\n", path);
		exit(2);
	}
	strcpy(a.sun_path, path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a))) {
		perror(path);
		exit(1);
	}
	return fd;
}

/* Until QEMU answers; events come in between. */
static char *answer(FILE *f, char **line, size_t *size)
{
	while (getline(line, size, f) > 0) {
		char *text = strstr(*line, "{\"return\": ");

		if (text)
			return text + strlen("{\"return\": ");
		if (strstr(*line, "{\"error\": ")) {
			fprintf(stderr, "hmp: %s", *line);
			exit(1);
		}
	}
	fprintf(stderr, "hmp: QEMU hung up\n");
	exit(1);
}

static void print_json_string(const char *s)
{
	for (s += *s == '"'; *s && *s != '"'; s++) {
		if (*s != '\\') {
			putchar(*s);
			continue;
		}
		s++;
		if (*s == 'n')
			putchar('\n');
		else if (*s != 'r')
			putchar(*s);
	}
}

int main(int argc, char **argv)
{
	char *line = NULL, *text;
	size_t size = 0;
	FILE *f;
	int fd;

	if (argc != 3 || !strcmp(argv[1], "--help")) {
		fprintf(stderr,
			"usage: hmp SOCKET COMMAND    as in: hmp run/NAME/qmp 'info pci'\n"
			"Exit status 0 answered (an empty answer is good news), 1 not, 2 wrong use.\n");
		return 2;
	}
	for (const char *p = argv[2]; *p; p++) {
		if (*p == '"' || *p == '\\' || !isprint((unsigned char)*p)) {
			fprintf(stderr,
				"hmp: a command without quotes and control characters\n");
			return 2;
		}
	}
	fd = qmp_open(argv[1]);
	f = fdopen(fd, "r");
	if (!f || getline(&line, &size, f) <= 0) /* its greeting */
		return 1;
	dprintf(fd, "{\"execute\": \"qmp_capabilities\"}\n");
	answer(f, &line, &size);
	dprintf(fd,
		"{\"execute\": \"human-monitor-command\", \"arguments\": {\"command-line\": \"%s\"}}\n",
		argv[2]);
	text = answer(f, &line, &size);
	print_json_string(text);
	free(line);
	fclose(f);
	return 0;
}
