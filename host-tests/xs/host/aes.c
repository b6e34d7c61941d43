// AES-128's cipher of FIPS 197, one block at a time. A column of the state is a word with its first byte lowest, so one
// multiplication of MixColumns does all four bytes.
#include "aes.h"

#include <stdint.h>
#include <string.h>

#include "xsmc.h"

enum { columns = 4, rounds = 10, blockBytes = 16 };

static uint8_t sBox[256];

static uint8_t timesX(uint8_t value) {
	return (uint8_t)(value << 1 ^ (value >> 7) * 0x1b);
}

static uint8_t rotated(uint8_t value, int count) {
	return (uint8_t)(value << count | value >> (8 - count));
}

// Section 5.1.1: the inverse in GF(2^8), and an affine map over it. x + 1 generates all that have an inverse: of its
// powers, number n has the inverse number 255 - n.
static void makeSBox(void) {
	uint8_t powers[255];
	uint8_t power = 1;
	for (int n = 0; n < 255; n++) {
		powers[n] = power;
		power ^= timesX(power);
	}
	sBox[0] = 0x63;
	for (int n = 0; n < 255; n++) {
		uint8_t inverse = powers[(255 - n) % 255];
		sBox[powers[n]] =
			inverse ^ rotated(inverse, 1) ^ rotated(inverse, 2) ^ rotated(inverse, 3) ^ rotated(inverse, 4) ^ 0x63;
	}
}

// A word of the S-box at the lowest byte of each of four words, which ShiftRows takes from one column each.
static uint32_t substituted(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
	return sBox[a & 0xff] | (uint32_t)sBox[b >> 8 & 0xff] << 8 | (uint32_t)sBox[c >> 16 & 0xff] << 16 |
		(uint32_t)sBox[d >> 24] << 24;
}

static uint32_t turned(uint32_t column, int count) {
	return column >> count | column << (32 - count);
}

// Section 5.1.3.
static uint32_t mixed(uint32_t column) {
	uint32_t next = turned(column, 8);
	uint32_t sum = column ^ next;
	uint32_t twice = (sum & 0x7f7f7f7f) << 1 ^ (sum >> 7 & 0x01010101) * 0x1b;
	return twice ^ next ^ turned(column, 16) ^ turned(column, 24);
}

// Section 5.2.
static void expandKey(uint32_t* keys, const uint8_t* secret) {
	uint8_t roundConstant = 1;
	memcpy(keys, secret, blockBytes);
	for (int i = columns; i < columns * (rounds + 1); i++) {
		uint32_t word = keys[i - 1];
		if (i % columns == 0) {
			word = turned(word, 8);
			word = substituted(word, word, word, word) ^ roundConstant;
			roundConstant = timesX(roundConstant);
		}
		keys[i] = keys[i - columns] ^ word;
	}
}

// Section 5.1.
static void encryptBlock(const uint32_t* keys, const uint8_t* block, uint8_t* result) {
	uint32_t state[columns];
	memcpy(state, block, blockBytes);
	uint32_t a = state[0] ^ keys[0], b = state[1] ^ keys[1], c = state[2] ^ keys[2], d = state[3] ^ keys[3];
	for (int round = 1; round < rounds; round++) {
		keys += columns;
		uint32_t e = mixed(substituted(a, b, c, d)) ^ keys[0];
		uint32_t f = mixed(substituted(b, c, d, a)) ^ keys[1];
		uint32_t g = mixed(substituted(c, d, a, b)) ^ keys[2];
		d = mixed(substituted(d, a, b, c)) ^ keys[3];
		a = e, b = f, c = g;
	}
	keys += columns;
	state[0] = substituted(a, b, c, d) ^ keys[0];
	state[1] = substituted(b, c, d, a) ^ keys[1];
	state[2] = substituted(c, d, a, b) ^ keys[2];
	state[3] = substituted(d, a, b, c) ^ keys[3];
	memcpy(result, state, blockBytes);
}

static void aesEncrypt(xsMachine* the) {
	void *block, *result;
	xsUnsignedValue blockSize, resultSize;
	xsmcGetBufferReadable(xsArg(0), &block, &blockSize);
	xsmcGetBufferWritable(xsArg(1), &result, &resultSize);
	if (blockSize < blockBytes || resultSize < blockBytes)
		xsRangeError("encrypt: a block is 16 bytes");
	encryptBlock(xsmcGetHostChunk(xsThis), block, result);
}

void hostAes(xsMachine* the) {
	void* secret;
	xsUnsignedValue size;
	uint32_t keys[columns * (rounds + 1)];
	if (sBox[0] == 0)
		makeSBox();
	xsmcGetBufferReadable(xsArg(0), &secret, &size);
	if (size != blockBytes)
		xsRangeError("host.aes: a key is 16 bytes");
	expandKey(keys, secret);
	xsmcVars(1);
	xsResult = xsNewHostObject(NULL);
	xsmcSetHostChunk(xsResult, keys, sizeof(keys));
	xsVar(0) = xsNewHostFunction(aesEncrypt, 2);
	xsmcDefine(xsResult, xsID("encrypt"), xsVar(0), xsDontEnum);
}
