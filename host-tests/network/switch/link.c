#include "link.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

// The longest that a frame may wait.
#define MAX_DELAY_MS 60000.0

static const struct {
	const char* name;
	size_t at;
	double max;
} settings[] = {
	{"cut", offsetof(Faults, cut), 1},
	{"loss", offsetof(Faults, loss), 1},
	{"duplicate", offsetof(Faults, duplicate), 1},
	{"corrupt", offsetof(Faults, corrupt), 1},
	{"delayMs", offsetof(Faults, delayMs), MAX_DELAY_MS},
	{"jitterMs", offsetof(Faults, jitterMs), MAX_DELAY_MS},
	{"reorder", offsetof(Faults, reorder), 1},
	{"reorderMs", offsetof(Faults, reorderMs), MAX_DELAY_MS},
};

// splitmix64 by Sebastiano Vigna, https://prng.di.unimi.it/splitmix64.c, in the public domain.
static uint64_t draw(uint64_t* state) {
	uint64_t mixed = *state += 0x9e3779b97f4a7c15u;
	mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
	mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
	return mixed ^ mixed >> 31;
}

// Below 1, and not below 0.
static double chance(uint64_t* state) {
	return (double)(draw(state) >> 11) / 9007199254740992.0;
}

void linkSeed(Link* link, uint64_t seed) {
	memset(link, 0, sizeof *link);
	link->state = seed;
	link->state = draw(&link->state);
}

Fate linkFate(Link* link) {
	const Faults* faults = &link->faults;
	uint64_t* state = &link->state;
	Fate fate;
	fate.isLost = chance(state) < faults->loss;
	fate.isDuplicated = chance(state) < faults->duplicate;
	fate.isCorrupted = chance(state) < faults->corrupt;
	double held = chance(state) < faults->reorder ? faults->reorderMs : 0;
	fate.delayMs = faults->delayMs + held + chance(state) * faults->jitterMs;
	fate.duplicateDelayMs = faults->delayMs + chance(state) * faults->jitterMs;
	fate.dice = draw(state);
	if (faults->cut > 0)
		fate.isLost = 1;
	return fate;
}

int linkSet(Link* link, const char* name, const char* value) {
	char* end;
	double number = strtod(value, &end);
	if (end == value || *end != 0 || !isfinite(number) || number < 0)
		return 0;
	for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
		if (strcmp(settings[i].name, name) == 0) {
			if (number > settings[i].max)
				return 0;
			memcpy((char*)&link->faults + settings[i].at, &number, sizeof number);
			return 1;
		}
	}
	return 0;
}
