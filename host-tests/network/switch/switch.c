// A switch of Ethernet in user space: `switch SEED NAMESPACE…` has a port in each namespace, numbered from 0. The device
// of port N is to have the hardware address 02:00:00:00:00:N. It takes commands on the standard input, one a line, and
// answers each with a line: `ok`, an object of JSON, or `error` and what is wrong.
//
//   link FROM TO NAME=VALUE…  sets faults of frames from a port to another; * stands for all ports
//   clear                     takes away all faults; what waits still comes
//   count                     tells how many frames met what, since the start
//
// It ends with its standard input.
#include "frame.h"
#include "held.h"
#include "link.h"
#include "port.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// How many frames of one port are taken before the others get their turn.
#define BURST 64
#define MAX_LINE 1024

static Link links[MAX_PORTS][MAX_PORTS];
static struct pollfd polled[MAX_PORTS + 1];
static int ports;
static uint64_t unknown, noRoom, refused;

static double nowMs(void) {
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void deliver(int to, const Frame* frame) {
	if (!portWrite(polled[to].fd, frame))
		refused++;
}

static void sendLater(int to, const Frame* frame, double delayMs) {
	if (delayMs <= 0)
		deliver(to, frame);
	else if (!heldPut(nowMs() + delayMs, to, frame))
		noRoom++;
}

static void pass(int from, int to, const Frame* frame) {
	Link* link = &links[from][to];
	Fate fate = linkFate(link);
	link->frames++;
	if (fate.isLost) {
		link->lost++;
		return;
	}
	if (fate.delayMs > 0)
		link->late++;
	if (fate.isDuplicated) {
		link->duplicated++;
		sendLater(to, frame, fate.duplicateDelayMs);
	}
	Frame damaged;
	if (fate.isCorrupted) {
		damaged.length = frame->length;
		memcpy(damaged.bytes, frame->bytes, frame->length);
		if (frameCorrupt(&damaged, fate.dice)) {
			link->corrupted++;
			frame = &damaged;
		}
	}
	sendLater(to, frame, fate.delayMs);
}

static void forward(int from, const Frame* frame) {
	static const uint8_t ours[5] = {2, 0, 0, 0, 0};
	if (frame->length < 14)
		return;
	if (frame->bytes[0] & 1) {
		for (int to = 0; to < ports; to++) {
			if (to != from)
				pass(from, to, frame);
		}
	} else if (memcmp(frame->bytes, ours, sizeof ours) == 0 && frame->bytes[5] < ports && frame->bytes[5] != from) {
		pass(from, frame->bytes[5], frame);
	} else {
		unknown++;
	}
}

// Reads a port or *, of which it sets the first and the last.
static int range(const char* word, int* first, int* last) {
	if (word == NULL)
		return 0;
	*first = 0;
	*last = ports - 1;
	if (strcmp(word, "*") == 0)
		return 1;
	char* end;
	long port = strtol(word, &end, 10);
	if (*word == 0 || *end != 0 || port < 0 || port >= ports)
		return 0;
	*first = *last = (int)port;
	return 1;
}

static const char* setLinks(void) {
	int firstFrom, lastFrom, firstTo, lastTo;
	if (!range(strtok(NULL, " "), &firstFrom, &lastFrom) || !range(strtok(NULL, " "), &firstTo, &lastTo))
		return "error: no such port";
	for (char* name; (name = strtok(NULL, " ")) != NULL;) {
		char* value = strchr(name, '=');
		if (value == NULL)
			return "error: NAME=VALUE is missing";
		*value++ = 0;
		for (int from = firstFrom; from <= lastFrom; from++) {
			for (int to = firstTo; to <= lastTo; to++) {
				if (!linkSet(&links[from][to], name, value))
					return "error: no such fault or value";
			}
		}
	}
	return "ok";
}

static const char* clearLinks(void) {
	for (int from = 0; from < ports; from++) {
		for (int to = 0; to < ports; to++)
			memset(&links[from][to].faults, 0, sizeof links[from][to].faults);
	}
	return "ok";
}

static const char* counted(void) {
	static char text[512];
	Link all;
	memset(&all, 0, sizeof all);
	for (int from = 0; from < ports; from++) {
		for (int to = 0; to < ports; to++) {
			const Link* link = &links[from][to];
			all.frames += link->frames;
			all.lost += link->lost;
			all.duplicated += link->duplicated;
			all.corrupted += link->corrupted;
			all.late += link->late;
		}
	}
	snprintf(text, sizeof text,
		"{\"frames\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"duplicated\":%" PRIu64 ",\"corrupted\":%" PRIu64
		",\"late\":%" PRIu64 ",\"unknown\":%" PRIu64 ",\"noRoom\":%" PRIu64 ",\"refused\":%" PRIu64 "}",
		all.frames, all.lost, all.duplicated, all.corrupted, all.late, unknown, noRoom, refused);
	return text;
}

static void obey(char* line) {
	const char* verb = strtok(line, " ");
	const char* answer = "error: no such command";
	if (verb != NULL && strcmp(verb, "link") == 0)
		answer = setLinks();
	else if (verb != NULL && strcmp(verb, "clear") == 0)
		answer = clearLinks();
	else if (verb != NULL && strcmp(verb, "count") == 0)
		answer = counted();
	puts(answer);
	fflush(stdout);
}

// Reads commands; ends the program with the standard input.
static void readCommands(void) {
	static char line[MAX_LINE];
	static size_t length;
	char bytes[MAX_LINE];
	ssize_t taken = read(STDIN_FILENO, bytes, sizeof bytes);
	if (taken == 0 || (taken < 0 && errno != EAGAIN && errno != EINTR))
		exit(0);
	for (ssize_t i = 0; i < taken; i++) {
		if (bytes[i] != '\n') {
			if (length < MAX_LINE - 1)
				line[length++] = bytes[i];
			continue;
		}
		line[length] = 0;
		length = 0;
		obey(line);
	}
}

// How long until the first frame is due, in milliseconds, rounded up; -1 when none waits.
static int patienceMs(void) {
	double dueMs = heldDueMs();
	if (dueMs < 0)
		return -1;
	double leftMs = dueMs - nowMs();
	return leftMs <= 0 ? 0 : (int)leftMs + 1;
}

static void run(void) {
	Frame frame;
	for (;;) {
		poll(polled, (nfds_t)ports + 1, patienceMs());
		while (heldDueMs() >= 0 && heldDueMs() <= nowMs()) {
			int port = heldTake(&frame);
			deliver(port, &frame);
		}
		for (int port = 0; port < ports; port++) {
			// A namespace that is gone takes its device along.
			if (polled[port].revents & (POLLERR | POLLHUP | POLLNVAL)) {
				polled[port].fd = -1;
				continue;
			}
			for (int i = 0; i < BURST && polled[port].revents && portRead(polled[port].fd, &frame); i++)
				forward(port, &frame);
		}
		if (polled[ports].revents)
			readCommands();
	}
}

int main(int count, char** words) {
	if (count < 2 || count - 2 > MAX_PORTS) {
		fprintf(stderr, "usage: switch SEED NAMESPACE…, of which %d at most\n", MAX_PORTS);
		return 2;
	}
	uint64_t seed = strtoull(words[1], NULL, 10);
	ports = count - 2;
	for (int port = 0; port < ports; port++) {
		polled[port].fd = portOpen(words[port + 2]);
		polled[port].events = POLLIN;
		for (int to = 0; to < ports; to++)
			linkSeed(&links[port][to], seed * MAX_PORTS * MAX_PORTS + (uint64_t)(port * MAX_PORTS + to));
	}
	polled[ports].fd = STDIN_FILENO;
	polled[ports].events = POLLIN;
	fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
	puts("ok");
	fflush(stdout);
	run();
}
