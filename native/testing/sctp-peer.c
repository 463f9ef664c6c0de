/*
 * Either end of the first two packets of an SCTP association, on raw sockets: the service proxy handles SCTP
 * although many kernels (this project's test machines among them) have no SCTP sockets.
 *
 *   sctp-peer listen FAMILY NAME            answers each INIT with an INIT ACK whose cookie is "NAME CLIENT"
 *   sctp-peer probe FAMILY ADDRESS PORT N   sends N INITs from N source ports, one after the other; prints the
 *                                           cookie of each answer, or "error NAME-OF-ERRNO"
 *
 * FAMILY is 4 or 6. Packet formats: RFC 9260, sections 3.1, 3.3.2 and 3.3.3. `listen` prints a line when it is ready.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { CHUNK_INIT = 1, CHUNK_INIT_ACK = 2, PARAMETER_COOKIE = 7, MAX_PACKET = 1500, MAX_COOKIE = 256 };
enum { FIRST_SOURCE_PORT = 20000, ANSWER_WITHIN_SECONDS = 3 };

/** Common header, the head of an INIT or INIT ACK chunk, and the head of its first parameter. */
struct packet {
  uint16_t source_port;
  uint16_t destination_port;
  uint32_t verification_tag;
  uint32_t checksum; /* little endian, alone of all */
  uint8_t chunk_type;
  uint8_t chunk_flags;
  uint16_t chunk_length;
  uint32_t initiate_tag;
  uint32_t window;
  uint16_t outbound_streams;
  uint16_t inbound_streams;
  uint32_t initial_tsn;
  uint16_t parameter_type;
  uint16_t parameter_length;
  char cookie[MAX_COOKIE];
};

enum { COMMON_HEADER = 12, INIT_CHUNK = 20, PARAMETER_HEADER = 4 };

static void fail(const char* what) {
  perror(what);
  exit(1);
}

/** CRC32c (RFC 9260, appendix A), bit by bit: a packet or two is all there is. */
static uint32_t crc32c(const uint8_t* bytes, size_t length) {
  uint32_t crc = 0xffffffff;
  for (size_t i = 0; i < length; i++) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc;
}

static void seal(struct packet* packet, size_t length) {
  packet->checksum = 0;
  packet->checksum = crc32c((const uint8_t*)packet, length);
}

static int raw_socket(int family) {
  const int descriptor = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_SCTP);
  if (descriptor < 0) fail("socket");
  return descriptor;
}

/** Reads a packet; an IPv4 raw socket gives its IP header first. Returns the SCTP length, -1 with errno, or 0 if it is too short. */
static ssize_t receive(int descriptor, int family, struct packet* packet, struct sockaddr_storage* from) {
  uint8_t bytes[MAX_PACKET];
  socklen_t from_length = sizeof *from;
  const ssize_t received = recvfrom(descriptor, bytes, sizeof bytes, 0, (struct sockaddr*)from, &from_length);
  if (received < 0) return -1;
  const size_t skip = family == AF_INET ? (size_t)((const struct iphdr*)bytes)->ihl * 4 : 0;
  if ((size_t)received < skip + COMMON_HEADER + INIT_CHUNK) return 0;
  const size_t length = (size_t)received - skip;
  memset(packet, 0, sizeof *packet);
  memcpy(packet, bytes + skip, length < sizeof *packet ? length : sizeof *packet);
  return (ssize_t)length;
}

static void answer(int descriptor, const struct packet* init, const struct sockaddr_storage* from, const char* name) {
  char client[INET6_ADDRSTRLEN] = "";
  const void* address = from->ss_family == AF_INET ? (const void*)&((const struct sockaddr_in*)from)->sin_addr
                                                   : (const void*)&((const struct sockaddr_in6*)from)->sin6_addr;
  inet_ntop(from->ss_family, address, client, sizeof client);
  struct packet ack = {.source_port = init->destination_port,
                       .destination_port = init->source_port,
                       .verification_tag = init->initiate_tag,
                       .chunk_type = CHUNK_INIT_ACK,
                       .initiate_tag = htonl(1),
                       .window = htonl(65536),
                       .outbound_streams = htons(1),
                       .inbound_streams = htons(1),
                       .initial_tsn = htonl(1),
                       .parameter_type = htons(PARAMETER_COOKIE)};
  snprintf(ack.cookie, sizeof ack.cookie, "%s %s", name, client);
  /* A multiple of four, so that nothing needs padding. */
  const size_t cookie = (strlen(ack.cookie) + 4) / 4 * 4;
  ack.parameter_length = htons((uint16_t)(PARAMETER_HEADER + cookie));
  ack.chunk_length = htons((uint16_t)(INIT_CHUNK + PARAMETER_HEADER + cookie));
  const size_t length = COMMON_HEADER + INIT_CHUNK + PARAMETER_HEADER + cookie;
  seal(&ack, length);
  struct sockaddr_storage to = *from;
  if (to.ss_family == AF_INET6) ((struct sockaddr_in6*)&to)->sin6_port = 0;
  const socklen_t to_length = to.ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
  if (sendto(descriptor, &ack, length, 0, (struct sockaddr*)&to, to_length) < 0) perror("sendto");
}

static void serve(int family, const char* name) {
  const int descriptor = raw_socket(family);
  puts("ready");
  fflush(stdout);
  for (;;) {
    struct packet packet;
    struct sockaddr_storage from;
    if (receive(descriptor, family, &packet, &from) <= 0 || packet.chunk_type != CHUNK_INIT) continue;
    const uint32_t claimed = packet.checksum;
    seal(&packet, COMMON_HEADER + INIT_CHUNK);
    /* A translation that breaks the checksum must look like a packet that never came. */
    if (claimed == packet.checksum) answer(descriptor, &packet, &from, name);
  }
}

static void send_init(int descriptor, uint16_t source_port, uint16_t port) {
  struct packet init = {.source_port = htons(source_port),
                        .destination_port = htons(port),
                        .chunk_type = CHUNK_INIT,
                        .chunk_length = htons(INIT_CHUNK),
                        .initiate_tag = htonl(source_port),
                        .window = htonl(65536),
                        .outbound_streams = htons(1),
                        .inbound_streams = htons(1),
                        .initial_tsn = htonl(1)};
  seal(&init, COMMON_HEADER + INIT_CHUNK);
  if (send(descriptor, &init, COMMON_HEADER + INIT_CHUNK, 0) < 0) perror("send");
}

/** Prints what came back for the INIT from a source port: a cookie, or the error that ICMP or the clock gave. */
static void print_outcome(int descriptor, int family, uint16_t source_port) {
  for (;;) {
    struct packet packet;
    struct sockaddr_storage from;
    const ssize_t length = receive(descriptor, family, &packet, &from);
    if (length < 0) {
      printf("error %s\n", errno == EAGAIN ? "ETIMEDOUT" : strerrorname_np(errno));
      return;
    }
    const int is_ours = packet.destination_port == htons(source_port) && packet.verification_tag == htonl(source_port);
    if (length > 0 && is_ours && packet.chunk_type == CHUNK_INIT_ACK) {
      printf("%s\n", packet.cookie);
      return;
    }
  }
}

static void probe(int family, const char* text, uint16_t port, int count) {
  struct sockaddr_storage to = {.ss_family = (sa_family_t)family};
  void* address = family == AF_INET ? (void*)&((struct sockaddr_in*)&to)->sin_addr : (void*)&((struct sockaddr_in6*)&to)->sin6_addr;
  if (inet_pton(family, text, address) != 1) fail(text);
  const struct timeval limit = {.tv_sec = ANSWER_WITHIN_SECONDS};
  for (int i = 0; i < count; i++) {
    /* Connected, or the kernel would not tell of an ICMP error. */
    const int descriptor = raw_socket(family);
    const socklen_t length = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
    if (connect(descriptor, (struct sockaddr*)&to, length) < 0) fail("connect");
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    const uint16_t source_port = (uint16_t)(FIRST_SOURCE_PORT + (getpid() * 64 + i) % 40000);
    send_init(descriptor, source_port, port);
    print_outcome(descriptor, family, source_port);
    close(descriptor);
  }
}

int main(int argc, char** argv) {
  const int family = argc > 2 && !strcmp(argv[2], "6") ? AF_INET6 : AF_INET;
  if (argc == 4 && !strcmp(argv[1], "listen")) serve(family, argv[3]);
  if (argc == 6 && !strcmp(argv[1], "probe")) {
    probe(family, argv[3], (uint16_t)atoi(argv[4]), atoi(argv[5]));
    return 0;
  }
  fputs("usage: sctp-peer listen 4|6 NAME | sctp-peer probe 4|6 ADDRESS PORT COUNT\n", stderr);
  return 2;
}
