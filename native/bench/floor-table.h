/*
 * `table ip floor` with one map, `slots`, of the same type as nodeplane's: the address, protocol and port of
 * a service and a slot number, to the address and port of an endpoint. Written over netlink by hand.
 *
 * Every function ends the program with a message when the kernel refuses.
 */
#pragma once

#include <stdint.h>

#include "batch.h"

struct floor_table {
  struct batch_socket socket;
  uint32_t services;
  uint32_t endpoints; /* of each service */
};

/* Makes the table anew, with `services` x `endpoints` elements. */
void floor_load(struct floor_table* table, uint32_t services, uint32_t endpoints);

/* One transaction: deletes the element of a slot and puts it with another endpoint address (host byte order).
 */
void floor_replace(struct floor_table* table, uint32_t service, uint32_t slot, uint32_t address);

/* Deletes the table if it is there. */
void floor_drop(struct floor_table* table);
