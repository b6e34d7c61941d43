#define _GNU_SOURCE
#include "port.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static _Noreturn void fail(const char* what) {
	perror(what);
	exit(1);
}

static void enter(const char* path) {
	int space = open(path, O_RDONLY | O_CLOEXEC);
	if (space < 0 || setns(space, CLONE_NEWNET) < 0)
		fail(path);
	close(space);
}

int portOpen(const char* name) {
	char path[256];
	snprintf(path, sizeof path, "/run/netns/%s", name);
	enter(path);
	int descriptor = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (descriptor < 0)
		fail("/dev/net/tun");
	struct ifreq request;
	memset(&request, 0, sizeof request);
	strcpy(request.ifr_name, "eth0");
	request.ifr_flags = IFF_TAP | IFF_NO_PI;
	if (ioctl(descriptor, TUNSETIFF, &request) < 0)
		fail("TUNSETIFF");
	return descriptor;
}

int portRead(int descriptor, Frame* frame) {
	ssize_t length = read(descriptor, frame->bytes, MAX_FRAME);
	if (length <= 0)
		return 0;
	frame->length = (size_t)length;
	return 1;
}

int portWrite(int descriptor, const Frame* frame) {
	return write(descriptor, frame->bytes, frame->length) == (ssize_t)frame->length;
}
