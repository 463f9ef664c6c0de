/*
 * A transaction under construction: netlink messages in a row, between those that begin and end a batch.
 */
#pragma once

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

struct mnl_socket;

/* Where batches go. */
struct batch_socket {
  struct mnl_socket* socket;
  uint32_t sequence; /* of the last message */
};

struct batch {
  struct batch_socket* to;
  char* bytes; /* the caller's; it knows how many it needs */
  size_t length;
  struct nlmsghdr* last;
};

/* Opens a socket in the network namespace of the caller. Ends the program with a message if that fails. */
struct batch_socket batch_open(void);

struct batch batch_begin(struct batch_socket* to, char* bytes);

/* Starts a message of nftables for family ip; its attributes follow, then batch_end_message(). */
struct nlmsghdr* batch_begin_message(struct batch* batch, int type, uint16_t flags);

void batch_end_message(struct batch* batch, struct nlmsghdr* message);

/* Sends the batch, which is not empty. Returns the errno that the kernel answers, 0 for success. */
int batch_commit(struct batch* batch);
