#include "frame.h"

#define ETHERNET_HEADER 14
#define IPV4_HEADER 20
#define UDP_HEADER 8
#define PROTOCOL_UDP 17

static uint16_t read16(const uint8_t* at) {
	return (uint16_t)(at[0] << 8 | at[1]);
}

// Adds 16-bit words in network order, as RFC 1071 has it.
static uint32_t sum(uint32_t total, const uint8_t* bytes, size_t length) {
	for (size_t i = 0; i + 1 < length; i += 2)
		total += read16(bytes + i);
	if (length % 2)
		total += (uint32_t)bytes[length - 1] << 8;
	return total;
}

static uint16_t folded(uint32_t total) {
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return (uint16_t)~total;
}

// The checksum of RFC 768: over both addresses, the protocol, the length, and the datagram.
static void setUdpChecksum(const uint8_t* ip, uint8_t* udp, size_t length) {
	udp[6] = udp[7] = 0;
	uint32_t total = sum(0, ip + 12, 8) + PROTOCOL_UDP + (uint32_t)length;
	uint16_t checksum = folded(sum(total, udp, length));
	if (checksum == 0)
		checksum = 0xffff;
	udp[6] = (uint8_t)(checksum >> 8);
	udp[7] = (uint8_t)checksum;
}

int frameCorrupt(Frame* frame, uint64_t dice) {
	uint8_t* ip = frame->bytes + ETHERNET_HEADER;
	if (frame->length < ETHERNET_HEADER + IPV4_HEADER + UDP_HEADER + 1 || read16(frame->bytes + 12) != 0x0800)
		return 0;
	size_t header = (size_t)(ip[0] & 15) * 4;
	// The last 14 bits: more fragments, and the offset of this one.
	if (header < IPV4_HEADER || ip[9] != PROTOCOL_UDP || read16(ip + 6) & 0x3fff)
		return 0;
	uint8_t* udp = ip + header;
	size_t length = ETHERNET_HEADER + header + UDP_HEADER < frame->length ? read16(udp + 4) : 0;
	if (length <= UDP_HEADER || ETHERNET_HEADER + header + length > frame->length)
		return 0;
	size_t at = UDP_HEADER + (size_t)(dice >> 8) % (length - UDP_HEADER);
	uint8_t change = (uint8_t)dice;
	udp[at] ^= change == 0 ? 1 : change;
	setUdpChecksum(ip, udp, length);
	return 1;
}
